package cases

import (
	"context"
	"net/http"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
	"linli/internal/web/page"
)

// Remark is what an observer says of a case.
type Remark struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

type remarkInput struct {
	CaseName
	Body Remark
}

// Observed is a case as an observer is shown it: less than to whoever works here.
type Observed struct {
	ID       string       `json:"id"`
	Number   string       `json:"number"`
	Matter   frame.Named  `json:"matter"`
	State    string       `json:"state" enum:"open,closed,answered,rejected,merged"`
	Status   frame.Text   `json:"status"`
	Area     frame.Text   `json:"area" doc:"到社区为止 · As far as the community"`
	Unit     *frame.Named `json:"unit,omitempty"`
	OpenedAt time.Time    `json:"opened_at"`
	Due      *time.Time   `json:"due,omitempty"`
	ClosedAt *time.Time   `json:"closed_at,omitempty"`
	Rating   int          `json:"rating,omitempty"`
}

// ObservedFull is a case as an observer is shown it, with its steps in the
// procedure's own words: no name, and nothing that anybody wrote.
type ObservedFull struct {
	Observed
	Until time.Time      `json:"until" doc:"公开到什么时候 · Until when it is open"`
	Steps []ObservedStep `json:"steps"`
}

// ObservedStep is what was done, by which unit and when.
type ObservedStep struct {
	At   time.Time    `json:"at"`
	Did  frame.Text   `json:"did"`
	Unit *frame.Named `json:"unit,omitempty"`
}

func observedOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-observed", http.MethodGet, "/observed", tagActs, "向我公开的案件 · Cases open to me", "给观察员看的，比办件的人看到的少。 · For observers, who are shown less."), rights.CaseObserve, listObserved)
	frame.Acting(d, frame.Told("read-observed", http.MethodGet, "/observed/{case}", tagActs, "一件向我公开的案件 · A case that is open to me",
		"连同每一步，不含姓名和写的话。 · With its steps, without names and without what anybody wrote."), rights.CaseObserve, readObserved)
	frame.Acting(d, frame.Told("remark", http.MethodPost, "/observed/{case}/remarks", tagActs, "提督查意见 · Remark on a case",
		"观察员说的话进痕迹，经办单位会收到。 · An observer's words go into the trail and to the unit."), rights.CaseObserve, remark)
}

func listObserved(ctx context.Context, c *frame.Caller, in *frame.Paging) (*frame.Output[frame.List[Observed]], error) {
	p, err := casework.List(ctx, c.House.DB, c.District, casework.Filter{Scope: c.Observed(), Newest: true}, c.Now, in.After, min(in.Limit, 200))
	if err != nil {
		return nil, err
	}
	out := frame.List[Observed]{Items: make([]Observed, len(p.Rows)), Next: p.Next}
	for i, row := range p.Rows {
		out.Items[i] = observedOf(c, row.Case)
	}
	return frame.Reply(out, nil)
}

// observedOf is a case as exactly as the public's pages say it: the community,
// and neither address nor point nor text.
func observedOf(c *frame.Caller, one casework.Case) Observed {
	d := c.District
	return Observed{
		ID: string(one.ID), Number: one.Number, Matter: frame.Name(one.Matter, d.Catalogue.Title(one.Matter)), State: string(one.State), Status: shape.StatusOf(d, one),
		Area: frame.TextOf(d.Areas.Path(communityOf(c, one))), Unit: shape.UnitOf(d, one.Unit), OpenedAt: one.OpenedAt, Due: frame.At(one.Due), ClosedAt: frame.At(one.ClosedAt), Rating: one.Rating,
	}
}

func remark(ctx context.Context, c *frame.Caller, in *remarkInput) (*struct{}, error) {
	id, err := c.CaseID(ctx, in.Case)
	if err == nil {
		_, _, err = c.ObservedCase(id)
	}
	if err == nil {
		err = page.Long("text", in.Body.Text)
	}
	if err != nil {
		return nil, frame.MissingCase(err)
	}
	return frame.Done(ctx, c, func(tx *db.Tx) error {
		return casework.Remark(ctx, tx, c.Acting(rights.CaseObserve, 0), id, in.Body.Text)
	})
}

// communityOf is the community of a case, or the smallest area above it that is
// known: how exactly the public is told where it lies.
func communityOf(c *frame.Caller, one casework.Case) area.Code {
	for _, code := range []string{one.Place.Community, one.Place.Street} {
		if code != "" {
			return area.Code(code)
		}
	}
	return area.Code(c.District.Code)
}

func readObserved(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[ObservedFull], error) {
	id, err := c.CaseID(ctx, in.Case)
	if err != nil {
		return nil, frame.MissingCase(err)
	}
	one, open, err := c.ObservedCase(id)
	if err != nil {
		return nil, frame.MissingCase(err)
	}
	out := ObservedFull{Observed: observedOf(c, one), Steps: []ObservedStep{}}
	for _, o := range open {
		if o.Until.After(out.Until) {
			out.Until = o.Until
		}
	}
	p, _ := c.District.Catalogue.Procedure(one.Procedure, one.Version)
	entries, err := trail.Of(ctx, c.House.DB, c.District.Code, string(one.ID))
	for _, e := range entries {
		if did, ok := observedDeed(p, e); ok {
			out.Steps = append(out.Steps, ObservedStep{e.At, did, shape.UnitOf(c.District, e.Unit)})
		}
	}
	return frame.Reply(out, err)
}

// observedDeed is what an observer is told of an entry: that it came in, that an
// observer said something, or the title of a procedure's action.
func observedDeed(p *procedure.Procedure, e trail.Entry) (frame.Text, bool) {
	switch e.Act {
	case "opened":
		return frame.Text{ZH: "收到了", EN: "Received"}, true
	case "remarked":
		return frame.Text{ZH: "观察员提了意见", EN: "An observer made a remark"}, true
	}
	if p == nil {
		return frame.Text{}, false
	}
	step := p.Step(procedure.StepName(e.Step))
	if step == nil || step.Action(procedure.ActionName(e.Act)) == nil {
		return frame.Text{}, false
	}
	of, did := frame.TextOf(step.Title), frame.TextOf(step.Action(procedure.ActionName(e.Act)).Title)
	return frame.Text{ZH: of.ZH + "：" + did.ZH, EN: of.EN + ": " + did.EN}, true
}
