package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/trail"
)

// State is where a period stands.
type State string

// The states of a period.
const (
	Open        State = "open"        // counted live, nothing is stored
	Preliminary State = "preliminary" // stored; units may appeal
	Frozen      State = "frozen"      // what it says stays
)

// Text names the state for a person.
func (s State) Text() lang.Text {
	switch s {
	case Preliminary:
		return lang.T("初核，可以申诉", "preliminary, open to appeal")
	case Frozen:
		return lang.T("已冻结", "frozen")
	}
	return lang.T("实时", "live")
}

// CountedPeriod is a period that has been counted and stored.
type CountedPeriod struct {
	Period    Period
	State     State
	Book      *measure.Book // the formulas it was counted with
	CountedAt time.Time
	FrozenAt  time.Time
	FrozenBy  string // the post

	source string
}

func (c *CountedPeriod) dest() []any {
	return []any{&c.Period, &c.State, &c.source, db.Time(&c.CountedAt), db.Time(&c.FrozenAt), &c.FrozenBy}
}

// Periods lists the counted periods, the latest first.
func Periods(ctx context.Context, r db.Reader, district string) (all []CountedPeriod, err error) {
	defer errs.Wrap(&err, "evaluate.Periods(%s)", district)
	return db.All(ctx, r, (*CountedPeriod).dest, `select p.period, p.state, '', p.counted_at, p.frozen_at, p.frozen_by from periods p
		where p.district = $1 order by p.period desc`, district)
}

// periodOf reads a period with its formulas; one that was not counted is open.
func periodOf(ctx context.Context, r db.Reader, district string, p Period) (CountedPeriod, error) {
	return periodWith(ctx, r, district, p, parseBook)
}

// periodWith leaves the reading of the formulas to the caller, who may have
// read them before.
func periodWith(ctx context.Context, r db.Reader, district string, p Period, read func(source string) (*measure.Book, error)) (c CountedPeriod, err error) {
	c, err = db.One(ctx, r, (*CountedPeriod).dest, `select p.period, p.state, p.book, p.counted_at, p.frozen_at, p.frozen_by from periods p
		where p.district = $1 and p.period = $2`, district, string(p))
	if errors.Is(err, errs.NotFound) {
		return CountedPeriod{Period: p, State: Open}, nil
	}
	if err == nil {
		c.Book, err = read(c.source)
	}
	return c, err
}

func parseBook(source string) (*measure.Book, error) {
	book, findings := measure.Parse([]byte(source), "")
	if book == nil {
		return nil, fmt.Errorf("the formulas that a period was counted with cannot be read any more: %v", findings)
	}
	return book, nil
}

func frozen(p Period) error {
	return errs.New(errs.Conflict, "%[1]s已经冻结，不能再改。", "%[2]s is frozen and cannot be changed.", p.Text().ZH, p.Text().EN)
}

// subjectOf is whose trail holds what was done to a period.
func subjectOf(p Period) string { return "period:" + string(p) }

// record adds to the trail of a period.
func record(ctx context.Context, tx *db.Tx, a casework.Acting, p Period, act string, detail map[string]string) error {
	subject := subjectOf(p)
	head, err := trail.HeadOf(ctx, tx, a.District.Code, subject)
	if err != nil {
		return err
	}
	tx.Wake(Topic)
	_, err = trail.Add(ctx, tx, a.District.Code, subject, head, trail.Entry{
		Person: a.By.Person, Post: a.By.Post, Unit: a.By.Unit, Act: act, Detail: detail,
	})
	return err
}

// FiguresOf reads the stored figures of a subject, by indicator. What is not
// there had nothing to count.
func (c CountedPeriod) FiguresOf(ctx context.Context, r db.Reader, district string, s Subject) (all map[string]measure.Figure, err error) {
	defer errs.Wrap(&err, "evaluate.FiguresOf(%s, %s)", c.Period, s)
	rows, err := db.All(ctx, r, func(f *measure.Figure) []any {
		return []any{&f.Indicator, &f.Numerator, &f.Denominator, &f.Value, &f.Score, &f.Empty}
	}, `select f.indicator, f.numerator, f.denominator, f.value, f.score, f.empty from figures f
		where f.district = $1 and f.period = $2 and f.subject = $3`, district, string(c.Period), string(s))
	if err != nil {
		return nil, err
	}
	all = map[string]measure.Figure{}
	for _, i := range c.Book.Indicators {
		all[i.Name] = i.Figure(0, 0)
	}
	for _, f := range rows {
		all[f.Indicator] = f
	}
	return all, nil
}

// CasesOf lists the stored cases behind a figure, those that count first.
func (c CountedPeriod) CasesOf(ctx context.Context, r db.Reader, district string, s Subject, indicator string) (all []Counted, err error) {
	defer errs.Wrap(&err, "evaluate.CasesOf(%s, %s, %s)", c.Period, s, indicator)
	cases, list, err := c.list(ctx, r, district, s, indicator)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		ref := cases[e.file]
		all = append(all, Counted{Case: ref.id, Number: ref.number, Seq: int(e.seq), Worth: float64(e.worth) / worthOne})
	}
	sortCounted(all)
	return all, nil
}

// list reads the packed list of a figure and the cases it points into.
func (c CountedPeriod) list(ctx context.Context, r db.Reader, district string, s Subject, indicator string) ([]caseRef, []entry, error) {
	packed, err := db.Value[string](ctx, r, `select l.cases from figure_cases l
		where l.district = $1 and l.period = $2 and l.subject = $3 and l.indicator = $4`, district, string(c.Period), string(s), indicator)
	if errors.Is(err, errs.NotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	cases, err := c.cases(ctx, r, district)
	if err != nil {
		return nil, nil, err
	}
	list, err := unpack(packed, len(cases))
	return cases, list, err
}

// cases reads the period's list of cases, which the lists point into.
func (c CountedPeriod) cases(ctx context.Context, r db.Reader, district string) (all []caseRef, err error) {
	parts, err := db.All(ctx, r, func(s *string) []any { return []any{s} },
		"select l.cases from period_cases l where l.district = $1 and l.period = $2 order by l.part", district, string(c.Period))
	for _, part := range parts {
		var refs [][2]string
		if err := json.Unmarshal([]byte(part), &refs); err != nil {
			return nil, fmt.Errorf("cases of %s: %w", c.Period, err)
		}
		for _, ref := range refs {
			all = append(all, caseRef{ref[0], ref[1]})
		}
	}
	return all, err
}

// storedSection is what a card keeps of a section besides its figures.
type storedSection struct {
	Section string  `json:"section"`
	Score   float64 `json:"score"`
	Empty   bool    `json:"empty,omitempty"`
}

// Standings reads the stored cards of an assessment, as Result.Cards gives
// them. They hold scores and grades; FiguresOf has the lines.
func (c CountedPeriod) Standings(ctx context.Context, r db.Reader, a casework.Acting, assessment string) (all []Standing, err error) {
	defer errs.Wrap(&err, "evaluate.Standings(%s, %s)", c.Period, assessment)
	book := c.Book.Assessment(assessment)
	if book == nil {
		return nil, errs.New(errs.NotFound, "没有这项考核：%s", "there is no such assessment: %s", assessment)
	}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		s := Standing{Card: measure.Card{Assessment: assessment}}
		var sections, vetoed string
		if err := rows.Scan(&s.Subject, &s.Card.Score, &s.Card.Grade, &vetoed, &sections); err != nil {
			return err
		}
		var stored []storedSection
		if err := json.Unmarshal([]byte(sections), &stored); err != nil {
			return err
		}
		s.fill(book, stored, vetoed)
		s.Group = groupOf(a.District, book, s.Subject)
		all = append(all, s)
		return nil
	}, `select k.subject, k.score, k.grade, k.vetoed, k.sections from cards k where k.district = $1 and k.period = $2 and k.assessment = $3`,
		a.District.Code, string(c.Period), assessment)
	return rank(book, all), err
}

// fill gives a stored card its sections.
func (s *Standing) fill(a *measure.Assessment, stored []storedSection, vetoed string) {
	s.Card.Empty = !slices.ContainsFunc(stored, func(p storedSection) bool { return !p.Empty })
	for _, p := range stored {
		part := measure.Part{Section: p.Section, Score: p.Score, Empty: p.Empty}
		for _, section := range a.Sections {
			if section.Name == p.Section {
				part.Title, part.Weight = section.Title, section.Weight
			}
		}
		s.Card.Sections = append(s.Card.Sections, part)
	}
	for _, v := range a.Vetoes {
		if slices.Contains(strings.Split(vetoed, ","), v.Indicator) {
			s.Card.Vetoed = append(s.Card.Vetoed, v)
		}
	}
}
