package clock

import (
	"errors"
	"testing"
	"time"

	"linli/internal/errs"
)

// TestFailuresOfOtherSystems has a row for each failure of the clock that was
// reported of another system; each row says what went wrong there. Merged cases
// that escalate, a clock reset by an edit, and reopening that keeps the old date
// are tested where cases are.
func TestFailuresOfOtherSystems(t *testing.T) {
	t.Parallel()
	c := China()
	z := c.Zone()
	for _, row := range []struct {
		why, start, limit string
		pauses            []string
		want              string
	}{
		{"one day was taken as 24 working hours and came three days late", "2026-11-23 09:52", "1 working-days", nil, "2026-11-24 17:30"},
		{"intake on a Saturday began to run that day", "2026-11-21 11:00", "1 working-days", nil, "2026-11-23 17:30"},
		{"intake on a Sunday in working hours ran through the Sunday", "2026-11-22 11:00", "2 working-hours", nil, "2026-11-23 11:00"},
		{"a make-up Saturday was taken as a day off", "2026-10-09 10:00", "1 working-days", nil, "2026-10-10 17:30"},
		{"a statutory holiday was taken as a working day", "2026-09-30 10:00", "1 working-days", nil, "2026-10-08 17:30"},
		{"a pause was a flag that moved no date", "2026-11-23 09:00", "3 working-days", []string{"2026-11-24 10:00", "2026-11-26 10:00"}, "2026-11-30 17:30"},
		{"a pause over a weekend was counted in calendar days, the run in working days", "2026-11-19 10:00", "2 working-days", []string{"2026-11-20 10:00", "2026-11-23 10:00"}, "2026-11-24 17:30"},
		{"several supplements made a case late", "2026-11-23 09:00", "7 working-hours", []string{"2026-11-23 10:00", "2026-11-23 11:00", "2026-11-23 14:00", "2026-11-23 15:00", "2026-11-24 09:00", "2026-11-24 10:00"}, "2026-11-24 12:00"},
		{"a timer in days fired after as many minutes", "2026-11-23 09:00", "7 days", nil, "2026-12-01 00:00"},
		{"a long limit overflowed and was due in the past", "2026-11-23 09:00", "10000 days", nil, "2054-04-11 00:00"},
	} {
		q := Count{Start: at(t, z, row.start), Limit: limit(t, row.limit), Pauses: spans(t, z, row.pauses...)}
		if got := c.Reckon(q).Due; !got.Equal(at(t, z, row.want)) {
			t.Errorf("%s: due %v, want %s", row.why, got, row.want)
		}
	}
	t.Run("empty office hours gave a crash instead of a refusal", func(t *testing.T) {
		t.Parallel()
		for _, week := range []map[time.Weekday][]Period{nil, {}, {time.Monday: nil}, {time.Monday: {}, time.Friday: {}}} {
			if _, err := New(Spec{Hours: week}); !errors.Is(err, errs.Invalid) {
				t.Errorf("%v: %v, want a refusal", week, err)
			}
		}
	})
	t.Run("odd sets of weekdays gave dates on days off", oddWeeks)
	t.Run("the deadline shown and the verdict disagreed", agreement)
}

// oddWeeks tries every set of weekdays there is.
func oddWeeks(t *testing.T) {
	t.Parallel()
	for set := 1; set < 1<<7; set++ {
		week := map[time.Weekday][]Period{}
		for day := time.Sunday; day <= time.Saturday; day++ {
			if set>>day&1 == 1 {
				week[day] = []Period{{600, 660}}
			}
		}
		r, err := newRules(Spec{Hours: week})
		if err != nil {
			t.Fatal(err)
		}
		c := &Calendar{zone: time.UTC, rules: r, table: newTable(time.UTC, r, 2026, 2027)}
		start := time.Date(2026, 1, 14, 8, 0, 0, 0, time.UTC)
		for n := 1; n <= 15; n++ {
			day := start
			for left := n; left > 0; {
				if day = day.AddDate(0, 0, 1); len(week[day.Weekday()]) > 0 {
					left--
				}
			}
			want := time.Date(2026, day.Month(), day.Day(), 11, 0, 0, 0, time.UTC)
			if got := c.Deadline(start, Limit{n, WorkingDays}, nil).At; !got.Equal(want) {
				t.Fatalf("set %07b + %d: %v, want %v", set, n, got, want)
			}
		}
	}
}

// agreement holds that the signal, the words and the verdict turn at the very
// instants that a store keeps and a page shows, to the microsecond.
func agreement(t *testing.T) {
	t.Parallel()
	c := China()
	start := at(t, c.Zone(), "2026-11-19 10:17")
	for _, text := range []string{"30 minutes", "5 hours", "4 working-hours", "3 working-days", "7 days", "2 elapsed-days"} {
		l := limit(t, text)
		got, cal := c.Reckon(Count{Start: start, Limit: l}), c.For(l.Unit)
		for _, row := range []struct {
			now  time.Time
			want Signal
		}{
			{got.Near.Add(-time.Microsecond), OK}, {got.Near, Near}, {got.Near.Add(time.Microsecond), Near},
			{got.Due.Add(-time.Microsecond), Near}, {got.Due, Near}, {got.Due.Add(time.Microsecond), Late},
		} {
			v := cal.Judge(row.now, got.Near, got.Due, time.Time{})
			if v.Signal != row.want || v.OnTime() == (row.want == Late) || v.Left.Late == v.OnTime() {
				t.Errorf("%s at %v: %s, on time %v, %v; want %s", text, row.now, v.Signal, v.OnTime(), v.Left, row.want)
			}
		}
		if shown := c.Explain(Count{Start: start, Limit: l}).Due; !shown.Equal(got.Due) {
			t.Errorf("%s: shown as %v, kept as %v", text, shown, got.Due)
		}
	}
}
