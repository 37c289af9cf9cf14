package admin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/web/page"
)

// yearPicture is a year as twelve months.
type yearPicture struct {
	Year     int
	Known    bool // its days off were published
	Workdays int
	Said     string // where the notice is from
	Own      bool   // loaded here, so that it can be taken back
	Months   []monthPicture
}

type monthPicture struct {
	Name     string
	Workdays int
	Weeks    [][7]dayPicture
	Days     []string // the days with a name, in words
}

// dayPicture is one square. Kind is off, work, own, rest or empty for an
// ordinary working day; Mark is the same in a character, since colour alone
// tells nothing to many.
type dayPicture struct {
	N                int
	Kind, Mark, Said string
	Today            bool
}

// drawYear draws a year by the district's standard calendar.
func drawYear(v *page.View, years []district.Year, year int) yearPicture {
	standard := v.District.Calendar
	p := yearPicture{Year: year, Said: v.Say("放假安排还没有", "The days off are not known yet")}
	if at := slices.IndexFunc(years, func(y district.Year) bool { return y.Year.Year == year }); at >= 0 {
		p.Known, p.Own = true, years[at].File != ""
		p.Said = v.Say("随 linli 来的国务院办公厅通知", "The State Council's notice, as it comes with linli")
		if p.Own {
			p.Said = keptText(v, years[at].Kept)
		}
	}
	for m := time.January; m <= time.December; m++ {
		month := drawMonth(v, standard, year, m)
		p.Workdays += month.Workdays
		p.Months = append(p.Months, month)
	}
	return p
}

// keptText says which file something came with, who brought it, and when.
func keptText(v *page.View, k district.Kept) string {
	who := v.Say("命令行", "the command line")
	if p, ok := v.District.Org.Person(org.PersonID(k.By)); ok {
		who = p.Name
	}
	return v.Say("%s，%s %s装的", "%s, set by %s, %s", k.File, who, v.MomentText(k.At))
}

func drawMonth(v *page.View, c *clock.Calendar, year int, month time.Month) monthPicture {
	p := monthPicture{Name: v.Say("%[1]d月", "%[2]s", int(month), month.String()[:3])}
	first := clock.Date(fmt.Sprintf("%04d-%02d-01", year, month))
	today := clock.DateOf(v.Now, c.Zone())
	column := (int(first.Weekday()) + 6) % 7 // Monday first
	var all runs
	for d := first; d[5:7] == first[5:7]; d = d.Add(1) {
		if column == 0 || len(p.Weeks) == 0 {
			p.Weeks = append(p.Weeks, [7]dayPicture{})
		}
		day := drawDay(v, c, d)
		day.Today = d == today
		p.Weeks[len(p.Weeks)-1][column] = day
		column = (column + 1) % 7
		if day.Kind == "" || day.Kind == kindWork || day.Kind == kindOwn {
			p.Workdays++
		}
		all.add(day)
	}
	p.Days = all.text(v)
	return p
}

// The kinds of square. A day without one is an ordinary working day.
const (
	kindOff  = "off"  // statutory
	kindWork = "work" // a make-up workday
	kindOwn  = "own"  // hours of its own
	kindShut = "shut" // closed by the calendar itself
	kindRest = "rest" // a weekday without hours
)

func drawDay(v *page.View, c *clock.Calendar, d clock.Date) dayPicture {
	n, _ := strconv.Atoi(string(d[8:]))
	p := dayPicture{N: n}
	on := c.Rule(d)
	name := on.Name.In(v.Lang)
	switch {
	case on.Off:
		p.Kind, p.Mark, p.Said = kindOff, v.Say("休", "off"), v.Say("%s 休", "%s, off", name)
	case on.MakeUp:
		p.Kind, p.Mark, p.Said = kindWork, v.Say("班", "on"), v.Say("%s 调休上班", "%s, at work", name)
	case on.Own && len(on.Hours) > 0:
		p.Kind, p.Mark, p.Said = kindOwn, v.Say("另", "own"), v.Say("%s，%s", "%s, %s", name, openText(v, on.Hours))
	case on.Own:
		p.Kind, p.Mark, p.Said = kindShut, v.Say("休", "off"), v.Say("%s 不上班", "%s, closed", name)
	case len(on.Hours) == 0:
		p.Kind = kindRest
	}
	return p
}

// runs gathers neighbouring days of which the same is said.
type runs []run

type run struct {
	from, to int
	said     string
}

func (r *runs) add(d dayPicture) {
	if d.Said == "" {
		return
	}
	all := *r
	if n := len(all); n > 0 && all[n-1].said == d.Said && all[n-1].to == d.N-1 {
		all[n-1].to = d.N
		return
	}
	*r = append(all, run{d.N, d.N, d.Said})
}

func (r runs) text(v *page.View) (all []string) {
	for _, one := range r {
		days := v.Say("%d日", "%d", one.from)
		if one.to > one.from {
			days = v.Say("%d–%d日", "%d–%d", one.from, one.to)
		}
		all = append(all, days+" "+one.said)
	}
	return all
}

// weekRow is one weekday of a calendar: its hours in words, and as pieces of a
// bar from midnight to midnight.
type weekRow struct {
	Day, Hours string
	Pieces     []weekPiece
}

type weekPiece struct{ X, Width string }

// weekBar is how wide the bar of a day is drawn.
const weekBar = 288

func drawWeek(v *page.View, spec clock.Spec) (rows []weekRow) {
	for _, d := range week {
		row := weekRow{Day: weekdayName(v, d), Hours: openText(v, spec.Hours[d])}
		for _, p := range spec.Hours[d] {
			row.Pieces = append(row.Pieces, weekPiece{strconv.Itoa(p.From * weekBar / 1440), strconv.Itoa((p.To - p.From) * weekBar / 1440)})
		}
		rows = append(rows, row)
	}
	return rows
}

func weekdayName(v *page.View, d time.Weekday) string {
	return v.Say("周%[1]s", "%[2]s", string([]rune("日一二三四五六")[d]), d.String()[:3])
}

// openText is office hours in words: 9:00–12:00，13:30–17:30.
func openText(v *page.View, hours []clock.Period) string {
	if len(hours) == 0 {
		return v.Say("不上班", "closed")
	}
	var all []string
	for _, p := range hours {
		all = append(all, clockText(p.From)+"–"+clockText(p.To))
	}
	return strings.Join(all, v.Say("，", ", "))
}

func clockText(minute int) string { return fmt.Sprintf("%d:%02d", minute/60, minute%60) }
