package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

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
	Task     string     `json:"task"`
	Step     Named      `json:"step"`
	Kind     Named      `json:"kind"`
	Latest   *time.Time `json:"latest,omitempty" doc:"最晚停到 · The latest planned end of a pause"`
	Limit    string     `json:"limit,omitempty" doc:"延长的是哪个时限 · The limit that an extension makes longer"`
	Approver string     `json:"approver" doc:"谁来批 · The role that decides"`
	Allowed  bool       `json:"allowed"`
	Why      *Text      `json:"why,omitempty"`
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

func (d *door) askOperations() {
	acting(d, told("list-asks", http.MethodGet, "/cases/{case}/asks", "acts", "现在能申请什么 · What may be asked for now",
		"暂停计时和延期。 · Pauses of the clock and longer limits."), rights.CaseSee, d.listAsks)
	acting(d, told("foresee-ask", http.MethodPost, "/cases/{case}/asks/foresee", "acts", "批了会变成哪天 · What date would follow",
		"只算，不申请。 · It counts, and asks for nothing."), rights.CaseSee, d.foreseeAsk)
	acting(d, matched(told("ask", http.MethodPost, "/cases/{case}/asks", "acts", "申请暂停或延期 · Ask for a pause or more time",
		"时钟从这一刻停，不批就算没停过。 · The clock stands from this moment; where the answer is no, it never stood.")), rights.CaseSee, d.ask)
	acting(d, matched(told("settle-ask", http.MethodPost, "/cases/{case}/asks/{ask}", "acts", "批、撤回、恢复计时 · Decide, take back, resume",
		"批的人由规程定，自己申请的自己不能批。批要有 delay.approve。 · The procedure says who decides; nobody decides on what he asked for. Deciding takes delay.approve.")), rights.CaseSee, d.settleAsk)
}

// optionsToAsk lists what the caller's posts may ask for, each with the post.
// What one post may and another may not is offered.
func (d *door) optionsToAsk(ctx context.Context, c *caller, one casework.Case) (all []casework.AskOption, by []procedure.Actor, err error) {
	for _, actor := range c.Working() {
		options, err := casework.Asks(ctx, d.house.DB, casework.Acting{District: c.District, By: actor}, one, c.Now)
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

func (d *door) listAsks(ctx context.Context, c *caller, in *CaseName) (*output[Whole[AskOption]], error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	options, _, err := d.optionsToAsk(ctx, c, one)
	var all []AskOption
	for _, o := range options {
		all = append(all, AskOption{
			Task: o.Task, Step: Named{string(o.Step), textOf(stepTitle(c.District, one, o.Step))}, Kind: Named{o.Kind, textOf(o.Title)},
			Latest: at(o.Latest), Limit: o.Limit.String(), Approver: string(o.Approver), Allowed: o.Allowed, Why: textIf(o.Why),
		})
	}
	return wholeOf(all, err)
}

// asked reads what is asked for, and by which post.
func (d *door) asked(ctx context.Context, c *caller, in *newAskInput) (one casework.Case, a casework.Acting, q casework.Asking, err error) {
	if one, _, err = d.findCase(ctx, c, in.Case); err != nil {
		return one, a, q, err
	}
	options, by, err := d.optionsToAsk(ctx, c, one)
	if err != nil {
		return one, a, q, err
	}
	i := slices.IndexFunc(options, func(o casework.AskOption) bool { return o.Task == in.Body.Task && o.Kind == in.Body.Kind })
	if i < 0 {
		return one, a, q, errs.New(errs.Forbidden, "这一步现在不能由您申请这个。", "This is not yours to ask for at this step.")
	}
	a = casework.Acting{District: c.District, By: by[i], Revision: revisionOf(ctx)}
	q = casework.Asking{Task: in.Body.Task, Kind: in.Body.Kind, Until: in.Body.Until, More: in.Body.More, Reason: strings.TrimSpace(in.Body.Reason)}
	return one, a, q, page.Long("reason", q.Reason)
}

func (d *door) foreseeAsk(ctx context.Context, c *caller, in *newAskInput) (*output[Foreseen], error) {
	one, a, q, err := d.asked(ctx, c, in)
	if err != nil {
		return nil, err
	}
	f, err := casework.Foresee(ctx, d.house.DB, a, one, q, c.Now)
	return reply(Foreseen{at(f.Case.Due), at(f.Task.Due)}, err)
}

func (d *door) ask(ctx context.Context, c *caller, in *newAskInput) (*output[Ask], error) {
	one, a, q, err := d.asked(ctx, c, in)
	if err != nil {
		return nil, err
	}
	var e casework.Entry
	err = d.house.DB.Write(ctx, func(tx *db.Tx) error {
		e, err = casework.Ask(ctx, tx, a, one.ID, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.entryReply(ctx, c, one, e)
}

// entryReply is an entry of the ledger as it is after an act.
func (d *door) entryReply(ctx context.Context, c *caller, one casework.Case, e casework.Entry) (*output[Ask], error) {
	tasks, err := casework.Tasks(ctx, d.house.DB, c.District.Code, one.ID)
	return reply(askOf(c, one, tasks, e), err)
}

// deciding is whether an act about the ledger is a decision.
var deciding = map[string]casework.EntryAct{"grant": casework.ActDecide, "refuse": casework.ActDecide, "withdraw": casework.ActWithdraw, "resume": casework.ActResume}

func (d *door) settleAsk(ctx context.Context, c *caller, in *settleInput) (*output[Ask], error) {
	one, tasks, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	e, err := casework.EntryByID(ctx, d.house.DB, c.District.Code, in.Ask)
	if err == nil && e.Case != one.ID || errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "没有这个申请。", "There is no such request.")
	}
	act, reason := deciding[in.Body.Do], strings.TrimSpace(in.Body.Reason)
	if err == nil && act == casework.ActDecide {
		err = c.needs(rights.DelayApprove)
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
	a := c.acting(rights.DelayApprove, func(by procedure.Actor) error { return e.May(c.District, one, tasks, by, act) })
	a.Revision = revisionOf(ctx)
	settled, err := written(ctx, d, func(tx *db.Tx) (casework.Entry, error) {
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
	return d.entryReply(ctx, c, one, settled)
}
