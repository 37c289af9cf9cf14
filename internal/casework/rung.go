package casework

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// RungTask is an open task that supervision must look at, with what its rungs
// ask about the case.
type RungTask struct {
	Task
	Number    string
	Matter    string
	Kind      string
	Title     string
	Secret    bool
	Place     Place
	Receiver  string
	CaseUnit  string // that leads the case
	CaseRound int
}

// Rung is what supervision does about a task. Without a name no rung is taken:
// then it only notes the breach, or looks again at Next.
type Rung struct {
	Name    string
	Act     string            // of the entry in the case's trail; empty for none
	Detail  map[string]string // of that entry; its task, unit, area and due are added
	Next    time.Time         // when to look again; zero for never
	Overdue bool              // the breach is noted by this
}

// never is how an instant is stored that is not to come.
const never = "9223372036854775807"

// DueRungs lists open tasks that supervision must look at by an instant, those
// that have waited longest first. A clock that stands and a task of the
// reporter's are never among them.
func DueRungs(ctx context.Context, r db.Reader, district string, now time.Time, most int) (all []RungTask, err error) {
	defer errs.Wrap(&err, "casework.DueRungs(%s)", district)
	return db.All(ctx, r, (*RungTask).dest, "select "+taskColumns+`, c.number, c.matter, c.kind, c.title, c.secret, c.address, c.street, c.community, c.grid,
		c.receiver, c.unit, c.round from tasks t join cases c on c.district = t.district and c.id = t.case_id
		where t.district = $1 and t.state = 'open' and t.rung_at < `+never+` and t.rung_at <= $2 order by t.rung_at, t.id limit $3`,
		district, db.At(now), most)
}

func (t *RungTask) dest() []any {
	return append(t.Task.dest(), &t.Number, &t.Matter, &t.Kind, &t.Title, &t.Secret, &t.Place.Address, &t.Place.Street, &t.Place.Community, &t.Place.Grid,
		&t.Receiver, &t.CaseUnit, &t.CaseRound)
}

// TakeRung writes down what supervision did about a task as it was read. It is
// errs.Conflict where another sweep was faster, or the task was closed, held or
// promised anew meanwhile.
func TakeRung(ctx context.Context, tx *db.Tx, a Acting, t Task, rung Rung) (err error) {
	defer errs.Wrap(&err, "casework.TakeRung(%s, %s)", t.ID, rung.Name)
	step := 0
	if rung.Name != "" {
		step = 1
	}
	n, err := tx.Change(ctx, `update tasks set rung = rung + $3, rung_at = $4, overdue = overdue or $5 where district = $1 and id = $2 and state = 'open'
		and rung = $6 and rung_at = $7 and overdue = $8`,
		a.District.Code, t.ID, step, db.Due(rung.Next), rung.Overdue, t.Rung, db.Due(t.RungAt), t.Overdue)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "这一步刚刚变了，请再看看。", "This step has just changed; please look again.")
	}
	if rung.Act == "" {
		return nil
	}
	detail := map[string]string{}
	for name, value := range rung.Detail {
		detail[name] = value
	}
	t.mark(detail)
	if rung.Name != "" {
		detail["rung"] = rung.Name
	}
	return note(ctx, tx, a, t.Case, rung.Act, t.Step, detail)
}

// mark puts into an entry's facts which task it is about.
func (t *Task) mark(detail map[string]string) {
	detail["task"], detail["of"], detail["area"] = t.ID, t.Unit, t.Area
	detail["since"], detail["due"] = micros(t.OpenedAt), micros(t.Due)
}

// watched reports whether supervision looks at a task: not at the reporter's,
// not where there is no date, and not while the clock stands.
func (t *Task) watched() bool {
	return t.State == procedure.Open && !t.Reporter && !t.Due.IsZero() && t.HeldAt.IsZero()
}
