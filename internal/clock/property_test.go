package clock

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestProperties holds what must be true of any count: a longer limit is never
// due earlier, how pauses are written down changes nothing, a pause never makes
// a promise earlier, a deadline is never inside a pause, it is near before it is
// due, the zone an instant is written in changes nothing, and the explanation
// counts exactly the limit.
func TestProperties(t *testing.T) {
	t.Parallel()
	c := unusual(t)
	r := rand.New(rand.NewPCG(1, 2))
	base := at(t, c.Zone(), "2025-01-01 00:00")
	elsewhere, err := LoadZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	units := []Unit{Minutes, Hours, WorkingHours, WorkingDays, Days, ElapsedDays}
	for i := range 3000 {
		q := Count{Start: base.Add(time.Duration(r.IntN(700*24*60)) * time.Minute), Limit: Limit{1 + r.IntN(30), units[i%len(units)]}}
		var other []Span
		q.Pauses, other = randomPauses(r, q.Start)
		name := fmt.Sprintf("%v + %v, paused %v", q.Start, q.Limit, q.Pauses)
		got := c.Reckon(q)
		same := Count{Start: q.Start.In(elsewhere), Limit: q.Limit, Pauses: other}
		if again := c.Reckon(same); again != got {
			t.Fatalf("%s: written otherwise %v, want %v", name, again, got)
		}
		if more := c.Deadline(q.Start, Limit{q.Limit.N + 1, q.Limit.Unit}, q.Pauses); !more.At.After(got.Due) {
			t.Fatalf("%s: one more is due %v, not after %v", name, more.At, got.Due)
		}
		checkPauses(t, name, c, q, got)
		if got.Near.After(got.Due) || got.Near.Before(q.Start) {
			t.Fatalf("%s: near from %v, outside %v to %v", name, got.Near, q.Start, got.Due)
		}
		checkStory(t, name, c, q, got)
	}
}

// unusual is a calendar with what calendars can have: a Saturday morning, a half
// day, a closed day and a Sunday that is worked.
func unusual(t *testing.T) *Calendar {
	t.Helper()
	s := ChinaSpec()
	s.Hours[time.Saturday] = []Period{{540, 720}}
	s.Own = []OwnDay{{Date: "2025-12-31", Hours: []Period{{540, 720}}}, {Date: "2026-03-09"}, {Date: "2026-05-03", Hours: []Period{{600, 900}}}}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// randomPauses are some pauses, and the same ones split in two, overlapping, in
// another order and written in another zone.
func randomPauses(r *rand.Rand, start time.Time) (whole, other []Span) {
	for from := start; r.IntN(3) > 0; {
		from = from.Add(time.Duration(r.IntN(72*60)) * time.Minute)
		n := time.Duration(1+r.IntN(96*60)) * time.Minute
		cut := time.Duration(r.Int64N(int64(n))).Truncate(time.Second)
		whole = append(whole, Span{From: from, To: from.Add(n)})
		other = append(other, Span{From: from.Add(cut).UTC(), To: from.Add(n)}, Span{From: from, To: from.Add(cut + (n-cut)/2)})
		from = from.Add(n)
	}
	r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return whole, other
}

func checkPauses(t *testing.T, name string, c *Calendar, q Count, got Reckoning) {
	t.Helper()
	for i, p := range q.Pauses {
		fewer := q
		fewer.Pauses = q.Pauses[:i]
		if c.Reckon(fewer).Due.After(got.Due) {
			t.Fatalf("%s: the pauses from %v on made it earlier", name, p.From)
		}
		if p.From.Before(got.Due) && !got.Due.After(p.To) {
			t.Fatalf("%s: due %v inside the pause %v", name, got.Due, p)
		}
	}
}

func checkStory(t *testing.T, name string, c *Calendar, q Count, want Reckoning) {
	t.Helper()
	x, l := c.Explain(q), q.Limit
	if x.Reckoning != want {
		t.Fatalf("%s: explained %v, want %v", name, x.Reckoning, want)
	}
	counted, ran, last := 0, time.Duration(0), Date("")
	for _, line := range x.Lines {
		if line.Counted {
			counted, ran, last = counted+1, ran+line.Time, line.Date
		}
	}
	switch l.Unit {
	case WorkingDays, Days:
		if counted != l.N {
			t.Fatalf("%s: %d days counted in the explanation, want %d\n%v", name, counted, l.N, x.Lines)
		}
		if due := DateOf(want.Due.Add(-time.Second), c.Zone()); last != due {
			t.Fatalf("%s: the last counted day is %s, want %s", name, last, due)
		}
	case WorkingHours:
		if ran != time.Duration(l.N)*time.Hour {
			t.Fatalf("%s: %v counted in the explanation, want %d hours", name, ran, l.N)
		}
	}
}

// TestYear counts every hour of a year against a count done the slow way, by
// walking: a year of deadlines passes in well under a second.
func TestYear(t *testing.T) {
	t.Parallel()
	c := unusual(t)
	start := at(t, c.Zone(), "2025-06-01 00:30")
	for hour := range 365 * 24 {
		from := start.Add(time.Duration(hour) * time.Hour)
		n := 1 + hour%12
		if got, want := c.Deadline(from, Limit{n, WorkingDays}, nil).At, slowDays(c, from, n); !got.Equal(want) {
			t.Fatalf("%v + %d working days: %v, want %v", from, n, got, want)
		}
		if got, want := c.Deadline(from, Limit{n, WorkingHours}, nil).At, slowHours(c, from, n); !got.Equal(want) {
			t.Fatalf("%v + %d working hours: %v, want %v", from, n, got, want)
		}
	}
}

// hoursOn are the office hours of a date, straight from the rules.
func hoursOn(c *Calendar, d Date) []Period {
	_, off := c.rules.off[d]
	_, work := c.rules.work[d]
	own, ours := c.rules.own[d]
	week := c.rules.week[d.Weekday()]
	switch {
	case ours:
		return own.Hours
	case off:
		return nil
	case work && len(week) == 0:
		return c.rules.makeUp
	}
	return week
}

func slowDays(c *Calendar, from time.Time, n int) time.Time {
	d := DateOf(from, c.Zone())
	for n > 0 {
		if d = d.Add(1); len(hoursOn(c, d)) > 0 {
			n--
		}
	}
	hours := hoursOn(c, d)
	return d.Start(c.Zone()).Add(time.Duration(hours[len(hours)-1].To) * time.Minute)
}

func slowHours(c *Calendar, from time.Time, n int) time.Time {
	left := time.Duration(n) * time.Hour
	for d := DateOf(from, c.Zone()); ; d = d.Add(1) {
		for _, p := range hoursOn(c, d) {
			a, b := d.Start(c.Zone()).Add(time.Duration(p.From)*time.Minute), d.Start(c.Zone()).Add(time.Duration(p.To)*time.Minute)
			if a.Before(from) {
				a = from
			}
			if b.After(a) && b.Sub(a) >= left {
				return a.Add(left)
			}
			left -= max(0, b.Sub(a))
		}
	}
}
