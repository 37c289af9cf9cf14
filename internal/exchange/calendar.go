package exchange

import (
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/clock"
	"linli/internal/lang"
)

// Days is a calendar of office days to be written for others.
type Days struct {
	District string // whose it is, for names that stay the same
	Name     string
	Title    lang.Text
	Calendar *clock.Calendar
	First    clock.Date
	Last     clock.Date
	Stamp    time.Time // when it was last otherwise; any instant that stays the same
}

// ICalendar writes the days of a calendar that are not as their weekday: days
// off, make-up workdays and the unit's own, each as an event of that day. 休 and
// 班 head the titles, as in the notices that [calendar.ParseNotice] reads.
func ICalendar(d Days, l lang.Lang) string {
	out := ics.NewCalendarFor("linli")
	out.SetMethod(ics.MethodPublish)
	out.SetName(d.Title.In(l))
	out.SetXWRCalName(d.Title.In(l))
	out.SetXWRCalDesc(week(d.Calendar, d.First, l))
	out.SetXWRTimezone(d.Calendar.Zone().String())
	for on := d.First; on <= d.Last; on = on.Add(1) {
		rule := d.Calendar.Rule(on)
		title := dayTitle(rule, l)
		if title == "" {
			continue
		}
		e := out.AddEvent(fmt.Sprintf("%s-%s@%s.linli", d.Name, on, d.District))
		e.SetDtStampTime(d.Stamp)
		// A day has no zone: at noon UTC it is the same day wherever this runs.
		e.SetAllDayStartAt(on.Start(time.UTC).Add(12 * time.Hour))
		e.SetAllDayEndAt(on.Add(1).Start(time.UTC).Add(12 * time.Hour))
		e.SetSummary(title)
		e.SetTimeTransparency(ics.TransparencyTransparent)
		if len(rule.Hours) > 0 {
			e.SetDescription(hoursText(rule.Hours))
		}
	}
	return out.Serialize(ics.WithNewLineWindows)
}

// dayTitle says what is not as always about a day; empty where nothing is.
func dayTitle(rule clock.DayRule, l lang.Lang) string {
	name := rule.Name.In(l)
	switch {
	case rule.Off, rule.Own && len(rule.Hours) == 0:
		return strings.TrimSpace(l.Pick("休 ", "Off: ") + name)
	case rule.MakeUp:
		return strings.TrimSpace(l.Pick("班 ", "Work: ") + name)
	case rule.Own:
		return strings.TrimSpace(name + " " + hoursText(rule.Hours))
	}
	return ""
}

// week says the usual hours, by the first seven days from a Monday on that are
// as their weekday.
func week(c *clock.Calendar, from clock.Date, l lang.Lang) string {
	names := map[time.Weekday]lang.Text{
		time.Monday: lang.T("周一", "Mon"), time.Tuesday: lang.T("周二", "Tue"), time.Wednesday: lang.T("周三", "Wed"), time.Thursday: lang.T("周四", "Thu"),
		time.Friday: lang.T("周五", "Fri"), time.Saturday: lang.T("周六", "Sat"), time.Sunday: lang.T("周日", "Sun"),
	}
	hours := map[time.Weekday]string{}
	for on, n := from, 0; n < 60 && len(hours) < 7; on, n = on.Add(1), n+1 {
		if rule := c.Rule(on); !rule.Off && !rule.MakeUp && !rule.Own {
			hours[on.Weekday()] = hoursText(rule.Hours)
		}
	}
	var parts []string
	for n := range 7 {
		day := time.Weekday((n + 1) % 7)
		if hours[day] != "" {
			parts = append(parts, names[day].In(l)+" "+hours[day])
		}
	}
	return strings.Join(parts, l.Pick("；", "; "))
}

func hoursText(all []clock.Period) string {
	parts := make([]string, len(all))
	for i, p := range all {
		parts[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", p.From/60, p.From%60, p.To/60, p.To%60)
	}
	return strings.Join(parts, ", ")
}
