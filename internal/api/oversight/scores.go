package oversight

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// ScorePeriod is a period that can be read: counted and stored, or running.
type ScorePeriod struct {
	Period      string        `json:"period" doc:"2026-11、2026-Q4、2026"`
	Title       frame.Text    `json:"title"`
	State       string        `json:"state" enum:"open,preliminary,frozen" doc:"实时计数、可以申诉、定了 · Counted live, open to appeal, settled"`
	CountedAt   *time.Time    `json:"counted_at,omitempty"`
	FrozenAt    *time.Time    `json:"frozen_at,omitempty"`
	Assessments []frame.Named `json:"assessments"`
}

// ScoreLeague is the subjects of an assessment that are compared, the best first.
type ScoreLeague struct {
	Title frame.Text `json:"title"`
	Rows  []Standing `json:"rows"`
	All   int        `json:"all" doc:"这一组一共多少 · How many the group has"`
}

// Standing is a subject's place.
type Standing struct {
	Subject frame.Named `json:"subject"`
	Rank    int         `json:"rank,omitempty" doc:"不排名的没有 · None where nothing is ranked"`
	Score   *float64    `json:"score,omitempty" doc:"没有可计的就没有 · None where nothing was there to count"`
	Grade   string      `json:"grade,omitempty"`
}

// Scorecard is a subject's card with every figure as a numerator and a
// denominator.
type Scorecard struct {
	Period     string       `json:"period"`
	State      string       `json:"state" enum:"open,preliminary,frozen"`
	Assessment frame.Named  `json:"assessment"`
	Subject    frame.Named  `json:"subject"`
	Score      *float64     `json:"score,omitempty"`
	Grade      string       `json:"grade,omitempty"`
	Sections   []Section    `json:"sections"`
	Vetoes     []frame.Text `json:"vetoes" doc:"等次为什么有上限 · Why the grade is bounded"`
}

// Section is a part of a card.
type Section struct {
	Title  frame.Text `json:"title"`
	Weight float64    `json:"weight"`
	Score  *float64   `json:"score,omitempty"`
	Lines  []Figure   `json:"lines"`
}

// Figure is one indicator of a card.
type Figure struct {
	Indicator   frame.Named `json:"indicator"`
	Numerator   float64     `json:"numerator"`
	Denominator int         `json:"denominator"`
	Value       *float64    `json:"value,omitempty" doc:"没有可计的就没有 · None where nothing was there to count"`
	Score       float64     `json:"score"`
	Weight      float64     `json:"weight"`
	Points      float64     `json:"points" doc:"折合多少分 · What it adds to the card"`
}

// CountedCase is a case behind a figure.
type CountedCase struct {
	Case   string  `json:"case,omitempty" doc:"看得到那件才有 · Only where the case may be seen"`
	Number string  `json:"number,omitempty"`
	Worth  float64 `json:"worth" doc:"在分子里占多少 · Its part of the numerator"`
}

// Appeal says that a case should not count in a figure.
type Appeal struct {
	ID        string       `json:"id"`
	Period    string       `json:"period"`
	Subject   frame.Named  `json:"subject"`
	Indicator string       `json:"indicator"`
	Case      string       `json:"case"`
	Unit      *frame.Named `json:"unit,omitempty"`
	Reason    string       `json:"reason"`
	At        time.Time    `json:"at"`
	State     string       `json:"state" enum:"asked,struck,kept"`
	DecidedAt *time.Time   `json:"decided_at,omitempty"`
	Decision  string       `json:"decision,omitempty"`
}

// NewAppeal appeals against a case in a figure of the own unit.
type NewAppeal struct {
	Subject   string `json:"subject" maxLength:"60" doc:"例如 unit:u-shizheng · Such as unit:u-shizheng"`
	Indicator string `json:"indicator" maxLength:"60"`
	Case      string `json:"case" maxLength:"60" doc:"id 或编号 · The id or the number"`
	Reason    string `json:"reason" minLength:"1" maxLength:"2000"`
}

// AppealDecision strikes the case from that one figure, or keeps it.
type AppealDecision struct {
	Strike   bool   `json:"strike"`
	Decision string `json:"decision" minLength:"1" maxLength:"2000"`
}

type (
	// PeriodName, LeagueName and CardName are a period, an assessment in it, and
	// what it is about, in an address.
	PeriodName struct {
		Period string `path:"period" maxLength:"10"`
	}
	LeagueName struct {
		PeriodName
		Assessment string `path:"assessment" maxLength:"60"`
	}
	CardName struct {
		LeagueName
		Subject string `path:"subject" maxLength:"60"`
	}
	figureInput struct {
		CardName
		Indicator string `path:"indicator" maxLength:"60"`
	}
	newAppealInput struct {
		PeriodName
		Body NewAppeal
	}
	decideAppealInput struct {
		PeriodName
		Appeal string `path:"appeal" maxLength:"60"`
		Body   AppealDecision
	}
)

func scoreOperations(d *frame.Door) {
	frame.Register(d, frame.Told("list-periods", http.MethodGet, "/scores", tagScores, "考核周期 · Periods", "新的在前。 · The latest first."), rights.ScoreSee, listPeriods)
	frame.Register(d, frame.Told("read-league", http.MethodGet, "/scores/{period}/{assessment}", tagScores, "一项考核的名次 · A league table",
		"只列看得到的。 · Only those that may be seen."), rights.ScoreSee, readLeague)
	frame.Register(d, frame.Told("read-card", http.MethodGet, "/scores/{period}/{assessment}/{subject}", tagScores, "一张考核表 · A scorecard",
		"每个指标都有分子和分母。 · Each indicator with numerator and denominator."), rights.ScoreSee, readCard)
	frame.Register(d, frame.Told("list-counted", http.MethodGet, "/scores/{period}/{assessment}/{subject}/{indicator}", tagScores, "数字后面的件 · The cases behind a figure",
		"和分母一样多；看不到的件不给编号。 · As many as the denominator; cases that may not be seen have no number."), rights.ScoreSee, listCounted)
	frame.Acting(d, frame.Told("list-appeals", http.MethodGet, "/scores/{period}/appeals", tagScores, "申诉 · Appeals", "没定的在前。 · Those not decided first."), rights.ScoreKeep, listAppeals)
	frame.Acting(d, frame.Told("appeal", http.MethodPost, "/scores/{period}/appeals", tagScores, "申诉一件 · Appeal",
		"单位负责人对本单位的数字，在定下来以前。 · The head of a unit, about the unit's own figures, before they are settled."), rights.ScoreSee, appeal)
	frame.Acting(d, frame.Told("decide-appeal", http.MethodPost, "/scores/{period}/appeals/{appeal}", tagScores, "定申诉 · Decide an appeal",
		"申诉单位的人不能定。 · Nobody of the unit that appealed decides."), rights.ScoreKeep, decideAppeal)
}

// seesScore reports whether the caller may see how a subject did: one that acts
// by its posts, a system by its bounds.
func seesScore(c *frame.Caller, s evaluate.Subject) bool {
	if c.Reader != nil {
		return slices.ContainsFunc(c.Actors(), func(by procedure.Actor) bool { return evaluate.MaySee(c.District, by, s) })
	}
	if s.Kind() == evaluate.OfPost { // a worker's card is no business of other systems
		return false
	}
	if c.Can(rights.CaseSeeAll) {
		return true
	}
	return c.Key.Unit != "" && s.Kind() == evaluate.OfUnit && c.District.Org.Under(org.UnitID(s.Code()), org.UnitID(c.Key.Unit))
}

func listPeriods(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[ScorePeriod]], error) {
	counted, err := evaluate.Periods(ctx, c.House.DB, c.District.Code)
	now := evaluate.MonthOf(c.Now, c.Zone())
	all := []ScorePeriod{{Period: string(now), Title: frame.TextOf(now.Text()), State: string(evaluate.Open), Assessments: assessmentsOf(c.District.Catalogue.Measures())}}
	for _, p := range counted {
		s, err := c.House.Scores.Scores(ctx, c.District, c.District.Catalogue.Measures(), p.Period) // its own formulas, which the list leaves out
		if err != nil {
			return nil, err
		}
		all = append(all, ScorePeriod{string(p.Period), frame.TextOf(p.Period.Text()), string(p.State), frame.At(p.CountedAt), frame.At(p.FrozenAt), assessmentsOf(s.Book)})
	}
	return frame.WholeOf(all, err)
}

// assessmentsOf lists what a book assesses: nothing where no pack brought one.
func assessmentsOf(book *measure.Book) []frame.Named {
	all := []frame.Named{}
	if book == nil {
		return all
	}
	for _, a := range book.Assessments {
		all = append(all, frame.Name(a.Name, a.Title))
	}
	return all
}

// begun is the period that an address names. One that has not begun is not
// there.
func (in *PeriodName) begun(c *frame.Caller) (evaluate.Period, error) {
	p, err := evaluate.ParsePeriod(in.Period)
	if err == nil {
		if from, _ := p.Span(c.Zone()); !from.After(c.Now) {
			return p, nil
		}
	}
	return "", errs.New(errs.NotFound, "没有这个周期，或者还没开始。", "There is no such period, or it has not begun.")
}

// scores opens the period that an address names, with the assessment.
func scores(ctx context.Context, c *frame.Caller, in *LeagueName) (*evaluate.Scores, *measure.Assessment, error) {
	p, err := in.begun(c)
	if err != nil {
		return nil, nil, err
	}
	s, err := c.House.Scores.Scores(ctx, c.District, c.District.Catalogue.Measures(), p)
	if err != nil {
		return nil, nil, err
	}
	a := s.Book.Assessment(in.Assessment)
	if a == nil {
		return nil, nil, errs.New(errs.NotFound, "没有这项考核。", "There is no such assessment.")
	}
	return s, a, nil
}

func readLeague(ctx context.Context, c *frame.Caller, in *LeagueName) (*frame.Output[frame.Whole[ScoreLeague]], error) {
	s, a, err := scores(ctx, c, in)
	if err != nil {
		return nil, err
	}
	leagues, err := s.Leagues(ctx, a.Name)
	var all []ScoreLeague
	for _, l := range leagues {
		out := ScoreLeague{Title: frame.TextOf(l.Title), Rows: []Standing{}, All: len(l.Standings)}
		for _, one := range l.Standings {
			if seesScore(c, one.Subject) {
				out.Rows = append(out.Rows, Standing{subjectOf(c, one.Subject), one.Rank, scoreOf(one.Card.Empty, one.Card.Score), one.Card.Grade})
			}
		}
		if len(out.Rows) > 0 {
			all = append(all, out)
		}
	}
	return frame.WholeOf(all, err)
}

func subjectOf(c *frame.Caller, s evaluate.Subject) frame.Named {
	return frame.Name(s, s.Name(c.District))
}

// scoreOf is a score that may be missing.
func scoreOf(empty bool, score float64) *float64 {
	if empty {
		return nil
	}
	return &score
}

// about is the subject that an address names, if the caller may see it and the
// assessment is about it; any other is not there.
func about(ctx context.Context, c *frame.Caller, in *CardName) (*evaluate.Scores, *measure.Assessment, evaluate.Subject, error) {
	s, a, err := scores(ctx, c, &in.LeagueName)
	if err != nil {
		return nil, nil, "", err
	}
	subject, err := evaluate.ParseSubject(in.Subject)
	if err != nil || !seesScore(c, subject) || !slices.Contains(s.Assessments(subject), a) {
		return nil, nil, "", errs.New(errs.NotFound, "这项考核里没有这个对象，或者它不归您看。", "This assessment is not about it, or it is not yours to see.")
	}
	return s, a, subject, nil
}

func readCard(ctx context.Context, c *frame.Caller, in *CardName) (*frame.Output[Scorecard], error) {
	s, a, subject, err := about(ctx, c, in)
	if err != nil {
		return nil, err
	}
	card, err := s.Card(ctx, a.Name, subject)
	out := Scorecard{
		Period: string(s.Period), State: string(s.State), Assessment: frame.Name(a.Name, a.Title), Subject: subjectOf(c, subject),
		Score: scoreOf(card.Empty, card.Score), Grade: card.Grade, Sections: []Section{}, Vetoes: []frame.Text{},
	}
	for _, part := range card.Sections {
		section := Section{Title: frame.TextOf(part.Title), Weight: part.Weight, Score: scoreOf(part.Empty, part.Score), Lines: []Figure{}}
		for _, l := range part.Lines {
			line := Figure{Indicator: frame.Named{Code: l.Indicator}, Numerator: l.Numerator, Denominator: l.Denominator, Value: scoreOf(l.Empty, l.Value), Score: l.Score, Weight: l.Weight, Points: l.Points}
			if i := s.Book.Indicator(l.Indicator); i != nil {
				line.Indicator.Name = frame.TextOf(i.Title)
			}
			section.Lines = append(section.Lines, line)
		}
		out.Sections = append(out.Sections, section)
	}
	for _, veto := range card.Vetoed {
		out.Vetoes = append(out.Vetoes, frame.TextOf(veto.Why))
	}
	return frame.Reply(out, err)
}

func listCounted(ctx context.Context, c *frame.Caller, in *figureInput) (*frame.Output[frame.Whole[CountedCase]], error) {
	s, _, subject, err := about(ctx, c, &in.CardName)
	if err != nil {
		return nil, err
	}
	if s.Book.Indicator(in.Indicator) == nil {
		return nil, frame.MissingCode()
	}
	counted, err := s.Cases(ctx, subject, in.Indicator)
	if err != nil {
		return nil, err
	}
	ids := make([]casework.ID, len(counted))
	for i, one := range counted {
		ids[i] = casework.ID(one.Case)
	}
	seen, err := c.SeenOf(ctx, ids)
	all := make([]CountedCase, len(counted))
	for i, one := range counted {
		all[i].Worth = one.Worth
		if seen[ids[i]] {
			all[i].Case, all[i].Number = one.Case, one.Number
		}
	}
	return frame.WholeOf(all, err)
}

func listAppeals(ctx context.Context, c *frame.Caller, in *PeriodName) (*frame.Output[frame.Whole[Appeal]], error) {
	found, err := evaluate.Appeals(ctx, c.House.DB, c.District.Code, evaluate.Period(in.Period))
	var all []Appeal
	for _, one := range found {
		all = append(all, appealOf(c, one))
	}
	return frame.WholeOf(all, err)
}

func appealOf(c *frame.Caller, a evaluate.Appeal) Appeal {
	return Appeal{
		ID: a.ID, Period: string(a.Period), Subject: subjectOf(c, a.Subject), Indicator: a.Indicator, Case: string(a.Case), Unit: shape.UnitOf(c.District, a.Unit),
		Reason: a.Reason, At: a.At, State: string(a.State), DecidedAt: frame.At(a.DecidedAt), Decision: a.Decision,
	}
}

func appeal(ctx context.Context, c *frame.Caller, in *newAppealInput) (*frame.Output[Appeal], error) {
	p, err := evaluate.ParsePeriod(in.Period)
	if err != nil {
		return nil, err
	}
	one, _, err := c.FindCase(ctx, in.Body.Case)
	if err != nil {
		return nil, err
	}
	subject, err := evaluate.ParseSubject(in.Body.Subject)
	if err != nil {
		return nil, err
	}
	a := c.ActingWhere(rights.ScoreSee, func(by procedure.Actor) error {
		if by.Role == procedure.UnitLead && evaluate.Unit(by.Unit) == subject {
			return nil
		}
		return errs.New(errs.Forbidden, "由单位负责人申诉。", "The head of the unit appeals.")
	})
	lodged, err := frame.Written(ctx, c, func(tx *db.Tx) (evaluate.Appeal, error) {
		return evaluate.LodgeAppeal(ctx, tx, a, evaluate.Appeal{Period: p, Subject: subject, Indicator: in.Body.Indicator, Case: one.ID, Reason: strings.TrimSpace(in.Body.Reason)})
	})
	return frame.Reply(appealOf(c, lodged), err)
}

func decideAppeal(ctx context.Context, c *frame.Caller, in *decideAppealInput) (*frame.Output[Appeal], error) {
	lodged, err := evaluate.Appeals(ctx, c.House.DB, c.District.Code, evaluate.Period(in.Period))
	if err == nil && !slices.ContainsFunc(lodged, func(one evaluate.Appeal) bool { return one.ID == in.Appeal }) {
		err = errs.New(errs.NotFound, "没有这件申诉。", "There is no such appeal.")
	}
	if err != nil {
		return nil, err
	}
	decided, err := frame.Written(ctx, c, func(tx *db.Tx) (evaluate.Appeal, error) {
		return evaluate.DecideAppeal(ctx, tx, c.Acting(rights.ScoreKeep, 0), in.Appeal, in.Body.Strike, strings.TrimSpace(in.Body.Decision))
	})
	return frame.Reply(appealOf(c, decided), err)
}
