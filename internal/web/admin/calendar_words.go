package admin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func weekHead(v *page.View) (all []string) {
	for _, d := range week {
		name := weekdayName(v, d)
		if v.Say("zh", "en") == "zh" {
			name = string([]rune(name)[1:]) // 一, not 周一
		}
		all = append(all, name)
	}
	return all
}

// weekSaid is a week in as few lines as it takes: 周一–周五 9:00–12:00，13:30–17:30.
func weekSaid(v *page.View, spec clock.Spec) (lines []string) {
	for from := 0; from < len(week); {
		to := from
		for to+1 < len(week) && slices.Equal(spec.Hours[week[to+1]], spec.Hours[week[from]]) {
			to++
		}
		days := weekdayName(v, week[from])
		if to > from {
			days += "–" + weekdayName(v, week[to])
		}
		if len(spec.Hours[week[from]]) > 0 {
			lines = append(lines, days+" "+openText(v, spec.Hours[week[from]]))
		}
		from = to + 1
	}
	return lines
}

func calendarTitle(v *page.View, name string) string {
	for _, c := range v.District.Calendars() {
		if c.Name == name {
			return c.Title.In(v.Lang)
		}
	}
	return name
}

// calendarFrom says where a calendar comes from.
func calendarFrom(v *page.View, c district.Calendar) string {
	if c.Source == "" {
		return v.Say("linli 自带", "comes with linli")
	}
	return keptText(v, c.Kept)
}

func calendarFacts(v *page.View, c district.Calendar) []ui.Fact {
	facts := []ui.Fact{{Name: v.Say("名字", "Name"), Value: c.Name}}
	if c.Base != "" {
		facts = append(facts, ui.Fact{Name: v.Say("没写的照", "What it does not say is of"), Body: link(c.Base, calendarHref(c.Base))})
	}
	if c.Spec.ThroughHolidays {
		facts = append(facts, ui.Fact{Name: v.Say("节假日", "Holidays"), Value: v.Say("照常上班，调休也不管", "Worked through; make-up days change nothing")})
	} else {
		facts = append(facts, ui.Fact{Name: v.Say("调休上班日", "Make-up workdays"), Value: openText(v, c.Spec.MakeUp)})
	}
	return append(facts, ui.Fact{Name: v.Say("来源", "From"), Value: calendarFrom(v, c)})
}

// specialDays are a calendar's own days in words, by date.
func specialDays(v *page.View, spec clock.Spec) (all []string) {
	days := slices.SortedFunc(slices.Values(spec.Own), func(a, b clock.OwnDay) int { return strings.Compare(string(a.Date), string(b.Date)) })
	for _, d := range days {
		all = append(all, d.Date.Text().In(v.Lang)+" "+d.Name.In(v.Lang)+v.Say("，", ", ")+openText(v, d.Hours))
	}
	return all
}

// sourceOf is a calendar as its file says it; the one that linli ships has no
// file, so its hours are written out.
func sourceOf(c district.Calendar) string {
	if c.Source != "" {
		return c.Source
	}
	var b strings.Builder
	fmt.Fprintf(&b, "calendar: %s\ntitle: {zh: %s, en: %s}\nhours:\n", c.Name, c.Title.ZH, c.Title.EN)
	for _, d := range week {
		if hours := c.Spec.Hours[d]; len(hours) > 0 {
			fmt.Fprintf(&b, "  %s: [%s]\n", strings.ToLower(d.String()[:3]), periods(hours))
		}
	}
	if len(c.Spec.MakeUp) > 0 {
		fmt.Fprintf(&b, "make-up: [%s]\n", periods(c.Spec.MakeUp))
	}
	return b.String()
}

func periods(hours []clock.Period) string {
	var all []string
	for _, p := range hours {
		all = append(all, p.String())
	}
	return strings.Join(all, ", ")
}

// week is the order in which people read one; never changed.
var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
