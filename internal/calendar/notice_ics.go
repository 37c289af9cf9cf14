package calendar

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/clock"
	"linli/internal/sheet"
)

// maxSpan is the longest holiday that one event may stand for, in days.
const maxSpan = 31

// readICS reads the all-day events of a published calendar. Such calendars mark
// each event: 元旦（休）, 春节 班, 国庆节 补班 第1天/共2天, or the property
// X-APPLE-SPECIAL-DAY. An event without a mark is refused: a festival that is
// no day off would otherwise become one.
func (n *notice) readICS(source []byte) {
	lines := eventLines(source)
	cal, err := ics.ParseCalendar(bytes.NewReader(source))
	if err != nil {
		n.bad(0, "", "ICS 写法有误：%v", "This is not a valid ICS calendar: %v", err)
		return
	}
	for i, event := range cal.Events() {
		line := 0
		if i < len(lines) {
			line = lines[i]
		}
		n.event(line, event)
	}
}

// eventLines are the lines on which the events begin, which the library does
// not tell.
func eventLines(source []byte) (lines []int) {
	for i, line := range strings.Split(string(source), "\n") {
		if strings.EqualFold(strings.TrimSpace(line), "BEGIN:VEVENT") {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func value(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

func (n *notice) event(line int, e *ics.VEvent) {
	summary := value(e, ics.ComponentPropertySummary)
	off, work := marks(e, summary)
	switch {
	case value(e, ics.ComponentPropertyRrule) != "":
		n.bad(line, "RRULE", "“%s”是重复的日程；放假安排要写明日期。", "“%s” repeats; a notice names its dates.", sheet.Clip(summary))
		return
	case off && work:
		n.bad(line, "SUMMARY", "“%s”又写休又写班，不知道是哪样。", "“%s” says both off (休) and at work (班).", sheet.Clip(summary))
		return
	case !off && !work:
		n.bad(line, "SUMMARY", "“%s”没有写明休还是班。", "“%s” does not say whether it is off (休) or a make-up workday (班).", sheet.Clip(summary))
		return
	}
	from, days, ok := n.span(line, e)
	if !ok {
		return
	}
	for i := range days {
		n.add(line, string(from.Add(i)), off, holidayName(summary), "")
	}
}

// span is the first day of an event and how many it has. DTEND is the day after
// the last one; without it the event has one day.
func (n *notice) span(line int, e *ics.VEvent) (from clock.Date, days int, ok bool) {
	start, end := value(e, ics.ComponentPropertyDtStart), value(e, ics.ComponentPropertyDtEnd)
	first, err := time.Parse("20060102", start)
	if err != nil {
		n.bad(line, "DTSTART", "“%s”不是整天的日期，例如 20270101。", "“%s” is not the date of a whole day, for example 20270101.", sheet.Clip(start))
		return "", 0, false
	}
	after := first.AddDate(0, 0, 1)
	if end != "" {
		if after, err = time.Parse("20060102", end); err != nil {
			n.bad(line, "DTEND", "“%s”不是整天的日期，例如 20270104。", "“%s” is not the date of a whole day, for example 20270104.", sheet.Clip(end))
			return "", 0, false
		}
	}
	days = int(after.Sub(first).Hours() / 24)
	if days < 1 || days > maxSpan {
		n.bad(line, "DTEND", "从 %[1]s 到 %[2]s 有 %[3]d 天，应在 1 到 %[4]d 天之间（结束日是最后一天的后一天）。", "From %[1]s to %[2]s are %[3]d days; between 1 and %[4]d are expected (the end is the day after the last).", start, end, days, maxSpan)
		return "", 0, false
	}
	return clock.Date(first.Format(time.DateOnly)), days, true
}

// marks reads whether an event is a day off or a make-up workday. 调休 alone is
// no mark: calendars use it for either.
func marks(e *ics.VEvent, summary string) (off, work bool) {
	text := strings.ToLower(summary + " " + value(e, ics.ComponentPropertyCategories))
	for _, word := range []string{"班", "workday", "make-up"} {
		work = work || strings.Contains(text, word)
	}
	text = strings.ReplaceAll(text, "调休", "")
	for _, word := range []string{"休", "放假", "假期", "day off", "holiday"} {
		off = off || strings.Contains(text, word)
	}
	switch strings.ToUpper(value(e, "X-APPLE-SPECIAL-DAY")) {
	case "WORK-HOLIDAY":
		off = true
	case "ALTERNATE-WORKDAY":
		work = true
	}
	return off, work
}

var markShape = regexp.MustCompile(`[（(【\[]?(调休上班|调休|补班|上班|班|放假|假期|休息|休)[）)】\]]?|第\s*\d+\s*天\s*/?\s*共\s*\d+\s*天`)

// holidayName is what remains of a summary without its marks.
func holidayName(summary string) string {
	return strings.TrimSpace(markShape.ReplaceAllString(summary, " "))
}
