package clock

import (
	"fmt"
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
)

// rules are a Spec after checking, in the shape the table builder wants.
type rules struct {
	week    [7][]Period
	makeUp  []Period
	off     map[Date]lang.Text
	work    map[Date]lang.Text
	own     map[Date]OwnDay
	loaded  map[int]bool
	through bool
}

func newRules(s Spec) (rules, error) {
	r := rules{
		off: map[Date]lang.Text{}, work: map[Date]lang.Text{}, own: map[Date]OwnDay{},
		loaded: map[int]bool{}, through: s.ThroughHolidays,
	}
	if err := r.addWeek(s.Hours); err != nil {
		return r, err
	}
	if err := CheckHours(lang.T("调休上班日", "make-up workdays"), s.MakeUp); err != nil {
		return r, err
	}
	r.makeUp = s.MakeUp
	for i := 0; len(r.makeUp) == 0; i++ {
		r.makeUp = r.week[(int(time.Monday)+i)%7]
	}
	if err := r.addYears(s.Years); err != nil {
		return r, err
	}
	return r, r.addOwn(s.Own)
}

// addWeek refuses a week that never opens: nothing could be counted in it, and
// a refusal on loading is better than a count that never ends.
func (r *rules) addWeek(week map[time.Weekday][]Period) error {
	open := false
	for day, hours := range week {
		if day < time.Sunday || day > time.Saturday {
			return errs.New(errs.Invalid, "没有第 %d 个星期几", "There is no weekday %d", int(day)).At("hours")
		}
		if err := CheckHours(weekdayText(day), hours); err != nil {
			return err
		}
		r.week[day] = hours
		open = open || len(hours) > 0
	}
	if !open {
		return errs.New(errs.Invalid, "一周里没有办公时间，算不出期限", "A week without office hours gives no deadlines").At("hours")
	}
	return nil
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
	if !InNotice(year, date) {
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

// InNotice reports whether the notice of a year may name a date: one of that
// year, or of the December before, which a New Year's holiday may reach into.
func InNotice(year int, d Date) bool {
	ym := string(d[:min(7, len(d))])
	return len(ym) == 7 && (ym[:4] == fmt.Sprintf("%04d", year) || ym == fmt.Sprintf("%04d-12", year-1))
}

func (r rules) addOwn(days []OwnDay) error {
	for _, d := range days {
		date, err := ParseDate(string(d.Date))
		if err != nil {
			return err
		}
		if _, twice := r.own[date]; twice {
			return errs.New(errs.Invalid, "%s 写了两次", "%s is named twice", date).At("days")
		}
		if err := CheckHours(date.Text(), d.Hours); err != nil {
			return err
		}
		r.own[date] = d
	}
	if len(r.own) > maxDays {
		return errs.New(errs.TooLarge, "本单位自己的日子最多写 %d 天", "A unit has at most %d days of its own", maxDays).At("days")
	}
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
