package exchange_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"linli/internal/calendar"
	"linli/internal/clock"
	"linli/internal/exchange"
	"linli/internal/lang"
	"linli/internal/sheet"
)

func year2026() exchange.Days {
	return exchange.Days{
		District: "990101", Name: "standard", Title: lang.T("标准工作日历", "Standard calendar"), Calendar: clock.China(),
		First: "2026-01-01", Last: "2026-12-31", Stamp: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// TestICalendarComesBack writes the notice of 2026 and reads it with the reader
// of notices that people send: the same days off, the same make-up days.
func TestICalendarComesBack(t *testing.T) {
	t.Parallel()
	text := exchange.ICalendar(year2026(), lang.ZH)
	years, findings := calendar.ParseNotice([]byte(text), "standard.ics")
	for _, f := range findings {
		if f.Severity == sheet.Error {
			t.Errorf("%+v", f)
		}
	}
	if len(years) != 1 {
		t.Fatalf("%d years came back", len(years))
	}
	for _, y := range clock.ChinaYears() {
		if y.Year == 2026 {
			if diff := cmp.Diff([][]clock.Date{dates(y.Off), dates(y.Work)}, [][]clock.Date{dates(years[0].Off), dates(years[0].Work)}); diff != "" {
				t.Error(diff)
			}
			return
		}
	}
	t.Fatal("linli ships no notice of 2026")
}

func dates(days []clock.Day) (all []clock.Date) {
	for _, d := range days {
		all = append(all, d.Date)
	}
	return all
}

// TestICalendarIsOne reads what is written by the library and looks at the
// rules of RFC 5545 that programs trip over.
func TestICalendarIsOne(t *testing.T) {
	t.Parallel()
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		text := exchange.ICalendar(year2026(), l)
		for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.Contains(line, "\n") {
				t.Errorf("%s: a line of %d octets: %q", l, len(line), line)
			}
		}
		got, err := ics.ParseCalendar(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, e := range got.Events() {
			if seen[e.Id()] || e.GetProperty(ics.ComponentPropertyDtstamp) == nil {
				t.Errorf("%s: event %s is there twice or has no stamp", l, e.Id())
			}
			seen[e.Id()] = true
		}
		if len(seen) < 20 {
			t.Errorf("%s: %d events", l, len(seen))
		}
		if again := exchange.ICalendar(year2026(), l); again != text {
			t.Errorf("%s: written twice it differs", l)
		}
	}
}
