package evaluate

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Period is a month (2026-11), a quarter (2026-Q4) or a year (2026), in the
// zone of the district.
type Period string

var periodShape = regexp.MustCompile(`^(20[0-9]{2})(-(0[1-9]|1[0-2])|-Q([1-4]))?$`)

// ParsePeriod reads a period as it is written; errs.Invalid for anything else.
func ParsePeriod(s string) (Period, error) {
	if !periodShape.MatchString(s) {
		return "", errs.New(errs.Invalid, "%q 不是考核周期，应像 2026-11、2026-Q4 或 2026。", "%q is no period; write 2026-11, 2026-Q4 or 2026.", s).At("period")
	}
	return Period(s), nil
}

// MonthOf is the month of an instant.
func MonthOf(t time.Time, zone *time.Location) Period {
	return Period(t.In(zone).Format("2006-01"))
}

// parts gives year, first month and number of months.
func (p Period) parts() (year int, first time.Month, months int) {
	m := periodShape.FindStringSubmatch(string(p))
	if m == nil {
		return 0, 1, 0
	}
	year, _ = strconv.Atoi(m[1])
	switch {
	case m[3] != "":
		n, _ := strconv.Atoi(m[3])
		return year, time.Month(n), 1
	case m[4] != "":
		n, _ := strconv.Atoi(m[4])
		return year, time.Month(3*n - 2), 3
	}
	return year, 1, 12
}

// Span is the period's first instant and the first after it.
func (p Period) Span(zone *time.Location) (from, to time.Time) {
	year, first, months := p.parts()
	return day(year, first).Start(zone), day(year, first+time.Month(months)).Start(zone)
}

// last is the last day of the period.
func (p Period) last() clock.Date {
	year, first, months := p.parts()
	return day(year, first+time.Month(months)).Add(-1)
}

// day is the first of a month; the thirteenth month is January.
func day(year int, month time.Month) clock.Date {
	return clock.Date(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// Months are the months of the period, the first first.
func (p Period) Months() (all []Period) {
	year, first, months := p.parts()
	for i := range months {
		all = append(all, Period(day(year, first+time.Month(i))[:7]))
	}
	return all
}

// Add is the period n of its length later, or earlier where n is negative.
func (p Period) Add(n int) Period {
	year, first, months := p.parts()
	switch d := day(year, first+time.Month(n*months)); months {
	case 1:
		return Period(d[:7])
	case 3:
		month, _ := strconv.Atoi(string(d[5:7]))
		return Period(fmt.Sprintf("%s-Q%d", d[:4], (month+2)/3))
	default:
		return Period(d[:4])
	}
}

// YearBefore is the same period a year earlier.
func (p Period) YearBefore() Period {
	year, _, _ := p.parts()
	return Period(strconv.Itoa(year-1)) + p[4:]
}

// Text is the period in words: 2026年11月, 2026年第4季度, 2026年.
func (p Period) Text() lang.Text {
	year, first, months := p.parts()
	switch months {
	case 1:
		return lang.Text{ZH: fmt.Sprintf("%d年%d月", year, first), EN: fmt.Sprintf("%s %d", first, year)}
	case 3:
		quarter := (int(first) + 2) / 3
		return lang.Text{ZH: fmt.Sprintf("%d年第%d季度", year, quarter), EN: fmt.Sprintf("quarter %d of %d", quarter, year)}
	}
	return lang.Text{ZH: fmt.Sprintf("%d年", year), EN: strconv.Itoa(year)}
}
