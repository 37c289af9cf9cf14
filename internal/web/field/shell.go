package field

import (
	"slices"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// grids are those the reader's posts are for, by code: the grids themselves,
// and all of a community that a post leads.
func grids(v *page.View) []area.Code {
	var all []area.Code
	for _, a := range v.Actors() {
		if a.Role != procedure.GridWorker && a.Role != procedure.GridLeader {
			continue
		}
		switch code := area.Code(a.Area); code.Tier() {
		case area.Grid:
			all = append(all, code)
		case area.Community:
			for _, below := range v.District.Areas.Children(code) {
				all = append(all, below.Code)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// scope is what lies in the reader's grids.
func scope(v *page.View) casework.Scope {
	var codes []string
	for _, g := range grids(v) {
		codes = append(codes, string(g))
	}
	return casework.InAreas(codes...)
}

// place names the reader's grids in a few words: 桂香05网格等 4 个.
func place(v *page.View) string {
	all := grids(v)
	if len(all) == 0 {
		return ""
	}
	name := v.District.Areas.Name(all[0]).In(v.Lang)
	if len(all) == 1 {
		return name
	}
	return v.Say("%[1]s等 %[2]d 个", "%[1]s +%[3]d", name, len(all), len(all)-1)
}

// bar is the top and bottom of every page of the field.
func bar(v *page.View, now string) ui.ResidentBar {
	return ui.ResidentBar{
		Home: "/field", Name: place(v), Links: []ui.Link{{Text: v.Reader.Person.Name, Href: "/field/me", Icon: "user"}},
		Dock: ui.Dock(v.Lang, dock(v, now)),
	}
}

func dock(v *page.View, now string) [5]ui.Link {
	links := [5]ui.Link{
		{Text: v.Say("今天", "Today"), Href: "/field", Icon: "checklist"},
		{Text: v.Say("网格", "Grids"), Href: "/field/grid", Icon: "map-2"},
		{Text: v.Say("拍照上报", "Report"), Href: "/field/report", Icon: "camera"},
		{Text: v.Say("报过的", "Reported"), Href: "/field/reported", Icon: "list-details"},
		{Text: v.Say("我的", "Me"), Href: "/field/me", Icon: "user"},
	}
	for i := range links {
		links[i].Now = links[i].Href == now
	}
	return links
}

// begin starts a page that loads what phones do better with script.
func begin(v *page.View, title string) ui.Page {
	p := v.Page(title)
	p.Scripts = append([]string{"portal.js"}, v.PushScript()...)
	return p
}

// day is the date as people say it: 11月23日 周一.
func day(v *page.View, at time.Time) string {
	at = at.In(v.Zone())
	zh := [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[at.Weekday()]
	return v.Say("%[1]d月%[2]d日 %[3]s", "%[4]s", int(at.Month()), at.Day(), zh, at.Format("Monday 2 January"))
}

// midnight is when the reader's day began.
func midnight(v *page.View) time.Time {
	at := v.Now.In(v.Zone())
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
}

// matter names what a case is about, in the reader's language.
func matter(v *page.View, c casework.Case) string {
	if m, ok := v.District.Catalogue.Matter(c.Matter); ok && m.Title.ZH == c.Title {
		return m.Title.In(v.Lang)
	}
	return c.Title
}

// step names a step of a case.
func step(v *page.View, c casework.Case, name procedure.StepName) string {
	if p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version); ok {
		if s := p.Step(name); s != nil {
			return s.Title.In(v.Lang)
		}
	}
	return string(name)
}

// where is the place of a case in one line.
func where(v *page.View, c casework.Case) string {
	if c.Place.Address != "" {
		return c.Place.Address
	}
	if at := c.Place.Area(v.District.Code); at != v.District.Code {
		return v.District.Areas.Name(area.Code(at)).In(v.Lang)
	}
	return v.Say("地点还不清楚", "place not known yet")
}

// dueText is a due instant, and says so where it has passed.
func dueText(v *page.View, due time.Time) string {
	text := v.DueText(due)
	if !due.IsZero() && due.Before(v.Now) {
		return v.Say("本该 %s", "was due %s", text)
	}
	return text
}

// pinKind is the pin of a signal.
func pinKind(tone ui.Tone) ui.PinKind {
	switch tone {
	case ui.Late:
		return ui.PinLate
	case ui.Near:
		return ui.PinNear
	case ui.OK:
		return ui.PinOK
	}
	return ui.PinHold
}
