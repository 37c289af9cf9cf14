package cases

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/rights"
	"linli/internal/trail"
)

// CasesAsked is the filter of a list of cases, as pages have it. It has a name for
// others because huma reads no parameters out of embedded types that have none.
type CasesAsked struct {
	State     []string  `query:"state" enum:"open,closed,answered,rejected,merged" doc:"逗号隔开 · Separated by commas"`
	Step      string    `query:"step" maxLength:"40" doc:"现在的环节 · The present step"`
	Signal    string    `query:"signal" enum:"ok,near,late,hold" doc:"期限的信号 · How the deadline stands"`
	Overdue   bool      `query:"overdue" doc:"过了期限，时钟在走 · Past its date, with a clock that runs"`
	Unit      string    `query:"unit" maxLength:"40" doc:"承办单位 · The unit that deals with it"`
	Receiver  string    `query:"receiver" maxLength:"40" doc:"收件单位 · The unit that took it in"`
	Street    string    `query:"street" maxLength:"15"`
	Community string    `query:"community" maxLength:"15"`
	Grid      string    `query:"grid" maxLength:"15"`
	Matter    string    `query:"matter" maxLength:"40"`
	Major     string    `query:"major" maxLength:"40" doc:"事项大类 · The class of matters"`
	Kind      string    `query:"kind" maxLength:"20"`
	Channel   string    `query:"channel" maxLength:"20"`
	NoOwner   bool      `query:"no_owner" doc:"没有规则说归谁 · No rule says whose it is"`
	Returned  bool      `query:"returned" doc:"被退回过 · A unit gave it back"`
	Unsure    bool      `query:"unsure" doc:"还没派出，也拿不准派给谁 · Not handed out yet, and the routing is not sure"`
	Rated     int       `query:"rated" minimum:"1" maximum:"5" doc:"评价不高于 · Rated at most so"`
	OnAccount bool      `query:"on_account" doc:"挂账中 · On account now"`
	Stuck     string    `query:"stuck" enum:"any,bounced,untouched,no-owner" doc:"卡住的：推来推去、一个工作日没人动、没有定归谁管 · Stuck: passed around, untouched for a working day, without owner"`
	From      time.Time `query:"from" doc:"上报时间不早于 · Opened at or after"`
	To        time.Time `query:"to" doc:"上报时间早于 · Opened before"`
	DueFrom   time.Time `query:"due_from" doc:"在办，期限不早于 · Open and due at or after"`
	DueBefore time.Time `query:"due_before" doc:"在办，期限早于 · Open and due before"`
	Q         string    `query:"q" maxLength:"100" doc:"正文里的词 · Words of the text"`
	Number    string    `query:"number" maxLength:"20" doc:"编号 · The number"`
}

// casesInput is a filter with where to go on.
type casesInput struct {
	CasesAsked
	Newest bool `query:"newest" doc:"新的在前；不写就是急的在前 · Newest first; else most urgent first"`
	Count  bool `query:"count" doc:"顺便数一共多少 · Count all of them too"`
	frame.ShortPaging
}

// Cases is a page of a list.
type Cases struct {
	Items []shape.Case `json:"items"`
	Next  string       `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Total *Total       `json:"total,omitempty"`
}

// NextCursor is where the next page begins.
func (p *Cases) NextCursor() *string { return &p.Next }

// Total is how many there are; exact up to 10,000.
type Total struct {
	Count int  `json:"count"`
	Over  bool `json:"over" doc:"比 count 多 · There are more than count"`
}

// CaseName is a case in an address. It has a name for others because huma reads no
// parameters out of embedded types that have none.
type CaseName struct {
	Case string `path:"case" maxLength:"60" doc:"id 或编号 · The id or the number"`
}

func caseOperations(d *frame.Door) {
	frame.Register(d, frame.Told("list-cases", http.MethodGet, "/cases", tag, "查案件 · List cases",
		"分页用 after。翻页时一直在的，每件只列一次。 · Paged by after. What is there throughout is listed once."), rights.CaseSee, listCases)
	frame.Register(d, frame.Told("read-case", http.MethodGet, "/cases/{case}", tag, "一件案件，连同任务和痕迹 · One case with its tasks and trail",
		"不含个人信息；保密的不给正文。 · Without personal data; without text where the reporter is kept secret."), rights.CaseSee, readCase)
	frame.Register(d, frame.Told("why-case", http.MethodGet, "/cases/{case}/why", tag, "为什么是这个日期 · Why this date",
		"期限是哪一天一天数出来的：算了的、跳过的、停着的，各为什么。和页面上说的一样。 · How the date was counted, day by day: what counted, what was skipped, where the clock stood, and why. The pages say the same."), rights.CaseSee, whyCase)
}

// filter reads the conditions, within the scope of the caller.
func (in *CasesAsked) filter(c *frame.Caller) (casework.Filter, error) {
	f := casework.Filter{
		Step: in.Step, Unit: in.Unit, Street: in.Street, Community: in.Community, Grid: in.Grid, Major: in.Major, Matter: in.Matter, Kind: in.Kind,
		Channel: in.Channel, Signal: clock.Signal(in.Signal), NoOwner: in.NoOwner, Returned: in.Returned,
		OnAccount: in.OnAccount, Stuck: casework.Stuck(in.Stuck), Overdue: in.Overdue, Receiver: in.Receiver, Unsure: in.Unsure, Rated: in.Rated,
		From: in.From, To: in.To, DueFrom: in.DueFrom, DueBefore: in.DueBefore, Text: in.Q, Number: in.Number, Scope: c.Scope(),
	}
	if in.Number != "" {
		if number, err := ident.ParseNumber(in.Number); err == nil { // else it is nobody's number, and finds none
			f.Number = string(number)
		}
	}
	for _, s := range in.State {
		f.States = append(f.States, casework.State(s))
	}
	for name, value := range map[string]string{
		"step": in.Step, "unit": in.Unit, "street": in.Street, "community": in.Community, "grid": in.Grid, "matter": in.Matter,
		"major": in.Major, "kind": in.Kind, "channel": in.Channel, "q": in.Q, "receiver": in.Receiver, "number": in.Number,
	} {
		if strings.ContainsFunc(value, unreadable) {
			return f, errs.New(errs.Invalid, "里面有认不出的字符。", "It holds characters that cannot be read.").At(name)
		}
	}
	return f, nil
}

// unreadable is what no code or word holds, and PostgreSQL no text.
func unreadable(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }

func listCases(ctx context.Context, c *frame.Caller, in *casesInput) (*frame.Output[Cases], error) {
	f, err := in.filter(c)
	if err != nil {
		return nil, err
	}
	f.Newest = in.Newest
	p, err := casework.List(ctx, c.House.DB, c.District, f, c.Now, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Cases{Items: make([]shape.Case, len(p.Rows)), Next: p.Next}
	for i, row := range p.Rows {
		out.Items[i] = shape.CaseOf(c, row.Case)
	}
	if in.Count {
		out.Total, err = totalOf(ctx, c, f)
	}
	return frame.Reply(out, err)
}

// totalOf counts the cases of a filter.
func totalOf(ctx context.Context, c *frame.Caller, f casework.Filter) (*Total, error) {
	t, err := casework.Count(ctx, c.House.DB, c.District, f, c.Now)
	return &Total{t.N, t.Over}, err
}

func readCase(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[CaseFull], error) {
	one, tasks, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	ledger, err := casework.Ledger(ctx, c.House.DB, c.District, one.ID)
	if err != nil {
		return nil, err
	}
	entries, err := trail.Of(ctx, c.House.DB, c.District.Code, string(one.ID))
	if err != nil {
		return nil, err
	}
	out := fullCase(c, one, tasks, ledger, entries)
	err = people(ctx, c, one, tasks, &out)
	return frame.Reply(out, err)
}

// people adds what only whoever works here reads: the address, who reported the
// case behind their masks, and what they supplied.
func people(ctx context.Context, c *frame.Caller, one casework.Case, tasks []casework.Task, out *CaseFull) error {
	if c.Reader == nil {
		return nil
	}
	reports, err := casework.Reports(ctx, c.House.DB, c.District.Code, one.ID)
	if err != nil {
		return err
	}
	all, err := c.Reporters(one, tasks, reports)
	if err != nil {
		return err
	}
	out.Address = ident.HideNumbers(one.Place.Address)
	for _, r := range all {
		shown := Reporter{
			Report: r.Report.ID, At: r.Report.At, Channel: r.Report.Channel, Text: ident.HideNumbers(r.Report.Text), Name: r.Name, Phone: r.Phone,
			Hidden: r.Hidden, Held: r.Held, Reveals: r.By != nil && c.Can(rights.DataReveal),
		}
		if c.KeepsReporter(one) {
			shown.At = shape.DayOf(c, shown.At)
		}
		out.Reporters = append(out.Reporters, shown)
	}
	supplied, err := casework.Supplements(ctx, c.House.DB, c.District.Code, one.ID)
	for _, s := range supplied {
		out.Supplied = append(out.Supplied, Supplied{s.At, ident.HideNumbers(s.Text)})
	}
	return err
}
