package cases

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// AskOption is something that may be asked for now: that the clock stands, or a
// longer limit.
type AskOption struct {
	Task     string      `json:"task"`
	Step     frame.Named `json:"step"`
	Kind     frame.Named `json:"kind"`
	Latest   *time.Time  `json:"latest,omitempty" doc:"最晚停到 · The latest planned end of a pause"`
	Limit    string      `json:"limit,omitempty" doc:"延长的是哪个时限 · The limit that an extension makes longer"`
	Approver string      `json:"approver" doc:"谁来批 · The role that decides"`
	Allowed  bool        `json:"allowed"`
	Why      *frame.Text `json:"why,omitempty"`
}

// NewAsk asks that the clock stands, or for a longer limit.
type NewAsk struct {
	Task   string    `json:"task" maxLength:"60"`
	Kind   string    `json:"kind" maxLength:"40" doc:"list-asks 给的 kind · A kind that list-asks gives"`
	Until  time.Time `json:"until,omitzero" doc:"暂停到什么时候 · The planned end of a pause"`
	More   int       `json:"more,omitempty" minimum:"0" maximum:"1000" doc:"延长多少，按时限自己的单位 · How much longer, in the limit's own unit"`
	Reason string    `json:"reason" minLength:"1" maxLength:"2000"`
}

// Foreseen is what dates would follow.
type Foreseen struct {
	Case *time.Time `json:"case,omitempty" doc:"案件的期限 · The case's date"`
	Task *time.Time `json:"task,omitempty" doc:"这一步自己的期限 · The step's own date"`
}

type newAskInput struct {
	CaseName
	Body NewAsk
}

// Settled decides on what was asked.
type Settled struct {
	Do     string `json:"do" enum:"grant,refuse,withdraw,resume" doc:"批准、不批准、撤回、恢复计时 · Grant it, refuse it, take it back, let the clock go on"`
	Reason string `json:"reason,omitempty" maxLength:"2000"`
}

type settleInput struct {
	CaseName
	Ask  string `path:"ask" maxLength:"60"`
	Body Settled
}

func askOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-asks", http.MethodGet, "/cases/{case}/asks", tagActs, "现在能申请什么 · What may be asked for now",
		"暂停计时和延期。 · Pauses of the clock and longer limits."), rights.CaseSee, listAsks)
	frame.Acting(d, frame.Told("foresee-ask", http.MethodPost, "/cases/{case}/asks/foresee", tagActs, "批了会变成哪天 · What date would follow",
		"只算，不申请。 · It counts, and asks for nothing."), rights.CaseSee, foreseeAsk)
	frame.Acting(d, frame.Matched(frame.Told("ask", http.MethodPost, "/cases/{case}/asks", tagActs, "申请暂停或延期 · Ask for a pause or more time",
		"时钟从这一刻停，不批就算没停过。 · The clock stands from this moment; where the answer is no, it never stood.")), rights.CaseSee, ask)
	frame.Acting(d, frame.Matched(frame.Told("settle-ask", http.MethodPost, "/cases/{case}/asks/{ask}", tagActs, "批、撤回、恢复计时 · Decide, take back, resume",
		"批的人由规程定，自己申请的自己不能批。批要有 delay.approve。 · The procedure says who decides; nobody decides on what he asked for. Deciding takes delay.approve.")), rights.CaseSee, settleAsk)
}

// optionsToAsk lists what the caller's posts may ask for, each with the post.
// What one post may and another may not is offered.
func optionsToAsk(ctx context.Context, c *frame.Caller, one casework.Case) (all []casework.AskOption, by []procedure.Actor, err error) {
	for _, actor := range c.Working() {
		options, err := casework.Asks(ctx, c.House.DB, casework.Acting{District: c.District, By: actor}, one, c.Now)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range options {
			i := slices.IndexFunc(all, func(had casework.AskOption) bool { return had.Task == o.Task && had.Kind == o.Kind })
			switch {
			case i < 0:
				all, by = append(all, o), append(by, actor)
			case o.Allowed && !all[i].Allowed:
				all[i], by[i] = o, actor
			}
		}
	}
	return all, by, nil
}

func listAsks(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[frame.Whole[AskOption]], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	options, _, err := optionsToAsk(ctx, c, one)
	var all []AskOption
	for _, o := range options {
		all = append(all, AskOption{
			Task: o.Task, Step: frame.Name(o.Step, shape.StepTitle(c.District, one, o.Step)), Kind: frame.Name(o.Kind, o.Title),
			Latest: frame.At(o.Latest), Limit: o.Limit.String(), Approver: string(o.Approver), Allowed: o.Allowed, Why: frame.TextIf(o.Why),
		})
	}
	return frame.WholeOf(all, err)
}

// asked reads what is asked for, and by which post.
func asked(ctx context.Context, c *frame.Caller, in *newAskInput) (one casework.Case, a casework.Acting, q casework.Asking, err error) {
	if one, _, err = c.FindCase(ctx, in.Case); err != nil {
		return one, a, q, err
	}
	options, by, err := optionsToAsk(ctx, c, one)
	if err != nil {
		return one, a, q, err
	}
	i := slices.IndexFunc(options, func(o casework.AskOption) bool { return o.Task == in.Body.Task && o.Kind == in.Body.Kind })
	if i < 0 {
		return one, a, q, errs.New(errs.Forbidden, "这一步现在不能由您申请这个。", "This is not yours to ask for at this step.")
	}
	a = casework.Acting{District: c.District, By: by[i], Revision: frame.RevisionOf(ctx)}
	q = casework.Asking{Task: in.Body.Task, Kind: in.Body.Kind, Until: in.Body.Until, More: in.Body.More, Reason: strings.TrimSpace(in.Body.Reason)}
	if err := page.Long("reason", q.Reason); err != nil {
		return one, a, q, err
	}
	return one, a, q, c.KeepsSecret(one, map[string]string{"reason": q.Reason})
}

func foreseeAsk(ctx context.Context, c *frame.Caller, in *newAskInput) (*frame.Output[Foreseen], error) {
	one, a, q, err := asked(ctx, c, in)
	if err != nil {
		return nil, err
	}
	f, err := casework.Foresee(ctx, c.House.DB, a, one, q, c.Now)
	return frame.Reply(Foreseen{frame.At(f.Case.Due), frame.At(f.Task.Due)}, err)
}

func ask(ctx context.Context, c *frame.Caller, in *newAskInput) (*frame.Output[Ask], error) {
	one, a, q, err := asked(ctx, c, in)
	if err != nil {
		return nil, err
	}
	e, err := frame.Written(ctx, c, func(tx *db.Tx) (casework.Entry, error) { return casework.Ask(ctx, tx, a, one.ID, q) })
	if err != nil {
		return nil, err
	}
	return entryReply(ctx, c, one, e)
}

// entryReply is an entry of the ledger as it is after an act.
func entryReply(ctx context.Context, c *frame.Caller, one casework.Case, e casework.Entry) (*frame.Output[Ask], error) {
	tasks, err := casework.Tasks(ctx, c.House.DB, c.District.Code, one.ID)
	return frame.Reply(askOf(c, one, tasks, e), err)
}

// deciding is whether an act about the ledger is a decision.
var deciding = map[string]casework.EntryAct{"grant": casework.ActDecide, "refuse": casework.ActDecide, "withdraw": casework.ActWithdraw, "resume": casework.ActResume}

func settleAsk(ctx context.Context, c *frame.Caller, in *settleInput) (*frame.Output[Ask], error) {
	one, tasks, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	e, err := casework.EntryByID(ctx, c.House.DB, c.District.Code, in.Ask)
	if err == nil && e.Case != one.ID || errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "没有这个申请。", "There is no such request.")
	}
	act, reason := deciding[in.Body.Do], strings.TrimSpace(in.Body.Reason)
	if err == nil && act == casework.ActDecide {
		err = c.Needs(rights.DelayApprove)
	}
	if err == nil {
		err = page.Long("reason", reason)
	}
	if err == nil {
		err = c.KeepsSecret(one, map[string]string{"reason": reason})
	}
	if err != nil {
		return nil, err
	}
	a := c.ActingWhere(rights.DelayApprove, func(by procedure.Actor) error { return e.May(c.District, one, tasks, by, act) })
	a.Revision = frame.RevisionOf(ctx)
	settled, err := frame.Written(ctx, c, func(tx *db.Tx) (casework.Entry, error) {
		switch act {
		case casework.ActWithdraw:
			return casework.Withdraw(ctx, tx, a, e.ID)
		case casework.ActResume:
			return casework.Resume(ctx, tx, a, e.ID, reason)
		}
		return casework.Decide(ctx, tx, a, e.ID, in.Body.Do == "grant", reason)
	})
	if err != nil {
		return nil, err
	}
	return entryReply(ctx, c, one, settled)
}
