package clock

import (
	"time"

	"linli/internal/lang"
)

// tellHours tells a count of office time: how much of it ran on each day, and
// which stretches the pauses took.
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
			s.count(date, d, s.unusual(lang.T("算 %[1]s", "%[2]s counted", hours(d).ZH, hours(d).EN), date))
			s.tellStops(date, from, to)
		case len(t.hours[t.kind[day]]) == 0:
			s.skip(date, s.whyOff(day))
		case office > 0:
			s.skip(date, s.whyStopped(s.lastStop(from, to)))
		default:
			s.note(date, lang.T("已下班，从下次上班起算", "after hours; counted from the next opening"))
		}
	}
}

// tellStops notes the stretches of a day that ran otherwise.
func (s *story) tellStops(date Date, from, to int64) {
	t, zone := s.table, s.table.zone
	for _, p := range s.pauses {
		a, b := max(from, p.from), min(to, p.to)
		if b <= a || t.worked(b) == t.worked(a) {
			continue
		}
		s.stopped += time.Duration(t.worked(b)-t.worked(a)) * time.Second
		why, until := s.whyStopped(b), clean(time.Unix(b, 0).In(zone).Format("15:04"))
		if b == t.midnight[t.day(b)] {
			until = "24:00"
		}
		s.note(date, lang.T("%[1]s %[3]s 到 %[4]s", "%[2]s from %[3]s to %[4]s", why.ZH, why.EN, clean(time.Unix(a, 0).In(zone).Format("15:04")), until))
	}
}

// lastStop is the end, within a day, of the last pause that touches it.
func (s *story) lastStop(from, to int64) int64 {
	last := to
	for _, p := range s.pauses {
		if p.from < to && p.to > from {
			last = min(to, p.to)
		}
	}
	return last
}

// hours is a stretch of time in words.
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
		from, d, why := time.Unix(p.from, 0), hours(time.Duration(p.to-p.from)*time.Second), s.whyStopped(p.to)
		s.skip(DateOf(from, zone), lang.T("%[1]s %[3]s", "%[2]s for %[4]s", why.ZH, why.EN, d.ZH, d.EN))
	}
}

// tellHeld notes since when the clock has been standing still.
func (s *story) tellHeld() {
	at := clean(s.held.In(s.table.zone).Format("15:04"))
	s.note(DateOf(s.held, s.table.zone), lang.T("%s 起暂停计时，恢复后重算", "clock stopped since %s; counted again when it goes on", at))
}
