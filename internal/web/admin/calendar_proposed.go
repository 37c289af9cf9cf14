package admin

import (
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/web/page"
)

// proposal is what setting a calendar or a notice would change.
type proposal struct {
	brought
	Years   []yearChange
	Week    *weekChange
	Open    int // cases that would be counted again
	Nothing bool
}

// yearChange is a year with the days that would be otherwise than they are.
type yearChange struct {
	Year int
	Days []dayChange
}

type dayChange struct{ Day, Was, Will, Name string }

// weekChange is the week of a calendar, before and after; the first is empty
// for one that is new.
type weekChange struct {
	Name, Title string
	Before      []weekRow
	After       []weekRow
	Keep        int // units that keep it
}

// propose compares what was sent with what the district counts by.
func propose(v *page.View, b brought) (t proposal, err error) {
	t = proposal{brought: b}
	if t.Open, err = openCases(v); err != nil {
		return t, err
	}
	if b.Kind == "calendar" {
		t.Week = changedWeek(v, b)
		return t, nil
	}
	years, _ := calendar.ParseNotice(b.Data, b.Name) // setup has just taken it
	t.Nothing = true
	for _, y := range years {
		change := changedDays(v, y)
		t.Years = append(t.Years, change)
		t.Nothing = t.Nothing && len(change.Days) == 0 && v.District.Calendar.Loaded(y.Year)
	}
	return t, nil
}

// changedDays are the days on which the notice says something other than what
// is counted now.
func changedDays(v *page.View, y clock.Year) yearChange {
	change := yearChange{Year: y.Year}
	will := map[clock.Date]dayChange{}
	for _, d := range y.Off {
		will[d.Date] = dayChange{Will: v.Say("休", "off"), Name: d.Name.In(v.Lang)}
	}
	for _, d := range y.Work {
		will[d.Date] = dayChange{Will: v.Say("调休上班", "at work"), Name: d.Name.In(v.Lang)}
	}
	was := map[clock.Date]clock.Day{}
	for _, known := range v.District.Years() {
		if known.Year.Year == y.Year {
			for _, d := range slices.Concat(known.Off, known.Work) {
				was[d.Date] = d
			}
		}
	}
	for date := range was {
		if _, still := will[date]; !still {
			will[date] = dayChange{Will: v.Say("照平常", "as usual"), Name: was[date].Name.In(v.Lang)}
		}
	}
	for date, c := range will {
		c.Day, c.Was = date.In(y.Year).In(v.Lang), wasText(v, date)
		if c.Was != c.Will {
			will[date] = c
		} else {
			delete(will, date)
		}
	}
	dates := make([]clock.Date, 0, len(will))
	for date := range will {
		dates = append(dates, date)
	}
	slices.SortFunc(dates, func(a, b clock.Date) int { return strings.Compare(string(a), string(b)) })
	for _, date := range dates {
		change.Days = append(change.Days, will[date])
	}
	return change
}

// wasText is how a date is counted now.
func wasText(v *page.View, date clock.Date) string {
	on := v.District.Calendar.Rule(date)
	switch {
	case on.Off:
		return v.Say("休", "off")
	case on.MakeUp:
		return v.Say("调休上班", "at work")
	case len(on.Hours) == 0:
		return v.Say("照平常，休", "as usual, off")
	}
	return v.Say("照平常，上班", "as usual, at work")
}

// changedWeek draws a calendar as it is and as it would be.
func changedWeek(v *page.View, b brought) *weekChange {
	c, _ := calendar.ParseSpec(b.Data, b.Name) // setup has just taken it
	if c == nil {
		return nil
	}
	w := &weekChange{Name: c.Name, Title: c.Title.In(v.Lang), Keep: len(v.District.KeptBy(c.Name))}
	all := v.District.Calendars()
	find := func(name string) (district.Calendar, bool) {
		at := slices.IndexFunc(all, func(o district.Calendar) bool { return o.Name == name })
		if at < 0 {
			return district.Calendar{}, false
		}
		return all[at], true
	}
	if old, there := find(c.Name); there {
		w.Before = drawWeek(v, old.Spec)
	}
	base, _ := find(c.Base)
	w.After = drawWeek(v, c.Spec(base.Spec))
	return w
}
