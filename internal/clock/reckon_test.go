package clock

import (
	"testing"
	"time"
)

func TestReckon(t *testing.T) {
	t.Parallel()
	c := China()
	for _, row := range []struct {
		why, start, limit string
		pauses            []string
		held              string
		near, due         string
	}{
		{"four fifths of ten office hours", "2026-11-23 09:00", "10 working-hours", nil, "", "2026-11-24 10:00", "2026-11-24 12:00"},
		{"of a day and night", "2026-11-21 00:00", "10 hours", nil, "", "2026-11-21 08:00", "2026-11-21 10:00"},
		{"at night too", "2026-11-21 23:50", "30 minutes", nil, "", "2026-11-22 00:14", "2026-11-22 00:20"},
		{"of office time between receipt and close for days", "2026-11-20 17:30", "5 working-days", nil, "", "2026-11-26 17:30", "2026-11-27 17:30"},
		{"of plain time for calendar days", "2026-11-21 00:00", "4 days", nil, "", "2026-11-25 00:00", "2026-11-26 00:00"},
		{"a pause before it moves both", "2026-11-21 00:00", "10 hours", []string{"2026-11-21 01:00", "2026-11-21 03:00"}, "", "2026-11-21 10:00", "2026-11-21 12:00"},
		{"a pause after it moves the deadline alone", "2026-11-21 00:00", "10 hours", []string{"2026-11-21 09:00", "2026-11-21 11:00"}, "", "2026-11-21 08:00", "2026-11-21 12:00"},
		{"a pause within a day moves the nearing and no day", "2026-11-20 17:30", "1 working-days", []string{"2026-11-23 09:00", "2026-11-23 12:00"}, "", "2026-11-23 16:42", "2026-11-23 17:30"},
		{"a pause that begins as it gets near does not put the nearing off", "2026-11-21 00:00", "10 hours", []string{"2026-11-21 08:00", "2026-11-21 10:00"}, "", "2026-11-21 08:00", "2026-11-21 12:00"},
		{"a share of seconds is rounded up: it is used, not almost", "2026-11-20 17:29:58", "1 working-days", nil, "", "2026-11-23 16:06", "2026-11-23 17:30"},
		{"nothing left out of nothing", "2026-11-21 09:00", "0 elapsed-days", nil, "", "2026-11-21 09:00", "2026-11-21 09:00"},
		{"held: the dates stay as they stood", "2026-11-21 00:00", "10 hours", []string{"2026-11-21 01:00", "2026-11-21 03:00"}, "2026-11-21 05:00", "2026-11-21 10:00", "2026-11-21 12:00"},
		{"held: a planned end moves nothing yet", "2026-11-21 00:00", "10 hours", []string{"2026-11-21 01:00", "2026-11-25 00:00"}, "2026-11-21 01:00", "2026-11-21 08:00", "2026-11-21 10:00"},
		{"an old case outside the counted years", "1999-12-31 09:00", "7 working-hours", nil, "", "1999-12-31 16:06", "1999-12-31 17:30"},
	} {
		q := Count{Start: at(t, c.Zone(), row.start), Limit: limit(t, row.limit), Pauses: spans(t, c.Zone(), row.pauses...)}
		if row.held != "" {
			q.Held = at(t, c.Zone(), row.held)
		}
		got := c.Reckon(q)
		if !got.Near.Equal(at(t, c.Zone(), row.near)) || !got.Due.Equal(at(t, c.Zone(), row.due)) {
			t.Errorf("%s: near %v, due %v; want %s, %s", row.why, got.Near, got.Due, row.near, row.due)
		}
		if told := c.Explain(q).Reckoning; told != got {
			t.Errorf("%s: explained as %v, reckoned as %v", row.why, told, got)
		}
	}
	if got := c.Reckon(Count{Start: time.Unix(1.8e9, 0), Limit: Limit{0, Hours}}); got != (Reckoning{}) {
		t.Errorf("a limit of nothing gives %v", got)
	}
}

// A due date that was imposed has a nearing of its own.
func TestNearFrom(t *testing.T) {
	t.Parallel()
	c := China()
	z := c.Zone()
	for _, row := range []struct {
		why        string
		c          *Calendar
		start, due string
		pauses     []string
		want       string
	}{
		{"by office time", c, "2026-11-23 09:00", "2026-11-24 13:30", nil, "2026-11-24 10:00"},
		{"by plain time", c.For(Days), "2026-11-21 00:00", "2026-11-21 10:00", nil, "2026-11-21 08:00"},
		{"pauses left out", c.For(Days), "2026-11-21 00:00", "2026-11-21 12:00", []string{"2026-11-21 01:00", "2026-11-21 03:00"}, "2026-11-21 10:00"},
		{"a pause that reaches over the date", c.For(Days), "2026-11-21 00:00", "2026-11-21 10:00", []string{"2026-11-21 05:00", "2026-11-21 23:00"}, "2026-11-21 04:00"},
		{"no office time at all", c, "2026-11-21 00:00", "2026-11-22 00:00", nil, "2026-11-22 00:00"},
		{"due before it began", c, "2026-11-21 00:00", "2026-11-20 00:00", nil, "2026-11-20 00:00"},
		{"outside the counted years", c, "1999-12-31 09:00", "1999-12-31 17:30", nil, "1999-12-31 16:06"},
	} {
		if got := row.c.NearFrom(at(t, z, row.start), at(t, z, row.due), spans(t, z, row.pauses...)...); !got.Equal(at(t, z, row.want)) {
			t.Errorf("%s: near from %v, want %s", row.why, got, row.want)
		}
	}
	if got := c.NearFrom(time.Unix(0, 0), time.Time{}); !got.IsZero() {
		t.Errorf("no due date is near from %v", got)
	}
}

func TestLimitPlus(t *testing.T) {
	t.Parallel()
	five := Limit{5, WorkingDays}
	if got, err := five.Plus(Limit{3, WorkingDays}); err != nil || got != (Limit{8, WorkingDays}) {
		t.Errorf("5 and 3 working days are %v, %v", got, err)
	}
	for why, more := range map[string]Limit{
		"another unit": {3, Days}, "nothing": {}, "less": {-1, WorkingDays}, "a million days": {1000000, WorkingDays},
		"over the largest together": {MaxLimit - 4, WorkingDays}, "no days": {0, WorkingDays},
	} {
		if got, err := five.Plus(more); err == nil || got != (Limit{}) {
			t.Errorf("%s: an extension by %v gives %v", why, more, got)
		}
	}
	if got, err := (Limit{1, ElapsedDays}).Plus(Limit{0, ElapsedDays}); err == nil {
		t.Errorf("an extension of nothing gives %v", got)
	}
	if got, err := (Limit{}).Plus(five); err == nil {
		t.Errorf("no limit, extended, is %v", got)
	}
}
