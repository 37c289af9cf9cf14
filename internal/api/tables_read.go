package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/org"
	"linli/internal/procedure"
)

// MatterFull is a matter with what else belongs to it.
type MatterFull struct {
	Matter
	Path   []Named `json:"path" doc:"从大类往下 · From the top down"`
	Steps  []Step  `json:"steps,omitempty" doc:"怎么办 · How it is dealt with"`
	Fields []Field `json:"fields,omitempty" doc:"表单要填什么 · What its form asks"`
}

// Field is one question of a form.
type Field struct {
	Name     string  `json:"name"`
	Title    Text    `json:"title"`
	Help     *Text   `json:"help,omitempty"`
	Type     string  `json:"type"`
	Format   string  `json:"format,omitempty"`
	Required bool    `json:"required"`
	Choices  []Named `json:"choices,omitempty"`
	Max      int     `json:"max,omitempty" doc:"最多多少字 · At most so many characters"`
}

// Step is a step of a procedure.
type Step struct {
	Name     string       `json:"name"`
	Title    Text         `json:"title"`
	Public   *Text        `json:"public,omitempty" doc:"居民看到的话 · What a resident reads"`
	Kind     string       `json:"kind"`
	Role     string       `json:"role,omitempty"`
	Reporter bool         `json:"reporter"`
	Limit    string       `json:"limit,omitempty" doc:"matter 是按事项的时限 · matter: the matter's"`
	Actions  []StepAction `json:"actions"`
}

// StepAction is what may be done at a step.
type StepAction struct {
	Name  string   `json:"name"`
	Title Text     `json:"title"`
	To    []string `json:"to"`
	Needs []string `json:"needs"`
}

// Procedure is one, in the version that new cases take.
type Procedure struct {
	Name    string  `json:"name"`
	Title   Text    `json:"title"`
	Version string  `json:"version"`
	Start   string  `json:"start"`
	Steps   []Step  `json:"steps"`
	Ends    []Named `json:"ends"`
}

// AreaFull is an area with what lies right above and below it and its outline.
type AreaFull struct {
	Area
	Path    Text        `json:"path"`
	Below   []Named     `json:"below" doc:"下一层 · Right below it"`
	Units   []Named     `json:"units" doc:"管这里的单位 · The units that answer for it"`
	Outline *geoOutline `json:"outline,omitempty" doc:"GeoJSON MultiPolygon，CGCS2000"`
}

type geoOutline struct {
	Type        string           `json:"type" enum:"MultiPolygon"`
	Coordinates [][][][2]float64 `json:"coordinates"`
}

// UnitFull is a unit with those below it.
type UnitFull struct {
	Unit
	Calendar Named   `json:"calendar" doc:"按哪份日历 · The calendar it keeps"`
	Below    []Named `json:"below"`
}

// Calendar is when some units work.
type Calendar struct {
	Name    string    `json:"name"`
	Title   Text      `json:"title"`
	Base    string    `json:"base,omitempty"`
	Units   []Named   `json:"units" doc:"谁按它 · Who keeps it"`
	Hours   []Weekday `json:"hours"`
	Through bool      `json:"through_holidays" doc:"节假日也上班 · Works through holidays"`
}

// Weekday is the office hours of one day of the week.
type Weekday struct {
	Day   int      `json:"day" minimum:"1" maximum:"7" doc:"1 是周一 · 1 is Monday"`
	Hours []string `json:"hours" doc:"例如 09:00-12:00 · Such as 09:00-12:00"`
}

// CalendarYear is the days off and make-up workdays of a year.
type CalendarYear struct {
	Year int          `json:"year"`
	Off  []CalendarAt `json:"off"`
	Work []CalendarAt `json:"work" doc:"调休上班 · Make-up workdays"`
}

// CalendarAt is such a day.
type CalendarAt struct {
	Date string `json:"date" format:"date"`
	Name Text   `json:"name"`
}

type codeInput struct {
	Code string `path:"code" maxLength:"60"`
}

func (d *door) tableReadOperations() {
	read := func(id, path, zh, en, say string) (string, string, string, string, string, string) {
		return id, http.MethodGet, path, "district", zh + " · " + en, say
	}
	register(d, told(read("read-matter", "/matters/{code}", "一个事项", "One matter", "连同怎么办、表单要填什么。 · With its steps and what its form asks.")), anyKey, d.readMatter)
	register(d, told(read("list-procedures", "/procedures", "规程", "Procedures", "新案件用的版本。 · In the versions that new cases take.")), anyKey, d.listProcedures)
	register(d, told(read("read-area", "/areas/{code}", "一个区域", "One area", "连同轮廓、下一层、管这里的单位。 · With its outline, what lies below it and the units that answer for it.")), anyKey, d.readArea)
	register(d, told(read("read-unit", "/units/{code}", "一个单位", "One unit", "连同日历和下属单位。 · With its calendar and the units below it.")), anyKey, d.readUnit)
	register(d, told(read("list-calendars", "/calendars", "工作日历", "Working calendars", "区里的在前。 · The district's own first.")), anyKey, d.listCalendars)
	register(d, told(read("list-years", "/calendars/years", "节假日和调休", "Days off and make-up workdays", "旧的年份在前。 · The oldest year first.")), anyKey, d.listYears)
}

func missingCode() error {
	return errs.New(errs.NotFound, "没有这个代码。", "There is no such code.")
}

func (d *door) readMatter(_ context.Context, c *caller, in *codeInput) (*output[MatterFull], error) {
	cat := c.District.Catalogue
	m, ok := cat.Matter(in.Code)
	if !ok {
		return nil, missingCode()
	}
	out := MatterFull{Matter: matterOf(cat, m), Path: []Named{}}
	for _, code := range cat.Path(m.Code) {
		out.Path = append(out.Path, Named{code, textOf(cat.Title(code))})
	}
	if p, ok := cat.Procedure(m.Procedure, ""); ok {
		out.Steps = stepsOf(p)
	}
	if f, ok := cat.Form(m.Form); ok {
		for _, one := range f.Fields {
			out.Fields = append(out.Fields, fieldOf(one))
		}
	}
	return reply(out, nil)
}

func fieldOf(f catalogue.Field) Field {
	out := Field{Name: f.Name, Title: textOf(f.Title), Help: textIf(f.Help), Type: f.Type, Format: f.Format, Required: f.Required, Max: f.Max}
	for _, choice := range f.Choices {
		out.Choices = append(out.Choices, Named{choice.Value, textOf(choice.Title)})
	}
	return out
}

func stepsOf(p *procedure.Procedure) (all []Step) {
	for _, s := range p.Steps {
		step := Step{Name: string(s.Name), Title: textOf(s.Title), Public: textIf(s.Public), Kind: string(s.Kind), Role: string(s.By.Role), Reporter: s.By.Reporter, Actions: []StepAction{}}
		switch {
		case s.Limit != nil:
			step.Limit = s.Limit.String()
		case s.OfMatter:
			step.Limit = "matter"
		}
		for _, a := range s.Actions {
			action := StepAction{Name: string(a.Name), Title: textOf(a.Title), To: []string{}, Needs: []string{}}
			for _, to := range a.Targets() {
				action.To = append(action.To, string(to))
			}
			for _, n := range a.Needs {
				action.Needs = append(action.Needs, string(n))
			}
			step.Actions = append(step.Actions, action)
		}
		all = append(all, step)
	}
	return all
}

func (d *door) listProcedures(_ context.Context, c *caller, _ *struct{}) (*output[Whole[Procedure]], error) {
	var all []Procedure
	for _, p := range c.District.Catalogue.Procedures() {
		one := Procedure{Name: p.Name, Title: textOf(p.Title), Version: p.Version, Start: string(p.Start), Steps: stepsOf(p), Ends: []Named{}}
		for _, e := range p.Ends {
			one.Ends = append(one.Ends, Named{string(e.Name), textOf(e.Title)})
		}
		all = append(all, one)
	}
	return wholeOf(all, nil)
}

func (d *door) readArea(_ context.Context, c *caller, in *codeInput) (*output[AreaFull], error) {
	m := c.District.Areas
	a, ok := m.Area(area.Code(in.Code))
	if !ok {
		return nil, missingCode()
	}
	outline, outlined := m.Outline(a.Code)
	out := AreaFull{Area: areaRow(a, outlined), Path: textOf(m.Path(a.Code)), Below: []Named{}, Units: []Named{}}
	for _, b := range m.Children(a.Code) {
		out.Below = append(out.Below, Named{string(b.Code), textOf(b.Name)})
	}
	for _, u := range c.District.Org.Serving(string(a.Code), c.District.Day) {
		out.Units = append(out.Units, Named{string(u.ID), textOf(u.Name)})
	}
	if outlined {
		out.Outline = outlineOf(outline)
	}
	return reply(out, nil)
}

func outlineOf(o geo.Outline) *geoOutline {
	out := &geoOutline{Type: "MultiPolygon", Coordinates: [][][][2]float64{}}
	for _, polygon := range o.Polygons() {
		var rings [][][2]float64
		for _, ring := range polygon {
			var line [][2]float64
			for _, p := range ring {
				line = append(line, [2]float64{p.Lon, p.Lat})
			}
			rings = append(rings, line)
		}
		out.Coordinates = append(out.Coordinates, rings)
	}
	return out
}

func (d *door) readUnit(_ context.Context, c *caller, in *codeInput) (*output[UnitFull], error) {
	u, ok := c.District.Org.Unit(org.UnitID(in.Code))
	if !ok {
		return nil, missingCode()
	}
	name := c.District.CalendarName(in.Code)
	out := UnitFull{Unit: unitRow(u), Calendar: Named{Code: name}, Below: []Named{}}
	for _, cal := range c.District.Calendars() {
		if cal.Name == name {
			out.Calendar.Name = textOf(cal.Title)
		}
	}
	for _, b := range c.District.Org.Children(u.ID) {
		out.Below = append(out.Below, Named{string(b.ID), textOf(b.Name)})
	}
	return reply(out, nil)
}

func (d *door) listCalendars(_ context.Context, c *caller, _ *struct{}) (*output[Whole[Calendar]], error) {
	var all []Calendar
	for _, cal := range c.District.Calendars() {
		one := Calendar{Name: cal.Name, Title: textOf(cal.Title), Base: cal.Base, Units: []Named{}, Hours: []Weekday{}, Through: cal.Spec.ThroughHolidays}
		for _, u := range c.District.KeptBy(cal.Name) {
			one.Units = append(one.Units, Named{string(u.ID), textOf(u.Name)})
		}
		for day, hours := range cal.Spec.Hours {
			w := Weekday{Day: (int(day)+6)%7 + 1, Hours: []string{}}
			for _, h := range hours {
				w.Hours = append(w.Hours, h.String())
			}
			one.Hours = append(one.Hours, w)
		}
		slices.SortFunc(one.Hours, func(a, b Weekday) int { return cmp.Compare(a.Day, b.Day) })
		all = append(all, one)
	}
	return wholeOf(all, nil)
}

func (d *door) listYears(_ context.Context, c *caller, _ *struct{}) (*output[Whole[CalendarYear]], error) {
	var all []CalendarYear
	days := func(list []clock.Day) []CalendarAt {
		out := []CalendarAt{}
		for _, one := range list {
			out = append(out, CalendarAt{string(one.Date), textOf(one.Name)})
		}
		return out
	}
	for _, y := range c.District.Years() {
		all = append(all, CalendarYear{y.Year.Year, days(y.Off), days(y.Work)})
	}
	return wholeOf(all, nil)
}
