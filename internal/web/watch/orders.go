package watch

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// ordersMost is how many orders one page lists, and skipMost how far the pages go.
const (
	ordersMost = 50
	skipMost   = 100_000
)

// ordersAsked is which orders a list shows, as its address says.
type ordersAsked struct {
	Kind  supervise.OrderKind
	Unit  string
	State string
	Skip  int
}

// orderChoice is one way to bound the list by where the orders stand.
type orderChoice struct {
	Value string
	Text  lang.Text
	bound func(f *supervise.OrderFilter, v *page.View)
}

// orderChoices are those ways. The first, without a value, is what a list
// begins with: what still asks something of somebody.
func orderChoices() []orderChoice {
	state := func(s supervise.OrderState) func(*supervise.OrderFilter, *page.View) {
		return func(f *supervise.OrderFilter, _ *page.View) { f.States = []supervise.OrderState{s} }
	}
	all := []orderChoice{
		{"", lang.T("没了结的", "not settled"), func(f *supervise.OrderFilter, _ *page.View) { f.Running = true }},
		{"late", lang.T("答复超期的", "answer late"), func(f *supervise.OrderFilter, v *page.View) { f.Missing = v.Now }},
	}
	for _, s := range []supervise.OrderState{supervise.Asked, supervise.Replied, supervise.Lifted, supervise.Upheld, supervise.Dropped, supervise.Told} {
		all = append(all, orderChoice{string(s), s.Text(), state(s)})
	}
	return append(all, orderChoice{"all", lang.T("全部", "all"), func(*supervise.OrderFilter, *page.View) {}})
}

// askedOrders reads the address of a list. What nobody could have chosen is
// errs.Invalid.
func askedOrders(v *page.View) (a ordersAsked, f supervise.OrderFilter, err error) {
	q := v.R.URL.Query()
	a = ordersAsked{Kind: supervise.OrderKind(q.Get("kind")), Unit: q.Get("unit"), State: q.Get("state")}
	strange := errs.New(errs.Invalid, "这个网址看不懂，请回到督办清单重新筛选。", "This address cannot be read; please go back to the list and filter again.")
	if n := q.Get("skip"); n != "" {
		if a.Skip, err = strconv.Atoi(n); err != nil || a.Skip < 0 || a.Skip > skipMost {
			return a, f, strange
		}
	}
	f = supervise.OrderFilter{Units: bound(v), Skip: a.Skip}
	if a.Kind != "" {
		if !slices.Contains(supervise.OrderKinds(), a.Kind) {
			return a, f, strange
		}
		f.Kinds = []supervise.OrderKind{a.Kind}
	}
	if a.Unit != "" {
		if f.Units != nil && !slices.Contains(f.Units, a.Unit) {
			f.Units = []string{}
		} else {
			f.Units = []string{a.Unit}
		}
	}
	at := slices.IndexFunc(orderChoices(), func(c orderChoice) bool { return c.Value == a.State })
	if at < 0 {
		return a, f, strange
	}
	orderChoices()[at].bound(&f, v)
	return a, f, nil
}

// href is the address of the list, or of the table at an address below it.
func (a ordersAsked) href(below string) string {
	q := url.Values{}
	for name, value := range map[string]string{"kind": string(a.Kind), "unit": a.Unit, "state": a.State} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if a.Skip > 0 {
		q.Set("skip", strconv.Itoa(a.Skip))
	}
	if len(q) == 0 {
		return home + "/orders" + below
	}
	return home + "/orders" + below + "?" + q.Encode()
}

// skipping is the same list after some.
func (a ordersAsked) skipping(n int) ordersAsked {
	a.Skip = max(0, n)
	return a
}

// ordersView is a list of orders.
type ordersView struct {
	Asked   ordersAsked
	Orders  []supervise.Order
	N, Late int
}

// orders lists what supervision asked of units.
func orders(v *page.View) error {
	a, f, err := askedOrders(v)
	if err != nil {
		return err
	}
	s := ordersView{Asked: a}
	if s.Orders, err = supervise.Orders(v.Context(), v.House.DB, v.District, f, ordersMost); err != nil {
		return err
	}
	if s.N, s.Late, err = supervise.CountOrders(v.Context(), v.House.DB, v.District, f, v.Now); err != nil {
		return err
	}
	h := head{
		Title: v.Say("提醒、催办、督办、问责", "Reminders, urgings, orders, accountability"), At: "/orders",
		Said: v.Say("系统按规则发的，和督办员亲手发的。要书面答复的，到期没答复的排在前面。", "Given by rule, and by hand. What waits for a written answer past its date comes first."),
	}
	if fits(v, mayOrder(v)).Post != "" {
		h.Button = ui.Btn{Label: v.Say("催办或督办", "Urge or order"), Icon: "bell-plus", Kind: "primary", Href: home + "/orders/new"}
	}
	return show(v, http.StatusOK, h, ordersPage(v, s))
}

// pager is where the page stands in the list.
func (s ordersView) pager(v *page.View) ui.PagerView {
	if s.N == 0 {
		return ui.PagerView{}
	}
	p := ui.PagerView{Said: ui.ShownOf(v.Lang, s.Asked.Skip+1, s.Asked.Skip+len(s.Orders), s.N)}
	if s.Asked.Skip > 0 {
		p.Previous = s.Asked.skipping(s.Asked.Skip - ordersMost).href("")
	}
	if s.Asked.Skip+len(s.Orders) < s.N {
		p.Next = s.Asked.skipping(s.Asked.Skip + ordersMost).href("")
	}
	return p
}

// filter is the form over the list.
func (s ordersView) filter(v *page.View) ui.FilterView {
	all := []ui.Option{{Label: v.Say("全部", "All")}}
	kinds, states, units := slices.Clone(all), []ui.Option{}, slices.Clone(all)
	for _, k := range supervise.OrderKinds() {
		kinds = append(kinds, ui.Option{Value: string(k), Label: k.Text().In(v.Lang)})
	}
	for _, c := range orderChoices() {
		states = append(states, ui.Option{Value: c.Value, Label: c.Text.In(v.Lang)})
	}
	mine := bound(v)
	for _, o := range unitOptions(v) {
		if mine == nil || slices.Contains(mine, o.Value) {
			units = append(units, o)
		}
	}
	f := ui.FilterView{Action: home + "/orders", Fields: []ui.FilterField{
		{Name: "state", Label: v.Say("办到哪", "Stands at"), Value: s.Asked.State, Options: states},
		{Name: "kind", Label: v.Say("哪一种", "Kind"), Value: string(s.Asked.Kind), Options: kinds},
	}}
	if len(units) > 2 {
		f.Fields = append(f.Fields, ui.FilterField{Name: "unit", Label: v.Say("单位", "Unit"), Value: s.Asked.Unit, Options: units})
	}
	if s.Asked.skipping(0) != (ordersAsked{}) {
		f.Chosen = []ui.Link{{Text: v.Say("筛过", "Filtered"), Href: home + "/orders"}}
	}
	return f
}

// mayExport reports whether the reader may take the list away as a table.
func mayExport(v *page.View) bool { return v.Can(rights.CaseExport) }

// orderHref is the address of an order.
func orderHref(o supervise.Order) string { return home + "/orders/" + string(o.ID) }
