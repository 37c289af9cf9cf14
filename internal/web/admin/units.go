package admin

import (
	"net/url"
	"strings"

	"linli/internal/area"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func unitHref(id org.UnitID) string { return home + "/units/" + url.PathEscape(string(id)) }

// unitGroup is the units of one kind.
type unitGroup struct {
	Kind  org.UnitKind
	Units []org.Unit
}

func units(v *page.View) error {
	var groups []unitGroup
	n := 0
	for _, k := range org.Kinds() {
		if list := v.District.Org.UnitsByKind(k); len(list) > 0 {
			groups = append(groups, unitGroup{k, list})
			n += len(list)
		}
	}
	return show(v, 200, head{
		Title: v.Say("单位", "Units"), Said: v.Say("%d 家。部门管一类事，街道和社区管一片地方。", "%d. A department acts on its subject, a street or a community on its ground.", n), At: "/units",
	}, unitsPage(v, groups))
}

func unitCells(v *page.View, u org.Unit) []ui.Cell {
	posts := len(v.District.Org.PostsIn(u.ID, v.District.Day))
	return []ui.Cell{
		{Text: u.Name.In(v.Lang), Sub: string(u.ID), Href: unitHref(u.ID)}, {Text: areaNames(v, u.Areas)}, {Text: u.Phone},
		{Text: ui.Number(posts), Right: true},
	}
}

// areaNames names the areas a unit answers for; a long list is cut.
func areaNames(v *page.View, codes []string) string {
	var names []string
	for _, code := range codes[:min(4, len(codes))] {
		names = append(names, v.District.Areas.Name(area.Code(code)).In(v.Lang))
	}
	text := strings.Join(names, v.Say("、", ", "))
	if len(codes) > 4 {
		text += v.Say(" 等 %d 处", " and %d in all", len(codes))
	}
	return text
}

// unit shows one unit with who holds its posts today.
func unit(v *page.View) error {
	u, ok := v.District.Org.Unit(org.UnitID(v.R.PathValue("id")))
	if !ok {
		return errs.New(errs.NotFound, "没有这个单位。", "There is no such unit.")
	}
	facts := []ui.Fact{{Name: v.Say("类别", "Kind"), Value: u.Kind.Text().In(v.Lang)}}
	if u.Parent != "" {
		facts = append(facts, ui.Fact{Name: v.Say("上级", "Above it"), Value: v.UnitName(string(u.Parent))})
	}
	if len(u.Areas) > 0 {
		facts = append(facts, ui.Fact{Name: v.Say("管哪里", "Answers for"), Value: areaNames(v, u.Areas)})
	}
	if u.Phone != "" {
		facts = append(facts, ui.Fact{Name: v.Say("电话", "Telephone"), Value: u.Phone})
	}
	facts = append(facts, ui.Fact{Name: v.Say("几点上班", "Hours"), Body: link(calendarTitle(v, v.District.CalendarName(string(u.ID))), calendarHref(v.District.CalendarName(string(u.ID))))})
	if u.From != "" || u.To != "" {
		facts = append(facts, ui.Fact{Name: v.Say("有效", "In force"), Value: string(u.From) + " – " + string(u.To)})
	}
	return show(v, 200, head{
		Title: u.Name.In(v.Lang), Said: string(u.ID), At: "/units",
		Path: []ui.Link{{Text: v.Say("单位", "Units"), Href: home + "/units"}, {Text: u.Name.In(v.Lang)}},
	}, unitPage(v, facts, v.District.Org.PostsIn(u.ID, v.District.Day)))
}

func postCells(v *page.View, p org.Post) []ui.Cell {
	person, _ := v.District.Org.Person(p.Person)
	where := v.Say("单位的全部区域", "All areas of the unit")
	if p.Area != "" {
		where = v.District.Areas.Path(area.Code(p.Area)).In(v.Lang)
	}
	until := v.Say("不限", "open")
	switch {
	case !p.Ends.IsZero():
		until = v.MomentText(p.Ends)
	case p.To != "":
		until = string(p.To)
	}
	role := ui.Cell{Text: v.RoleName(string(p.Role)), Sub: stateText(v, p)}
	if v.Can(rights.RightsSee) {
		role.Href = postHref(p.ID)
	}
	return []ui.Cell{{Body: holderLink(v, p), Text: person.Name}, role, {Text: where}, {Text: until}}
}
