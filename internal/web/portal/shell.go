package portal

import (
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// bar is the top and the bottom of every page here. back may be the zero Link.
func bar(v *page.View, back ui.Link) ui.ResidentBar {
	b := ui.ResidentBar{
		Back: back, Home: "/",
		Foot: []ui.Link{
			{Text: v.Say("我们办得怎么样", "How we are doing"), Href: performHref},
			{Text: v.Say("事项与时限", "Matters and limits"), Href: "/matters"},
			{Text: v.Say("今天值班的领导", "Leaders on duty today"), Href: "/about/duty"},
			{Text: v.Say("开放数据", "Open data"), Href: "/data"},
			{Text: v.Say("我的信息怎么用", "How my data is used"), Href: "/about/privacy"},
			{Text: v.Say("无障碍说明", "Accessibility"), Href: "/about/access"},
			{Text: v.Say("工作人员登录", "Staff sign-in"), Href: "/sign-in"},
		},
		Host: v.Say("主办：%s　电话 %s", "By %s, phone %s", centre(v), hotline(v)),
	}
	if back.Href != "" {
		b.Links = []ui.Link{mineLink(v)}
	}
	return b
}

// mineLink leads to the reader's own cases: of this browser, or of the resident
// who has signed in.
func mineLink(v *page.View) ui.Link {
	if v.Resident != nil {
		return ui.Link{Text: v.Say("我的", "Mine"), Href: "/me", Icon: "user"}
	}
	return ui.Link{Text: v.Say("我的", "Mine"), Href: "/mine", Icon: "user"}
}

func homeLink(v *page.View) ui.Link { return ui.Link{Text: v.Say("首页", "Home"), Href: "/"} }

// centre names whoever runs the portal.
func centre(v *page.View) string {
	if id := v.District.Centre(); id != "" {
		return v.UnitName(id)
	}
	return districtName(v).In(v.Lang)
}

func districtName(v *page.View) lang.Text {
	s := v.District.Settings
	if s.Name == "" {
		return v.District.Areas.Name(area.Code(v.District.Code))
	}
	return lang.Text{ZH: s.Name, EN: s.NameEN}
}

func hotline(v *page.View) string {
	if v.District.Settings.Hotline != "" {
		return v.District.Settings.Hotline
	}
	return "12345"
}

// caseTitle is what a case is called in the reader's language.
func caseTitle(v *page.View, c casework.Case) string {
	if title := v.District.Catalogue.Title(c.Matter); c.Title == "" || c.Title == title.ZH {
		return title.In(v.Lang)
	}
	return c.Title
}

// publicPlace is a place as everybody may read it.
func publicPlace(v *page.View, p casework.Place) string { return v.PublicPlace(p) }

// physical tells matters that lie somewhere and can hurt somebody from
// questions and opinions.
func physical(kind catalogue.Kind) bool {
	switch kind {
	case catalogue.Consult, catalogue.Suggest, catalogue.Complaint, catalogue.Report:
		return false
	}
	return true
}

// chosenArea is the area the reader named as home, kept in a cookie.
func chosenArea(v *page.View) (area.Area, bool) {
	c, err := v.R.Cookie("area")
	if err != nil {
		return area.Area{}, false
	}
	a, ok := v.District.Areas.Area(area.Code(c.Value))
	return a, ok && len(a.Code) > len(v.District.Code)
}

// worker is who looks after a grid, or leads the grids of a community.
func worker(v *page.View, code string) (person org.Person, role org.Role, ok bool) {
	posts := v.District.Org.WorkersOf(code, v.District.Day)
	if len(posts) == 0 && len(code) >= 12 {
		posts = v.District.Org.LeadersOf(code, v.District.Day)
	}
	for _, p := range posts {
		if person, ok := v.District.Org.Person(p.Person); ok {
			return person, p.Role, true
		}
	}
	return org.Person{}, "", false
}
