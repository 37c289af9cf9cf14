package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Offer is something that may be done with a case now.
type Offer struct {
	Task    string   `json:"task"`
	Step    Named    `json:"step"`
	Action  string   `json:"action"`
	Title   Text     `json:"title"`
	Needs   []string `json:"needs" doc:"要带什么：reason、answer、unit、photo、evidence · What must come with it"`
	Asks    []Mark   `json:"asks,omitempty" doc:"可以顺便评的 · What may be noted with it"`
	Post    string   `json:"post" doc:"由哪个岗位办 · The post that does it"`
	Allowed bool     `json:"allowed"`
	Why     *Text    `json:"why,omitempty" doc:"为什么不能办 · Why it may not be done"`
}

// Mark is a question about quality, which may be left out.
type Mark struct {
	Name    string  `json:"name"`
	Title   Text    `json:"title"`
	Options []Named `json:"options"`
}

// Hold is a task that may be taken up, or put down again.
type Hold struct {
	Task string `json:"task"`
	Step Named  `json:"step"`
	Do   string `json:"do" enum:"take-up,put-down"`
	By   string `json:"by,omitempty" doc:"谁领着 · Who has taken it up"`
}

// Offers is all that may be done with a case now.
type Offers struct {
	Actions  []Offer `json:"actions"`
	Holds    []Hold  `json:"holds"`
	Revision int     `json:"revision"`
}

// Doing is an action that is taken.
type Doing struct {
	Task   string            `json:"task" maxLength:"60"`
	Action string            `json:"action" maxLength:"40"`
	Reason string            `json:"reason,omitempty" maxLength:"2000"`
	Answer string            `json:"answer,omitempty" maxLength:"2000"`
	Unit   string            `json:"unit,omitempty" maxLength:"40"`
	Co     []string          `json:"co,omitempty" maxItems:"20" doc:"协办单位 · Units that help"`
	Marks  map[string]string `json:"marks,omitempty" doc:"可以顺便评的，按名称 · Answers about quality, by name"`
	Photos []Photo           `json:"photos,omitempty" maxItems:"9"`
}

type doingInput struct {
	CaseName
	Body Doing
}

// Holding takes a task up or puts it down.
type Holding struct {
	Task   string `json:"task" maxLength:"60"`
	Do     string `json:"do" enum:"take-up,put-down"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"放下要写 · Needed to put it down"`
}

type holdingInput struct {
	CaseName
	Body Holding
}

func (d *door) actOperations() {
	acting(d, told("list-offers", http.MethodGet, "/cases/{case}/offers", "acts", "现在能办什么 · What may be done now",
		"页面上的按钮就是这些；要带什么写在 needs 里。 · These are the buttons of the page; needs says what must come with each."), rights.CaseSee, d.listOffers)
	act := matched(bodied(told("act", http.MethodPost, "/cases/{case}/act", "acts", "办一步 · Take an action",
		"task 和 action 照 list-offers 给的写。别人先办了就回 409。密钥要有 case.accept、case.dispatch、case.handle、case.verify、case.rule 里办这一步的岗位有的一项。"+
			" · task and action as list-offers gives them. 409 where somebody was faster. The key needs one of case.accept, case.dispatch, case.handle, case.verify and case.rule that the post has whose step it is.")))
	acting(d, act, rights.CaseSee, d.act)
	acting(d, matched(told("hold-task", http.MethodPost, "/cases/{case}/hold", "acts", "接手或放下 · Take a task up, or put it down",
		"接手以后，本单位别人就不会重复办。 · Once it is taken up nobody else of the unit begins it too.")), rights.CaseSee, d.holdTask)
}

func (d *door) listOffers(ctx context.Context, c *caller, in *CaseName) (*output[Offers], error) {
	one, tasks, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	all, err := c.Offers(one)
	out := Offers{Actions: make([]Offer, len(all)), Holds: []Hold{}, Revision: one.Revision}
	for i, o := range all {
		out.Actions[i] = offerOf(c, o)
		out.Actions[i].Step = Named{string(o.Step), textOf(stepTitle(c.District, one, o.Step))}
	}
	for _, h := range c.Holds(tasks, all) {
		hold := Hold{Task: h.Task.ID, Step: Named{string(h.Task.Step), textOf(stepTitle(c.District, one, h.Task.Step))}, Do: page.TakeUp}
		if h.Down {
			hold.Do, hold.By = page.PutDown, c.Holder(h.Task)
		}
		out.Holds = append(out.Holds, hold)
	}
	return reply(out, err)
}

func offerOf(c *caller, o page.Offer) Offer {
	out := Offer{Task: o.Task, Action: string(o.Action), Title: textOf(o.Title), Needs: make([]string, len(o.Needs)), Post: o.By.Post, Allowed: o.Allowed, Why: textIf(o.Why)}
	for i, n := range o.Needs {
		out.Needs[i] = string(n)
	}
	for _, m := range c.Questions(o.Asks) {
		out.Asks = append(out.Asks, markOf(m))
	}
	return out
}

func markOf(m procedure.Mark) Mark {
	out := Mark{Name: m.Name, Title: textOf(m.Title), Options: make([]Named, len(m.Options))}
	for i, o := range m.Options {
		out.Options[i] = Named{o.Name, textOf(o.Title)}
	}
	return out
}

func (d *door) act(ctx context.Context, c *caller, in *doingInput) (*changedOutput, error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	offer, err := c.Offered(one, in.Body.Task, procedure.ActionName(in.Body.Action))
	if err != nil {
		return nil, err
	}
	photos, err := d.keepPhotos(ctx, in.Body.Photos)
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, err = c.Take(one, offer, page.Taking{
		Reason: b.Reason, Answer: b.Answer, Unit: b.Unit, Co: b.Co, Marks: b.Marks, Photos: photos, Revision: revisionOf(ctx),
	})
	if err != nil {
		return nil, err
	}
	return d.changedCase(ctx, c, one.ID)
}

func (d *door) holdTask(ctx context.Context, c *caller, in *holdingInput) (*changedOutput, error) {
	one, tasks, err := d.findCase(ctx, c, in.Case)
	if err == nil && len(c.Working()) == 0 {
		err = c.needs(rights.CaseHandle)
	}
	if err == nil {
		err = c.HoldTask(one, tasks, revisionOf(ctx), in.Body.Task, in.Body.Do, in.Body.Reason)
	}
	if err != nil {
		return nil, err
	}
	return d.changedCase(ctx, c, one.ID)
}

// bodied lets an operation take photos in its body.
func bodied(op huma.Operation) huma.Operation {
	op.MaxBodyBytes, op.BodyReadTimeout = bodyMost, bodyTime
	return op
}
