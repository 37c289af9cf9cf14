package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

const calendarsPath = home + "/calendars"

func calendarHref(name string) string { return calendarsPath + "/" + url.PathEscape(name) }

func yearHref(year int) string { return calendarsPath + "?year=" + strconv.Itoa(year) }

func calendarsHead(v *page.View, title string) head {
	return head{
		Title: title, At: "/calendars",
		Said: v.Say("哪天上班、几点上班，期限都照它数。", "Which days are worked and at which hours: every limit is counted by it."),
	}
}

// calendarsShow draws a year, and lists the calendars with who keeps them.
func calendarsShow(v *page.View) error {
	years := v.District.Years()
	year := v.Now.In(v.Zone()).Year()
	if asked := v.R.URL.Query().Get("year"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 2010 || n > 2069 {
			return errs.New(errs.NotFound, "没有这一年。", "There is no such year.")
		}
		year = n
	}
	again, err := casework.Reckonings(v.Context(), v.House.DB, v.District)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, calendarsHead(v, v.Say("工作日历", "Working calendars")), calendarsPage(v, yearTabs(v, years, year), drawYear(v, years, year), again))
}

// yearTabs leads to every year that is known, this one, and those missing.
func yearTabs(v *page.View, years []district.Year, now int) (tabs []ui.Link) {
	all := append(v.District.Missing(v.Now), now)
	for _, y := range years {
		all = append(all, y.Year.Year)
	}
	slices.Sort(all)
	for _, y := range slices.Compact(all) {
		tabs = append(tabs, ui.Link{Text: v.Say("%d 年", "%d", y), Href: yearHref(y), Now: y == now})
	}
	return tabs
}

// calendarShow draws the week of one calendar.
func calendarShow(v *page.View) error {
	all := v.District.Calendars()
	at := slices.IndexFunc(all, func(c district.Calendar) bool { return c.Name == v.R.PathValue("name") })
	if at < 0 {
		return errs.New(errs.NotFound, "没有这个日历。", "There is no such calendar.")
	}
	c := all[at]
	h := calendarsHead(v, c.Title.In(v.Lang))
	h.Path = []ui.Link{{Text: v.Say("工作日历", "Working calendars"), Href: calendarsPath}, {Text: c.Title.In(v.Lang)}}
	return show(v, http.StatusOK, h, calendarPage(v, c, v.District.KeptBy(c.Name)))
}

// reckoningsShown is how many countings the page lists.
const reckoningsShown = 5

// reckoningCells says why open dates were counted again, and how far it is.
func reckoningCells(v *page.View, k casework.Reckoning) []ui.Cell {
	state := ui.Signal(ui.Hold, v.Say("在算，看过 %s 件", "counting, %s cases seen", ui.Number(k.Seen)))
	if !k.DoneAt.IsZero() {
		state = ui.Signal(ui.OK, v.Say("算完了，看过 %s 件", "done, %s cases seen", ui.Number(k.Seen)))
	}
	return []ui.Cell{{Text: k.Cause.Text.In(v.Lang), Sub: v.MomentText(k.At)}, {Body: state}, {Text: ui.Number(k.Moved), Right: true}}
}

// brought is a calendar or a notice that was sent, and what is to be done.
type brought struct {
	Kind string // year or calendar
	upload
}

// calendarMost is how large such a file may be.
const calendarMost = 1 << 20

// readBrought takes what was chosen, pasted, or carried along by the page that
// showed what would change.
func readBrought(v *page.View) (b brought, err error) {
	form := v.R.PostForm
	if b.Kind = form.Get("kind"); b.Kind != "calendar" {
		b.Kind = "year"
	}
	b.Real = form.Get("go") == "set"
	if b.Data, b.Name, err = posted(v, "file", "data", calendarMost); err != nil {
		return b, err
	}
	if b.Name == "" && form.Get("name") != "" {
		b.Name = fileName(form.Get("name"))
	}
	if text := form.Get("text"); len(b.Data) == 0 && strings.TrimSpace(text) != "" {
		b.Data = []byte(strings.ReplaceAll(text, "\r\n", "\n")) // as a form sends lines
		if b.Name == "" {
			b.Name = v.Say("贴的内容", "pasted")
		}
	}
	switch {
	case len(b.Data) == 0:
		return b, errs.New(errs.Invalid, "请选一个文件，或把内容贴进来。", "Please choose a file, or paste what it holds.").At("file")
	case len(b.Data) > calendarMost:
		return b, errs.New(errs.TooLarge, "内容超过 1 MB。", "That is over 1 MB.").At("file")
	}
	return b, nil
}

// source is what setup takes.
func (b brought) source(v *page.View) setup.Source {
	src := setup.Source{By: firstActor(v), Policy: sheet.Policy{DryRun: !b.Real}}
	file := []district.File{{Name: b.Name, Data: b.Data}}
	if b.Kind == "calendar" {
		src.Calendars = file
	} else {
		src.Years = file
	}
	return src
}

// firstActor is the reader in the first post held today.
func firstActor(v *page.View) procedure.Actor {
	if all := v.Actors(); len(all) > 0 {
		return all[0]
	}
	return procedure.Actor{}
}

// calendarsBring shows what a calendar or a notice would change, or sets it.
func calendarsBring(v *page.View) error {
	if err := v.Form(); err != nil {
		return calendarRefused(v, brought{}, err)
	}
	b, err := readBrought(v)
	if err != nil {
		return calendarRefused(v, b, err)
	}
	report, err := setup.Into(v.Context(), v.House.DB, v.District.Code, b.source(v))
	switch {
	case err == nil:
		return v.GoSaying(b.where(), "装好了。没办结的件正在后台重新算期限。", "Set. Open cases are being counted again in the background.")
	case errors.Is(err, sheet.ErrDryRun):
		t, err := propose(v, b)
		if err != nil {
			return err
		}
		return show(v, http.StatusOK, calendarsHead(v, v.Say("还没装：%s", "Not set yet: %s", b.Name)), proposalPage(v, t))
	case report != nil && errs.KindOf(err) == errs.Invalid && len(report.Findings()) > 0:
		return show(v, http.StatusUnprocessableEntity, calendarsHead(v, v.Say("装不了：%s", "Cannot be set: %s", b.Name)), faultsPage(v, b, report))
	}
	return calendarRefused(v, b, err)
}

// where leads to what was set.
func (b brought) where() string {
	if b.Kind == "calendar" {
		if c, _ := calendar.ParseSpec(b.Data, b.Name); c != nil {
			return calendarHref(c.Name)
		}
		return calendarsPath
	}
	if years, _ := calendar.ParseNotice(b.Data, b.Name); len(years) > 0 {
		return yearHref(years[0].Year)
	}
	return calendarsPath
}

// calendarRefused shows the form again with what is wrong.
func calendarRefused(v *page.View, b brought, err error) error {
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		return err
	}
	if fields["file"] == "" {
		fields["file"], list[0].ID = list[0].Text, "file"
	}
	return show(v, page.Status(err), calendarsHead(v, v.Say("工作日历", "Working calendars")), bringPage(v, b, fields, list))
}

// calendarsDrop removes a calendar of the district's own, or takes a year back.
func calendarsDrop(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	var err error
	if name := v.R.PostForm.Get("name"); name != "" {
		err = setup.DropCalendar(v.Context(), v.House.DB, v.District.Code, name, firstActor(v))
	} else {
		year, _ := strconv.Atoi(v.R.PostForm.Get("year")) // what is no number is no year that was loaded
		err = setup.DropYear(v.Context(), v.House.DB, v.District.Code, year, firstActor(v))
	}
	if err != nil {
		return err
	}
	return v.GoSaying(calendarsPath, "拿掉了。没办结的件正在后台重新算期限。", "Removed. Open cases are being counted again in the background.")
}

// openCases is how many cases a change would count again.
func openCases(v *page.View) (int, error) {
	t, err := casework.Count(v.Context(), v.House.DB, v.District, casework.Filter{States: []casework.State{casework.Running}}, v.Now)
	return t.N, err
}

// asText is what was sent, to be mended in the form; a calendar or a notice is
// text.
func (b brought) asText() string { return strings.ToValidUTF8(string(b.Data), "�") }

// asWritten marks a field for what is written to the letter.
func asWritten() templ.Attributes { return templ.Attributes{"spellcheck": "false", "data-code": "yes"} }
