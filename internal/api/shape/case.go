package shape

import (
	"time"

	"linli/internal/api/frame"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/trail"
)

// Case is a case in a list.
type Case struct {
	ID          string        `json:"id"`
	Number      string        `json:"number"`
	Matter      frame.Named   `json:"matter"`
	Major       frame.Named   `json:"major" doc:"事项大类 · The class of the matter"`
	Kind        string        `json:"kind"`
	Urgency     string        `json:"urgency,omitempty"`
	Channel     string        `json:"channel"`
	State       string        `json:"state" enum:"open,closed,answered,rejected,merged"`
	Step        frame.Named   `json:"step"`
	Status      frame.Text    `json:"status" doc:"居民看到的话 · In the words a resident reads"`
	Place       Place         `json:"place"`
	Receiver    *frame.Named  `json:"receiver,omitempty" doc:"收件单位 · The unit that took it in"`
	Unit        *frame.Named  `json:"unit,omitempty" doc:"承办单位 · The unit that deals with it"`
	Co          []frame.Named `json:"co,omitempty" doc:"协办单位 · Units that help"`
	Proposed    *frame.Named  `json:"proposed,omitempty" doc:"建议派给 · The unit the routing proposes"`
	NoOwner     bool          `json:"no_owner"`
	Danger      bool          `json:"danger"`
	Secret      bool          `json:"secret" doc:"上报人保密 · Who reported it is kept secret"`
	OpenedAt    time.Time     `json:"opened_at"`
	Limit       string        `json:"limit,omitempty"`
	Due         *time.Time    `json:"due,omitempty"`
	Provisional bool          `json:"provisional" doc:"那年的节假日还没公布 · The holidays of that year are not known yet"`
	Signal      string        `json:"signal,omitempty" enum:"ok,near,late,hold" doc:"hold 是暂停计时 · hold is a clock that stands"`
	HeldAt      *time.Time    `json:"held_at,omitempty" doc:"从什么时候起停着 · Since when its clock stands"`
	OnAccount   bool          `json:"on_account" doc:"挂过账 · Was put on account"`
	ClosedAt    *time.Time    `json:"closed_at,omitempty"`
	OnTime      *bool         `json:"on_time,omitempty"`
	Reports     int           `json:"reports"`
	Returns     int           `json:"returns"`
	Round       int           `json:"round"`
	Rating      int           `json:"rating,omitempty" doc:"5 非常满意 … 1 非常不满意 · 5 very content … 1 very discontent"`
	MergedInto  string        `json:"merged_into,omitempty"`
	ChangedAt   time.Time     `json:"changed_at"`
	Revision    int           `json:"revision"`
}

// Proposal is a unit that the routing proposes, and why.
type Proposal struct {
	Unit frame.Named `json:"unit"`
	Why  frame.Text  `json:"why"`
	Rule string      `json:"rule,omitempty" doc:"规则在哪 · Where the rule stands"`
	Sure bool        `json:"sure"`
}

// Version is what the tag of an answer with one case begins with.
func (c *Case) Version() int { return c.Revision }

// CaseOf shows a case as a list has it: of one whose reporter is kept from the
// caller, nothing that tells the minute at which it came in.
func CaseOf(c *frame.Caller, one casework.Case) Case {
	d := c.District
	out := Case{
		ID: string(one.ID), Number: one.Number, Matter: frame.Name(one.Matter, d.Catalogue.Title(one.Matter)),
		Major: frame.Name(one.Major, d.Catalogue.Title(one.Major)), Kind: one.Kind, Urgency: one.Urgency, Channel: one.Channel,
		State: string(one.State), Step: frame.Name(one.Step, StepTitle(d, one, one.Step)), Status: StatusOf(d, one),
		Place: PlaceOf(d, one.Place), Receiver: UnitOf(d, one.Receiver), Unit: UnitOf(d, one.Unit), Proposed: UnitOf(d, one.Proposed),
		NoOwner: one.NoOwner, Danger: one.Danger, Secret: one.Secret, OpenedAt: one.OpenedAt, Limit: one.Limit, Due: frame.At(one.Due),
		Provisional: one.Provisional, OnAccount: one.OnAccount, ClosedAt: frame.At(one.ClosedAt), Reports: one.Reports, Returns: one.Returns, Round: one.Round,
		Rating: one.Rating, MergedInto: string(one.MergedInto), ChangedAt: one.MovedAt, Revision: one.Revision,
	}
	if c.KeepsReporter(one) {
		out.OpenedAt = DayOf(c, one.OpenedAt)
		if one.MovedAt.Equal(one.OpenedAt) {
			out.ChangedAt = out.OpenedAt
		}
	}
	for _, unit := range one.Co {
		out.Co = append(out.Co, *UnitOf(d, unit))
	}
	if one.State == casework.Running {
		out.Signal, out.HeldAt = string(one.Judge(d, c.Now).Signal), frame.At(one.HeldAt)
	} else {
		out.OnTime = &one.OnTime
	}
	return out
}

// DayOf is the beginning of an instant's day: of a secret case the minute at which
// it came in is not told.
func DayOf(c *frame.Caller, t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return clock.DateOf(t, c.Zone()).Start(c.Zone())
}

// Deed is what was done by an entry, as the page says it, in both languages.
func Deed(c *frame.Caller, one casework.Case, e trail.Entry) frame.Text {
	p, _ := c.District.Catalogue.Procedure(one.Procedure, one.Version)
	in := func(l lang.Lang) string {
		v := *c.View
		v.Lang = l
		return v.Deed(p, e)
	}
	return frame.Text{ZH: in(lang.ZH), EN: in(lang.EN)}
}
