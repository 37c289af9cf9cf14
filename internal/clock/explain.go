package clock

import (
	"fmt"
	"strings"
	"time"

	"linli/internal/lang"
)

// Line is one day of a count: whether it counted, for how much, and why. In a
// count of days Time is zero; in working hours it is the office time that ran.
type Line struct {
	Date    Date
	Counted bool
	Time    time.Duration
	Reason  lang.Text
}

// Explanation is a deadline with every day that was counted or skipped on the
// way, and the same in one paragraph.
type Explanation struct {
	Deadline
	Lines []Line
	Text  lang.Text
}

// Explain answers "why this date?". It tells the count that Deadline made, day
// by day, so the number of counted lines is always the number of the limit.
func (c *Calendar) Explain(start time.Time, l Limit, pauses []Span) Explanation {
	k := c.count(start, l, pauses)
	x := Explanation{Deadline: k.deadline()}
	if !k.ok {
		x.Text = l.Text()
		return x
	}
	for i, p := range k.pauses {
		if p.from >= k.end {
			k.pauses = k.pauses[:i] // it moved nothing
			break
		}
	}
	s := story{counting: k, rules: c.rules, skipped: map[lang.Text]int{}}
	switch l.Unit {
	case WorkingDays, Days:
		s.tellDays()
	case WorkingHours:
		s.tellHours()
	default:
		s.tellElapsed()
	}
	x.Lines, x.Text = s.lines, s.paragraph(x.Deadline)
	return x
}

// story gathers the lines of an explanation and why days were skipped.
type story struct {
	counting
	rules   rules
	lines   []Line
	skipped map[lang.Text]int
	order   []lang.Text // the keys of skipped, as first met
	first   Date        // the first counted day
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
	s.lines = append(s.lines, Line{Date: date, Reason: reason})
}

// tellDays tells a count of days, working or plain. The day ends at its close,
// and a close inside a pause is a day lost.
func (s *story) tellDays() {
	t, first := s.table, s.table.day(s.start)
	s.lines = append(s.lines, Line{Date: t.date(first), Reason: lang.T("收到当天不算", "the day of receipt is not counted")})
	again := s.opens(first) && s.paused(s.dayEnd(first))
	for day, n := first+1, 0; n < s.limit.N; day++ {
		date := t.date(day)
		switch {
		case !s.opens(day):
			s.skip(date, s.whyOff(date))
		case s.paused(s.dayEnd(day)):
			s.skip(date, lang.T("暂停计时", "clock stopped"))
		case again:
			again = false
			s.skip(date, lang.T("恢复计时的当天顶替收到当天，不算", "the clock started again that day, in place of the day of receipt"))
		default:
			n++
			s.count(date, 0, s.nth(n, date))
		}
	}
}

func (s *story) opens(day int) bool {
	return s.limit.Unit == Days || len(s.table.hours[s.table.kind[day]]) > 0
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

// whyOff names the holiday, or says that it is a weekend or a day without
// office hours.
func (s *story) whyOff(date Date) lang.Text {
	if name, ok := s.rules.off[date]; ok && !s.rules.through {
		return lang.T("%[1]s放假", "%[2]s, off", name.ZH, name.EN)
	}
	if w := date.Weekday(); w == time.Saturday || w == time.Sunday {
		return lang.T("周末", "weekend")
	}
	return lang.T("不上班的日子", "no office hours")
}

func (s *story) nth(n int, date Date) lang.Text {
	if s.limit.Unit == Days {
		return lang.T("第 %d 天", "day %d", n)
	}
	text := lang.T("第 %d 个工作日", "working day %d", n)
	return s.makeUp(text, date)
}

// makeUp adds that a weekend day is worked because of a holiday.
func (s *story) makeUp(text lang.Text, date Date) lang.Text {
	if name, ok := s.rules.work[date]; ok && !s.rules.through {
		return lang.T("%[1]s（%[2]s调休上班）", "%[3]s (make-up workday for %[4]s)", text.ZH, name.ZH, text.EN, name.EN)
	}
	return text
}

// tellHours tells a count of office time: how much of it ran on each day.
func (s *story) tellHours() {
	t := s.table
	for day := t.day(s.start); day <= t.day(s.end); day++ {
		date := t.date(day)
		from, to := max(s.start, t.midnight[day]), min(s.end, t.midnight[day+1])
		office := t.worked(to) - t.worked(from)
		ran := office
		for _, p := range s.pauses {
			if a, b := max(from, p.from), min(to, p.to); b > a {
				ran -= t.worked(b) - t.worked(a)
			}
		}
		switch {
		case ran > 0:
			d := time.Duration(ran) * time.Second
			s.count(date, d, s.makeUp(lang.T("算 %[1]s", "%[2]s counted", hours(d).ZH, hours(d).EN), date))
		case len(t.hours[t.kind[day]]) == 0:
			s.skip(date, s.whyOff(date))
		case office > 0:
			s.skip(date, lang.T("暂停计时", "clock stopped"))
		default:
			s.lines = append(s.lines, Line{Date: date, Reason: lang.T("已下班，从下次上班起算", "after hours; counted from the next opening")})
		}
	}
}

// hours is a stretch of office time in words.
func hours(d time.Duration) lang.Text {
	d = d.Round(time.Minute)
	h, m := int(d.Hours()), int(d.Minutes())%60
	switch {
	case h == 0:
		return lang.T("%d 分", "%d min", m)
	case m == 0:
		return lang.T("%d 小时", "%d h", h)
	}
	return lang.T("%d 小时 %d 分", "%d h %d min", h, m)
}

// tellElapsed tells a count that runs day and night: one line, and the pauses.
func (s *story) tellElapsed() {
	zone := s.table.zone
	start := time.Unix(s.start, 0).In(zone)
	l := s.limit.Text()
	s.count(DateOf(start, zone), 0, lang.T("从 %[1]s 起连着算 %[2]s，不分昼夜和节假日", "from %[1]s on %[3]s run day and night, days off included", clean(start.Format("15:04")), l.ZH, l.EN))
	for _, p := range s.pauses {
		from, d := time.Unix(p.from, 0), hours(time.Duration(p.to-p.from)*time.Second)
		s.skip(DateOf(from, zone), lang.T("暂停计时 %[1]s", "clock stopped for %[2]s", d.ZH, d.EN))
	}
}

// paragraph tells the count in the words of a counter clerk. It names dates
// and never "today", because it is kept and read later.
func (s *story) paragraph(d Deadline) lang.Text {
	zone := s.table.zone
	start, limit := time.Unix(s.start, 0), s.limit.Text()
	got, due := MomentText(start, otherDay(start, d.At, zone), zone), DateText(d.At, otherDay(d.At, start, zone), zone)
	zh := []string{fmt.Sprintf("期限 %s，%s 收到", limit.ZH, got.ZH)}
	en := []string{fmt.Sprintf("Limit %s, received %s", limit.EN, got.EN)}
	switch s.limit.Unit {
	case WorkingDays, Days:
		first := s.first.In(start.In(zone).Year())
		zh = append(zh, "，当天不算，从 "+first.ZH+" 算起")
		en = append(en, "; that day is not counted, the count begins on "+first.EN)
	case WorkingHours:
		zh, en = append(zh, "，只算上班时间"), append(en, "; only office hours are counted")
	default:
		zh, en = append(zh, "，连着算，不分昼夜"), append(en, "; counted day and night")
	}
	zh, en = append(zh, "，到 "+strings.TrimSuffix(due.ZH, "前")+"。"), append(en, "; due "+due.EN+".")
	z, e := s.without()
	p := lang.Text{ZH: strings.Join(zh, "") + z, EN: strings.Join(en, "") + e}
	if d.Provisional {
		p.ZH += "其中有的年份放假安排还没公布，先按普通周末算，公布后会重算。"
		p.EN += " A year in it has no published days off yet; plain weekends are assumed and the date will be counted again."
	}
	return p
}

// otherDay is an instant in the year of other that is not on the day of t, so
// that the wording helpers write the date out, with its year where they differ.
func otherDay(t, other time.Time, zone *time.Location) time.Time {
	year := other.In(zone).Year()
	if t.In(zone).Month() == time.June {
		return time.Date(year, time.March, 15, 12, 0, 0, 0, zone)
	}
	return time.Date(year, time.June, 15, 12, 0, 0, 0, zone)
}

// without sums up what was skipped: 中间不算：周末 2 天、国庆节放假 7 天。
func (s *story) without() (zh, en string) {
	if len(s.order) == 0 {
		return "", ""
	}
	var z, e []string
	unit := ""
	for _, why := range s.order {
		if s.limit.Unit.Working() || s.limit.Unit == Days {
			unit = " (days)"
			z, e = append(z, fmt.Sprintf("%s %d 天", why.ZH, s.skipped[why])), append(e, fmt.Sprintf("%s: %d", why.EN, s.skipped[why]))
			continue
		}
		z, e = append(z, why.ZH), append(e, why.EN)
	}
	return "中间不算：" + strings.Join(z, "、") + "。", " Not counted" + unit + ": " + strings.Join(e, "; ") + "."
}
