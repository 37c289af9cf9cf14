package learn_test

import (
	"testing"
	"time"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/learn"
	"linli/internal/org"
	"linli/internal/sheet"
)

// due computes the due date of a matter with a limit such as "30
// elapsed-days": the same time on the wall, days later. Nine types are due the
// moment they are opened: "0 elapsed-days".
func due(t *testing.T, c *clock.Calendar, limit string, opened time.Time) time.Time {
	t.Helper()
	l, err := clock.ParseLimit(limit)
	if err != nil {
		t.Fatalf("limit %q: %v", limit, err)
	}
	return c.Deadline(opened, l, nil).At
}

// limits gives the limit of every type; groups, which no request is filed
// under, have none.
func limits(matters []*sheet.Record) map[string]string {
	all := map[string]string{}
	for _, m := range matters {
		if m.Has("limit") {
			all[m.Text("code")] = m.Text("limit")
		}
	}
	return all
}

// Every due date the city gave must come out of its limit to the second, on
// both sides of every change of clocks, and what has no limit must be refused.
func TestBaltimoreDue(t *testing.T) {
	t.Parallel()
	report := sheet.NewReport(sheet.Policy{SkipBad: true})
	matters := plain(t, catalogue.MatterColumns(), "baltimore/matters.csv", report)
	cases := mapped(t, learn.Columns(), "baltimore", "cases.yaml", report)
	limits := limits(matters)
	if got, want := len(limits), 176; got != want {
		t.Errorf("types with a limit: got %d, want %d", got, want)
	}
	calendar := newYork(t)
	wrong, across := 0, 0
	for _, c := range cases {
		opened := c.Time("opened")
		limit, known := limits[c.Text("matter")]
		if !known {
			t.Fatalf("%s: the matter %s has no limit and was not refused", c.Text("external"), c.Text("matter"))
		}
		got, want := due(t, calendar, limit, opened), c.Time("due")
		if !c.Has("due") || !got.Equal(want) {
			if wrong++; wrong <= 10 {
				t.Errorf("%s opened %s, %s: got %s, want %s", c.Text("external"), opened, limit, got, want)
			}
		}
		if _, before := opened.In(calendar.Zone()).Zone(); before != offset(want.In(calendar.Zone())) {
			across++
		}
	}
	t.Logf("%d due dates agree of %d, %d of them across a change of clocks; %d requests refused",
		len(cases)-wrong, len(cases), across, report.Number(sheet.Error))
	if across == 0 {
		t.Error("no due date lies across a change of clocks, so this test shows nothing")
	}
	if got, want := len(cases), 5000-151; got != want {
		t.Errorf("requests of a known type: got %d, want %d", got, want)
	}
	refusedForMatter(t, report, 151)
}

// A type without a limit is a finding at its own line and column, not a guess.
func refusedForMatter(t *testing.T, report *sheet.Report, want int) {
	t.Helper()
	got := 0
	for _, f := range report.Findings() {
		if f.Severity == sheet.Error && f.Field == "matter" && f.File == "requests.csv" && f.Line > 1 && f.Column == 3 {
			got++
		}
	}
	if got != want || report.Number(sheet.Error) != want {
		t.Errorf("refused for their type: got %d of %d errors, want %d", got, report.Number(sheet.Error), want)
	}
}

func TestBaltimoreMappings(t *testing.T) {
	t.Parallel()
	report := sheet.NewReport(sheet.Policy{SkipBad: true})
	areas := plain(t, area.Columns(), "baltimore/areas.csv", report)
	units := plain(t, org.UnitColumns(), "baltimore/units.csv", report)
	matters := plain(t, catalogue.MatterColumns(), "baltimore/matters.csv", report)
	clean(t, report)
	for name, records := range map[string][]*sheet.Record{"area": areas, "unit": units, "matter": matters} {
		for code, n := range values(records, "code") {
			if n > 1 {
				t.Errorf("%s %s stands %d times", name, code, n)
			}
		}
	}
	known(t, units, "parent", values(units, "code"))
	known(t, matters, "parent", values(matters, "code"))

	cases := mapped(t, learn.Columns(), "baltimore", "cases.yaml", report)
	for name, records := range map[string][]*sheet.Record{"area": areas, "unit": units, "matter": matters} {
		known(t, cases, name, values(records, "code"))
	}
	nowhere := 0
	for _, c := range cases {
		if c.Text("area") == "" && !c.Has("lon") && c.Text("address") == "" {
			nowhere++
		}
	}
	t.Logf("%d of %d requests have no place of any kind", nowhere, len(cases))
}

func newYork(t *testing.T) *clock.Calendar {
	t.Helper()
	hours := map[time.Weekday][]clock.Period{}
	for day := time.Monday; day <= time.Friday; day++ {
		hours[day] = []clock.Period{period(t, "08:30-16:30")}
	}
	calendar, err := clock.New(clock.Spec{Zone: "America/New_York", Hours: hours})
	if err != nil {
		t.Fatal(err)
	}
	return calendar
}

func period(t *testing.T, s string) clock.Period {
	t.Helper()
	p, err := clock.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func offset(t time.Time) int { _, seconds := t.Zone(); return seconds }
