package score

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"linli/internal/casework"
	"linli/internal/chart"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// lateMost is how many late cases a bulletin looks into for reasons.
const lateMost = 500

// listMost is how long a table of the bulletin gets.
const listMost = 20

// teller says in plain words what came of a period. What the district's pack
// does not measure it does not mention.
type teller struct {
	v       *page.View
	s       *evaluate.Scores
	figures map[string]measure.Figure
	before  map[string]measure.Figure // of the period before, where it was counted
}

func newTeller(v *page.View, s *evaluate.Scores) (t teller, err error) {
	t = teller{v: v, s: s}
	if t.figures, err = s.Figures(v.Context(), evaluate.District); err != nil {
		return t, err
	}
	counted, err := evaluate.Periods(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return t, err
	}
	if slices.ContainsFunc(counted, func(c evaluate.CountedPeriod) bool { return c.Period == s.Period.Add(-1) }) {
		was, err := v.House.Scores.Scores(v.Context(), v.District, v.District.Catalogue.Measures(), s.Period.Add(-1))
		if err != nil {
			return t, err
		}
		t.before, err = was.Figures(v.Context(), evaluate.District)
		return t, err
	}
	return t, nil
}

// value is a district figure in words; ok is false where nothing was counted.
func (t teller) value(name string) (text string, f measure.Figure, ok bool) {
	i := t.s.Book.Indicator(name)
	f = t.figures[name]
	if i == nil || f.Empty {
		return none, f, false
	}
	return valueText(i, f), f, true
}

// number is a district amount; 0 where the pack does not count it.
func (t teller) number(name string) string { return amount(t.figures[name].Numerator) }

// indicators is a table of some indicators of the district.
func (t teller) indicators(title string, names ...string) (p bulletinPrint) {
	v := t.v
	p.table = table{Name: title, Heads: []string{v.Say("指标", "Indicator"), v.Say("值", "Value"), v.Say("分子 / 分母", "Numerator / denominator")}}
	p.Left = 1
	if t.before != nil {
		p.Heads = append(p.Heads, v.Say("较上期", "On the period before"))
	}
	for _, name := range names {
		if text, f, ok := t.value(name); ok {
			parts := partsText(f)
			if t.s.Book.Indicator(name).Kind == measure.Amount {
				parts = ""
			}
			row := []any{titleOf(v, t.s.Book, name), text, parts}
			if t.before != nil {
				row = append(row, t.change(name))
			}
			p.Rows = append(p.Rows, row)
		}
	}
	return p
}

// change compares a figure with the period before.
func (t teller) change(name string) string {
	was, ok := t.before[name]
	i := t.s.Book.Indicator(name)
	if !ok || i == nil || was.Empty {
		return none
	}
	digits := 1
	if i.Kind == measure.Amount {
		digits = 0
	}
	return changeText(drawn(i, t.figures[name])-drawn(i, was), digits)
}

// tables keeps those that have rows.
func tables(all ...bulletinPrint) (some []bulletinPrint) {
	for _, t := range all {
		if len(t.Rows) > 0 {
			some = append(some, t)
		}
	}
	return some
}

// sums says what came in and what was done.
func (t teller) sums() (p bulletinPart, err error) {
	v := t.v
	p.Title = v.Say("总的情况", "In sum")
	p.Texts = []string{v.Say("来件 %[1]s 件，立案 %[2]s 件，其中办结 %[3]s 件，没办结 %[4]s 件。", "%[1]s came in and %[2]s were filed; of those %[3]s are closed and %[4]s are not.",
		t.number("received"), t.number("filed"), t.number("closed"), t.number("unfinished"))}
	sums := t.indicators(v.Say("总的情况", "In sum"), "received", "filed", "filed-components", "filed-events", "filed-hazards", "closed", "unfinished", "on-account",
		"closing", "on-time", "case-on-time", "first-time", "answered", "self-found", "in-community", "in-street", "disputes-settled")
	sums.Chart = t.levels()
	p.Tables = tables(sums)
	return p, nil
}

// levels draws where closed cases were solved; nil where that is not measured.
func (t teller) levels() drawer {
	community, street := t.figures["in-community"], t.figures["in-street"]
	if community.Denominator == 0 || community.Denominator != street.Denominator || street.Numerator < community.Numerator {
		return nil
	}
	v := t.v
	return chart.Stack{
		Frame: chart.Frame{Title: v.Say("办结的件在哪一级解决", "Where closed cases were solved"), Unit: v.Say("件", "cases"), Digits: 1, Lang: v.Lang},
		Parts: []chart.Part{{Name: v.Say("社区、网格", "community, grid")}, {Name: v.Say("街道", "street")}, {Name: v.Say("区", "district")}},
		Rows: []chart.Row{{Label: t.s.Period.Text().In(v.Lang), Values: []float64{
			community.Numerator, street.Numerator - community.Numerator, float64(street.Denominator) - street.Numerator,
		}}},
	}
}

// broken says what was not done in time, whose it was, and what lies behind it.
func (t teller) broken() (p bulletinPart, err error) {
	v := t.v
	p.Title = v.Say("没按时的", "What was late")
	_, f, ok := t.value("on-time")
	if !ok {
		p.Texts = []string{v.Say("这一期还没有到期的。", "Nothing was due in the period.")}
		return p, nil
	}
	late, err := t.lateCases()
	if err != nil {
		return p, err
	}
	n := f.Denominator - int(f.Numerator)
	if n == 0 {
		p.Texts = []string{v.Say("%s 个期限都按时办了。", "All %s promises were kept.", ui.Number(f.Denominator))}
		return p, nil
	}
	p.Texts = []string{v.Say("%[1]s 个期限，有 %[2]s 个没按时，涉及 %[3]s 件。看看是哪些、为什么。", "Of %[1]s promises %[2]s were not kept, in %[3]s cases. Here is which, and why.",
		ui.Number(f.Denominator), ui.Number(n), ui.Number(len(late.ids)))}
	p.Texts = append(p.Texts, late.reasons(v)...)
	units, err := t.lateUnits()
	if err != nil {
		return p, err
	}
	p.Tables = tables(units, late.matters(v))
	return p, nil
}

// lateCases are the cases with a broken promise, and what was seen of them.
type lateCases struct {
	ids                                 []string
	seen                                int
	bounced, reworked, extended, parked int
	by                                  map[string]int // matter
}

func (t teller) lateCases() (l lateCases, err error) {
	l.by = map[string]int{}
	all, err := t.s.Cases(t.v.Context(), evaluate.District, "on-time")
	if err != nil {
		return l, err
	}
	for _, c := range all {
		if !c.In() && !slices.Contains(l.ids, c.Case) {
			l.ids = append(l.ids, c.Case)
		}
	}
	for _, id := range l.ids[:min(len(l.ids), lateMost)] {
		c, err := casework.ByID(t.v.Context(), t.v.House.DB, t.v.District.Code, casework.ID(id))
		if errors.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return l, err
		}
		l.seen++
		l.by[c.Matter]++
		for _, one := range []struct {
			n  *int
			is bool
		}{{&l.bounced, c.Bounces > 0}, {&l.reworked, c.Round > 1}, {&l.extended, c.Extended > 0}, {&l.parked, c.OnAccount}} {
			if one.is {
				*one.n++
			}
		}
	}
	return l, nil
}

// reasons says what the late cases went through.
func (l lateCases) reasons(v *page.View) (texts []string) {
	if l.seen < len(l.ids) {
		texts = append(texts, v.Say("下面只看了其中 %d 件。", "What follows looks at %d of them.", l.seen))
	}
	for _, one := range []struct {
		n      int
		zh, en string
	}{
		{l.bounced, "%d 件退回、回绝或改派过，时间耗在找谁来办上。", "%d were returned, refused or sent on: the time went into finding whose they were."},
		{l.reworked, "%d 件返过工或又办了一回，第一次没办好。", "%d were done again: they were not right the first time."},
		{l.extended, "%d 件延过期，还是没赶上。", "%d had been given more time, and were late all the same."},
		{l.parked, "%d 件挂过账。", "%d had been on account."},
	} {
		if one.n > 0 {
			texts = append(texts, v.Say(one.zh, one.en, one.n))
		}
	}
	if rest := l.seen - max(l.bounced, l.reworked, l.extended, l.parked); rest > 0 && l.bounced+l.reworked+l.extended+l.parked < l.seen {
		texts = append(texts, v.Say("其余的没有退回、返工、延期：到了单位，没在期限里办完。", "The rest were never returned, done again or put off: a unit had them, and did not finish in time."))
	}
	return texts
}

// matters is what the late cases were about.
func (l lateCases) matters(v *page.View) (p bulletinPrint) {
	p.table = table{Name: v.Say("没按时的是哪些事", "What the late ones were about"), Heads: []string{v.Say("事项", "Matter"), v.Say("件数", "Cases")}}
	p.Left = 1
	codes := slices.SortedFunc(maps.Keys(l.by), func(a, b string) int { return cmp.Or(cmp.Compare(l.by[b], l.by[a]), cmp.Compare(a, b)) })
	for _, code := range codes[:min(len(codes), listMost)] {
		p.Rows = append(p.Rows, []any{v.District.Catalogue.Title(code).In(v.Lang), l.by[code]})
	}
	return p
}

// lateUnits is whose the broken promises were.
func (t teller) lateUnits() (p bulletinPrint, err error) {
	v := t.v
	p.table = table{Name: v.Say("没按时的在哪些单位", "Where the late ones were"), Heads: []string{v.Say("单位", "Unit"), v.Say("到期", "Due"), v.Say("没按时", "Late"), v.Say("按时率", "On time")}}
	p.Left = 1
	type line struct {
		name string
		f    measure.Figure
	}
	var all []line
	for _, u := range v.District.Org.Units() {
		figures, err := t.s.Figures(v.Context(), evaluate.Unit(string(u.ID)))
		if err != nil {
			return p, err
		}
		if f := figures["on-time"]; f.Denominator > int(f.Numerator) {
			all = append(all, line{u.Name.In(v.Lang), f})
		}
	}
	missed := func(f measure.Figure) int { return f.Denominator - int(f.Numerator) }
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(missed(b.f), missed(a.f)) })
	for _, l := range all[:min(len(all), listMost)] {
		p.Rows = append(p.Rows, []any{l.name, l.f.Denominator, missed(l.f), percent(l.f.Value)})
		p.Signals = append(p.Signals, clock.Late)
	}
	return p, nil
}
