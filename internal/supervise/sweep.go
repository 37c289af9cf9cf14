package supervise

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/ladder"
	"linli/internal/notice"
	"linli/internal/procedure"
)

// The kinds of job that take rungs.
const (
	SweepJob = "rungs" // one a district: finds what has come
	ClimbJob = "rung"  // one a task
)

// A sweep runs each minute, and sooner where one left some for the next.
const (
	sweepEvery = time.Minute
	sweepSoon  = 5 * time.Second
	sweepMost  = 1000
)

const sweepKey = "sweep" // so that a district has one

// Schedule sees to it that a district is swept. Call it when the program
// starts; asking again changes nothing.
func Schedule(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "supervise.Schedule(%s)", district)
	return job.Add(ctx, tx, district, SweepJob, sweepKey, struct{}{}, tx.Now)
}

// climbing is the arguments of a ClimbJob.
type climbing struct {
	Task string `json:"task"`
}

// Sweep is the handler of SweepJob: it gives each task whose instant has come a
// job of its own, and itself the next minute.
func Sweep(ctx context.Context, tx *db.Tx, d *district.District, _ job.Job) (err error) {
	defer errs.Wrap(&err, "supervise.Sweep(%s)", d.Code)
	tasks, err := casework.DueRungs(ctx, tx, d.Code, tx.Now, sweepMost)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if err := job.Add(ctx, tx, d.Code, ClimbJob, t.ID, climbing{t.ID}, tx.Now); err != nil {
			return err
		}
	}
	wait := sweepEvery
	if len(tasks) == sweepMost {
		wait = sweepSoon
	}
	return job.Add(ctx, tx, d.Code, SweepJob, sweepKey, struct{}{}, tx.Now.Add(wait))
}

// Climb is the handler of ClimbJob: it takes the rungs of one task that have
// come by now. It looks at the task as it is, so that a job that comes late, or
// twice, or after the task was closed, does nothing wrong.
func Climb(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
	var args climbing
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return err
	}
	defer errs.Wrap(&err, "supervise.Climb(%s)", args.Task)
	t, err := casework.TaskByID(ctx, tx, d.Code, args.Task)
	if err != nil {
		return err
	}
	if t.State != procedure.Open || t.Reporter || t.RungAt.IsZero() || t.RungAt.After(tx.Now) {
		return nil // done, or somebody was faster
	}
	c, err := casework.ByID(ctx, tx, d.Code, t.Case)
	if err != nil {
		return err
	}
	a := casework.Acting{District: d, By: procedure.Actor{System: true}}
	if c.State != casework.Running {
		return casework.TakeRung(ctx, tx, a, t, casework.Rung{}) // never again
	}
	return climb(ctx, tx, a, c, t)
}

func climb(ctx context.Context, tx *db.Tx, a casework.Acting, c casework.Case, t casework.Task) error {
	d, unit := a.District, unitOf(a.District, t, c)
	calendar := d.CalendarOf(unit)
	standing := ladder.Standing{
		Near: t.NearAt, Due: t.Due, Held: t.HeldAt, Step: string(t.Step), Kind: c.Kind, Taken: t.Rung, Overdue: t.Overdue,
	}
	out := d.Catalogue.Ladder().Climb(calendar, standing, tx.Now)
	w := &climber{ctx: ctx, tx: tx, a: a, c: c, t: t, unit: unit, next: out.Next}
	if out.Breach {
		if err := w.take(casework.Rung{Act: "overdue", Overdue: true}); err != nil {
			return err
		}
	}
	for _, r := range out.Rungs {
		if err := w.rung(r); err != nil {
			return err
		}
	}
	if !out.Breach && len(out.Rungs) == 0 { // its date was moved: look again then
		return w.take(casework.Rung{})
	}
	return nil
}

// climber is one task on its way up.
type climber struct {
	ctx  context.Context
	tx   *db.Tx
	a    casework.Acting
	c    casework.Case
	t    casework.Task
	unit string
	next time.Time
}

// take writes one step down and reads the task forward, for the next is
// compared with it.
func (w *climber) take(r casework.Rung) error {
	r.Next = w.next
	if err := casework.TakeRung(w.ctx, w.tx, w.a, w.t, r); err != nil {
		return err
	}
	w.t.RungAt = w.next
	w.t.Overdue = w.t.Overdue || r.Overdue
	if r.Name != "" {
		w.t.Rung++
	}
	return nil
}

// rung takes one rung: the order, the trail, and whom it tells.
func (w *climber) rung(r ladder.Taking) error {
	if r.Pass {
		return w.take(casework.Rung{Name: r.Name})
	}
	o := Order{
		Kind: OrderKind(r.Kind()), State: Told, Case: w.c.ID, Number: w.c.Number, Matter: w.c.Matter, Task: w.t.ID, Step: w.t.Step,
		Unit: w.unit, Rung: r.Name, Level: r.Level,
	}
	if r.Order != nil {
		o.State, o.Form = Asked, r.Order.Form
		o.ReplyDue = w.a.District.CalendarOf(w.unit).Deadline(w.tx.Now, r.Order.ReplyWithin, nil).At
	}
	if err := o.insert(w.ctx, w.tx, w.a.District.Code); err != nil {
		return err
	}
	detail := o.detail()
	detail["came"] = micros(r.At)
	if err := w.take(casework.Rung{Name: r.Name, Act: string(o.Kind), Detail: detail}); err != nil {
		return err
	}
	return w.tell(o, r.Tell)
}

// tell says what the rung comes to, to each in their own words: what asks a
// leader to look into it urges the unit.
func (w *climber) tell(o Order, who []ladder.Tell) error {
	to := audience{unit: w.unit, street: w.c.Place.Street}
	if w.t.Unit == "" {
		to.area = w.t.Area
	}
	say := func(words notice.Template, due time.Time, who ...ladder.Tell) error {
		return tell(w.ctx, w.tx, w.a.District, o.telling(words, "", due), to, who...)
	}
	switch {
	case o.Kind == Reminder:
		return say(notice.Reminded, w.t.Due, who...)
	case o.State == Asked:
		return say(notice.Ordered, o.ReplyDue, who...)
	case o.Kind == Urging:
		return say(notice.Urged, w.t.Due, who...)
	}
	var unit, above []ladder.Tell
	for _, t := range who {
		if t == ladder.Owner || t == ladder.UnitLead {
			unit = append(unit, t)
		} else {
			above = append(above, t)
		}
	}
	if err := say(notice.Urged, w.t.Due, unit...); err != nil {
		return err
	}
	return say(notice.LeaderTold, w.t.Due, above...)
}
