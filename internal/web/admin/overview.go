package admin

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// have is one of the district's tables in the overview.
type have struct {
	Title, Count, Sub, Href string
	Last, LastHref          string
	Import                  string // the table's name, for the link to import it
}

// lack is something that should not be missing, with where to look.
type lack struct {
	Title, Text string
	Count       int
	Examples    []ui.Link
}

// shown is how many examples of a lack the overview names.
const shown = 6

// overview shows each of the administrators the own part: what there is and
// what is missing to who sets up, who holds what to who gives rights, the newest
// entries to who audits. Others who may see rights are led to the people.
func overview(v *page.View) error {
	switch {
	case v.Can(rights.SetupImport):
		return setupOverview(v)
	case v.Can(rights.PostKeep):
		return rightsOverview(v)
	case v.Can(rights.AuditSee):
		return auditOverview(v)
	}
	return v.Go(peoplePath)
}

func setupOverview(v *page.View) error {
	last, err := lastImports(v)
	if err != nil {
		return err
	}
	rules, err := catalogue.RoutingTable(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	tables := []have{areasHave(v), outlinesHave(v), unitsHave(v), peopleHave(v), postsHave(v), mattersHave(v), proceduresHave(v), rulesHave(v, rules), calendarsHave(v)}
	for i, t := range tables {
		if at, ok := last[t.Import]; ok && t.Import != "" {
			tables[i].Last, tables[i].LastHref = v.MomentText(at.At), fmt.Sprintf("%s/imports/%d", home, at.Seq)
		}
	}
	name := lang.Text{ZH: v.District.Settings.Name, EN: v.District.Settings.NameEN}.In(v.Lang)
	return show(v, 200, head{
		Title: v.Say("区里的设置", "The district's set-up"), Said: v.Say("%s，代码 %s，今天有效的。", "%s, code %s, as in force today.", name, v.District.Code),
		Button: ui.Btn{Label: v.Say("导入一张表", "Import a table"), Icon: "upload", Kind: "primary", Href: home + "/import"},
	}, overviewPage(v, tables, lacks(v, rules)))
}

func areasHave(v *page.View) have {
	m := v.District.Areas
	var parts []string
	for _, t := range []area.Tier{area.Street, area.Community, area.Grid} {
		parts = append(parts, v.Say("%[1]s %[3]d", "%[2]s %[3]d", t.Text().ZH, t.Text().EN, len(m.Tier(t))))
	}
	exclusive := 0
	for _, a := range m.Tier(area.Grid) {
		if a.Kind == area.Exclusive {
			exclusive++
		}
	}
	if exclusive > 0 {
		parts = append(parts, v.Say("其中专属网格 %d", "%d of them exclusive", exclusive))
	}
	return have{Title: v.Say("区域", "Areas"), Count: ui.Number(count(m)), Sub: strings.Join(parts, v.Say("，", ", ")), Href: home + "/areas", Import: "areas"}
}

func count(m *area.Map) (n int) {
	for range m.All() {
		n++
	}
	return n
}

func outlinesHave(v *page.View) have {
	n := 0
	for a := range v.District.Areas.All() {
		if _, ok := v.District.Areas.Outline(a.Code); ok {
			n++
		}
	}
	return have{Title: v.Say("轮廓", "Outlines"), Count: ui.Number(n), Sub: v.Say("画在地图上，点落在哪个网格由它定", "Drawn on the map; they say in which grid a point lies"), Href: home + "/areas", Import: "outlines"}
}

func unitsHave(v *page.View) have {
	all := v.District.Org.Units()
	kinds := map[org.UnitKind]int{}
	for _, u := range all {
		kinds[u.Kind]++
	}
	var parts []string
	for _, k := range org.Kinds() {
		if kinds[k] > 0 {
			parts = append(parts, v.Say("%[1]s %[3]d", "%[2]s %[3]d", k.Text().ZH, k.Text().EN, kinds[k]))
		}
	}
	return have{Title: v.Say("单位", "Units"), Count: ui.Number(len(all)), Sub: strings.Join(parts, v.Say("，", ", ")), Href: home + "/units", Import: "units"}
}

func peopleHave(v *page.View) have {
	return have{Title: v.Say("人员", "People"), Count: ui.Number(len(v.District.Org.People())), Sub: v.Say("能登录的工作人员", "Staff who can sign in"), Href: home + "/units", Import: "people"}
}

func postsHave(v *page.View) have {
	n, roles := 0, map[org.Role]int{}
	for _, p := range v.District.Org.People() {
		for _, post := range v.District.Org.PostsOf(p.ID, v.District.Day) {
			n++
			roles[post.Role]++
		}
	}
	var parts []string
	for _, r := range org.Roles() {
		if roles[r] > 0 {
			parts = append(parts, v.Say("%[1]s %[3]d", "%[2]s %[3]d", r.Text().ZH, r.Text().EN, roles[r]))
		}
	}
	return have{Title: v.Say("岗位", "Posts"), Count: ui.Number(n), Sub: strings.Join(parts, v.Say("，", ", ")), Href: home + "/units", Import: "posts"}
}

func mattersHave(v *page.View) have {
	cat, n := v.District.Catalogue, 0
	kinds := map[catalogue.Kind]int{}
	for _, m := range cat.Matters() {
		if cat.Selectable(m.Code) {
			n++
			kinds[m.Kind]++
		}
	}
	var parts []string
	for _, k := range slices.SortedFunc(maps.Keys(kinds), func(a, b catalogue.Kind) int {
		return cmp.Or(cmp.Compare(kinds[b], kinds[a]), cmp.Compare(a, b))
	}) {
		parts = append(parts, v.Say("%[1]s %[3]d", "%[2]s %[3]d", k.Title().ZH, k.Title().EN, kinds[k]))
	}
	return have{Title: v.Say("事项", "Matters"), Count: ui.Number(n), Sub: strings.Join(parts, v.Say("，", ", ")), Href: home + "/matters", Import: "matters"}
}

func proceduresHave(v *page.View) have {
	var names []string
	all := v.District.Catalogue.Procedures()
	for _, p := range all {
		names = append(names, p.Title.In(v.Lang))
	}
	return have{Title: v.Say("规程", "Procedures"), Count: ui.Number(len(all)), Sub: strings.Join(names, v.Say("、", ", ")), Href: home + "/procedures"}
}

func rulesHave(v *page.View, rules []catalogue.Rule) have {
	written := 0
	for _, r := range rules {
		if r.Weight == 0 {
			written++
		}
	}
	return have{
		Title: v.Say("派遣规则", "Routing rules"), Count: ui.Number(len(rules)), Href: home + "/routes", Import: "routes",
		Sub: v.Say("写下的 %d，学来的 %d", "%d written, %d learned", written, len(rules)-written),
	}
}

func calendarsHave(v *page.View) have {
	var years []string
	for _, y := range v.District.Years() {
		years = append(years, strconv.Itoa(y.Year.Year))
	}
	return have{
		Title: v.Say("工作日历", "Working calendars"), Count: ui.Number(len(v.District.Calendars())), Href: calendarsPath,
		Sub: v.Say("放假安排有 %s 年", "days off known of %s", strings.Join(years, v.Say("、", ", "))),
	}
}

// lacks gathers what the district's tables leave open.
func lacks(v *page.View, rules []catalogue.Rule) []lack {
	var all []lack
	for _, year := range v.District.Missing(v.Now) {
		all = append(all, lack{
			Title: v.Say("%d 年的放假安排", "Days off of %d", year), Text: v.Say("还没装，落到那一年的期限都是暂定的。", "Not known yet; dates that reach into it are provisional."), Count: 1,
			Examples: []ui.Link{{Text: v.Say("去装上", "Load the notice"), Href: calendarsPath + "#bring"}},
		})
	}
	if gaps := v.District.Areas.Gaps(); len(gaps) > 0 {
		l := lack{Title: v.Say("区域有缺口", "Gaps in the areas"), Text: v.Say("落在缺口里的来件会先到上一级。", "What lies in a gap goes to the area above first."), Count: len(gaps)}
		for _, g := range gaps[:min(shown, len(gaps))] {
			l.Examples = append(l.Examples, ui.Link{Text: g.Text.In(v.Lang), Href: areaHref(g.Code)})
		}
		all = append(all, l)
	}
	var grids []string
	for _, a := range v.District.Areas.Tier(area.Grid) {
		grids = append(grids, string(a.Code))
	}
	if bare := v.District.Org.Unmanned(grids, v.District.Day); len(bare) > 0 {
		l := lack{Title: v.Say("没有网格员的网格", "Grids without a worker"), Text: v.Say("这些网格的核查会等着网格长。", "Checks on site there wait for the grid leader."), Count: len(bare)}
		for _, code := range bare[:min(shown, len(bare))] {
			l.Examples = append(l.Examples, ui.Link{Text: v.District.Areas.Name(area.Code(code)).In(v.Lang), Href: areaHref(area.Code(code))})
		}
		all = append(all, l)
	}
	if loose := unruled(v.District.Catalogue, rules); len(loose) > 0 {
		l := lack{Title: v.Say("没有派遣规则的事项", "Matters without a routing rule"), Text: v.Say("这些先派给属地，并进“没人认领”的清单。", "These go to the territory first and stand in the list without an owner."), Count: len(loose)}
		for _, m := range loose[:min(shown, len(loose))] {
			l.Examples = append(l.Examples, ui.Link{Text: m.Title.In(v.Lang), Href: matterHref(m.Code)})
		}
		all = append(all, l)
	}
	return all
}

// unruled lists the matters that no rule names, wherever it holds.
func unruled(cat *catalogue.Catalogue, rules []catalogue.Rule) []catalogue.Matter {
	named := map[string]bool{}
	for _, r := range rules {
		named[r.Matter] = true
	}
	var all []catalogue.Matter
	for _, m := range cat.Matters() {
		if cat.Selectable(m.Code) && !covered(cat, named, m.Code) {
			all = append(all, m)
		}
	}
	return all
}

// covered reports whether a rule names a matter, something above it, or the
// beginning of any of their codes.
func covered(cat *catalogue.Catalogue, named map[string]bool, code string) bool {
	for _, at := range cat.Path(code) {
		for n := range len(at) + 1 {
			if named[at[:n]] {
				return true
			}
		}
	}
	return false
}

// moreCount is the number after the examples: Chinese says how many there are
// in all (等 40 处), English how many more.
func moreCount(v *page.View, l lack) int {
	if v.Say("zh", "en") == "zh" {
		return l.Count
	}
	return l.Count - len(l.Examples)
}

func lastCell(v *page.View, t have) ui.Cell {
	if t.Last == "" { // it came with a pack, or by the command line
		return ui.Cell{Text: "—"}
	}
	return ui.Cell{Text: t.Last, Href: t.LastHref}
}
