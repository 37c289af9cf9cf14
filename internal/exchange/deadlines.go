package exchange

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/lang"
)

// Deadline is a task that is due, as the calendar of whoever deals with it says
// it. A title is what it is about; it is empty where no more than the number may
// leave the house.
type Deadline struct {
	ID     string // of the task, as a calendar may know it
	Number string
	Title  lang.Text
	Began  time.Time
	Due    time.Time
	Held   bool   // its clock stands, so that the date will move
	Link   string // to its page, for who has signed in
}

// Deadlines is somebody's own calendar.
type Deadlines struct {
	District string
	Name     lang.Text
	All      []Deadline
}

// refresh is how often a program should read it again, and what most of them
// listen to.
const refresh = "PT30M"

// ICalendar writes deadlines as events that take no time and leave one free: what
// programs subscribe to shows events, and few of them show tasks.
func (d Deadlines) ICalendar(l lang.Lang) string {
	out := ics.NewCalendarFor("linli")
	out.SetMethod(ics.MethodPublish)
	out.SetName(d.Name.In(l))
	out.SetXWRCalName(d.Name.In(l))
	out.SetRefreshInterval(refresh, ics.WithValue("DURATION"))
	out.SetXPublishedTTL(refresh)
	for _, one := range d.All {
		e := out.AddEvent(one.ID + "@" + d.District + ".linli")
		e.SetDtStampTime(one.Began)
		e.SetStartAt(one.Due)
		e.SetSummary(one.summary(l))
		e.SetTimeTransparency(ics.TransparencyTransparent)
		e.SetClass(ics.ClassificationPrivate)
		e.SetURL(one.Link)
		if one.Held {
			e.SetDescription(l.Pick("计时停着，恢复以后这个时间会往后。", "Its clock is stopped; once it goes on this date moves back."))
		}
	}
	return out.Serialize(ics.WithNewLineWindows)
}

func (one Deadline) summary(l lang.Lang) string {
	if one.Title.IsZero() {
		return l.Pick("到期 ", "Due: ") + one.Number
	}
	return l.Pick("到期 ", "Due: ") + one.Number + " " + one.Title.In(l)
}
