package evaluate

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/rights"
)

// AppealState is where an appeal stands.
type AppealState string

// The states of an appeal.
const (
	Asked  AppealState = "asked"
	Struck AppealState = "struck" // the case no longer counts in that figure
	Kept   AppealState = "kept"
)

// Text names the state for a person.
func (s AppealState) Text() lang.Text {
	switch s {
	case Struck:
		return lang.T("剔除了", "struck")
	case Kept:
		return lang.T("维持", "kept")
	}
	return lang.T("待定", "not decided yet")
}

// Appeal (申诉) says that a case should not count in a figure of a unit.
type Appeal struct {
	ID        string
	Period    Period
	Subject   Subject
	Indicator string
	Case      casework.ID
	Reason    string
	Unit      string // that appeals
	Post      string
	At        time.Time
	State     AppealState
	Decider   string // the post that decided
	DecidedAt time.Time
	Decision  string // why

	person string // who appealed
}

func (a *Appeal) dest() []any {
	return []any{
		&a.ID, &a.Period, &a.Subject, &a.Indicator, &a.Case, &a.Reason, &a.Unit, &a.Post, db.Time(&a.At), &a.State,
		&a.Decider, db.Time(&a.DecidedAt), &a.Decision, &a.person,
	}
}

const appealColumns = `select a.id, a.period, a.subject, a.indicator, a.case_id, a.reason, a.by_unit, a.by_post, a.at, a.state,
	a.decided_post, a.decided_at, a.decision, a.by_person from appeals a where a.district = $1 and `

// Appeals lists the appeals of a period, those not decided first.
func Appeals(ctx context.Context, r db.Reader, district string, p Period) (all []Appeal, err error) {
	defer errs.Wrap(&err, "evaluate.Appeals(%s)", p)
	return db.All(ctx, r, (*Appeal).dest, appealColumns+"a.period = $2 order by a.decided_at, a.at, a.id", district, string(p))
}

// LodgeAppeal asks for a case to be struck from a figure. Only the lead of the
// unit itself may, while the period is preliminary, about a case that is in the
// figure's list, and once.
func LodgeAppeal(ctx context.Context, tx *db.Tx, a casework.Acting, in Appeal) (_ Appeal, err error) {
	defer errs.Wrap(&err, "evaluate.LodgeAppeal(%s, %s, %s)", in.Period, in.Subject, in.Indicator)
	if err := mayAppeal(a, in.Subject); err != nil {
		return Appeal{}, err
	}
	if err := wanted(in.Reason, "reason", "理由", "the reason"); err != nil {
		return Appeal{}, err
	}
	counted, err := preliminary(ctx, tx, a, in.Period)
	if err != nil {
		return Appeal{}, err
	}
	cases, list, err := counted.list(ctx, tx, a.District.Code, in.Subject, in.Indicator)
	if err != nil {
		return Appeal{}, err
	}
	if !slices.ContainsFunc(list, func(e entry) bool { return cases[e.file].id == string(in.Case) }) {
		return Appeal{}, errs.New(errs.Invalid, "这件不在这个数的清单里。", "This case is not among those behind the figure.").At("case")
	}
	if err := once(ctx, tx, a, in); err != nil {
		return Appeal{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Appeal{}, err
	}
	in.ID, in.Unit, in.Post, in.At, in.State = id.String(), a.By.Unit, a.By.Post, tx.Now, Asked
	err = tx.Exec(ctx, `insert into appeals (district, id, period, subject, indicator, case_id, reason, by_person, by_post, by_unit, at, state,
		decided_person, decided_post, decided_at, decision) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		a.District.Code, in.ID, string(in.Period), string(in.Subject), in.Indicator, string(in.Case), in.Reason, a.By.Person, a.By.Post, a.By.Unit,
		db.At(tx.Now), string(Asked), "", "", int64(0), "")
	if err != nil {
		return Appeal{}, err
	}
	return in, record(ctx, tx, a, in.Period, "appealed", in.facts())
}

func (a Appeal) facts() map[string]string {
	return map[string]string{"appeal": a.ID, "subject": string(a.Subject), "indicator": a.Indicator, "case": string(a.Case)}
}

// once refuses a second appeal about the same case in the same figure.
func once(ctx context.Context, tx *db.Tx, a casework.Acting, in Appeal) error {
	n, err := db.Value[int](ctx, tx, `select count(*) from appeals a where a.district = $1 and a.period = $2 and a.subject = $3 and a.indicator = $4
		and a.case_id = $5`, a.District.Code, string(in.Period), string(in.Subject), in.Indicator, string(in.Case))
	if err == nil && n > 0 {
		err = errs.New(errs.Conflict, "这件在这个数里已经申诉过。", "This case has been appealed against in this figure already.")
	}
	return err
}

// preliminary reads a period that appeals and decisions are possible in.
func preliminary(ctx context.Context, r db.Reader, a casework.Acting, p Period) (CountedPeriod, error) {
	counted, err := periodOf(ctx, r, a.District.Code, p)
	switch {
	case err != nil:
		return counted, err
	case counted.State == Frozen:
		return counted, frozen(p)
	case counted.State != Preliminary:
		return counted, errs.New(errs.Conflict, "%[1]s还没初核。", "%[2]s has not been counted yet.", p.Text().ZH, p.Text().EN)
	}
	return counted, nil
}

// DecideAppeal strikes the case from that one figure, or keeps it, and says why.
// Nobody of the unit that appealed decides, nor who appealed.
func DecideAppeal(ctx context.Context, tx *db.Tx, a casework.Acting, id string, strike bool, decision string) (out Appeal, err error) {
	defer errs.Wrap(&err, "evaluate.DecideAppeal(%s)", id)
	if err := may(a, rights.ScoreKeep); err != nil {
		return Appeal{}, err
	}
	if err := wanted(decision, "decision", "理由", "the reason"); err != nil {
		return Appeal{}, err
	}
	out, err = db.One(ctx, tx, (*Appeal).dest, appealColumns+"a.id = $2", a.District.Code, id)
	if errors.Is(err, errs.NotFound) {
		return Appeal{}, errs.New(errs.NotFound, "没有这件申诉。", "There is no such appeal.")
	}
	if err != nil {
		return Appeal{}, err
	}
	if a.By.Unit == out.Unit || a.By.Is(out.person) {
		return Appeal{}, errs.New(errs.Forbidden, "申诉不能由提出的单位自己定。", "An appeal is not decided by the unit that made it.")
	}
	counted, err := preliminary(ctx, tx, a, out.Period)
	if err != nil {
		return Appeal{}, err
	}
	out.State, out.Decider, out.DecidedAt, out.Decision = Kept, a.By.Post, tx.Now, decision
	if strike {
		out.State = Struck
	}
	n, err := tx.Change(ctx, `update appeals set state = $3, decided_person = $4, decided_post = $5, decided_at = $6, decision = $7
		where district = $1 and id = $2 and state = 'asked'`, a.District.Code, id, string(out.State), a.By.Person, a.By.Post, db.At(tx.Now), decision)
	if err != nil {
		return Appeal{}, err
	}
	if n == 0 {
		return Appeal{}, errs.New(errs.Conflict, "这件申诉已经定了。", "This appeal has been decided already.")
	}
	if strike {
		if err := strikeOut(ctx, tx, a, counted, out); err != nil {
			return Appeal{}, err
		}
	}
	return out, record(ctx, tx, a, out.Period, string(out.State), out.facts())
}

// strikeOut takes a case out of one figure and counts the subject's cards again.
func strikeOut(ctx context.Context, tx *db.Tx, a casework.Acting, counted CountedPeriod, ap Appeal) error {
	cases, list, err := counted.list(ctx, tx, a.District.Code, ap.Subject, ap.Indicator)
	if err != nil {
		return err
	}
	list = without(list, cases, string(ap.Case))
	if err := storeList(ctx, tx, a.District.Code, ap.Period, key{ap.Subject, ap.Indicator}, list); err != nil {
		return err
	}
	figure := sumOf(list).figure(counted.Book.Indicator(ap.Indicator))
	if err := storeFigure(ctx, tx, a.District.Code, ap.Period, ap.Subject, figure); err != nil {
		return err
	}
	return recountCards(ctx, tx, a.District, counted, ap.Subject)
}

// without leaves a case out of a list.
func without(list []entry, cases []caseRef, id string) []entry {
	return slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return cases[e.file].id == id })
}

func sumOf(list []entry) (s sum) {
	for _, e := range list {
		s.worth, s.n = s.worth+int64(e.worth), s.n+1
	}
	return s
}
