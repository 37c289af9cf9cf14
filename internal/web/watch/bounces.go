package watch

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// spanMost is how many days the counts reach over, and passedMost how many
// times one list holds.
const (
	spanMost   = 400
	passedMost = 500
)

// span is the days, both counted, in which the cases were opened.
type span struct{ From, To clock.Date }

// askedSpan reads the days of the address; the running month without any. What
// is no time is errs.Invalid.
func askedSpan(v *page.View) (s span, err error) {
	q := v.R.URL.Query()
	today := v.District.Day
	s = span{clock.Date(string(today)[:8] + "01"), today}
	for name, day := range map[string]*clock.Date{"from": &s.From, "to": &s.To} {
		if text := q.Get(name); text != "" {
			if *day, err = clock.ParseDate(text); err != nil {
				return s, errs.New(errs.Invalid, "日期看不懂，要写成 2026-11-01 这样。", "A date cannot be read; write it as 2026-11-01.").Because(err)
			}
		}
	}
	if s.To < s.From || s.From.Add(spanMost) < s.To {
		return s, errs.New(errs.Invalid, "开始要在结束之前，最长 %d 天。", "It must begin before it ends, and reach over at most %d days.", spanMost)
	}
	return s, nil
}

// instants are when the days begin and end.
func (s span) instants(v *page.View) (from, to time.Time) {
	midnight := func(d clock.Date) time.Time {
		at, _ := time.ParseInLocation(time.DateOnly, string(d), v.Zone())
		return at
	}
	return midnight(s.From), midnight(s.To.Add(1))
}

// bouncesView is how units passed cases on.
type bouncesView struct {
	Span  span
	Units []supervise.UnitBounces
}

// bounces shows how often units gave cases back, refused them or lost them.
func bounces(v *page.View) (err error) {
	var s bouncesView
	if s.Span, err = askedSpan(v); err != nil {
		return err
	}
	from, to := s.Span.instants(v)
	if s.Units, err = supervise.Bounces(v.Context(), v.House.DB, v.District, from, to); err != nil {
		return err
	}
	if mine := bound(v); mine != nil {
		s.Units = slices.DeleteFunc(s.Units, func(b supervise.UnitBounces) bool { return !slices.Contains(mine, b.Unit) })
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("退回与改派", "Returned and sent on"), At: "/bounces",
		Said: v.Say("这些天立的件，派给哪家、退了几次、被裁走几次。点数字看是哪些件。", "Of the cases opened in these days: who got them, gave them back, lost them by a ruling. Each number opens its list."),
	}, bouncesPage(v, s))
}

// passed lists what stands behind one number.
func passed(v *page.View) error {
	unit, way := v.R.PathValue("unit"), supervise.Passing(v.R.PathValue("way"))
	days, err := askedSpan(v)
	if err != nil {
		return err
	}
	if mine := bound(v); mine != nil && !slices.Contains(mine, unit) {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	from, to := days.instants(v)
	all, err := supervise.PassedOn(v.Context(), v.House.DB, v.District, unit, way, from, to, passedMost)
	if err != nil {
		return err
	}
	title := passingText(way).In(v.Lang)
	return show(v, http.StatusOK, head{
		Title: v.UnitName(unit) + v.Say("：", ": ") + title, At: "/bounces",
		Said: dayText(v, days.From) + v.Say("到", " to ") + dayText(v, days.To) + v.Say("立的件。", "."),
		Path: []ui.Link{{Text: v.Say("退回与改派", "Returned and sent on"), Href: days.href("/bounces")}, {Text: title}},
	}, passedPage(v, title, all))
}

// href is an address with the days.
func (s span) href(to string) string {
	return home + to + "?" + url.Values{"from": {string(s.From)}, "to": {string(s.To)}}.Encode()
}

// passingHref leads to what a number counts.
func (s span) passingHref(unit string, way supervise.Passing) string {
	return s.href(fmt.Sprintf("/bounces/%s/%s", url.PathEscape(unit), way))
}

// passingText names a way in which cases came and went.
func passingText(way supervise.Passing) lang.Text {
	switch way {
	case supervise.WasReceived:
		return lang.T("派来几次", "Received")
	case supervise.WasReturned:
		return lang.T("退回", "Returned")
	case supervise.WasRefused:
		return lang.T("回绝（清单外）", "Refused (not listed)")
	case supervise.WasMoved:
		return lang.T("被改派走", "Sent on by a ruling")
	}
	return lang.T("裁定归它", "Given by a ruling")
}

// filter is the form of the days.
func (s bouncesView) filter(v *page.View) ui.FilterView {
	return ui.FilterView{Action: home + "/bounces", Fields: []ui.FilterField{
		{Name: "from", Label: v.Say("从哪天立的", "Opened from"), Value: string(s.Span.From), Kind: "date"},
		{Name: "to", Label: v.Say("到哪天", "To"), Value: string(s.Span.To), Kind: "date"},
	}}
}

// columns head the counts.
func (s bouncesView) columns(v *page.View) []ui.Column {
	all := []ui.Column{{Title: v.Say("单位", "Unit")}}
	for _, way := range supervise.Passings() {
		all = append(all, ui.Column{Title: passingText(way).In(v.Lang), Right: true})
	}
	if v.Can(rights.Supervise) {
		all = append(all, ui.Column{Title: v.Say("督办", "Supervision"), Hidden: true})
	}
	return all
}

// cells are the counts of a unit, each with the way to its list.
func (s bouncesView) cells(v *page.View, b supervise.UnitBounces) []ui.Cell {
	all := []ui.Cell{{Body: whole(v.UnitName(b.Unit))}}
	for _, way := range supervise.Passings() {
		c := ui.Cell{Text: ui.Number(b.Count(way)), Right: true}
		if b.Count(way) > 0 {
			c.Href = s.Span.passingHref(b.Unit, way)
		}
		all = append(all, c)
	}
	if v.Can(rights.Supervise) {
		all = append(all, ui.Cell{Body: urging(v, b.Unit)})
	}
	return all
}
