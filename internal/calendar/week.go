package calendar

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// weekdays are the days as a calendar file names them, from Monday.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

var chineseDays = []string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"}

// week reads the office hours of a week. A day that no line names is closed.
func (r *reader) week(n *yaml.Node) map[time.Weekday][]clock.Period {
	week := map[time.Weekday][]clock.Period{}
	first := map[int]int{}
	for _, p := range r.Pairs(n, "hours") {
		days, ok := r.dayRange(p.Key)
		if !ok {
			continue
		}
		of := lang.Text{ZH: p.Key.Value, EN: p.Key.Value}
		hours := r.hours(p.Value, "hours", of)
		for _, day := range days {
			if line := first[day]; line > 0 {
				r.Bad(p.Key, "hours", "%[1]s的办公时间写了两次，前一次在第 %[3]d 行。", "The hours of %[2]s are written twice, first on line %[3]d.", chineseDays[day], weekdays[day], line)
				continue
			}
			first[day] = p.Key.Line
			week[time.Weekday((day+1)%7)] = hours
		}
	}
	if len(week) == 0 && !r.Failed() {
		r.Bad(n, "hours", "一周里没有办公时间，算不出期限。", "A week without office hours gives no deadlines.")
	}
	return week
}

// dayRange reads sat, mon-fri, fri-mon (over the weekend) or mon,wed,fri.
func (r *reader) dayRange(n *yaml.Node) (days []int, ok bool) {
	for _, part := range strings.Split(strings.ToLower(n.Value), ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		a, b := weekday(from), weekday(to)
		if !isRange {
			b = a
		}
		switch {
		case a < 0 || b < 0:
			r.Bad(n, "hours", "“%[1]s”不是星期几。可以写：%[2]s，或 mon-fri 这样的一段。", "“%[1]s” is no weekday. Write one of %[2]s, or a run such as mon-fri.", sheet.Clip(n.Value), strings.Join(weekdays, ", "))
			return nil, false
		case isRange && a == b:
			r.Bad(n, "hours", "“%s”从哪天到哪天说不清：只有一天就写一天，整周写 mon-sun。", "“%s” does not say which days are meant: write one day alone, or mon-sun for the week.", sheet.Clip(part))
			return nil, false
		}
		for day := a; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == b {
				break
			}
		}
	}
	return days, true
}

// weekday is the number of a day from Monday, -1 for none. Full names do too.
func weekday(s string) int {
	s = strings.TrimSpace(s)
	for i, short := range weekdays {
		full := strings.ToLower(time.Weekday((i + 1) % 7).String())
		if s == short || s == full || s == chineseDays[i] {
			return i
		}
	}
	return -1
}
