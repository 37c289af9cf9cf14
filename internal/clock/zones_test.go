package clock

import (
	"testing"
	"time"
)

// oddZones are zones whose days are not all alike: summer time at night, at
// midnight, by half an hour, and a day left out.
var oddZones = []string{"America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut", "Asia/Shanghai", "Africa/Casablanca"}

// Days follow each other without gap or overlap wherever a clock hangs.
func TestDaysOfOddZones(t *testing.T) {
	t.Parallel()
	for _, name := range oddZones {
		zone, err := LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		d := Date("2010-01-01")
		for range 366 * 12 {
			start, end := d.Start(zone), d.Add(1).Start(zone)
			missing := name == "Pacific/Apia" && d == "2011-12-30"
			if !end.After(start) != missing {
				t.Fatalf("%s: %s goes from %v to %v", name, d, start, end)
			}
			if !missing && (DateOf(start, zone) != d || DateOf(start.Add(-time.Second), zone) >= d) {
				t.Fatalf("%s: %s begins %v, which is not its first instant", name, d, start)
			}
			d = d.Add(1)
		}
	}
}

// Samoa went from Thursday 29 December 2011 straight to Saturday the 31st.
func TestMissingDay(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.Zone, s.Years = "Pacific/Apia", nil
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	z := c.Zone()
	for _, row := range []struct{ why, start, limit, want string }{
		{"the Friday that was not is no working day", "2011-12-29 10:00", "1 working-days", "2012-01-02 17:30"},
		{"and has no office hours", "2011-12-29 16:30", "2 working-hours", "2012-01-02 10:00"},
		{"nor is it a day", "2011-12-28 10:00", "2 days", "2012-01-01 00:00"},
		{"the days after it are counted on", "2011-12-31 10:00", "1 days", "2012-01-02 00:00"},
		{"a day later is the first instant after it", "2011-12-29 10:00", "1 elapsed-days", "2011-12-31 00:00"},
		{"hours are hours", "2011-12-29 23:00", "2 hours", "2011-12-31 01:00"},
	} {
		q := Count{Start: at(t, z, row.start), Limit: limit(t, row.limit)}
		got := c.Reckon(q)
		if !got.Due.Equal(at(t, z, row.want)) || got.Near.Before(q.Start) || got.Near.After(got.Due) {
			t.Errorf("%s: %s + %s = %v, want %s", row.why, row.start, row.limit, got, row.want)
		}
		checkStory(t, row.why, c, q, got)
	}
}

// Across every change of the clocks the promises stay in order and keep their
// length.
func TestClockChanges(t *testing.T) {
	t.Parallel()
	for _, name := range oddZones {
		s := ChinaSpec()
		s.Zone, s.Years = name, nil
		s.Hours[time.Saturday], s.Hours[time.Sunday] = []Period{{0, 300}}, []Period{{0, 1440}}
		c, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"1 days", "1 elapsed-days", "1 working-days", "3 working-hours", "24 hours"} {
			l, before := limit(t, text), time.Time{}
			for start := at(t, c.Zone(), "2011-01-01 00:10"); start.Year() < 2013; start = start.Add(97 * time.Minute) {
				got := c.Reckon(Count{Start: start, Limit: l})
				if got.Due.Before(before) || got.Due.Before(start) || got.Near.After(got.Due) || got.Near.Before(start) {
					t.Fatalf("%s: %v + %s is near %v, due %v; the one before was due %v", name, start, text, got.Near, got.Due, before)
				}
				before = got.Due
				if l.Unit == WorkingHours && c.Worked(start, got.Due) != 3*time.Hour {
					t.Fatalf("%s: %v + %s took %v", name, start, text, c.Worked(start, got.Due))
				}
			}
		}
	}
}

// Nothing overflows at the largest limit, whichever unit it is in.
//
// ASVS 1.4.2
func TestLargestLimits(t *testing.T) {
	t.Parallel()
	c := China()
	start := at(t, c.Zone(), "2026-11-23 09:00")
	for unit, year := range map[Unit]int{Minutes: 2026, Hours: 2028, WorkingHours: 2032, WorkingDays: 2065, Days: 2054, ElapsedDays: 2054} {
		got := c.Reckon(Count{Start: start, Limit: Limit{MaxLimit, unit}})
		if got.Due.Year() != year || !got.Near.After(start) || got.Near.After(got.Due) {
			t.Errorf("%d %s: %v, want a date in %d", MaxLimit, unit, got, year)
		}
		if got := c.Reckon(Count{Start: start, Limit: Limit{MaxLimit + 1, unit}}); got != (Reckoning{}) {
			t.Errorf("more than the largest limit is due %v", got.Due)
		}
	}
}
