// Package clock turns limits into deadlines and says why.
//
// A [Limit] is a promise in words ("5 working-days"); a deadline is an instant.
// Between them stands a [Calendar]: the office hours of a unit, the statutory
// days off and make-up workdays (调休), and the unit's own days, such as a half
// day for stocktaking. A question is a [Count]: when it began, the limit, the
// pauses. [Calendar.Reckon] answers it with the instants a store keeps,
// [Calendar.Explain] prints every day counted and skipped on the way,
// [Calendar.Judge] gives signal and verdict by comparing instants alone, and
// [Calendar.Left] says what remains in working time. There is no second place
// where any of these is worked out, so what a resident reads, what a queue sorts
// by and what a scorecard counts cannot disagree.
//
// How each unit counts, to the second:
//
//   - minutes, hours: plain elapsed time, day and night.
//   - working-hours: only time inside office hours runs.
//   - working-days: the day of receipt is not counted; every later day of the
//     calendar counts as one, however long its hours, a half day too; the
//     deadline is the close of office hours on the last one. One working day is
//     never 24 hours.
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
// A promise is near when a share of its time is used, 80 percent unless the
// calendar's [Thresholds] say otherwise: of the office time between receipt and
// deadline for limits of working time, of the plain time for the others, and in
// both without what the pauses took.
//
// The package is pure: it knows no database and, except for [System], no time.
package clock

import (
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
	// Own are days on which the unit keeps other hours than its week and the
	// notices say. They stand above both, also where ThroughHolidays holds.
	Own []OwnDay
	// ThroughHolidays is for desks that work every one of their weekdays all
	// year, such as a hotline: days off and make-up days mean nothing to them
	// and no year is provisional.
	ThroughHolidays bool
	// Near says when a deadline is near; the zero value is the usual rule.
	Near Thresholds
}

// OwnDay is a date with hours of its own and why: a half day, a day closed
// (no hours), or a Saturday on which the unit opens.
type OwnDay struct {
	Date  Date
	Hours []Period
	Name  lang.Text
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
	plain bool             // around the clock: time in it is plain time
	whole func() *Calendar // the same zone, around the clock: see For
}

// New checks a spec and makes its calendar. It refuses a week without office
// hours, hours that overlap or are out of order, an unknown zone, a date that is
// named twice, and a share that is no percentage.
func New(s Spec) (*Calendar, error) {
	if s.Zone == "" {
		s.Zone = "Asia/Shanghai"
	}
	zone, err := LoadZone(s.Zone)
	if err != nil {
		return nil, err
	}
	if err := s.Near.Check(); err != nil {
		return nil, err
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

// LoadZone finds a zone by its IANA name. It does not know the zone of the
// machine: a promise must not depend on where the program runs.
func LoadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, errs.New(errs.Invalid, "没有时区 %q", "There is no time zone %q", clip(name)).At("zone").Because(err)
	}
	return zone, nil
}

// aroundTheClock is made on first need: most calendars are only asked for
// working time.
func aroundTheClock(zone *time.Location, near Thresholds) *Calendar {
	c := &Calendar{zone: zone, rules: allDay(), near: near, plain: true}
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
