// Package clock turns limits into deadlines and says why.
//
// A [Limit] is a promise in words ("5 working-days"); a deadline is an instant.
// Between them stands a [Calendar]: the office hours of a unit, its statutory
// days off and its make-up workdays (调休). [Calendar.Deadline] counts,
// [Calendar.Explain] prints every day counted and skipped, [Calendar.Left] says
// what remains in working time, and [Calendar.Judge] gives signal and verdict.
// There is no second place where any of these is worked out, so what a resident
// reads, what a queue sorts by and what a scorecard counts cannot disagree.
//
// How each unit counts, to the second:
//
//   - minutes, hours: plain elapsed time, day and night.
//   - working-hours: only time inside office hours runs.
//   - working-days: the day of receipt is not counted; every later day of the
//     calendar counts as one, however long its hours; the deadline is the close
//     of office hours on the last one. One working day is never 24 hours.
//   - days: calendar days; the day of receipt is not counted; the deadline is
//     the end of the last day, 24:00, which is the next midnight. It is not
//     moved when that day is a day off: a promise is not lengthened silently.
//   - elapsed-days: the same wall-clock time N days later, also across daylight
//     saving. Where that time falls into the hour the clocks skip, it is what
//     time.Date makes of it.
//
// A pause moves the deadline by what the same unit counts inside it: elapsed
// time for hours, office time for working-hours. For units of days, a day is
// lost to a pause if the clock stood still when that day ended (the close of
// office hours for working days, midnight for calendar days): from Monday noon
// to Wednesday noon is two days, Friday noon to Monday noon is one working day,
// and a pause lifted before the close of the day it began moves nothing. That
// holds for the day of receipt too, so the day on which the clock starts again
// then takes its place. A pause that begins at or after the deadline moves
// nothing, and a deadline never falls inside a pause.
//
// The package is pure: it knows no database and, except for [System], no time.
package clock

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // zones must load on a machine that has none installed

	"linli/internal/errs"
	"linli/internal/lang"
)

// Spec is a calendar as data. Its zero value is not a calendar: hours are
// required, because a unit that never opens has no deadlines.
type Spec struct {
	// Zone is the IANA name, such as Asia/Shanghai; empty means that one.
	Zone string
	// Hours are the office hours of each weekday; a weekday without is off.
	Hours map[time.Weekday][]Period
	// MakeUp are the hours of a make-up workday whose weekday has none; empty
	// means those of the first weekday from Monday that has some.
	MakeUp []Period
	// Years are the statutory days that have been published.
	Years []Year
	// ThroughHolidays is for desks that work every one of their weekdays all
	// year, such as a hotline: days off and make-up days mean nothing to them
	// and no year is provisional.
	ThroughHolidays bool
	// Near says when a deadline is near; the zero value is the usual rule.
	Near Thresholds
}

// Year is one year's notice of days off and make-up workdays. Having it, even
// empty, means the year was published, so deadlines in it are not provisional.
type Year struct {
	Year int
	Off  []Day
	Work []Day
}

// Day is a date that a notice names, and why.
type Day struct {
	Date Date
	Name lang.Text
}

// Calendar is a checked Spec, ready to count. It never changes and is safe for
// use by many; make it once and keep it.
type Calendar struct {
	zone  *time.Location
	rules rules
	near  Thresholds
	table *table
	whole func() *Calendar // the same zone, around the clock: see For
}

// New checks a spec and makes its calendar. It refuses a week without office
// hours, hours that overlap or are out of order, an unknown zone, and a date
// that is named twice.
func New(s Spec) (*Calendar, error) {
	if s.Zone == "" {
		s.Zone = "Asia/Shanghai"
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, errs.New(errs.Invalid, "没有时区 %q", "There is no time zone %q", clip(s.Zone)).At("zone").Because(err)
	}
	r, err := newRules(s)
	if err != nil {
		return nil, err
	}
	return &Calendar{
		zone: zone, rules: r, near: s.Near, table: newTable(zone, r, firstYear, lastYear),
		whole: sync.OnceValue(func() *Calendar { return aroundTheClock(zone, s.Near) }),
	}, nil
}

// aroundTheClock is made on first need: most calendars are only asked for
// working time.
func aroundTheClock(zone *time.Location, near Thresholds) *Calendar {
	c := &Calendar{zone: zone, rules: allDay(), near: near}
	c.table = newTable(zone, c.rules, firstYear, lastYear)
	c.whole = func() *Calendar { return c }
	return c
}

// Zone is where the calendar's walls stand.
func (c *Calendar) Zone() *time.Location { return c.zone }

// For is the calendar in which a limit of this unit runs: itself for working
// time, and the same zone around the clock for the rest. Ask it for Left and
// Judge, so that an emergency's 30 minutes at night are 30 minutes.
func (c *Calendar) For(u Unit) *Calendar {
	if u.Working() {
		return c
	}
	return c.whole()
}

// Loaded reports whether the notice of a year is known; without it deadlines
// in that year are counted on plain weekends and are provisional.
func (c *Calendar) Loaded(year int) bool { return c.rules.through || c.rules.loaded[year] }

// rules are a Spec after checking, in the shape the table builder wants.
type rules struct {
	week    [7][]Period
	makeUp  []Period
	off     map[Date]lang.Text
	work    map[Date]lang.Text
	loaded  map[int]bool
	through bool
}

func newRules(s Spec) (rules, error) {
	r := rules{off: map[Date]lang.Text{}, work: map[Date]lang.Text{}, loaded: map[int]bool{}, through: s.ThroughHolidays}
	open := false
	for day, hours := range s.Hours {
		if day < time.Sunday || day > time.Saturday {
			return r, errs.New(errs.Invalid, "没有第 %d 个星期几", "There is no weekday %d", int(day)).At("hours")
		}
		if err := checkHours(weekdayText(day), hours); err != nil {
			return r, err
		}
		r.week[day] = hours
		open = open || len(hours) > 0
	}
	if !open {
		return r, errs.New(errs.Invalid, "一周里没有办公时间，算不出期限", "A week without office hours gives no deadlines").At("hours")
	}
	if err := checkHours(lang.T("调休上班日", "make-up workdays"), s.MakeUp); err != nil {
		return r, err
	}
	r.makeUp = s.MakeUp
	for i := 0; len(r.makeUp) == 0; i++ {
		r.makeUp = r.week[(int(time.Monday)+i)%7]
	}
	return r, r.addYears(s.Years)
}

func (r rules) addYears(years []Year) error {
	for _, y := range years {
		if r.loaded[y.Year] {
			return errs.New(errs.Invalid, "%d 年的放假安排写了两次", "The year %d is given twice", y.Year).At("years")
		}
		r.loaded[y.Year] = true
		for _, d := range y.Off {
			if err := r.addDay(y.Year, d, r.off); err != nil {
				return err
			}
		}
		for _, d := range y.Work {
			if err := r.addDay(y.Year, d, r.work); err != nil {
				return err
			}
		}
	}
	return nil
}

// addDay takes a day of the year's notice. Notices reach back into the last
// days of the year before, so December of that year is theirs too.
func (r rules) addDay(year int, d Day, into map[Date]lang.Text) error {
	date, err := ParseDate(string(d.Date))
	if err != nil {
		return err
	}
	if ym := string(date[:7]); ym[:4] != fmt.Sprintf("%04d", year) && ym != fmt.Sprintf("%04d-12", year-1) {
		return errs.New(errs.Invalid, "%s 不在 %d 年的安排里", "%s is not in the notice of %d", date, year).At("years")
	}
	_, off := r.off[date]
	_, work := r.work[date]
	if off || work {
		return errs.New(errs.Invalid, "%s 写了两次，休息和上班只能是一样", "%s is named twice; it is either off or at work", date).At("years")
	}
	into[date] = d.Name
	return nil
}

// allDay is every hour of every day.
func allDay() rules {
	r := rules{through: true}
	for i := range r.week {
		r.week[i] = []Period{{0, 24 * 60}}
	}
	r.makeUp = r.week[1]
	return r
}
