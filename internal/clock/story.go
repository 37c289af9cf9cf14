package clock

import (
	"strings"
	"time"

	"linli/internal/lang"
)

// story gathers the lines of an explanation and why days were skipped.
type story struct {
	counting
	rules   rules
	why     []Span // the pauses as they were given, for their reasons
	held    time.Time
	lines   []Line
	skipped map[lang.Text]int
	order   []lang.Text   // the keys of skipped, as first met
	stopped time.Duration // office time that pauses took of days that ran otherwise
	first   Date          // the first counted day
}

func (s *story) count(date Date, d time.Duration, reason lang.Text) {
	if s.first == "" {
		s.first = date
	}
	s.lines = append(s.lines, Line{date, true, d, reason})
}

func (s *story) skip(date Date, reason lang.Text) {
	if s.skipped[reason] == 0 {
		s.order = append(s.order, reason)
	}
	s.skipped[reason]++
	s.note(date, reason)
}

// note adds a line that is in no sum.
func (s *story) note(date Date, reason lang.Text) {
	s.lines = append(s.lines, Line{Date: date, Reason: reason})
}

// tellDays tells a count of days, working or plain. The day ends at its close,
// and a close inside a pause is a day lost.
func (s *story) tellDays() {
	t, first := s.table, s.table.day(s.start)
	s.note(t.date(first), lang.T("收到当天不算", "the day of receipt is not counted"))
	s.tellShort(first)
	again := s.opens(first) && s.paused(s.dayEnd(first))
	for day, n := first+1, 0; n < s.limit.N; day++ {
		date := t.date(day)
		switch {
		case !s.opens(day):
			s.skip(date, s.whyOff(day))
		case s.paused(s.dayEnd(day)):
			s.skip(date, s.whyStopped(s.dayEnd(day)))
		case again:
			again = false
			s.skip(date, lang.T("恢复计时的当天顶替收到当天，不算", "the clock started again that day, in place of the day of receipt"))
		default:
			n++
			s.count(date, 0, s.nth(n, date))
		}
		s.tellShort(day)
	}
}

// tellShort notes the pauses that began on a day and were lifted before any
// day ended: whoever looks for them should see that they moved nothing.
func (s *story) tellShort(day int) {
	zone := s.table.zone
	for _, p := range s.pauses {
		if s.table.day(p.from) != day || s.stood(p.to) != s.stood(p.from) {
			continue
		}
		from, to, why := time.Unix(p.from, 0).In(zone), time.Unix(p.to, 0).In(zone), s.whyStopped(p.to)
		hour := clean(to.Format("15:04"))
		until := lang.Text{ZH: hour, EN: hour}
		if s.table.day(p.to) != day {
			until = MomentText(to, from, zone)
		}
		s.note(s.table.date(day), lang.T("%[1]s %[3]s 到 %[4]s，没占掉一天", "%[2]s from %[3]s to %[5]s, which took no day",
			why.ZH, why.EN, clean(from.Format("15:04")), until.ZH, until.EN))
	}
}

// opens reports whether a day is one that the unit counts.
func (s *story) opens(day int) bool {
	if s.limit.Unit == Days {
		return s.table.midnight[day] < s.table.midnight[day+1]
	}
	return len(s.table.hours[s.table.kind[day]]) > 0
}

func (s *story) dayEnd(day int) int64 {
	if s.limit.Unit == Days {
		return s.table.midnight[day+1]
	}
	return s.table.closing(day)
}

func (s *story) paused(end int64) bool {
	for _, p := range s.pauses {
		if p.from < end && end <= p.to {
			return true
		}
	}
	return false
}

// whyStopped says that the clock stood just before a second, with the reason of
// the pause it stood for.
func (s *story) whyStopped(end int64) lang.Text {
	for _, p := range s.why {
		if p.From.Unix() < end && end <= p.To.Unix() {
			return stoppedFor(p.Why)
		}
	}
	return stoppedFor(lang.Text{})
}

func stoppedFor(why lang.Text) lang.Text {
	if why.IsZero() {
		return lang.T("暂停计时", "clock stopped")
	}
	return lang.T("暂停计时（%[1]s）", "clock stopped (%[2]s)", why.ZH, why.EN)
}

// whyOff names the holiday, or says that it is a weekend or a day without
// office hours.
func (s *story) whyOff(day int) lang.Text {
	date := s.table.date(day)
	if s.table.midnight[day] == s.table.midnight[day+1] {
		return lang.T("本时区没有这一天", "the zone left this day out")
	}
	if own, ok := s.rules.own[date]; ok {
		return ownText(own, lang.T("本单位不上班", "the unit is closed"), "%[1]s，%[3]s", "%[2]s, %[4]s")
	}
	if name, ok := s.rules.off[date]; ok && !s.rules.through {
		return lang.T("%[1]s放假", "%[2]s, off", name.ZH, name.EN)
	}
	if w := date.Weekday(); w == time.Saturday || w == time.Sunday {
		return lang.T("周末", "weekend")
	}
	return lang.T("不上班的日子", "no office hours")
}

// ownText joins the name of a unit's own day, where it has one, to what it means.
func ownText(own OwnDay, means lang.Text, zh, en string) lang.Text {
	if own.Name.IsZero() {
		return means
	}
	return lang.T(zh, en, own.Name.ZH, own.Name.EN, means.ZH, means.EN)
}

func (s *story) nth(n int, date Date) lang.Text {
	if s.limit.Unit == Days {
		return lang.T("第 %d 天", "day %d", n)
	}
	return s.unusual(lang.T("第 %d 个工作日", "working day %d", n), date)
}

// unusual adds why a day has other hours than its weekday: the unit's own
// decision, or a make-up workday.
func (s *story) unusual(text lang.Text, date Date) lang.Text {
	if own, ok := s.rules.own[date]; ok {
		var all []string
		for _, p := range own.Hours {
			all = append(all, p.String())
		}
		open := lang.T("上班 %[1]s", "open %[2]s", strings.Join(all, "、"), strings.Join(all, ", "))
		means := ownText(own, open, "%[1]s，%[3]s", "%[2]s, %[4]s")
		return lang.T("%[1]s（%[2]s）", "%[3]s (%[4]s)", text.ZH, means.ZH, text.EN, means.EN)
	}
	if name, ok := s.rules.work[date]; ok && !s.rules.through {
		return lang.T("%[1]s（%[2]s调休上班）", "%[3]s (make-up workday for %[4]s)", text.ZH, name.ZH, text.EN, name.EN)
	}
	return text
}
