package api

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/rights"
	"linli/internal/trail"
)

// casesInput is the filter of a list of cases, as pages have it, and where to
// go on.
type casesInput struct {
	State     []string  `query:"state" enum:"open,closed,answered,rejected,merged" doc:"逗号隔开 · Separated by commas"`
	Step      string    `query:"step" maxLength:"40" doc:"现在的环节 · The present step"`
	Signal    string    `query:"signal" enum:"ok,near,late,hold" doc:"期限的信号 · How the deadline stands"`
	Unit      string    `query:"unit" maxLength:"40"`
	Street    string    `query:"street" maxLength:"15"`
	Community string    `query:"community" maxLength:"15"`
	Grid      string    `query:"grid" maxLength:"15"`
	Matter    string    `query:"matter" maxLength:"40"`
	Major     string    `query:"major" maxLength:"40" doc:"事项大类 · The class of matters"`
	Kind      string    `query:"kind" maxLength:"20"`
	Channel   string    `query:"channel" maxLength:"20"`
	NoOwner   bool      `query:"no_owner" doc:"没有规则说归谁 · No rule says whose it is"`
	Returned  bool      `query:"returned" doc:"被退回过 · A unit gave it back"`
	OnAccount bool      `query:"on_account" doc:"挂账中 · On account now"`
	Stuck     string    `query:"stuck" enum:"any,bounced,untouched,no-owner" doc:"卡住的：推来推去、一个工作日没人动、没有定归谁管 · Stuck: passed around, untouched for a working day, without owner"`
	From      time.Time `query:"from" doc:"上报时间不早于 · Opened at or after"`
	To        time.Time `query:"to" doc:"上报时间早于 · Opened before"`
	DueBefore time.Time `query:"due_before" doc:"在办，期限早于 · Open and due before"`
	Q         string    `query:"q" maxLength:"100" doc:"正文里的词 · Words of the text"`
	Newest    bool      `query:"newest" doc:"新的在前；不写就是急的在前 · Newest first; else most urgent first"`
	Count     bool      `query:"count" doc:"顺便数一共多少 · Count all of them too"`
	After     string    `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit     int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Cases is a page of a list.
type Cases struct {
	Items []Case `json:"items"`
	Next  string `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Total *Total `json:"total,omitempty"`
}

// Total is how many there are; exact up to 10,000.
type Total struct {
	Count int  `json:"count"`
	Over  bool `json:"over" doc:"比 count 多 · There are more than count"`
}

type casesOutput struct{ Body Cases }

type caseInput struct {
	Case string `path:"case" maxLength:"60" doc:"id 或编号 · The id or the number"`
}

type caseOutput struct{ Body CaseFull }

func (d *door) caseOperations() {
	register(d, huma.Operation{
		OperationID: "list-cases", Method: http.MethodGet, Path: base + "/cases", Tags: []string{"cases"},
		Summary: "查案件 · List cases", Description: "分页用 after。翻页时一直在的，每件只列一次。 · Paged by after. What is there throughout is listed once.",
	}, rights.CaseSee, d.listCases)
	register(d, huma.Operation{
		OperationID: "read-case", Method: http.MethodGet, Path: base + "/cases/{case}", Tags: []string{"cases"},
		Summary: "一件案件，连同任务和痕迹 · One case with its tasks and trail", Description: "不含个人信息；保密的不给正文。 · Without personal data; without text where the reporter is kept secret.",
	}, rights.CaseSee, d.readCase)
	register(d, huma.Operation{
		OperationID: "why-case", Method: http.MethodGet, Path: base + "/cases/{case}/why", Tags: []string{"cases"},
		Summary: "为什么是这个日期 · Why this date", Description: "期限是哪一天一天数出来的：算了的、跳过的、停着的，各为什么。和页面上说的一样。 · How the date was counted, day by day: what counted, what was skipped, where the clock stood, and why. The pages say the same.",
	}, rights.CaseSee, d.whyCase)
}

func (in *casesInput) filter() (casework.Filter, error) {
	f := casework.Filter{
		Step: in.Step, Unit: in.Unit, Street: in.Street, Community: in.Community, Grid: in.Grid, Major: in.Major, Matter: in.Matter, Kind: in.Kind,
		Channel: in.Channel, Signal: clock.Signal(in.Signal), NoOwner: in.NoOwner, Returned: in.Returned,
		OnAccount: in.OnAccount, Stuck: casework.Stuck(in.Stuck),
		From: in.From, To: in.To, DueBefore: in.DueBefore, Text: in.Q, Newest: in.Newest,
	}
	for _, s := range in.State {
		f.States = append(f.States, casework.State(s))
	}
	for name, value := range map[string]string{
		"step": in.Step, "unit": in.Unit, "street": in.Street, "community": in.Community, "grid": in.Grid, "matter": in.Matter,
		"major": in.Major, "kind": in.Kind, "channel": in.Channel, "q": in.Q,
	} {
		if strings.ContainsFunc(value, unreadable) {
			return f, errs.New(errs.Invalid, "里面有认不出的字符。", "It holds characters that cannot be read.").At(name)
		}
	}
	return f, nil
}

// unreadable is what no code or word holds, and PostgreSQL no text.
func unreadable(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }

func (d *door) listCases(ctx context.Context, c *caller, in *casesInput) (*casesOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Scope = c.scope()
	p, err := casework.List(ctx, d.house.DB, c.District, f, c.Now, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &casesOutput{Cases{Items: make([]Case, len(p.Rows)), Next: p.Next}}
	for i, row := range p.Rows {
		out.Body.Items[i] = caseOf(c, row.Case)
	}
	if in.Count {
		t, err := casework.Count(ctx, d.house.DB, c.District, f, c.Now)
		if err != nil {
			return nil, err
		}
		out.Body.Total = &Total{t.N, t.Over}
	}
	return out, nil
}

func (d *door) readCase(ctx context.Context, c *caller, in *caseInput) (*caseOutput, error) {
	one, tasks, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	ledger, err := casework.Ledger(ctx, d.house.DB, c.District, one.ID)
	if err != nil {
		return nil, err
	}
	entries, err := trail.Of(ctx, d.house.DB, c.District.Code, string(one.ID))
	if err != nil {
		return nil, err
	}
	return &caseOutput{fullCase(c, one, tasks, ledger, entries)}, nil
}

// findCase finds a case of the key's scope by its id or its number, however
// that is written. Any other is one and the same failure.
func (d *door) findCase(ctx context.Context, c *caller, name string) (one casework.Case, tasks []casework.Task, err error) {
	missing := errs.New(errs.NotFound, "没有这件案件。", "There is no such case.")
	id := casework.ID(strings.ToLower(name))
	if uuid.Validate(name) != nil {
		number, wrong := ident.ParseNumber(name)
		if wrong != nil {
			return one, nil, missing
		}
		one, err = casework.ByNumber(ctx, d.house.DB, c.District.Code, string(number))
		id = one.ID
	}
	if err == nil {
		one, tasks, err = casework.Seen(ctx, d.house.DB, c.District, c.scope(), id, c.Now)
	}
	if errs.KindOf(err) == errs.NotFound {
		return casework.Case{}, nil, missing
	}
	return one, tasks, err
}
