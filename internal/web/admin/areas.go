package admin

import (
	"net/url"
	"strings"

	"linli/internal/area"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/org"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func areaHref(code area.Code) string { return home + "/areas?at=" + url.QueryEscape(string(code)) }

// areaView is one area with what lies in it.
type areaView struct {
	Area     area.Area
	Facts    []ui.Fact
	Map      ui.MapView
	Mapped   bool
	Children []area.Area
	Tree     []ui.NavGroup
}

// areas shows the tree of areas, and of one area its map and what lies in it.
func areas(v *page.View) error {
	m := v.District.Areas
	code := area.Code(v.R.URL.Query().Get("at"))
	if code == "" {
		code = m.District
	}
	a, ok := m.Area(code)
	if !ok {
		return errs.New(errs.NotFound, "今天没有这个区域。", "There is no such area today.")
	}
	view := areaView{Area: a, Facts: areaFacts(v, a), Children: m.Children(code), Tree: areaTree(v, code)}
	view.Map, view.Mapped = areaMap(v, a, view.Children)
	return show(v, 200, head{
		Title: a.Name.In(v.Lang), Said: v.Say("%[1]s，代码 %[3]s", "%[2]s, code %[3]s", a.Tier.Text().ZH, a.Tier.Text().EN, string(a.Code)), At: "/areas", Path: areaPath(v, code),
	}, areaPage(v, view))
}

func areaPath(v *page.View, code area.Code) []ui.Link {
	var path []ui.Link
	for _, t := range []area.Tier{area.District, area.Street, area.Community, area.Grid} {
		at := code.At(t)
		if at == "" {
			break
		}
		l := ui.Link{Text: v.District.Areas.Name(at).In(v.Lang), Href: areaHref(at)}
		if at == code {
			l.Href = ""
		}
		path = append(path, l)
	}
	return path
}

// areaTree lists streets with their communities.
func areaTree(v *page.View, at area.Code) []ui.NavGroup {
	m := v.District.Areas
	groups := []ui.NavGroup{{Title: v.Say("全区", "District"), Items: []ui.NavItem{{Link: ui.Link{Text: m.Name(m.District).In(v.Lang), Href: areaHref(m.District), Now: at == m.District}}}}}
	for _, street := range m.Children(m.District) {
		g := ui.NavGroup{Title: street.Name.In(v.Lang), Items: []ui.NavItem{{
			Link: ui.Link{Text: v.Say("整个街道", "All of it"), Href: areaHref(street.Code), Now: at == street.Code},
		}}}
		for _, c := range m.Children(street.Code) {
			g.Items = append(g.Items, ui.NavItem{
				Link: ui.Link{Text: c.Name.In(v.Lang), Href: areaHref(c.Code), Now: at.At(area.Community) == c.Code}, Count: ui.N(len(m.Children(c.Code))),
			})
		}
		groups = append(groups, g)
	}
	return groups
}

func areaFacts(v *page.View, a area.Area) []ui.Fact {
	d := v.District
	var facts []ui.Fact
	if a.Kind != "" {
		facts = append(facts, ui.Fact{Name: v.Say("类别", "Kind"), Value: a.Kind.Text().In(v.Lang)})
	}
	if unit, why, ok := d.Org.TerritoryUnit(string(a.Code), d.Day); ok {
		facts = append(facts, ui.Fact{Name: v.Say("属地单位", "Answers for it"), Value: unit.Name.In(v.Lang), Sub: why.In(v.Lang)})
	}
	if a.Tier == area.Grid {
		facts = append(facts, ui.Fact{Name: v.Say("网格员", "Worker"), Value: workers(v, string(a.Code))})
	}
	if len(a.Members) > 0 {
		facts = append(facts, ui.Fact{Name: v.Say("成员", "Members"), Value: strings.Join(a.Members, v.Say("、", ", "))})
	}
	if a.From != "" || a.To != "" {
		facts = append(facts, ui.Fact{Name: v.Say("有效", "In force"), Value: string(a.From) + " – " + string(a.To)})
	}
	if _, ok := d.Areas.Outline(a.Code); !ok && a.Kind != area.Exclusive {
		facts = append(facts, ui.Fact{Name: v.Say("轮廓", "Outline"), Body: ui.Tag(v.Say("没有", "none"), true)})
	}
	return facts
}

// workers names who looks after a grid today.
func workers(v *page.View, grid string) string {
	var names []string
	for _, p := range v.District.Org.WorkersOf(grid, v.District.Day) {
		if person, ok := v.District.Org.Person(org.PersonID(p.Person)); ok {
			names = append(names, person.Name)
		}
	}
	if len(names) == 0 {
		return v.Say("没有", "none")
	}
	return strings.Join(names, v.Say("、", ", "))
}

// areaMap draws an area with the outlines of what lies right below it.
func areaMap(v *page.View, a area.Area, children []area.Area) (ui.MapView, bool) {
	m := v.District.Areas
	var corners []ui.Point
	for _, one := range append([]area.Area{a}, children...) {
		if o, ok := m.Outline(one.Code); ok {
			b := o.Box()
			corners = append(corners, ui.Point(b.Min), ui.Point(b.Max))
		}
	}
	if len(corners) == 0 {
		return ui.MapView{}, false
	}
	view := v.Map(ui.BoxOf(corners...).Scaled(1.06), string(a.Code))
	view.Width, view.Height = 860, 440
	view.Alt = v.Say("%s的地图", "A map of %s", a.Name.In(v.Lang))
	if drawn := shapes(v, children); len(drawn) > 0 {
		view.Grids = drawn
	}
	return view, true
}

func shapes(v *page.View, list []area.Area) []ui.MapShape {
	var all []ui.MapShape
	for _, one := range list {
		o, ok := v.District.Areas.Outline(one.Code)
		if !ok {
			continue
		}
		for _, polygon := range o.Polygons() {
			all = append(all, ui.MapShape{Name: one.Name.In(v.Lang), Path: points(polygon[0])})
		}
	}
	return all
}

func points(ring []geo.Point) []ui.Point {
	all := make([]ui.Point, len(ring))
	for i, p := range ring {
		all[i] = ui.Point(p)
	}
	return all
}

// childRow is one area of the table of those right below.
func childRow(v *page.View, a area.Area) []ui.Cell {
	_, outlined := v.District.Areas.Outline(a.Code)
	sub := string(a.Code)
	if a.Kind != "" {
		sub += " · " + a.Kind.Text().In(v.Lang)
	}
	inside := ui.Number(len(v.District.Areas.Children(a.Code)))
	if a.Tier == area.Grid {
		inside = workers(v, string(a.Code))
	}
	drawn := ui.Cell{Text: v.Say("有", "yes")}
	switch {
	case a.Kind == area.Exclusive:
		drawn = ui.Cell{Text: v.Say("%d 个成员", "%d members", len(a.Members))}
	case !outlined:
		drawn = ui.Cell{Body: ui.Tag(v.Say("没有", "none"), true)}
	}
	return []ui.Cell{{Text: a.Name.In(v.Lang), Sub: sub, Href: areaHref(a.Code)}, {Text: inside}, drawn}
}

// insideTitle heads the column of what an area holds.
func insideTitle(v *page.View, children []area.Area) string {
	switch {
	case len(children) == 0:
		return ""
	case children[0].Tier == area.Grid:
		return v.Say("网格员", "Worker")
	case children[0].Tier == area.Community:
		return tierTitle(v, area.Grid)
	}
	return tierTitle(v, area.Community)
}

// tierTitle heads a list of areas of a tier.
func tierTitle(v *page.View, t area.Tier) string {
	switch t {
	case area.Street:
		return v.Say("街道", "Streets")
	case area.Community:
		return v.Say("社区", "Communities")
	}
	return v.Say("网格", "Grids")
}
