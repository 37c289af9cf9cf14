package cases

import (
	"context"
	"net/http"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Hold is a task that may be taken up, or put down again.
type Hold struct {
	Task string      `json:"task"`
	Step frame.Named `json:"step"`
	Do   string      `json:"do" enum:"take-up,put-down"`
	By   string      `json:"by,omitempty" doc:"谁领着 · Who has taken it up"`
}

// Offers is all that may be done with a case now.
type Offers struct {
	Actions  []shape.Offer `json:"actions"`
	Holds    []Hold        `json:"holds"`
	Revision int           `json:"revision"`
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
	Photos []shape.Photo     `json:"photos,omitempty" maxItems:"9"`
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

func actOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-offers", http.MethodGet, "/cases/{case}/offers", tagActs, "现在能办什么 · What may be done now",
		"页面上的按钮就是这些；要带什么写在 needs 里。 · These are the buttons of the page; needs says what must come with each."), rights.CaseSee, listOffers)
	one := frame.Matched(frame.Bodied(frame.Told("act", http.MethodPost, "/cases/{case}/act", tagActs, "办一步 · Take an action",
		"task 和 action 照 list-offers 给的写。别人先办了就回 409。密钥要有 case.accept、case.dispatch、case.handle、case.verify、case.rule 里办这一步的岗位有的一项。"+
			" · task and action as list-offers gives them. 409 where somebody was faster. The key needs one of case.accept, case.dispatch, case.handle, case.verify and case.rule that the post has whose step it is.")))
	frame.Acting(d, one, rights.CaseSee, act)
	frame.Acting(d, frame.Matched(frame.Told("hold-task", http.MethodPost, "/cases/{case}/hold", tagActs, "接手或放下 · Take a task up, or put it down",
		"接手以后，本单位别人就不会重复办。 · Once it is taken up nobody else of the unit begins it too.")), rights.CaseSee, holdTask)
}

func listOffers(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[Offers], error) {
	one, tasks, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	all, err := c.Offers(one)
	out := Offers{Actions: make([]shape.Offer, len(all)), Holds: []Hold{}, Revision: one.Revision}
	for i, o := range all {
		out.Actions[i] = shape.OfferOf(c, o)
		out.Actions[i].Step = frame.Name(o.Step, shape.StepTitle(c.District, one, o.Step))
	}
	for _, h := range c.Holds(tasks, all) {
		hold := Hold{Task: h.Task.ID, Step: frame.Name(h.Task.Step, shape.StepTitle(c.District, one, h.Task.Step)), Do: page.TakeUp}
		if h.Down {
			hold.Do, hold.By = page.PutDown, c.Holder(h.Task)
		}
		out.Holds = append(out.Holds, hold)
	}
	return frame.Reply(out, err)
}

func act(ctx context.Context, c *frame.Caller, in *doingInput) (*frame.Output[shape.Case], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	offer, err := c.Offered(one, in.Body.Task, procedure.ActionName(in.Body.Action))
	if err != nil {
		return nil, err
	}
	photos, err := shape.KeepPhotos(ctx, c, in.Body.Photos)
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, err = c.Take(one, offer, page.Taking{
		Reason: b.Reason, Answer: b.Answer, Unit: b.Unit, Co: b.Co, Marks: b.Marks, Photos: photos, Revision: frame.RevisionOf(ctx),
	})
	if err != nil {
		return nil, err
	}
	return changedCase(ctx, c, one.ID)
}

func holdTask(ctx context.Context, c *frame.Caller, in *holdingInput) (*frame.Output[shape.Case], error) {
	one, tasks, err := c.FindCase(ctx, in.Case)
	if err == nil && len(c.Working()) == 0 {
		err = c.Needs(rights.CaseHandle)
	}
	if err == nil {
		err = c.HoldTask(one, tasks, frame.RevisionOf(ctx), in.Body.Task, in.Body.Do, in.Body.Reason)
	}
	if err != nil {
		return nil, err
	}
	return changedCase(ctx, c, one.ID)
}

// changedCase answers with a case as it is after an act, hushed as in a list.
func changedCase(ctx context.Context, c *frame.Caller, id casework.ID) (*frame.Output[shape.Case], error) {
	one, err := casework.ByID(ctx, c.House.DB, c.District.Code, id)
	if err != nil {
		return nil, err
	}
	return frame.Reply(shape.CaseOf(c, one), nil)
}
