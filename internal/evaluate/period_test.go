package evaluate_test

import (
	"slices"
	"testing"
	"time"

	"linli/internal/evaluate"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why          string
		period       evaluate.Period
		from, to     string
		next, before evaluate.Period
		zh, en       string
		months       int
	}{
		{"a month", "2026-11", "2026-11-01", "2026-12-01", "2026-12", "2025-11", "2026年11月", "November 2026", 1},
		{"a month at the end of a year", "2026-12", "2026-12-01", "2027-01-01", "2027-01", "2025-12", "2026年12月", "December 2026", 1},
		{"a quarter", "2026-Q4", "2026-10-01", "2027-01-01", "2027-Q1", "2025-Q4", "2026年第4季度", "quarter 4 of 2026", 3},
		{"the first quarter", "2026-Q1", "2026-01-01", "2026-04-01", "2026-Q2", "2025-Q1", "2026年第1季度", "quarter 1 of 2026", 3},
		{"a year", "2026", "2026-01-01", "2027-01-01", "2027", "2025", "2026年", "2026", 12},
	} {
		p, err := evaluate.ParsePeriod(string(row.period))
		if err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		from, to := p.Span(beijing)
		if got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly); got != row.from+" "+row.to || from.Hour() != 0 {
			t.Errorf("%s: from %s, want %s %s", row.why, got, row.from, row.to)
		}
		if p.Add(1) != row.next || p.Add(1).Add(-1) != p || p.YearBefore() != row.before {
			t.Errorf("%s: next %s, back %s, a year before %s; want %s, %s, %s", row.why, p.Add(1), p.Add(1).Add(-1), p.YearBefore(), row.next, p, row.before)
		}
		if text := p.Text(); text.ZH != row.zh || text.EN != row.en {
			t.Errorf("%s: %q, %q; want %q, %q", row.why, text.ZH, text.EN, row.zh, row.en)
		}
		months := p.Months()
		if len(months) != row.months || !slices.IsSorted(months) {
			t.Errorf("%s: months %v, want %d", row.why, months, row.months)
		}
	}
	for _, bad := range []string{"", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "26-11", "2026-1", "2026-11-01", "2026-q1", " 2026", "20260"} {
		if p, err := evaluate.ParsePeriod(bad); err == nil {
			t.Errorf("%q was taken as %s", bad, p)
		}
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"district", "unit:u-shizheng", "street:990101001", "community:990101001004", "grid:990101001004003", "post:p"} {
		if s, err := evaluate.ParseSubject(good); err != nil || string(s) != good {
			t.Errorf("%q: %q, %v", good, s, err)
		}
	}
	for _, bad := range []string{"", "unit:", "person:1", "district:1", "units:u-1"} {
		if s, err := evaluate.ParseSubject(bad); err == nil {
			t.Errorf("%q was taken as %q", bad, s)
		}
	}
	for code, want := range map[string]evaluate.Subject{"990101": "district", "990101001": "street:990101001", "990101001004": "community:990101001004", "990101001004003": "grid:990101001004003"} {
		if got := evaluate.Area(code); got != want {
			t.Errorf("the subject of area %s is %s, want %s", code, got, want)
		}
	}
}
