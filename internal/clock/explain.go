package clock

import (
	"fmt"
	"strings"
	"time"

	"linli/internal/lang"
)

// Line is one day of a count, or one stop of the clock within a day: whether it
// counted, for how much, and why. In a count of days Time is zero; in working
// hours it is the office time that ran.
type Line struct {
	Date    Date
	Counted bool
	Time    time.Duration
	Reason  lang.Text
}

// Explanation is a reckoning with every day that was counted or skipped on the
// way, and the same in one paragraph.
type Explanation struct {
	Reckoning
	Lines []Line
	Text  lang.Text
}

// Explain answers "why this date?". It tells the count that Reckon made, day by
// day, so the number of counted lines is always the number of the limit.
func (c *Calendar) Explain(q Count) Explanation {
	k := c.count(q.Start, q.Limit, q.past())
	x := Explanation{Reckoning: k.reckoning(c.near.share())}
	if !k.ok {
		x.Text = q.Limit.Text()
		return x
	}
	for i, p := range k.pauses {
		if p.from >= k.end {
			k.pauses = k.pauses[:i] // it moved nothing
			break
		}
	}
	s := story{counting: k, rules: c.rules, why: q.past(), skipped: map[lang.Text]int{}}
	switch q.Limit.Unit {
	case WorkingDays, Days:
		s.tellDays()
	case WorkingHours:
		s.tellHours()
	default:
		s.tellElapsed()
	}
	if !q.Held.IsZero() && q.Held.Before(x.Due) {
		s.held = q.Held
		s.tellHeld()
	}
	x.Lines, x.Text = s.lines, s.paragraph(x.Reckoning)
	return x
}

// paragraph tells the count in the words of a counter clerk. It names dates
// and never "today", because it is kept and read later.
func (s *story) paragraph(d Reckoning) lang.Text {
	zone := s.table.zone
	start, limit := time.Unix(s.start, 0), s.limit.Text()
	got, due := MomentText(start, otherDay(start, d.Due, zone), zone), DateText(d.Due, otherDay(d.Due, start, zone), zone)
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
	zh, en = append(zh, z), append(en, e)
	if !s.held.IsZero() {
		at := MomentText(s.held, otherDay(s.held, start, zone), zone)
		zh = append(zh, at.ZH+" 起暂停计时，恢复后这个日期会重算。")
		en = append(en, " The clock has been stopped since "+at.EN+"; the date will be counted again when it goes on.")
	}
	if d.Provisional {
		zh = append(zh, "其中有的年份放假安排还没公布，先按普通周末算，公布后会重算。")
		en = append(en, " A year in it has no published days off yet; plain weekends are assumed and the date will be counted again.")
	}
	return lang.Text{ZH: strings.Join(zh, ""), EN: strings.Join(en, "")}
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
	if s.stopped > 0 {
		d := hours(s.stopped)
		z, e = append(z, "上班时间里暂停 "+d.ZH), append(e, "stopped during office hours: "+d.EN)
	}
	if len(z) == 0 {
		return "", ""
	}
	return "中间不算：" + strings.Join(z, "、") + "。", " Not counted" + unit + ": " + strings.Join(e, "; ") + "."
}
