package supervise

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/ladder"
	"linli/internal/notice"
	"linli/internal/org"
)

// TellJob is the kind of job that writes what supervision tells whom.
const TellJob = "supervise-tell"

// telling is the arguments of a TellJob: who was to be told when it was decided,
// and of what. It holds no personal data.
type telling struct {
	casework.Notice
	To []notice.To `json:"to"`
}

// Tell is the handler of TellJob.
func Tell(book *notice.Book) func(context.Context, *db.Tx, *district.District, job.Job) error {
	return func(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
		defer errs.Wrap(&err, "supervise.Tell(%s)", j.Key)
		var t telling
		if err := json.Unmarshal(j.Args, &t); err != nil {
			return err
		}
		return book.TellThem(ctx, tx, d, t.Notice, t.To...)
	}
}

// telling is what an order says to those who are told of it.
func (o *Order) telling(words notice.Template, reason string, due time.Time) casework.Notice {
	return casework.Notice{Case: o.Case, Template: string(words), Unit: o.Unit, Reason: reason, Answer: o.Reply, Number: o.Number, Matter: o.Matter, Due: due}
}

// tell decides who is told now and has it written.
func tell(ctx context.Context, tx *db.Tx, d *district.District, n casework.Notice, a audience, who ...ladder.Tell) error {
	to, err := a.find(ctx, tx, d, tx.Now, who)
	if err != nil || len(to) == 0 {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return job.Add(ctx, tx, d.Code, TellJob, id.String(), telling{Notice: n, To: to}, tx.Now)
}

// audience is what whom to tell depends on.
type audience struct {
	unit   string // that answers for the task
	area   string // the task's own, of a grid worker's task
	street string // of the case
	post   string // told besides
}

// find lists the units and posts that are told, each once.
func (a audience) find(ctx context.Context, r db.Reader, d *district.District, now time.Time, who []ladder.Tell) (all []notice.To, err error) {
	add := func(to ...notice.To) {
		for _, t := range to {
			if t.Ref != "" && !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	if a.post != "" {
		add(notice.Post(a.post))
	}
	for _, w := range who {
		switch w {
		case ladder.Owner:
			add(a.owner(d)...)
		case ladder.UnitLead:
			add(a.heads(d)...)
		case ladder.Supervisor:
			add(posts(everyone(d, org.Supervisor, a.street))...)
		case ladder.Leader:
			add(posts(everyone(d, org.Leader, a.street))...)
		case ladder.LeaderOnDuty:
			duty, err := a.onDuty(ctx, r, d, now)
			if err != nil {
				return nil, err
			}
			add(duty...)
		}
	}
	return all, nil
}

// owner is the unit's desk, or the workers of the grid the task lies in.
func (a audience) owner(d *district.District) []notice.To {
	if a.area != "" {
		if workers := posts(d.Org.WorkersOf(a.area, d.Day)); len(workers) > 0 {
			return workers
		}
	}
	return []notice.To{notice.Unit(a.unit)}
}

// heads are those who lead the unit, or the nearest one above it that somebody
// leads; in a district where nobody leads anything, the desk.
func (a audience) heads(d *district.District) []notice.To {
	for unit, steps := org.UnitID(a.unit), 0; unit != "" && steps < 10; steps++ {
		if all := heads(d, string(unit)); len(all) > 0 {
			return posts(all)
		}
		u, _ := d.Org.Unit(unit)
		unit = u.Parent
	}
	return []notice.To{notice.Unit(a.unit)}
}

// heads are the posts that lead a unit: in the centre, whoever leads the shift.
func heads(d *district.District, unit string) []org.Post {
	all := d.Org.Holders(org.UnitID(unit), org.UnitLead, d.Day)
	if len(all) == 0 {
		all = d.Org.Holders(org.UnitID(unit), org.ShiftLeader, d.Day)
	}
	return all
}

// onDuty is the leader on duty for the street, else for the district, else
// every leader in charge.
func (a audience) onDuty(ctx context.Context, r db.Reader, d *district.District, now time.Time) ([]notice.To, error) {
	duties, err := OnDuty(ctx, r, d, now)
	if err != nil {
		return nil, err
	}
	for _, area := range []string{a.street, d.Code} {
		var on []notice.To
		for _, duty := range duties {
			if duty.Area == area && area != "" {
				on = append(on, duty.to())
			}
		}
		if len(on) > 0 {
			return on, nil
		}
	}
	if own := d.Org.Holders(org.UnitID(a.unit), org.Leader, d.Day); len(own) > 0 {
		return posts(own), nil
	}
	return posts(everyone(d, org.Leader, a.street)), nil
}

// everyone lists the posts with a role whose area holds a street.
func everyone(d *district.District, role org.Role, street string) (all []org.Post) {
	for _, u := range d.Org.Units() {
		for _, p := range d.Org.Holders(u.ID, role, d.Day) {
			if p.Area == "" || strings.HasPrefix(cmp.Or(street, p.Area), p.Area) {
				all = append(all, p)
			}
		}
	}
	return all
}

func posts(all []org.Post) []notice.To {
	to := make([]notice.To, len(all))
	for i, p := range all {
		to[i] = notice.Post(string(p.ID))
	}
	return to
}

// micros is how facts of a trail hold an instant; empty for none.
func micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(db.At(t), 10)
}

// count is how facts of a trail hold a number; empty for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
