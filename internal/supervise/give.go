package supervise

import (
	"context"
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/procedure"
)

// How long what people write here may be, in characters, and how long a unit
// may be given to answer.
const (
	reasonMost = 500
	replyMost  = 2000
)

var longestReply = clock.Limit{N: 60, Unit: clock.WorkingDays}

// Giving is what a supervisor asks by hand. An empty Unit is the one that has
// the case now.
type Giving struct {
	Unit   string
	Reason string
	Form   string      // of an order
	Within clock.Limit // for the answer to an order
}

// Urge hurries a unit with a case (催办). It asks for no answer and moves no
// date; it is errs.Conflict on a case that has ended or whose clock stands.
func Urge(ctx context.Context, tx *db.Tx, a casework.Acting, id casework.ID, g Giving) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.Urge(%s)", id)
	o, c, err := begin(ctx, tx, a, id, g)
	if err != nil {
		return Order{}, err
	}
	if !c.HeldAt.IsZero() {
		return Order{}, errs.New(errs.Conflict, "没办成：这件的时钟停着，催也不能早办。", "Not done: the clock of this case stands, and urging moves nothing.")
	}
	o.Kind, o.State = Urging, Told
	return o, give(ctx, tx, a, &o, notice.UrgedByHand, ladder.Owner, ladder.UnitLead)
}

// GiveOrder puts a case under supervision by hand (督办): listed, with a written
// answer due.
func GiveOrder(ctx context.Context, tx *db.Tx, a casework.Acting, id casework.ID, g Giving) (o Order, err error) {
	defer errs.Wrap(&err, "supervise.GiveOrder(%s)", id)
	if o, _, err = begin(ctx, tx, a, id, g); err != nil {
		return Order{}, err
	}
	if !ladder.Known(a.District.Catalogue.Ladder().Forms, g.Form) {
		return Order{}, errs.New(errs.Invalid, "请选督办的形式。", "Please choose the form of the order.").At("form")
	}
	o.Kind, o.State, o.Form = Supervision, Asked, g.Form
	if o.ReplyDue, err = replyDue(a.District, o.Unit, tx.Now, g.Within); err != nil {
		return Order{}, err
	}
	return o, give(ctx, tx, a, &o, notice.Ordered, ladder.Owner, ladder.UnitLead)
}

// begin checks what urging and ordering share, and makes the order as it stands
// before its kind.
func begin(ctx context.Context, tx *db.Tx, a casework.Acting, id casework.ID, g Giving) (o Order, c casework.Case, err error) {
	if err := MayOrder(a.District, a.By); err != nil {
		return o, c, err
	}
	if c, err = casework.ByID(ctx, tx, a.District.Code, id); err != nil {
		return o, c, err
	}
	if c.State != casework.Running {
		return o, c, errs.New(errs.Conflict, "没办成：这件已经了结，不用再催。", "Not done: this case has ended and needs no urging.")
	}
	o = Order{Case: c.ID, Number: c.Number, Matter: c.Matter, Unit: g.Unit, By: sign(a.By)}
	if o.Reason, err = written("reason", g.Reason, reasonMost, lang.T("请写明理由。", "Please give the reason.")); err != nil {
		return o, c, err
	}
	tasks, err := casework.Tasks(ctx, tx, a.District.Code, id)
	if err != nil {
		return o, c, err
	}
	return o, c, o.address(a.District, c, tasks)
}

// address finds whom an order by hand is for: the unit named, if it has an open
// task of the case, or the one whose lead task is open.
func (o *Order) address(d *district.District, c casework.Case, tasks []casework.Task) error {
	for _, t := range tasks {
		if t.State != procedure.Open || t.Reporter {
			continue
		}
		if unit := unitOf(d, t, c); o.Unit == unit || o.Unit == "" && t.Part == procedure.Lead {
			o.Unit, o.Task, o.Step = unit, t.ID, t.Step
			return nil
		}
	}
	switch {
	case o.Unit == "":
		return errs.New(errs.Conflict, "没办成：这件现在不在哪家单位手上，等的是居民。", "Not done: no unit has this case now; it waits for the resident.")
	case o.Unit == c.Unit || o.Unit == c.Receiver || slices.Contains(c.Co, o.Unit):
		return nil // the case is theirs, though the task of the moment is not
	}
	return errs.New(errs.Invalid, "这件不在这家单位手上。", "This unit does not have the case.").At("unit")
}

// unitOf is the unit that answers for a task: its own, or for one of an area
// the territory's.
func unitOf(d *district.District, t casework.Task, c casework.Case) string {
	if t.Unit != "" {
		return t.Unit
	}
	area := t.Area
	if area == "" {
		area = c.Place.Area(d.Code)
	}
	if u, _, ok := d.Org.TerritoryUnit(area, d.Day); ok {
		return string(u.ID)
	}
	return c.Receiver
}

// replyDue counts the time to answer on the calendar of the unit.
func replyDue(d *district.District, unit string, now time.Time, within clock.Limit) (time.Time, error) {
	if err := within.Check(); err != nil {
		return time.Time{}, errs.New(errs.Invalid, "请写多久以内答复，例如 1 个工作日。", "Please say within what time to answer, for example 1 working day.").At("within").Because(err)
	}
	calendar := d.CalendarOf(unit)
	due := calendar.Deadline(now, within, nil).At
	if within.N == 0 || due.After(calendar.Deadline(now, longestReply, nil).At) {
		return time.Time{}, errs.New(errs.Invalid, "答复的时间要在 %[1]s 以内。", "The time to answer is at most %[2]s.", longestReply.Text().ZH, longestReply.Text().EN).At("within")
	}
	return due, nil
}

// give writes an order down: the row, the case's trail, and whom it tells.
func give(ctx context.Context, tx *db.Tx, a casework.Acting, o *Order, words notice.Template, who ...ladder.Tell) error {
	if err := o.insert(ctx, tx, a.District.Code); err != nil {
		return err
	}
	if err := casework.Note(ctx, tx, a, o.Case, string(o.Kind), o.detail()); err != nil {
		return err
	}
	return tell(ctx, tx, a.District, o.telling(words, o.Reason, o.ReplyDue), audience{unit: o.Unit}, who...)
}

// detail is what a trail says of an order. The entry's own fields say who.
func (o *Order) detail() map[string]string {
	return map[string]string{
		"order": string(o.ID), "of": o.Unit, "task": o.Task, "rung": o.Rung, "level": count(o.Level), "form": o.Form, "fault": o.Fault, "reason": o.Reason,
		"reply-due": micros(o.ReplyDue),
	}
}
