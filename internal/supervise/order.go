package supervise

import (
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// OrderID names an order within its district.
type OrderID string

// OrderKind is what supervision asks: the kinds of a rung, and one more.
type OrderKind string

// The kinds, from light to heavy.
const (
	Reminder       OrderKind = OrderKind(ladder.Remind)
	Urging         OrderKind = OrderKind(ladder.Urge)
	Supervision    OrderKind = OrderKind(ladder.OrderIt)
	ToLeader       OrderKind = OrderKind(ladder.ToLeader)
	Accountability OrderKind = "accountability"
)

// OrderKinds lists the kinds in reading order.
func OrderKinds() []OrderKind {
	return []OrderKind{Reminder, Urging, Supervision, ToLeader, Accountability}
}

// Text names the kind for a person.
func (k OrderKind) Text() lang.Text {
	switch k {
	case Reminder:
		return lang.T("提醒", "reminder")
	case Urging:
		return lang.T("催办", "urging")
	case Supervision:
		return lang.T("督办", "order")
	case ToLeader:
		return lang.T("报领导", "told to a leader")
	case Accountability:
		return lang.T("问责", "accountability")
	}
	return lang.Text{ZH: string(k), EN: string(k)}
}

// OrderState is where an order stands.
type OrderState string

// The states of an order.
const (
	Told    OrderState = "told"     // nothing was asked in return
	Asked   OrderState = "asked"    // a written answer is due
	Replied OrderState = "answered" // the unit has answered
	Lifted  OrderState = "lifted"   // the supervisor is done with it
	Upheld  OrderState = "upheld"   // of an accountability case: the fault is established
	Dropped OrderState = "dropped"  // of an accountability case: it is not
)

// Text names the state for a person.
func (s OrderState) Text() lang.Text {
	switch s {
	case Told:
		return lang.T("已告知", "told")
	case Asked:
		return lang.T("等答复", "waits for an answer")
	case Replied:
		return lang.T("已答复", "answered")
	case Lifted:
		return lang.T("已解除", "lifted")
	case Upheld:
		return lang.T("成立", "upheld")
	case Dropped:
		return lang.T("不成立", "dropped")
	}
	return lang.Text{ZH: string(s), EN: string(s)}
}

// Order is what supervision asked of a unit.
type Order struct {
	ID     OrderID
	Kind   OrderKind
	State  OrderState
	Case   casework.ID // of an accountability case: the first piece of evidence
	Number string      // of the case
	Matter string      // of the case
	Task   string      // empty where the case as a whole is meant
	Step   procedure.StepName
	Unit   string
	Rung   string // of the ladder; empty by hand
	Level  int    // of supervision; 0 below the first
	Form   string
	Fault  string
	Means  string
	Reason string
	By     Signature // empty for the clock
	At     time.Time

	ReplyDue time.Time // zero: nothing is asked in return
	Reply    string
	ReplyBy  Signature
	ReplyAt  time.Time

	Decision string // why it was lifted, upheld or dropped
	EndBy    Signature
	EndAt    time.Time
}

// Signature is who did something, by post.
type Signature struct{ Unit, Post, Person string }

func sign(by procedure.Actor) Signature {
	return Signature{Unit: by.Unit, Post: by.Post, Person: by.Person}
}

// Running reports whether the order still asks something of somebody.
func (o Order) Running() bool { return o.State == Asked || o.State == Replied }

// LateReply reports whether the answer came after its date, or is missing past it.
func (o Order) LateReply(now time.Time) bool {
	if o.State != Asked && o.ReplyAt.IsZero() {
		return false
	}
	if !o.ReplyAt.IsZero() {
		now = o.ReplyAt
	}
	return !o.ReplyDue.IsZero() && now.After(o.ReplyDue)
}

// MayOrder says why somebody may not urge or order; nil where they may.
func MayOrder(d *district.District, by procedure.Actor) error {
	return allowed(d, by, rights.Supervise)
}

// MayReply says why somebody may not answer; nil where they may. An answer is
// the unit's: its head gives it, or whoever works there where nobody leads.
func (o Order) MayReply(d *district.District, by procedure.Actor) error {
	if by.Unit != o.Unit || o.Unit == "" {
		return errs.New(errs.Forbidden, "这件不由贵单位答复。", "This is not for your unit to answer.")
	}
	if o.State != Asked {
		return errs.New(errs.Conflict, "没办成：这件已经答复过，或者不用答复。", "Not done: this has been answered already, or asks for no answer.")
	}
	heads := []procedure.Role{procedure.Role(org.UnitLead), procedure.Role(org.ShiftLeader), procedure.Role(org.Leader)}
	if o.Kind != Accountability || !led(d, o.Unit) {
		heads = append(heads, procedure.Role(org.Handler), procedure.Role(org.Dispatcher), procedure.Role(org.Acceptor))
	}
	if !slices.Contains(heads, by.Role) {
		return errs.New(errs.Forbidden, "要由单位负责人答复。", "The head of the unit answers.")
	}
	return nil
}

// led reports whether somebody leads a unit today.
func led(d *district.District, unit string) bool {
	return len(heads(d, unit)) > 0
}

// ownWay reports whether somebody would judge the own unit. The leader of the
// whole district sits in the centre and answers for it to nobody below; such a
// one may, unless it was they who answered for the unit.
func (o Order) ownWay(d *district.District, by procedure.Actor) bool {
	above := by.Role == procedure.Role(org.Leader) && by.Unit == d.Centre()
	return by.Unit == o.Unit && !above || by.Is(o.ReplyBy.Person)
}

// MayLift says why somebody may not lift the order; nil where they may. A unit
// never lifts its own.
func (o Order) MayLift(d *district.District, by procedure.Actor) error {
	if err := allowed(d, by, rights.Supervise); err != nil {
		return err
	}
	if o.ownWay(d, by) {
		return errs.New(errs.Forbidden, "对本单位的督办，不能由本单位解除。", "A unit does not lift an order on itself.")
	}
	if o.Kind == Accountability || !o.Running() {
		return errs.New(errs.Conflict, "没办成：这件不用解除，或者已经解除。", "Not done: there is nothing to lift, or it has been lifted.")
	}
	return nil
}

// MayDecide says why somebody may not decide an accountability case; nil where
// they may: a leader, not of that unit, who did not open it, once the unit has
// answered or its time to answer is over.
func (o Order) MayDecide(d *district.District, by procedure.Actor, now time.Time) error {
	if err := allowed(d, by, rights.Supervise); err != nil {
		return err
	}
	switch {
	case by.Role != procedure.Role(org.Leader):
		return errs.New(errs.Forbidden, "问责由分管领导定。", "A leader in charge decides.")
	case o.ownWay(d, by):
		return errs.New(errs.Forbidden, "对本单位的问责，不能由本单位定。", "A unit does not decide about itself.")
	case by.Is(o.By.Person):
		return errs.New(errs.Forbidden, "谁提的问责，不能由谁来定。", "Whoever opened it does not decide it.")
	case o.Kind != Accountability || !o.Running():
		return errs.New(errs.Conflict, "没办成：这件已经有结论。", "Not done: this has been decided.")
	case o.State == Asked && !now.After(o.ReplyDue):
		return errs.New(errs.Conflict, "单位的说明还没到期，请等它说明以后再定。", "The unit still has time to answer; please decide after that.")
	}
	return nil
}
