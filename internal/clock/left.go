package clock

import (
	"fmt"
	"strings"
	"time"

	"linli/internal/lang"
)

// Left is the time until a deadline, or since, in the working time of a
// calendar. A day in it is one working day of that calendar.
type Left struct {
	Late    bool
	Days    int
	Hours   int
	Minutes int
}

// Left measures from now to a deadline in working time; see For for limits that
// run around the clock. It is late only when now is after the deadline.
func (c *Calendar) Left(now, deadline time.Time) Left {
	from, to := now.Unix(), deadline.Unix()
	l := Left{Late: now.After(deadline)}
	if l.Late {
		from, to = to, from
	}
	t := c.table
	if !t.covers(from) || !t.covers(to) {
		t = newTable(c.zone, c.rules, time.Unix(from, 0).UTC().Year()-1, time.Unix(to, 0).UTC().Year()+1)
	}
	days, rest := t.between(from, to)
	l.Days, l.Hours, l.Minutes = days, int(rest/3600), int(rest%3600/60)
	return l
}

// between counts the working days that lie whole between two seconds, and the
// office seconds before and after them. What is left over of the first and
// the last day together may be a day more, by the hours of the last one.
func (t *table) between(from, to int64) (days int, rest int64) {
	first, last := t.day(from), t.day(to)
	if first == last {
		return t.asDays(0, t.worked(to)-t.worked(from), first)
	}
	days = int(t.days[last] - t.days[first+1])
	rest = t.secs[first+1] - t.worked(from) + t.worked(to) - t.secs[last]
	return t.asDays(days, rest, last)
}

func (t *table) asDays(days int, rest int64, day int) (int, int64) {
	length := t.secs[day+1] - t.secs[day]
	if length == 0 && t.days[day] > 0 {
		last := t.workdays[t.days[day]-1] // a deadline on a day off: the hours of the working day before
		length = t.secs[last+1] - t.secs[last]
	}
	for length > 0 && rest >= length {
		days, rest = days+1, rest-length
	}
	return days, rest
}

// IsZero reports that less than a minute of working time lies between.
func (l Left) IsZero() bool { return l.Days == 0 && l.Hours == 0 && l.Minutes == 0 }

// Text is the time left in words, two units at most: 还剩 1 天 5 小时, 还剩 40
// 分, 超期 1 小时 50 分. Late by less than a minute of working time, such as in
// the evening of the last day, is 已超期.
func (l Left) Text() lang.Text {
	var zh, en []string
	add := func(n int, z, e string) {
		if n == 0 || len(zh) == 2 {
			return
		}
		if n != 1 {
			e += "s"
		}
		zh, en = append(zh, fmt.Sprintf("%d %s", n, z)), append(en, fmt.Sprintf("%d %s", n, e))
	}
	add(l.Days, "天", "day")
	add(l.Hours, "小时", "hour")
	if l.Days == 0 {
		add(l.Minutes, "分", "minute")
	}
	switch {
	case len(zh) == 0 && l.Late:
		return lang.T("已超期", "late")
	case len(zh) == 0:
		return lang.T("还剩不到 1 分", "less than a minute left")
	case l.Late:
		return lang.T("超期 %[1]s", "%[2]s late", strings.Join(zh, " "), strings.Join(en, " "))
	}
	return lang.T("还剩 %[1]s", "%[2]s left", strings.Join(zh, " "), strings.Join(en, " "))
}
