package cases

import (
	"context"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/ident"
)

// Why is how the date of a case was counted. It is the explanation that pages
// show, with each day as data.
type Why struct {
	Number      string     `json:"number"`
	From        *time.Time `json:"from,omitempty" doc:"从什么时候起算；没有就是原系统定的日期 · What it is counted from; none for a date given by a former system"`
	Limit       string     `json:"limit,omitempty" doc:"时限，连同延期 · The limit, with what extensions added"`
	Calendar    string     `json:"calendar" doc:"按哪份日历算 · The calendar it is counted on"`
	Near        *time.Time `json:"near,omitempty" doc:"从什么时候起算临期 · From when it is near"`
	Due         *time.Time `json:"due,omitempty"`
	Provisional bool       `json:"provisional" doc:"那年的节假日还没公布 · The holidays of that year are not known yet"`
	Signal      string     `json:"signal,omitempty" enum:"ok,near,late,hold"`
	HeldAt      *time.Time `json:"held_at,omitempty"`
	Text        frame.Text `json:"text" doc:"一段话 · In one paragraph"`
	Days        []WhyDay   `json:"days" doc:"一天一天 · Day by day"`
	Stood       []Stood    `json:"stood" doc:"停着的时间 · When the clock stood"`
}

// WhyDay is one day of the count, or one stop of the clock within a day.
type WhyDay struct {
	Date    string     `json:"date" format:"date"`
	Counted bool       `json:"counted"`
	Seconds int        `json:"seconds,omitempty" doc:"按工作小时算时，这一天走了多久 · In a count of working hours: the office time that ran"`
	Reason  frame.Text `json:"reason"`
}

// Stood is a time for which the clock did not run.
type Stood struct {
	From time.Time  `json:"from"`
	To   *time.Time `json:"to,omitempty" doc:"没有就是还停着 · Missing while it still stands"`
	Why  frame.Text `json:"why"`
}

// Ask is an entry of the ledger: a pause of the clock or a longer limit.
type Ask struct {
	ID        string       `json:"id"`
	Task      string       `json:"task"`
	Kind      frame.Named  `json:"kind"`
	State     string       `json:"state" enum:"asked,running,ended,granted,refused,lapsed,withdrawn"`
	OnAccount bool         `json:"on_account"`
	Unit      *frame.Named `json:"unit,omitempty" doc:"谁申请的 · Who asked"`
	Approver  string       `json:"approver" doc:"谁来批 · The role that decides"`
	AskedAt   time.Time    `json:"asked_at"`
	DecidedAt *time.Time   `json:"decided_at,omitempty"`
	From      *time.Time   `json:"from,omitempty" doc:"从什么时候起停；延期没有 · Since when the clock stands; none of an extension"`
	Until     *time.Time   `json:"until,omitempty" doc:"最晚停到什么时候 · The planned end"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`
	More      string       `json:"more,omitempty" doc:"延长多少 · How much longer"`
	Reason    string       `json:"reason,omitempty" doc:"号码已遮住；保密的没有 · With numbers hidden; none where the reporter is secret"`
	Decision  string       `json:"decision,omitempty"`
}

func whyCase(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[Why], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	why, err := casework.Why(ctx, c.House.DB, c.District, one)
	if err != nil {
		return nil, err
	}
	stood, err := casework.Stood(ctx, c.House.DB, c.District, one)
	if err != nil {
		return nil, err
	}
	if c.KeepsReporter(one) {
		why = casework.Hushed(c.District, one, why)
		one.CountsFrom = shape.DayOf(c, one.CountsFrom)
	}
	return frame.Reply(whyOf(c, one, why, stood), nil)
}

func whyOf(c *frame.Caller, one casework.Case, why clock.Explanation, stood []clock.Span) Why {
	out := Why{
		Number: one.Number, From: frame.At(one.CountsFrom), Limit: extended(one.Limit, one.Extended), Calendar: one.Calendar,
		Near: frame.At(one.NearAt), Due: frame.At(one.Due), Provisional: one.Provisional, HeldAt: frame.At(one.HeldAt), Text: frame.TextOf(why.Text),
		Days: make([]WhyDay, len(why.Lines)), Stood: make([]Stood, len(stood)),
	}
	if out.Calendar == "" {
		out.Calendar = district.Standard
	}
	if one.State == casework.Running {
		out.Signal = string(one.Judge(c.District, c.Now).Signal)
	}
	for i, l := range why.Lines {
		out.Days[i] = WhyDay{Date: string(l.Date), Counted: l.Counted, Seconds: int(l.Time / time.Second), Reason: frame.TextOf(l.Reason)}
	}
	for i, s := range stood {
		out.Stood[i] = Stood{From: s.From, To: frame.At(s.To), Why: frame.TextOf(s.Why)}
	}
	return out
}

// extended is a limit with what extensions added to it, as packs write it.
func extended(limit string, more int) string {
	l, err := clock.ParseLimit(limit)
	if err != nil {
		return limit
	}
	l.N += more
	return l.String()
}

// askOf leaves out who it was, as the trail does.
func askOf(c *frame.Caller, one casework.Case, tasks []casework.Task, e casework.Entry) Ask {
	title := e.KindTitle(c.District)
	out := Ask{
		ID: e.ID, Task: e.Task, Kind: frame.Name(e.Kind, title), State: string(e.State), OnAccount: e.OnAccount,
		Unit: shape.UnitOf(c.District, e.Unit), Approver: string(e.Approver), AskedAt: e.AskedAt, DecidedAt: frame.At(e.DecidedAt),
		From: frame.At(e.FromAt), Until: frame.At(e.Until), EndedAt: frame.At(e.EndedAt),
	}
	if !e.IsPause() {
		out.Until, out.More = nil, moreOf(one, tasks, e)
	}
	if !c.KeepsReporter(one) {
		out.Reason, out.Decision = ident.HideNumbers(e.Reason), ident.HideNumbers(e.Decision)
	}
	return out
}

// moreOf is how much longer an extension makes the limit of its task.
func moreOf(one casework.Case, tasks []casework.Task, e casework.Entry) string {
	limit := one.Limit
	for _, t := range tasks {
		if t.ID == e.Task && t.Limit != "" {
			limit = t.Limit
		}
	}
	l, err := clock.ParseLimit(limit)
	if err != nil {
		return ""
	}
	return clock.Limit{N: e.Added, Unit: l.Unit}.String()
}
