package admin

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// rulesPage is how many rules of the table stand on one page.
const rulesPage = 50

// trial is a question to the routing table and its answer.
type trial struct {
	Matter, Place, At string // as typed
	Asked             bool
	Errors            map[string]string
	Mistakes          []ui.FieldError
	Found             catalogue.Matter
	Others            []catalogue.Matter // that the words may mean too
	Where             casework.Place
	Flag              intake.Flag
	Answer            catalogue.Explained
}

// ruleList is a part of the routing table.
type ruleList struct {
	Rules    []catalogue.Rule
	Unit     string
	Of       int
	First    int
	Previous string
	Next     string
}

// routing shows the routing table, and tries it on a matter, a place and a time.
func routing(v *page.View) error {
	rules, err := catalogue.RoutingTable(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	t, err := tried(v)
	if err != nil {
		return err
	}
	status := 200
	if len(t.Mistakes) > 0 {
		status = 422
	}
	return show(v, status, head{
		Title: v.Say("派遣规则", "Routing"), At: "/routes",
		Said: v.Say("越具体的规则越先用：先看事项，再看区域，再看时段。没有规则的先派属地。", "The most specific rule holds: by matter, then by area, then by hours. Without a rule the territory comes first."),
	}, routingPage(v, t, listed(v, rules)))
}

// tried asks the routing table what the query says.
func tried(v *page.View) (t trial, err error) {
	q := v.R.URL.Query()
	t = trial{Matter: strings.TrimSpace(q.Get("matter")), Place: strings.TrimSpace(q.Get("place")), At: q.Get("at"), Errors: map[string]string{}}
	t.Asked = t.Matter != "" || t.Place != ""
	if !t.Asked {
		return t, nil
	}
	at := v.Now
	if t.At != "" {
		if at, err = time.ParseInLocation("2006-01-02T15:04", t.At, v.Zone()); err != nil {
			t.fail("at", v.Say("时间", "Time"), v.Say("写成 2026-11-23T20:30。", "Write it as 2026-11-23T20:30."))
			at = v.Now
		}
	}
	t.findMatter(v)
	if err := t.findPlace(v); err != nil {
		return t, err
	}
	if len(t.Mistakes) == 0 {
		t.Answer = v.District.Route(t.Found.Code, t.Where.Area(v.District.Code), at)
	}
	return t, nil
}

func (t *trial) fail(id, label, text string) {
	t.Errors[id] = text
	t.Mistakes = append(t.Mistakes, ui.FieldError{ID: id, Label: label, Text: text})
}

// findMatter takes a code, or what the words most likely mean.
func (t *trial) findMatter(v *page.View) {
	cat := v.District.Catalogue
	if m, ok := cat.Matter(t.Matter); ok && cat.Selectable(m.Code) {
		t.Found = m
		return
	}
	if found := cat.Search(t.Matter, 5); len(found) > 0 {
		t.Found, t.Others = found[0], found[1:]
		return
	}
	t.fail("matter", v.Say("事项", "Matter"), v.Say("写事项代码，或说说是什么事，例如“井盖破了”。", "Give a matter's code, or say what it is, such as “broken manhole cover”."))
}

// findPlace takes an area code, a point, or an address, as a report would.
func (t *trial) findPlace(v *page.View) error {
	s := intake.Sending{Channel: intake.Counter, Matter: t.Found.Code, Text: "x"}
	if p, ok := typedPoint(t.Place); ok {
		s.Point = p
	} else if v.District.Areas.Known(t.Place) {
		s.Area = t.Place
	} else {
		s.Address = t.Place
	}
	sight, err := v.House.Desk.Look(v.Context(), v.District, s)
	if _, list, ok := v.FieldErrors(err); ok {
		t.fail("place", v.Say("地点", "Place"), list[0].Text)
		return nil
	}
	t.Where, t.Flag = sight.Place, sight.Flag
	if s.Address != "" && t.Where.Placed == casework.Nowhere {
		t.fail("place", v.Say("地点", "Place"), v.Say("没认出是哪里。写社区、网格或路名，或区域代码，或“经度,纬度”。", "This place is not known. Name a community, grid or road, an area code, or “longitude,latitude”."))
	}
	return err
}

// typedPoint reads “118.31,31.42”.
func typedPoint(s string) (geo.Point, bool) {
	lon, lat, ok := strings.Cut(strings.ReplaceAll(s, "，", ","), ",")
	if !ok {
		return geo.Point{}, false
	}
	x, errX := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p := geo.Point{Lon: x, Lat: y}
	return p, errX == nil && errY == nil && p.Valid()
}

// listed cuts a page out of the table, of one unit where one is asked for.
func listed(v *page.View, rules []catalogue.Rule) ruleList {
	q := v.R.URL.Query()
	l := ruleList{Unit: q.Get("unit")}
	if l.Unit != "" {
		var own []catalogue.Rule
		for _, r := range rules {
			if r.Unit == l.Unit {
				own = append(own, r)
			}
		}
		rules = own
	}
	l.Of = len(rules)
	n, _ := strconv.Atoi(q.Get("page")) // what is no number is the first page
	n = max(0, min(n, (len(rules)-1)/rulesPage))
	l.First = n * rulesPage
	l.Rules = rules[l.First:min(len(rules), l.First+rulesPage)]
	at := func(n int) string {
		return home + "/routes?" + url.Values{"unit": {l.Unit}, "page": {strconv.Itoa(n)}}.Encode()
	}
	if n > 0 {
		l.Previous = at(n - 1)
	}
	if l.First+rulesPage < len(rules) {
		l.Next = at(n + 1)
	}
	return l
}

func ruleCells(v *page.View, r catalogue.Rule) []ui.Cell {
	matter := ui.Cell{Text: v.Say("任何事项", "Any matter")}
	if r.Matter != "" {
		matter = ui.Cell{Text: v.District.Catalogue.Title(r.Matter).In(v.Lang), Sub: r.Matter}
		if _, ok := v.District.Catalogue.Matter(r.Matter); ok {
			matter.Href = matterHref(r.Matter)
		} else {
			matter.Text = v.Say("%s 开头的", "Beginning with %s", r.Matter)
		}
	}
	where := ui.Cell{Text: v.Say("全区", "The whole district")}
	if r.Area != "" {
		where = ui.Cell{Text: v.District.Areas.Path(area.Code(r.Area)).In(v.Lang), Sub: r.Area}
	}
	unit := ui.Cell{Text: v.UnitName(r.Unit), Href: unitHref(org.UnitID(r.Unit))}
	if len(r.Co) > 0 {
		unit.Sub = v.Say("协办：", "With: ") + unitNames(v, r.Co)
	}
	return []ui.Cell{matter, where, {Text: hoursText(v, r.Hours)}, unit, {Text: r.Reason.In(v.Lang), Sub: r.From}}
}

func unitNames(v *page.View, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, v.UnitName(id))
	}
	return strings.Join(names, v.Say("、", ", "))
}

func hoursText(v *page.View, h catalogue.Hours) string {
	switch h.Kind {
	case catalogue.InOffice:
		return v.Say("办公时间", "Office hours")
	case catalogue.OffOffice:
		return v.Say("非办公时间", "Out of hours")
	}
	return cmp.Or(h.String(), v.Say("全天", "All day"))
}

// whereText says where a place was found to lie, and what is odd about it.
func whereText(v *page.View, t trial) string {
	text := v.District.Areas.Path(area.Code(t.Where.Area(v.District.Code))).In(v.Lang)
	switch t.Flag {
	case intake.Placeholder:
		text += v.Say("（占位坐标，不作数）", " (placeholder coordinates, not used)")
	case intake.Outside:
		text += v.Say("（不在任何网格内）", " (in no grid)")
	}
	return text
}

// unitOptions are the units that the table can be narrowed to.
// unitOptions are all units; what none of them means is for the field to say.
func unitOptions(v *page.View) (all []ui.Option) {
	for _, u := range v.District.Org.Units() {
		all = append(all, ui.Option{Value: string(u.ID), Label: u.Name.In(v.Lang)})
	}
	return all
}
