package clock

import "linli/internal/lang"

// DayRule is what a calendar says of one date: its hours, and where they are
// not those of its weekday, why.
type DayRule struct {
	Hours  []Period
	Off    bool // a day off by a year's notice
	MakeUp bool // a make-up workday by a year's notice
	Own    bool // the unit's own
	Name   lang.Text
}

// Rule tells what a date is, for pages that draw a year. A date that does not
// exist has no hours.
func (c *Calendar) Rule(d Date) DayRule {
	date, err := ParseDate(string(d))
	if err != nil {
		return DayRule{}
	}
	r := c.rules
	if own, ok := r.own[date]; ok {
		return DayRule{Hours: own.Hours, Own: true, Name: own.Name}
	}
	day := DayRule{Hours: r.week[date.Weekday()]}
	if r.through {
		return day
	}
	if name, off := r.off[date]; off {
		return DayRule{Off: true, Name: name}
	}
	if name, work := r.work[date]; work {
		day.MakeUp, day.Name = true, name
		if len(day.Hours) == 0 {
			day.Hours = r.makeUp
		}
	}
	return day
}
