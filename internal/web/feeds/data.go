package feeds

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// figures is where the portal gives what it publishes of a period; without one,
// of the latest.
const figures = "/performance/figures.csv"

// tables are the open data of the district. Names in them come as they are, in
// both languages.
func tables(v *page.View) []exchange.Table {
	return []exchange.Table{exchange.Areas("areas.csv", v.District.Areas), exchange.Matters("matters.csv", v.District.Catalogue), exchange.Figures(v.Origin()+figures, nil)}
}

func dataPage(v *page.View) error { return v.Show(http.StatusOK, dataHTML(v)) }

// dataFile sends the package or one of its tables.
func dataFile(v *page.View) error {
	speak(v)
	name := v.R.PathValue("file")
	if name == "datapackage.json" {
		title := lang.T("%[1]s开放数据", "Open data of %[2]s", v.District.Settings.Name, v.District.Settings.NameEN)
		data, err := exchange.Package("linli-"+v.District.Code, title, v.District.Day.Start(v.Zone()), v.Lang, tables(v)...)
		if err != nil {
			return err
		}
		return give(v, "application/json", time.Time{}, data)
	}
	for _, t := range tables(v) {
		if t.Path == name {
			data, err := t.CSV()
			if err != nil {
				return err
			}
			return give(v, "text/csv; charset=utf-8", time.Time{}, data)
		}
	}
	return errs.New(errs.NotFound, "没有这样的数据。", "There is no such data.")
}

// calendarFile sends a calendar of the district, of last year, this and the next,
// or at a secret address somebody's own deadlines.
func calendarFile(v *page.View) error {
	speak(v)
	name, ok := strings.CutSuffix(v.R.PathValue("file"), ".ics")
	if !ok {
		return missingCalendar()
	}
	for _, c := range v.District.Calendars() {
		if c.Name != name {
			continue
		}
		year := v.Now.In(v.Zone()).Year()
		day := func(y int, m time.Month, d int) clock.Date {
			return clock.DateOf(time.Date(y, m, d, 12, 0, 0, 0, v.Zone()), v.Zone())
		}
		days := exchange.Days{
			District: v.District.Code, Name: c.Name, Title: c.Title, Calendar: v.District.CalendarNamed(c.Name),
			First: day(year-1, time.January, 1), Last: day(year+1, time.December, 31), Stamp: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		return give(v, "text/calendar; charset=utf-8", time.Time{}, []byte(exchange.ICalendar(days, v.Lang)))
	}
	return ownCalendar(v, name)
}
