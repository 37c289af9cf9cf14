package admin

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/access"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// home is the address of the first page; the others lie below it.
const home = "/desk/admin"

// Routes adds the pages of the administration.
func Routes(mux *http.ServeMux, h *page.House) {
	for pattern, fn := range map[string]page.Handler{
		"GET " + home:                        overview,
		"GET " + home + "/import":            importForm,
		"POST " + home + "/import":           importTable,
		"GET " + home + "/imports/{seq}":     imported,
		"GET " + home + "/areas":             areas,
		"GET " + home + "/units":             units,
		"GET " + home + "/units/{id}":        unit,
		"GET " + home + "/matters":           matters,
		"GET " + home + "/procedures":        procedures,
		"GET " + home + "/procedures/{name}": procedureShow,
		"GET " + home + "/routes":            routing,
	} {
		mux.Handle(pattern, h.Staff(access.SetupImport, fn))
	}
	for pattern, fn := range map[string]page.Handler{
		"GET " + calendarsPath:             calendarsShow,
		"POST " + calendarsPath:            calendarsBring,
		"GET " + calendarsPath + "/{name}": calendarShow,
		"POST " + calendarsPath + "/drop":  calendarsDrop,
	} {
		mux.Handle(pattern, h.Staff(access.CalendarKeep, fn))
	}
}

// head is what stands above every page's own part.
type head struct {
	Title, Said string
	At          string // the tab
	Path        []ui.Link
	Button      ui.Btn
}

// show draws a page; htmx gets the page's own part alone.
func show(v *page.View, status int, h head, body templ.Component) error {
	if v.R.Header.Get("HX-Request") == "true" {
		return v.Show(status, body)
	}
	return v.Show(status, frame(v.Page(h.Title), page.Staff(v, "admin"), h, tabs(v, h.At), body))
}

// tabs are the views of a district's setup.
func tabs(v *page.View, at string) []ui.Link {
	all := []ui.Link{
		{Text: v.Say("总览", "Overview"), Href: home},
		{Text: v.Say("区域", "Areas"), Href: home + "/areas"},
		{Text: v.Say("单位", "Units"), Href: home + "/units"},
		{Text: v.Say("事项", "Matters"), Href: home + "/matters"},
		{Text: v.Say("规程", "Procedures"), Href: home + "/procedures"},
		{Text: v.Say("派遣规则", "Routing"), Href: home + "/routes"},
		{Text: v.Say("工作日历", "Calendars"), Href: calendarsPath},
	}
	for i := range all {
		all[i].Now = all[i].Href == home+at
	}
	return all
}
