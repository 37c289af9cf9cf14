package oversight

import (
	"context"
	"net/http"
	"strings"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// Evidence is an entry of a case's trail that an accountability case rests on.
// Which case it is of is told to whoever may see that case.
type Evidence struct {
	Case   string      `json:"case,omitempty"`
	Number string      `json:"number,omitempty"`
	Seq    int         `json:"seq" doc:"痕迹里第几条 · Which entry of the trail"`
	Did    *frame.Text `json:"did,omitempty"`
}

// NewAccount holds a unit to account.
type NewAccount struct {
	Unit     string        `json:"unit" minLength:"1" maxLength:"40"`
	Fault    string        `json:"fault" maxLength:"40" doc:"read-ladder 给的情形 · A fault that read-ladder gives"`
	Reason   string        `json:"reason" minLength:"1" maxLength:"2000"`
	Within   int           `json:"within" minimum:"1" maximum:"30" doc:"几个工作日以内说明 · Within how many working days to answer"`
	Evidence []NewEvidence `json:"evidence" minItems:"1" maxItems:"50"`
}

// NewEvidence names an entry of a trail.
type NewEvidence struct {
	Case string `json:"case" maxLength:"60" doc:"id 或编号 · The id or the number"`
	Seq  int    `json:"seq" minimum:"0" maximum:"1000000"`
}

// Verdict ends an accountability case.
type Verdict struct {
	Upheld bool   `json:"upheld"`
	Means  string `json:"means,omitempty" maxLength:"40" doc:"成立时怎么处理，read-ladder 给的 · What follows where it is upheld, as read-ladder gives it"`
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
}

// Ladder is the rule of supervision: what happens when, and the words for it.
type Ladder struct {
	Share  int           `json:"share" doc:"用掉时限的百分之几算临期 · The percent of a limit from which a task is near"`
	Rungs  []Rung        `json:"rungs"`
	Forms  []frame.Named `json:"forms" doc:"督办的形式 · Forms of an order"`
	Faults []frame.Named `json:"faults" doc:"问责的情形 · What a unit may be held to account for"`
	Means  []frame.Named `json:"means" doc:"成立以后怎么处理 · What may follow"`
}

// Rung is one step of supervision.
type Rung struct {
	Name  frame.Named `json:"name"`
	Kind  string      `json:"kind" enum:"remind,urge,order,leader"`
	When  string      `json:"when" doc:"从临期还是到期算起 · Counted from when it is near or from its date"`
	After string      `json:"after,omitempty"`
	Tell  []string    `json:"tell"`
	Level int         `json:"level"`
	Form  string      `json:"form,omitempty"`
	Reply string      `json:"reply_within,omitempty"`
	Steps []string    `json:"steps,omitempty"`
	Kinds []string    `json:"kinds,omitempty"`
}

type (
	newAccountInput struct{ Body NewAccount }
	verdictInput    struct {
		OrderName
		Body Verdict
	}
)

func accountabilityOperations(d *frame.Door) {
	frame.Register(d, frame.Told("read-ladder", http.MethodGet, "/ladder", tag, "督办规则 · The rule of supervision", "几时做什么、告诉谁，和督办、问责用的词。 · What happens when, whom it tells, and the words of orders and accountability."), rights.CaseSee, readLadder)
	frame.Acting(d, frame.Told("hold-to-account", http.MethodPost, "/orders/accountability", tag, "提出问责 · Hold a unit to account",
		"依据是看得到的案件的痕迹；单位先说明，再由没提问责的领导定。不能提自己单位。 · It rests on entries of trails that the caller may see. The unit answers first, then a leader who did not open it decides. Not against the own unit."), rights.Supervise, holdToAccount)
	frame.Acting(d, frame.Told("decide-accountability", http.MethodPost, "/orders/{order}/decide", tag, "定问责 · Decide an accountability case",
		"单位说明了，或者期限过了，才能定。 · Once the unit has answered, or its time is over."), rights.Supervise, decideAccountability)
}

// wordOf is a word of the ladder with its title; nil for none.
func wordOf(words []ladder.Word, name string) *frame.Named {
	return frame.NameIf(name, ladder.Title(words, name))
}

func wordsOf(words []ladder.Word) []frame.Named {
	all := make([]frame.Named, len(words))
	for i, w := range words {
		all[i] = frame.Name(w.Name, w.Title)
	}
	return all
}

func readLadder(_ context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[Ladder], error) {
	l := c.District.Catalogue.Ladder()
	out := Ladder{Share: l.Share, Rungs: make([]Rung, len(l.Rungs)), Forms: wordsOf(l.Forms), Faults: wordsOf(l.Faults), Means: wordsOf(l.Means)}
	for i := range l.Rungs {
		r := &l.Rungs[i]
		one := Rung{Name: frame.Name(r.Name, r.Title), Kind: string(r.Kind()), When: string(r.When), After: r.After.String(), Tell: []string{}, Level: r.Level, Steps: r.Steps, Kinds: r.Kinds}
		for _, t := range r.Tell {
			one.Tell = append(one.Tell, string(t))
		}
		if r.Order != nil {
			one.Form, one.Reply = r.Order.Form, r.Order.ReplyWithin.String()
		}
		out.Rungs[i] = one
	}
	return frame.Reply(out, nil)
}

func holdToAccount(ctx context.Context, c *frame.Caller, in *newAccountInput) (*frame.Output[Order], error) {
	b := in.Body
	x := supervise.Accusation{Unit: b.Unit, Fault: b.Fault, Reason: strings.TrimSpace(b.Reason), Within: clock.Limit{N: b.Within, Unit: clock.WorkingDays}}
	for _, e := range b.Evidence {
		one, _, err := c.FindCase(ctx, e.Case)
		if err == nil {
			err = c.KeepsSecret(one, map[string]string{"reason": b.Reason})
		}
		if err != nil {
			return nil, err
		}
		x.Evidence = append(x.Evidence, supervise.Evidence{Case: one.ID, Seq: e.Seq})
	}
	a := c.ActingWhere(rights.Supervise, func(by procedure.Actor) error { return supervise.MayOrder(c.District, by) })
	o, err := frame.Written(ctx, c, func(tx *db.Tx) (supervise.Order, error) {
		return supervise.HoldToAccount(ctx, tx, a, x)
	})
	if err != nil {
		return nil, err
	}
	return wholeOrder(ctx, c, o)
}

func decideAccountability(ctx context.Context, c *frame.Caller, in *verdictInput) (*frame.Output[Order], error) {
	o, err := findOrder(ctx, c, in.Order)
	if err != nil {
		return nil, err
	}
	a := c.ActingWhere(rights.Supervise, func(by procedure.Actor) error { return o.MayDecide(c.District, by, c.Now) })
	o, err = frame.Written(ctx, c, func(tx *db.Tx) (supervise.Order, error) {
		return supervise.DecideAccountability(ctx, tx, a, o.ID, supervise.Verdict{Upheld: in.Body.Upheld, Means: in.Body.Means, Reason: in.Body.Reason})
	})
	if err != nil {
		return nil, err
	}
	return wholeOrder(ctx, c, o)
}

// wholeOrder answers with an order and what it rests on.
func wholeOrder(ctx context.Context, c *frame.Caller, o supervise.Order) (*frame.Output[Order], error) {
	out := orderOf(c, o)
	if o.Kind != supervise.Accountability {
		return frame.Reply(out, nil)
	}
	found, err := supervise.EvidenceOf(ctx, c.House.DB, c.District.Code, o.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		shown, err := evidence(ctx, c, e)
		if err != nil {
			return nil, err
		}
		out.Evidence = append(out.Evidence, shown)
	}
	return frame.Reply(out, nil)
}

// evidence is an entry as the caller may read it: no more than its number where
// the case is not theirs to see.
func evidence(ctx context.Context, c *frame.Caller, e supervise.Evidence) (Evidence, error) {
	out := Evidence{Seq: e.Seq}
	of, _, err := c.Seen(ctx, e.Case)
	if errs.KindOf(err) == errs.NotFound {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Case, out.Number = string(e.Case), e.Number
	entries, err := trail.Of(ctx, c.House.DB, c.District.Code, string(of.ID))
	for _, one := range entries {
		if one.Seq == e.Seq {
			out.Did = new(shape.Deed(c, of, one))
		}
	}
	return out, err
}
