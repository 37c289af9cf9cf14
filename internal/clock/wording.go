package clock

import (
	"fmt"
	"time"

	"linli/internal/lang"
)

// DateText is a deadline in words: 今天 17:30前, 11月24日 周二 17:30前, and in
// another year 2027年1月4日 周一 17:30前. Midnight is the end of the day before,
// 24:00, because "before 0:00 on the 25th" is read as the 25th.
func DateText(t, now time.Time, zone *time.Location) lang.Text {
	t, now = t.In(zone), now.In(zone)
	day, hour := t, t.Format("15:04")
	if hour == "00:00" && t.Second() == 0 {
		day, hour = t.Add(-time.Second), "24:00"
	}
	if DateOf(day, zone) == DateOf(now, zone) {
		return lang.T("今天 %s前", "before %s today", clean(hour))
	}
	d := dayText(day, day.Year() != now.Year())
	return lang.T("%[1]s %[2]s前", "before %[2]s on %[3]s", d.ZH, clean(hour), d.EN)
}

// MomentText is something that happened, in words: 今天 9:52, 11月23日 周一 9:52.
func MomentText(t, now time.Time, zone *time.Location) lang.Text {
	t, now = t.In(zone), now.In(zone)
	hour := clean(t.Format("15:04"))
	if DateOf(t, zone) == DateOf(now, zone) {
		return lang.T("今天 %s", "today %s", hour)
	}
	d := dayText(t, t.Year() != now.Year())
	return lang.T("%[1]s %[2]s", "%[3]s %[2]s", d.ZH, hour, d.EN)
}

// clean writes 9:05 for 09:05, as people do.
func clean(hour string) string {
	if len(hour) == 5 && hour[0] == '0' {
		return hour[1:]
	}
	return hour
}

func dayText(t time.Time, year bool) lang.Text {
	w := weekdayText(t.Weekday())
	zh := fmt.Sprintf("%d月%d日 %s", int(t.Month()), t.Day(), w.ZH)
	en := w.EN[:3] + t.Format(" 2 Jan")
	if year {
		zh, en = fmt.Sprintf("%d年", t.Year())+zh, en+fmt.Sprintf(" %d", t.Year())
	}
	return lang.Text{ZH: zh, EN: en}
}

func weekdayText(d time.Weekday) lang.Text {
	return lang.Text{ZH: [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[d], EN: d.String()}
}
