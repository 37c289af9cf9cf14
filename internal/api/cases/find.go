package cases

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
)

type countInput struct{ CasesAsked }

type groupsInput struct {
	CasesAsked
	By string `query:"by" required:"true" enum:"street,community,channel,unit,major,kind" doc:"按什么分 · What to group by"`
}

// Group is how many cases share a value.
type Group struct {
	Code  string     `json:"code" doc:"空的是没有 · Empty stands for none"`
	Name  frame.Text `json:"name"`
	Count int        `json:"count"`
}

type searchInput struct {
	frame.Paging
	Q  string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"编号、文字、地名，或来电号码和它的后四位 · A number, words, a place, or a caller's telephone or its last four digits"`
	As string `query:"as" enum:"text" doc:"text：只当文字找 · text: look for it as words alone"`
}

// Found is what a search found, and how its words were understood.
type Found struct {
	As    string       `json:"as" enum:"number,phone,tail,text" doc:"按什么找的：编号、来电、来电后四位、文字 · What it was taken for"`
	Items []shape.Case `json:"items"`
	Next  string       `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Over  bool         `json:"over" doc:"还有更早的没有看 · There are older ones that were not looked at"`
}

// NextCursor is where the next page begins.
func (f *Found) NextCursor() *string { return &f.Next }

func findOperations(d *frame.Door) {
	frame.Register(d, frame.Told("count-cases", http.MethodGet, "/cases/count", tag, "数案件 · Count cases",
		"条件和列表的一样，一万以内是准数。 · The conditions of the list; exact up to 10,000."), rights.CaseSee, countCases)
	frame.Register(d, frame.Told("group-cases", http.MethodGet, "/cases/groups", tag, "分组数案件 · Count cases by group",
		"条件和列表的一样；多的在前。 · The conditions of the list; the largest group first."), rights.CaseSee, groupCases)
	frame.Register(d, frame.Told("search-cases", http.MethodGet, "/cases/search", tag, "找案件 · Search cases",
		"和工作台的搜索一样。按电话找要有 caller.find。 · As the search of the desk. Finding by telephone takes caller.find."), rights.CaseSee, searchCases)
}

func countCases(ctx context.Context, c *frame.Caller, in *countInput) (*frame.Output[Total], error) {
	f, err := in.filter(c)
	if err != nil {
		return nil, err
	}
	t, err := casework.Count(ctx, c.House.DB, c.District, f, c.Now)
	return frame.Reply(Total{t.N, t.Over}, err)
}

// groupsOf are the names that an address knows for what casework groups by.
var groupsOf = map[string]casework.By{
	"street": casework.ByStreet, "community": casework.ByCommunity, "channel": casework.ByChannel,
	"unit": casework.ByUnit, "major": casework.ByMajor, "kind": casework.ByKind,
}

func groupCases(ctx context.Context, c *frame.Caller, in *groupsInput) (*frame.Output[frame.Whole[Group]], error) {
	f, err := in.filter(c)
	if err != nil {
		return nil, err
	}
	counts, err := casework.Groups(ctx, c.House.DB, c.District, f, groupsOf[in.By], c.Now)
	var all []Group
	for code, n := range counts {
		all = append(all, Group{code, frame.TextOf(groupName(c, in.By, code)), n})
	}
	slices.SortFunc(all, func(a, b Group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code)) })
	return frame.WholeOf(all, err)
}

// groupName is what a group is called; its code where it has no name.
func groupName(c *frame.Caller, by, code string) lang.Text {
	switch {
	case code == "":
		return lang.T("没有", "none")
	case by == "street" || by == "community":
		return c.District.Areas.Name(area.Code(code))
	case by == "unit":
		return c.District.Org.UnitName(org.UnitID(code))
	case by == "major":
		return c.District.Catalogue.Title(code)
	}
	return lang.Text{ZH: code, EN: code}
}

var lastFour = regexp.MustCompile(`^[0-9]{4}$`)

// searchCases understands words as the desk does, but for place names, which the
// list has conditions for.
func searchCases(ctx context.Context, c *frame.Caller, in *searchInput) (*frame.Output[Found], error) {
	q := strings.TrimSpace(in.Q)
	if q == "" || strings.ContainsFunc(q, unreadable) {
		return nil, errs.New(errs.Invalid, "里面有认不出的字符，或者什么也没写。", "It holds characters that cannot be read, or nothing.").At("q")
	}
	if c.House.Limits != nil && c.Reader != nil {
		if _, err := c.House.Limits.Take(page.LimitSearch, string(c.Reader.Person.ID), c.Now); err != nil {
			return nil, err
		}
	}
	f, as := casework.Filter{}, "text"
	number, notNumber := ident.ParseNumber(q)
	phone, notPhone := ident.ParsePhone(q)
	switch calls := in.As != "text" && c.Can(rights.CallerFind); {
	case notNumber == nil && in.As != "text":
		f.Number, as = string(number), "number"
	case calls && lastFour.MatchString(q):
		f.Tail, as = c.House.Desk.TailIndex(q), "tail"
	case calls && notPhone == nil:
		f.Phone, as = c.House.Desk.PhoneIndex(string(phone)), "phone"
	default:
		f.Text = q
	}
	f.Newest, f.Scope = true, c.Scope()
	p, err := casework.List(ctx, c.House.DB, c.District, f, c.Now, in.After, min(in.Limit, 200))
	if err != nil {
		return nil, err
	}
	out := Found{As: as, Items: make([]shape.Case, len(p.Rows)), Next: p.Next, Over: p.Over}
	for i, row := range p.Rows {
		out.Items[i] = shape.CaseOf(c, row.Case)
	}
	return frame.Reply(out, nil)
}
