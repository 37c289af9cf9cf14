package calendar

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Named is a calendar as its file says it, before what it takes from its base.
type Named struct {
	Name  string
	Title lang.Text
	// Base is the calendar it begins with; empty for one that stands alone.
	Base string
	// Zone, Hours, MakeUp and Through are what the file says; zero where it says
	// nothing.
	Zone    string
	Hours   map[time.Weekday][]clock.Period
	MakeUp  []clock.Period
	Through *bool
	Days    []clock.OwnDay
}

// Spec is the calendar on top of its base. Hours, where the file has any, are
// the whole week and replace that of the base, and its make-up hours with it,
// so that a reader of the file sees the whole week; days are added to those of
// the base, and a date that both have is as the file says.
func (n *Named) Spec(base clock.Spec) clock.Spec {
	s := base
	if n.Zone != "" {
		s.Zone = n.Zone
	}
	if n.Hours != nil {
		s.Hours, s.MakeUp = maps.Clone(n.Hours), nil
	}
	if n.MakeUp != nil {
		s.MakeUp = n.MakeUp
	}
	if n.Through != nil {
		s.ThroughHolidays = *n.Through
	}
	s.Own = slices.DeleteFunc(slices.Clone(base.Own), func(d clock.OwnDay) bool {
		return slices.ContainsFunc(n.Days, func(own clock.OwnDay) bool { return own.Date == d.Date })
	})
	s.Own = append(s.Own, n.Days...)
	return s
}

// nameShape is what a unit's list can name, and a file can be called.
var nameShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ParseSpec reads a calendar file. With any error among the findings there is
// no calendar.
func ParseSpec(source []byte, file string) (*Named, []sheet.Finding) {
	r := &reader{sheet.Tree{File: file}}
	top := r.Document(source)
	if top == nil {
		return nil, r.Findings
	}
	got := r.Fields(top, "", "calendar", "title", "base", "zone", "hours", "make-up", "through-holidays", "days")
	n := &Named{
		Name: r.name(got["calendar"], "calendar"), Base: r.name(got["base"], "base"),
		Title: r.title(got["title"], "title"), Zone: r.Word(got["zone"], "zone"),
	}
	r.checkHead(top, got, n)
	if node := got["hours"]; node != nil {
		n.Hours = r.week(node)
	}
	n.MakeUp = r.hours(got["make-up"], "make-up", lang.T("调休上班日", "make-up workdays"))
	if node := got["through-holidays"]; node != nil {
		through := r.Yes(node, "through-holidays", false)
		n.Through = &through
	}
	if node := got["days"]; node != nil {
		n.Days = r.days(node)
	}
	if r.Failed() {
		return nil, r.Findings
	}
	return n, r.Findings
}

func (r *reader) name(n *yaml.Node, field string) string {
	word := r.Word(n, field)
	if word != "" && (!nameShape.MatchString(word) || len(word) > 40) {
		r.Bad(n, field, "“%s”不能作日历的名字：用小写字母、数字和短横，例如 hall。", "“%s” cannot name a calendar: use small letters, digits and hyphens, for example hall.", sheet.Clip(word))
	}
	return word
}

// checkHead looks for what every calendar must say.
func (r *reader) checkHead(top *yaml.Node, got map[string]*yaml.Node, n *Named) {
	if n.Name == "" {
		r.Bad(top, "calendar", "要写日历的名字，例如 calendar: hall。", "The calendar needs a name, for example calendar: hall.")
	}
	if got["title"] == nil {
		r.Bad(top, "title", "要写日历的中英文名称（title）。", "The calendar needs a title in both languages.")
	}
	if n.Base != "" && n.Base == n.Name {
		r.Bad(got["base"], "base", "日历 %s 不能以自己为底。", "The calendar %s cannot begin with itself.", n.Name)
	}
	if n.Base == "" && got["hours"] == nil {
		r.Bad(top, "hours", "没有写 base，就要写一周的办公时间（hours）。", "Without a base the office hours of a week (hours) are needed.")
	}
	if n.Zone != "" {
		if _, err := clock.LoadZone(n.Zone); err != nil {
			r.because(got["zone"], "zone", err)
		}
	}
}

// because takes over the reason of a check that clock makes.
func (r *reader) because(n *yaml.Node, field string, err error) {
	text, ok := errs.TextOf(err)
	if !ok {
		text = lang.T("看不懂", "It cannot be read")
	}
	r.Bad(n, field, "%[1]s。", "%[2]s.", text.ZH, text.EN)
}

// hours reads a list of periods in order; nil where there is none.
func (r *reader) hours(n *yaml.Node, field string, of lang.Text) []clock.Period {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.Bad(n, field, "办公时间写成一列，例如 [09:00-12:00, 13:30-17:30]。", "Hours are a list, for example [09:00-12:00, 13:30-17:30].")
		return nil
	}
	if len(n.Content) == 0 {
		r.Bad(n, field, "这里没有办公时间。不上班就不写这一行；某一天不上班写 off: true。", "There are no hours here. Leave the line out where the unit is closed; for a single day write off: true.")
		return nil
	}
	hours := []clock.Period{}
	for _, item := range n.Content {
		p, err := clock.ParsePeriod(r.Word(item, field))
		if err != nil {
			r.because(item, field, err)
			return nil
		}
		if err := clock.CheckHours(of, append(hours, p)); err != nil {
			r.because(item, field, err)
			return nil
		}
		hours = append(hours, p)
	}
	return hours
}

// days reads a unit's own days.
func (r *reader) days(n *yaml.Node) []clock.OwnDay {
	var all []clock.OwnDay
	first := map[clock.Date]int{} // the same date may be written in two ways
	for _, p := range r.Pairs(n, "days") {
		date, err := clock.ParseDate(p.Key.Value)
		if err != nil {
			r.because(p.Key, "days", err)
			continue
		}
		if line := first[date]; line > 0 {
			r.Bad(p.Key, "days", "%[1]s 写了两次，前一次在第 %[2]d 行。", "%[1]s is written twice, first on line %[2]d.", date, line)
			continue
		}
		first[date] = p.Key.Line
		got := r.Fields(p.Value, "days", "off", "hours", "title")
		day := clock.OwnDay{Date: date, Name: r.title(got["title"], "title")}
		off := r.Yes(got["off"], "off", false)
		switch {
		case off && got["hours"] != nil:
			r.Bad(got["hours"], "hours", "%s 又写休息（off），又写办公时间，只能是一样。", "%s is both off and has hours; it is one or the other.", date)
		case off:
		case got["hours"] != nil:
			day.Hours = r.hours(got["hours"], "hours", date.Text())
		default:
			r.Bad(p.Key, "days", "%s 要写 off: true 或者 hours。", "%s needs off: true or hours.", date)
		}
		all = append(all, day)
	}
	return all
}
