package clock

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// at reads a wall-clock time: "2026-11-23 09:52" or with seconds.
func at(t testing.TB, z *time.Location, s string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04"
	if len(s) > len(layout) {
		layout += ":05"
	}
	got, err := time.ParseInLocation(layout, s, z)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func limit(t testing.TB, s string) Limit {
	t.Helper()
	l, err := ParseLimit(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func spans(t testing.TB, z *time.Location, pairs ...string) []Span {
	t.Helper()
	var out []Span
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, Span{From: at(t, z, pairs[i]), To: at(t, z, pairs[i+1])})
	}
	return out
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	c := China()
	for _, row := range []struct {
		why, start, limit string
		pauses            []string
		want              string
		provisional       bool
	}{
		// The vectors of the domain reference, section 2.5.
		{why: "over the Spring Festival of 2025", start: "2025-01-24 10:00", limit: "5 working-days", want: "2025-02-07 17:30"},
		{why: "make-up Sunday before National Day", start: "2025-09-26 10:00", limit: "5 working-days", want: "2025-10-10 17:30"},
		{why: "into a new year whose first working day is a Sunday", start: "2025-12-31 10:00", limit: "1 working-days", want: "2026-01-04 17:30"},
		{why: "a make-up Saturday is the next working day", start: "2026-02-13 10:00", limit: "1 working-days", want: "2026-02-14 17:30"},
		{why: "over the Spring Festival of 2026", start: "2026-02-12 10:00", limit: "5 working-days", want: "2026-02-26 17:30"},
		{why: "over the Labour Day week", start: "2026-04-30 10:00", limit: "1 working-days", want: "2026-05-06 17:30"},
		{why: "a make-up Sunday counts", start: "2026-09-18 10:00", limit: "5 working-days", want: "2026-09-24 17:30"},
		{why: "holiday and make-up Saturday", start: "2026-09-29 10:00", limit: "5 working-days", want: "2026-10-12 17:30"},
		{why: "a permit's twenty days", start: "2026-09-30 10:00", limit: "20 working-days", want: "2026-11-03 17:30"},

		// Defects seen elsewhere.
		{why: "one day is not 24 working hours", start: "2026-11-23 09:52", limit: "1 working-days", want: "2026-11-24 17:30"},
		{why: "weekend intake: Saturday is no working day", start: "2026-11-21 11:00", limit: "1 working-days", want: "2026-11-23 17:30"},
		{why: "received after hours is still received that day", start: "2026-11-23 23:59", limit: "1 working-days", want: "2026-11-24 17:30"},
		{why: "pause across a weekend, on the run's calendar", start: "2026-11-19 10:00", limit: "2 working-days", pauses: []string{"2026-11-20 10:00", "2026-11-23 10:00"}, want: "2026-11-24 17:30"},
		{why: "the same pause in working hours takes seven of them", start: "2026-11-20 09:00", limit: "2 working-hours", pauses: []string{"2026-11-20 10:00", "2026-11-23 10:00"}, want: "2026-11-23 11:00"},
		{why: "several supplements within their days do not make it late", start: "2026-11-23 09:00", limit: "7 working-hours", pauses: []string{"2026-11-23 10:00", "2026-11-23 11:00", "2026-11-23 14:00", "2026-11-23 15:00", "2026-11-24 09:00", "2026-11-24 10:00"}, want: "2026-11-24 12:00"},
		{why: "days do not fire in minutes", start: "2026-11-23 09:00", limit: "7 days", want: "2026-12-01 00:00"},
		{why: "a long limit does not overflow", start: "2026-11-23 09:00", limit: "10000 days", want: "2054-04-11 00:00"},
		{why: "a long limit of hours does not overflow", start: "2026-11-23 09:00", limit: "10000 hours", want: "2028-01-14 01:00"},

		// Working hours.
		{why: "over lunch", start: "2026-11-23 11:30", limit: "2 working-hours", want: "2026-11-23 15:00"},
		{why: "ending exactly at the close, not at the next opening", start: "2026-11-23 15:30", limit: "2 working-hours", want: "2026-11-23 17:30"},
		{why: "over the night", start: "2026-11-23 17:00", limit: "2 working-hours", want: "2026-11-24 10:30"},
		{why: "received at lunch starts after it", start: "2026-11-23 12:30", limit: "1 working-hours", want: "2026-11-23 14:30"},
		{why: "seconds are kept", start: "2026-11-23 09:00:30", limit: "1 working-hours", want: "2026-11-23 10:00:30"},
		{why: "a pause outside office hours takes nothing", start: "2026-11-23 16:30", limit: "2 working-hours", pauses: []string{"2026-11-23 18:00", "2026-11-24 08:00"}, want: "2026-11-24 10:00"},

		// Elapsed time.
		{why: "an emergency runs at night", start: "2026-11-21 23:50", limit: "30 minutes", want: "2026-11-22 00:20"},
		{why: "and over holidays", start: "2026-10-01 00:00", limit: "24 hours", want: "2026-10-02 00:00"},
		{why: "a pause moves it by its length", start: "2026-11-21 09:00", limit: "2 hours", pauses: []string{"2026-11-21 10:00", "2026-11-21 10:40"}, want: "2026-11-21 11:40"},
		{why: "a pause before the start counts from the start", start: "2026-11-21 09:00", limit: "2 hours", pauses: []string{"2026-11-21 08:00", "2026-11-21 10:00"}, want: "2026-11-21 12:00"},
		{why: "a pause after the deadline is too late", start: "2026-11-21 09:00", limit: "2 hours", pauses: []string{"2026-11-21 11:00", "2026-11-21 15:00"}, want: "2026-11-21 11:00"},
		{why: "a pause that only counts because of the one before", start: "2026-11-21 09:00", limit: "2 hours", pauses: []string{"2026-11-21 11:30", "2026-11-21 12:00", "2026-11-21 10:00", "2026-11-21 11:00"}, want: "2026-11-21 12:30"},
		{why: "overlapping pauses count once", start: "2026-11-21 09:00", limit: "2 hours", pauses: []string{"2026-11-21 10:00", "2026-11-21 11:00", "2026-11-21 10:30", "2026-11-21 11:00"}, want: "2026-11-21 12:00"},

		// Pauses of working days: a day is lost if the office closed during it.
		{why: "Monday to Wednesday is two days", start: "2026-11-20 09:00", limit: "3 working-days", pauses: []string{"2026-11-23 10:00", "2026-11-25 10:00"}, want: "2026-11-27 17:30"},
		{why: "lifted the same day moves nothing", start: "2026-11-20 09:00", limit: "3 working-days", pauses: []string{"2026-11-23 10:00", "2026-11-23 16:00"}, want: "2026-11-25 17:30"},
		{why: "over a night moves nothing", start: "2026-11-20 09:00", limit: "3 working-days", pauses: []string{"2026-11-23 17:30", "2026-11-24 09:00"}, want: "2026-11-25 17:30"},
		{why: "stopped on the last day over the weekend: never due inside a pause", start: "2026-11-19 09:00", limit: "1 working-days", pauses: []string{"2026-11-20 10:00", "2026-11-21 10:00"}, want: "2026-11-23 17:30"},
		{why: "stopped on the day of receipt: the day it starts again takes its place", start: "2026-11-23 09:30", limit: "1 working-days", pauses: []string{"2026-11-23 10:00", "2026-11-24 10:00"}, want: "2026-11-25 17:30"},
		{why: "calendar days the same way", start: "2026-11-20 09:00", limit: "3 days", pauses: []string{"2026-11-21 10:00", "2026-11-23 10:00"}, want: "2026-11-26 00:00"},

		// Years without a notice.
		{why: "2027 is not published", start: "2026-12-31 10:00", limit: "1 working-days", want: "2027-01-01 17:30", provisional: true},
		{why: "received in an unpublished year, counted in a published one", start: "2024-12-31 10:00", limit: "1 working-days", want: "2025-01-02 17:30"},
		{why: "hours that reach into it", start: "2026-12-31 17:00", limit: "1 working-hours", want: "2027-01-01 09:30", provisional: true},
		{why: "calendar days need no notice", start: "2026-12-31 17:00", limit: "5 days", want: "2027-01-06 00:00"},
		{why: "an old case before the counted years", start: "1999-12-31 10:00", limit: "2 working-days", want: "2000-01-04 17:30", provisional: true},
		{why: "far beyond the counted years", start: "2190-01-01 10:00", limit: "1 working-days", want: "2190-01-04 17:30", provisional: true},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			got := c.Deadline(at(t, c.Zone(), row.start), limit(t, row.limit), spans(t, c.Zone(), row.pauses...))
			want := Deadline{at(t, c.Zone(), row.want), row.provisional}
			if !got.At.Equal(want.At) || got.Provisional != want.Provisional {
				t.Errorf("%s + %s = %v, want %v", row.start, row.limit, got, want)
			}
		})
	}
}

func TestDeadlineInNewYork(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.Zone, s.Years = "America/New_York", nil
	office, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	ny := office.Zone()
	night, err := New(Spec{Zone: s.Zone, ThroughHolidays: true, Hours: map[time.Weekday][]Period{time.Sunday: {{0, 6 * 60}}, time.Monday: {{0, 6 * 60}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why          string
		c            *Calendar
		start, limit string
		want         string
	}{
		{"same wall time over the spring change, 23 hours in the real world", office, "2014-03-08 05:08:10", "1 elapsed-days", "2014-03-09 05:08:10"},
		{"three months, as Baltimore promises", office, "2014-01-01 03:53:10", "90 elapsed-days", "2014-04-01 03:53:10"},
		{"nothing, as Baltimore promises too: due when it begins", office, "2014-01-01 03:53:10", "0 elapsed-days", "2014-01-01 03:53:10"},
		{"over the autumn change", office, "2015-10-31 12:00", "2 elapsed-days", "2015-11-02 12:00"},
		{"hours are real hours over the spring change", office, "2014-03-08 12:00", "24 hours", "2014-03-09 13:00"},
		{"calendar days end at the local midnight", office, "2014-03-08 12:00", "1 days", "2014-03-10 00:00"},
		{"working days close by the wall clock", office, "2014-03-07 12:00", "1 working-days", "2014-03-10 17:30"},
		{"a night desk loses the skipped hour", night, "2014-03-09 00:30", "4 working-hours", "2014-03-09 05:30"},
		{"a night desk gains the repeated hour", night, "2014-11-02 00:30", "4 working-hours", "2014-11-02 03:30"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			got := row.c.Deadline(at(t, ny, row.start), limit(t, row.limit), nil)
			if want := at(t, ny, row.want); !got.At.Equal(want) {
				t.Errorf("%s + %s = %v, want %v", row.start, row.limit, got.At, want)
			}
		})
	}
}

// A zone whose clocks jump at midnight has days that begin at 1:00.
func TestDayWithoutMidnight(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.Zone, s.Years = "America/Sao_Paulo", nil
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Deadline(at(t, c.Zone(), "2017-10-13 12:00"), limit(t, "1 days"), nil)
	if want := at(t, c.Zone(), "2017-10-14 23:59:59").Add(time.Second); !got.At.Equal(want) {
		t.Errorf("got %v, want %v", got.At, want)
	}
	toronto, err := LoadZone("America/Toronto")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Date("1919-03-31").Start(toronto).Format("02 15:04"), "31 00:30"; got != want {
		t.Errorf("the day that lost its first half hour starts at %s, want %s", got, want)
	}
	if got, want := Date("2017-10-15").Start(c.Zone()).Format("15:04"), "01:00"; got != want {
		t.Errorf("2017-10-15 starts at %s, want %s", got, want)
	}
}

func TestUncheckedLimitGivesNoDeadline(t *testing.T) {
	t.Parallel()
	for _, l := range []Limit{{}, {0, Hours}, {0, WorkingDays}, {-1, ElapsedDays}, {-1, WorkingDays}, {5, ""}, {5, "weeks"}} {
		if got := China().Deadline(time.Unix(1.8e9, 0), l, nil); !cmp.Equal(got, Deadline{}) {
			t.Errorf("Deadline(%v) = %v, want none", l, got)
		}
	}
}

func BenchmarkDeadline(b *testing.B) {
	c := China()
	start := at(b, c.Zone(), "2026-01-05 10:17")
	for _, l := range []Limit{{5, WorkingDays}, {20, WorkingDays}, {4, WorkingHours}, {2000, WorkingHours}, {7, Days}, {30, Minutes}, {90, ElapsedDays}} {
		b.Run(l.String(), func(b *testing.B) {
			for i := range b.N {
				c.Deadline(start.Add(time.Duration(i%500000)*time.Minute), l, nil)
			}
		})
	}
	b.Run("reckoned", func(b *testing.B) {
		for i := range b.N {
			c.Reckon(Count{Start: start.Add(time.Duration(i%500000) * time.Minute), Limit: Limit{5, WorkingDays}})
		}
	})
	b.Run("paused", func(b *testing.B) {
		p := []Span{{From: start.AddDate(0, 0, 2), To: start.AddDate(0, 0, 5)}}
		for range b.N {
			c.Deadline(start, Limit{10, WorkingDays}, p)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for range b.N {
		China()
	}
}
