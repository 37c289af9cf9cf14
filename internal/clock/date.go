package clock

import (
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Date is a legal date, YYYY-MM-DD, in the zone of whoever wrote it. Dates
// compare and sort as text.
type Date string

// ParseDate reads 2026-11-23, 2026/11/23, 20261123 or 2026年11月23日 and refuses
// a day that does not exist.
func ParseDate(s string) (Date, error) {
	text := narrow(s)
	for _, layout := range []string{time.DateOnly, "2006/1/2", "2006-1-2", "20060102", "2006年1月2日", "2006.1.2"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1 {
			return Date(t.Format(time.DateOnly)), nil
		}
	}
	return "", errs.New(errs.Invalid, "%q 不是日期，例如 2026-11-23", "%q is not a date; write for example 2026-11-23", clip(s)).At("date")
}

// DateOf is the date of an instant in a zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

// Start is the first instant of the date in a zone: midnight, or where the
// clocks jump over midnight, the instant they jump.
func (d Date) Start(zone *time.Location) time.Time {
	y, m, day := d.parts()
	return startOfDay(y, m, day, zone)
}

// Add is the date n days later, or earlier where n is negative.
func (d Date) Add(n int) Date {
	y, m, day := d.parts()
	return Date(time.Date(y, m, day+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// Weekday is the day of the week of the date.
func (d Date) Weekday() time.Weekday {
	y, m, day := d.parts()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Text is the date in words, with its year: 2026年11月23日 周一.
func (d Date) Text() lang.Text { return d.In(0) }

// In is the date in words for somebody in a year, who needs it only of another
// one: 11月23日 周一.
func (d Date) In(year int) lang.Text {
	y, m, day := d.parts()
	return dayText(time.Date(y, m, day, 0, 0, 0, 0, time.UTC), y != year)
}

// UnmarshalText lets packs and settings hold dates, checked on reading.
func (d *Date) UnmarshalText(b []byte) error {
	got, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

func (d Date) parts() (int, time.Month, int) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 1, 1, 1
	}
	return t.Date()
}

// startOfDay finds the first instant of a local day. Where the clocks jump over
// midnight that is the jump, on whichever side of it time.Date answers. A day
// that a zone left out altogether, as Samoa did with 30 December 2011, begins
// and ends at the jump.
func startOfDay(y int, m time.Month, d int, zone *time.Location) time.Time {
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	got := DateOf(t, zone)
	if want := Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)); got != want {
		before, after := t.ZoneBounds()
		if got < want {
			return after
		}
		return before
	}
	return t
}
