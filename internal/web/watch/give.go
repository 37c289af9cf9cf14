package watch

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// givenMost is how many cases of a unit are urged or ordered at once.
const givenMost = 30

// giveView is the form by which a supervisor urges or orders by hand: about one
// case, or about what a unit has that is late.
type giveView struct {
	Unit   string
	Number string // that the form begins with
	Late   []casework.Row
	Again  again
}

// giveHref leads to the form for what a unit has.
func giveHref(unit string) string {
	return home + "/orders/new?" + url.Values{"unit": {unit}}.Encode()
}

// giveForm shows the form for a case (?case=) or for a unit (?unit=).
func giveForm(v *page.View) error {
	q := v.R.URL.Query()
	s := giveView{Unit: q.Get("unit")}
	if id := q.Get("case"); id != "" {
		c, _, err := v.Case(v.Context(), casework.ID(id))
		if err != nil {
			return err
		}
		s.Number = c.Number
	}
	return s.show(v, http.StatusOK)
}

func (s giveView) show(v *page.View, status int) error {
	if err := supervise.MayOrder(v.District, acting(v, mayOrder(v), rights.Supervise).By); err != nil {
		return err
	}
	if s.Unit != "" {
		if !slices.ContainsFunc(unitOptions(v), func(o ui.Option) bool { return o.Value == s.Unit }) {
			return errs.New(errs.NotFound, "没有这家单位。", "There is no such unit.")
		}
		late := casework.Filter{Unit: s.Unit, States: []casework.State{casework.Running}, Overdue: true, Scope: v.Scope()}
		list, err := casework.List(v.Context(), v.House.DB, v.District, late, v.Now, "", givenMost)
		if err != nil {
			return err
		}
		s.Late = list.Rows
	}
	return show(v, status, head{
		Title: v.Say("催办或督办", "Urge or order"), At: "/orders",
		Said: v.Say("催办不用答复。督办列入清单，要单位书面答复。期限都不变。", "Urging asks for no answer. An order is listed, and the unit answers in writing. Neither moves a date."),
		Path: []ui.Link{{Text: v.Say("督办清单", "Orders"), Href: home + "/orders"}, {Text: v.Say("催办或督办", "Urge or order")}},
	}, givePage(v, s))
}

// lateOptions are the unit's late cases to choose from.
func (s giveView) lateOptions(v *page.View) (all []ui.Option) {
	for _, r := range s.Late {
		all = append(all, ui.Option{Value: r.Case.Number, Label: r.Case.Number + " " + v.District.Catalogue.Title(r.Case.Matter).In(v.Lang)})
	}
	return all
}

// giveOptions are the two things a supervisor may ask by hand.
func giveOptions(v *page.View) []ui.Option {
	return []ui.Option{
		{Value: string(supervise.Urging), Label: v.Say("催办", "Urge"), Hint: v.Say("提醒经办人和单位负责人。", "Those who handle it and the head of the unit are told.")},
		{Value: string(supervise.Supervision), Label: v.Say("督办", "Order"), Hint: v.Say("要书面答复，督办员解除才算完。", "A written answer is due, and it stands until it is lifted.")},
	}
}

// give takes the form: every case of it, or none.
func give(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	s := giveView{Unit: form.Get("of")}
	var given []supervise.Order
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		given, err = giveAll(v, tx)
		return err
	})
	if a, ok := back(v, "give", err); ok {
		s.Again = a
		return s.show(v, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if len(given) == 1 {
		return v.GoSaying(orderHref(given[0]), "发出去了。", "Sent.")
	}
	return v.GoSaying(ordersAsked{Unit: given[0].Unit, State: "all"}.href(""), "%d 件都发出去了。", "All %d were sent.", len(given))
}

// giveAll gives what the form asks about each of its cases.
func giveAll(v *page.View, tx *db.Tx) (given []supervise.Order, err error) {
	form := v.R.PostForm
	a := acting(v, mayOrder(v), rights.Supervise)
	if err := supervise.MayOrder(v.District, a.By); err != nil {
		return nil, err
	}
	g := supervise.Giving{Unit: form.Get("unit"), Reason: form.Get("reason"), Form: form.Get("form")}
	do := supervise.Urge
	switch supervise.OrderKind(form.Get("kind")) {
	case supervise.Urging:
	case supervise.Supervision:
		do = supervise.GiveOrder
		if g.Within, err = within(form.Get("within")); err != nil {
			return nil, err
		}
	default:
		return nil, errs.New(errs.Invalid, "请选催办还是督办。", "Please choose whether to urge or to order.").At("kind")
	}
	cases, err := formCases(v, tx)
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		if err := v.KeepsSecret(c, map[string]string{"reason": g.Reason}); err != nil {
			return nil, err
		}
		o, err := do(v.Context(), tx, a, c.ID, g)
		if err != nil {
			return nil, err
		}
		given = append(given, o)
	}
	return given, nil
}

// formCases are the cases that a form names by number, each once.
func formCases(v *page.View, r db.Reader) (all []casework.Case, err error) {
	numbers := slices.DeleteFunc(append([]string{strings.TrimSpace(v.R.PostForm.Get("number"))}, v.R.PostForm["numbers"]...), func(n string) bool { return n == "" })
	if len(numbers) == 0 || len(numbers) > givenMost {
		return nil, errs.New(errs.Invalid, "请选 1 到 %d 件案件。", "Please choose 1 to %d cases.", givenMost).At("number")
	}
	for i, n := range numbers {
		if slices.Contains(numbers[:i], n) {
			continue
		}
		c, err := numbered(v, r, n)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// numbered is a case that the reader may see, by the number people say.
func numbered(v *page.View, r db.Reader, number string) (casework.Case, error) {
	missing := errs.New(errs.Invalid, "没有编号是这个的案件，请核对。", "No case has this number; please check it.").At("number")
	if len(number) > 40 {
		return casework.Case{}, missing
	}
	c, err := casework.ByNumber(v.Context(), r, v.District.Code, number)
	if errs.KindOf(err) == errs.NotFound {
		return c, missing
	}
	if err != nil {
		return c, err
	}
	c, _, err = casework.Seen(v.Context(), r, v.District, v.Scope(), c.ID, v.Now)
	if errs.KindOf(err) == errs.NotFound {
		return c, missing
	}
	return c, err
}

// within reads in how many working days a unit answers.
func within(text string) (clock.Limit, error) {
	days, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return clock.Limit{}, errs.New(errs.Invalid, "请写几个工作日以内答复，例如 1。", "Please write within how many working days to answer, for example 1.").At("within").Because(err)
	}
	return clock.Limit{N: days, Unit: clock.WorkingDays}, nil
}

// partUnits are the units that had a part in a case.
func partUnits(v *page.View, c casework.Case, tasks []casework.Task) (all []string) {
	add := func(unit string) {
		if unit != "" && !slices.Contains(all, unit) {
			all = append(all, unit)
		}
	}
	add(c.Unit)
	for _, t := range tasks {
		if t.Reporter {
			continue
		}
		add(t.Unit)
		if t.Unit == "" && t.Area != "" {
			if u, _, ok := v.District.Org.TerritoryUnit(t.Area, v.District.Day); ok {
				add(string(u.ID))
			}
		}
	}
	add(c.Receiver)
	return slices.DeleteFunc(all, func(unit string) bool {
		return slices.ContainsFunc(v.Actors(), func(a procedure.Actor) bool { return a.Unit == unit })
	})
}
