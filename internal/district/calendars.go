package district

import (
	"slices"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/sheet"
)

// Standard is the calendar of a unit that names none, and whose parents name
// none: the one that linli ships, unless the district brings a file of that
// name.
const Standard = "standard"

// Calendar is when some of the district's units work.
type Calendar struct {
	Name, Base string
	Title      lang.Text
	Spec       clock.Spec // with all that it takes from its base
	Source     string     // YAML as it was brought in; empty for the one that linli ships
	Kept
}

// Kept is which file something was brought in with, when, and by whom; empty
// for what linli ships.
type Kept struct {
	File string
	At   time.Time
	By   string // person; empty for the command line
}

// Year is the notice of one year that the district counts by.
type Year struct {
	clock.Year
	Kept
}

// calendars are a district's calendars, made once and shared.
type calendars struct {
	all   []Calendar // the standard one first, then by name
	made  map[string]*clock.Calendar
	years []Year
	units map[string]string // which calendar each unit keeps
}

// Calendars lists the district's calendars, the standard one first.
func (d *District) Calendars() []Calendar { return slices.Clone(d.hours.all) }

// Years lists the years whose days off are known, oldest first.
func (d *District) Years() []Year { return slices.Clone(d.hours.years) }

// CalendarName names the calendar that a unit keeps: its own, else that of the
// nearest unit above it that has one, else the district's.
func (d *District) CalendarName(unit string) string {
	if name, ok := d.hours.units[unit]; ok {
		return name
	}
	return Standard
}

// CalendarOf is the calendar that a unit keeps; see CalendarName.
func (d *District) CalendarOf(unit string) *clock.Calendar {
	return d.CalendarNamed(d.CalendarName(unit))
}

// CalendarNamed finds a calendar by its name. One that is not there any more,
// and the empty name, are the district's: what was promised by it still has to
// be counted.
func (d *District) CalendarNamed(name string) *clock.Calendar {
	if c := d.hours.made[name]; c != nil {
		return c
	}
	return d.Calendar
}

// KeptBy lists the units that keep a calendar, in the order of the directory.
func (d *District) KeptBy(name string) []org.Unit {
	var all []org.Unit
	for _, u := range d.Org.Units() {
		if d.CalendarName(string(u.ID)) == name {
			all = append(all, u)
		}
	}
	return all
}

// Missing lists the years whose days off should be known by now and are not:
// this one, and from the middle of November the next, whose notice comes out in
// October or November. Dates that reach into them are provisional.
func (d *District) Missing(now time.Time) []int {
	local := now.In(d.Calendar.Zone())
	wanted := []int{local.Year()}
	if local.Month() == time.December || local.Month() == time.November && local.Day() >= 15 {
		wanted = append(wanted, local.Year()+1)
	}
	return slices.DeleteFunc(wanted, d.Calendar.Loaded)
}

// keep works out which calendar each unit keeps. A name that no calendar has,
// which an import refuses but older data may hold, is passed over.
func (c *calendars) keep(units []org.Unit) {
	c.units = make(map[string]string, len(units))
	byID := make(map[org.UnitID]org.Unit, len(units))
	for _, u := range units {
		byID[u.ID] = u
	}
	for _, u := range units {
		name := Standard
		for at, steps := u, 0; steps < len(units); steps++ { // parents in a circle end too
			if c.made[at.Calendar] != nil {
				name = at.Calendar
				break
			}
			above, ok := byID[at.Parent]
			if !ok {
				break
			}
			at = above
		}
		c.units[string(u.ID)] = name
	}
}

// shipped is the standard calendar as linli brings it: China's, or in another
// zone a plain week without statutory days.
func shipped(s Settings, share int) clock.Spec {
	spec := clock.ChinaSpec()
	if s.Zone != "" && s.Zone != spec.Zone {
		spec.Zone, spec.Years = s.Zone, nil
	}
	spec.Near.Share = share
	return spec
}

// loaded are the years that linli ships and those that the district loaded,
// which go first.
func loaded(spec clock.Spec, own []Year) []Year {
	all := slices.Clone(own)
	for _, y := range spec.Years {
		if !slices.ContainsFunc(own, func(o Year) bool { return o.Year.Year == y.Year }) {
			all = append(all, Year{Year: y})
		}
	}
	slices.SortFunc(all, func(a, b Year) int { return a.Year.Year - b.Year.Year })
	return all
}

// written is a calendar file as it is kept, parsed.
type written struct {
	calendar.Named
	source string
	kept   Kept
}

// makeCalendars makes all calendars of a district, or says what does not hold.
func makeCalendars(s Settings, share int, files []written, years []Year) (calendars, []sheet.Finding) {
	standard := shipped(s, share)
	c := calendars{made: map[string]*clock.Calendar{}, years: loaded(standard, years)}
	standard.Years = nil
	for _, y := range c.years {
		standard.Years = append(standard.Years, y.Year)
	}
	made, err := clock.New(standard)
	if err != nil {
		return c, []sheet.Finding{finding(newest(years), err)}
	}
	c.made[Standard] = made
	c.all = []Calendar{{Name: Standard, Title: lang.T("标准办公时间", "Standard office hours"), Spec: standard}}
	bad := c.add(standard, files)
	slices.SortFunc(c.all[1:], func(a, b Calendar) int { return strings.Compare(a.Name, b.Name) })
	return c, bad
}

// add makes the calendars of files, each after the one it begins with.
func (c *calendars) add(standard clock.Spec, files []written) (bad []sheet.Finding) {
	specs := map[string]clock.Spec{}
	if !slices.ContainsFunc(files, func(w written) bool { return w.Name == Standard }) {
		specs[Standard] = standard
	}
	for waiting := slices.Clone(files); len(waiting) > 0; {
		var still []written
		for _, w := range waiting {
			base, ready := specs[w.Base]
			if w.Base == "" {
				base, ready = clock.Spec{Zone: standard.Zone, Years: standard.Years, Near: standard.Near}, true
			}
			if !ready {
				still = append(still, w)
				continue
			}
			spec, err := c.one(w, base, standard.Zone)
			if err != nil {
				bad = append(bad, finding(w.kept.File, err))
			}
			specs[w.Name] = spec
		}
		if len(still) == len(waiting) {
			return append(bad, baseless(still)...)
		}
		waiting = still
	}
	return bad
}

// one makes one calendar on its base.
func (c *calendars) one(w written, base clock.Spec, zone string) (clock.Spec, error) {
	spec := w.Spec(base)
	if spec.Zone != zone {
		return base, errs.New(errs.Invalid, "日历 %s 的时区是 %s，区的时区是 %s，要一样。", "The calendar %s is of the zone %s and the district of %s; they must agree.", w.Name, spec.Zone, zone).At("zone")
	}
	made, err := clock.New(spec)
	if err != nil {
		return base, err
	}
	c.made[w.Name] = made
	one := Calendar{Name: w.Name, Base: w.Base, Title: w.Title, Spec: spec, Source: w.source, Kept: w.kept}
	if w.Name == Standard {
		c.all[0] = one
	} else {
		c.all = append(c.all, one)
	}
	return spec, nil
}

// baseless tells of calendars whose base is none, or leads back to themselves.
func baseless(files []written) (bad []sheet.Finding) {
	for _, w := range files {
		err := errs.New(errs.Invalid, "没有日历 %s，%s 不能从它开始。", "There is no calendar %s for %s to begin with.", w.Base, w.Name)
		if slices.ContainsFunc(files, func(o written) bool { return o.Name == w.Base }) {
			err = errs.New(errs.Invalid, "日历 %s 从 %s 开始，绕成了圈。", "The calendar %s begins with %s, which goes in a circle.", w.Name, w.Base)
		}
		bad = append(bad, finding(w.kept.File, err.At("base")))
	}
	return bad
}

// finding places what does not hold in a file.
func finding(file string, err error) sheet.Finding {
	f := sheet.Finding{Place: sheet.Place{File: file}, Severity: sheet.Error, Text: lang.Text{ZH: err.Error(), EN: err.Error()}}
	for _, e := range errs.Each(err) {
		f.Field, f.Text = e.Field, e.Text
	}
	return f
}

// newest is the file of the notice that was brought in last: the others held
// before it came.
func newest(years []Year) (file string) {
	var at time.Time
	for _, y := range years {
		if y.At.After(at) || file == "" {
			at, file = y.At, y.File
		}
	}
	return file
}
