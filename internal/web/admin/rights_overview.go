package admin

import (
	"net/http"
	"slices"

	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// endsSoon is how many days ahead the overview names posts that end.
const endsSoon = 30

// rightsView is what a security administrator begins with.
type rightsView struct {
	Stats  []ui.StatView
	Admins []org.Post    // who sets up, who gives rights, who audits
	Away   []org.StandIn // who stands in now
	Ending []org.Post    // posts that end soon
	Idle   []org.Person  // who can do nothing now
}

func rightsOverview(v *page.View) error {
	s := rightsView{}
	held := v.District.Org.Held(v.Now, v.Zone())
	soon := v.Now.AddDate(0, 0, endsSoon)
	for _, p := range held {
		role := string(p.Role)
		if slices.ContainsFunc([]rights.Right{rights.SetupImport, rights.PostKeep, rights.AuditSee}, func(r rights.Right) bool { return v.District.Can(r, role) }) {
			s.Admins = append(s.Admins, p)
		}
		if in, ok := v.District.Org.StandInOf(p.ID, v.Now); ok {
			s.Away = append(s.Away, in)
		}
		if until := p.Until(v.Zone()); !until.IsZero() && until.Before(soon) {
			s.Ending = append(s.Ending, p)
		}
	}
	for _, p := range v.District.Org.People() {
		if len(v.District.HeldAt(p.ID, v.Now)) == 0 {
			s.Idle = append(s.Idle, p)
		}
	}
	slices.SortStableFunc(s.Ending, func(a, b org.Post) int { return a.Until(v.Zone()).Compare(b.Until(v.Zone())) })
	s.Stats = []ui.StatView{
		{Name: v.Say("人员", "People"), Value: ui.Number(len(v.District.Org.People()))}, {Name: v.Say("在任的岗位", "Posts held"), Value: ui.Number(len(held))},
		{Name: v.Say("正在代班", "Stand-ins now"), Value: ui.Number(len(s.Away))}, {Name: v.Say("%d 天内到期", "End within %d days", endsSoon), Value: ui.Number(len(s.Ending))},
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("人员与权限", "People and rights"), Said: v.Say("给岗位、收岗位、定代班。每一次审计管理员都会知道。", "Give posts, end them, name stand-ins. The audit administrators know of each."),
		Button: ui.Btn{Label: v.Say("找一个人", "Find a person"), Icon: "search", Kind: "primary", Href: peoplePath},
	}, rightsPage(v, s))
}

// heldRow is one post with its holder.
func heldRow(v *page.View, p org.Post) []ui.Cell {
	return []ui.Cell{
		{Text: personName(v, p.Person), Href: personHref(p.Person), Strong: true},
		{Text: v.RoleName(string(p.Role)), Sub: v.UnitName(string(p.Unit)), Href: postHref(p.ID)}, {Text: spanText(v, p)},
	}
}

// newest is how many entries the auditor begins with.
const newest = 12

func auditOverview(v *page.View) error {
	week := trail.Filter{Since: v.Now.AddDate(0, 0, -7)}
	counts := []ui.StatView{}
	for _, b := range trail.Books() {
		week.Books = []trail.Book{b}
		n, err := trail.CountOf(v.Context(), v.House.DB, v.District.Code, week)
		if err != nil {
			return err
		}
		counts = append(counts, ui.StatView{Name: bookText(v, b), Value: ui.Number(n)})
	}
	entries, _, err := trail.Find(v.Context(), v.House.DB, v.District.Code, trail.Filter{Books: []trail.Book{trail.Rights, trail.Setup, trail.Exports}}, "", newest)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("审计", "Audit"), Said: v.Say("另外两位管理员做了什么，都在这里。", "What the other two administrators do is here."),
		Button: ui.Btn{Label: v.Say("全部记录", "All entries"), Icon: "list", Kind: "primary", Href: auditPath},
	}, auditFirst(v, counts, entries))
}
