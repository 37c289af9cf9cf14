package tables

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/api/frame"
	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/geo"
	"linli/internal/org"
	"linli/internal/procedure"
)

// MatterFull is a matter with what else belongs to it.
type MatterFull struct {
	Matter
	Path   []frame.Named `json:"path" doc:"从大类往下 · From the top down"`
	Steps  []Step        `json:"steps,omitempty" doc:"怎么办 · How it is dealt with"`
	Fields []Field       `json:"fields,omitempty" doc:"表单要填什么 · What its form asks"`
}

// Field is one question of a form.
type Field struct {
	Name     string        `json:"name"`
	Title    frame.Text    `json:"title"`
	Help     *frame.Text   `json:"help,omitempty"`
	Type     string        `json:"type"`
	Format   string        `json:"format,omitempty"`
	Required bool          `json:"required"`
	Choices  []frame.Named `json:"choices,omitempty"`
	Max      int           `json:"max,omitempty" doc:"最多多少字 · At most so many characters"`
}

// Step is a step of a procedure.
type Step struct {
	Name     string       `json:"name"`
	Title    frame.Text   `json:"title"`
	Public   *frame.Text  `json:"public,omitempty" doc:"居民看到的话 · What a resident reads"`
	Kind     string       `json:"kind"`
	Role     string       `json:"role,omitempty"`
	Reporter bool         `json:"reporter"`
	Limit    string       `json:"limit,omitempty" doc:"matter 是按事项的时限 · matter: the matter's"`
	Actions  []StepAction `json:"actions"`
}

// StepAction is what may be done at a step.
type StepAction struct {
	Name  string     `json:"name"`
	Title frame.Text `json:"title"`
	To    []string   `json:"to"`
	Needs []string   `json:"needs"`
}

// Procedure is one, in the version that new cases take.
type Procedure struct {
	Name    string        `json:"name"`
	Title   frame.Text    `json:"title"`
	Version string        `json:"version"`
	Start   string        `json:"start"`
	Steps   []Step        `json:"steps"`
	Ends    []frame.Named `json:"ends"`
}

// AreaFull is an area with what lies right above and below it and its outline.
type AreaFull struct {
	Area
	Path    frame.Text    `json:"path"`
	Below   []frame.Named `json:"below" doc:"下一层 · Right below it"`
	Units   []frame.Named `json:"units" doc:"管这里的单位 · The units that answer for it"`
	Outline *geoOutline   `json:"outline,omitempty" doc:"GeoJSON MultiPolygon，CGCS2000"`
}

type geoOutline struct {
	Type        string           `json:"type" enum:"MultiPolygon"`
	Coordinates [][][][2]float64 `json:"coordinates"`
}

// UnitFull is a unit with those below it.
type UnitFull struct {
	Unit
	Calendar frame.Named   `json:"calendar" doc:"按哪份日历 · The calendar it keeps"`
	Below    []frame.Named `json:"below"`
}

// Calendar is when some units work.
type Calendar struct {
	Name    string        `json:"name"`
	Title   frame.Text    `json:"title"`
	Base    string        `json:"base,omitempty"`
	Units   []frame.Named `json:"units" doc:"谁按它 · Who keeps it"`
	Hours   []Weekday     `json:"hours"`
	Through bool          `json:"through_holidays" doc:"节假日也上班 · Works through holidays"`
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
	Date string     `json:"date" format:"date"`
	Name frame.Text `json:"name"`
}

type codeInput struct {
	Code string `path:"code" maxLength:"60"`
}

func readOperations(d *frame.Door) {
	frame.Register(d, read("read-matter", "/matters/{code}", "一个事项 · One matter", "连同怎么办、表单要填什么。 · With its steps and what its form asks."), frame.AnyKey, readMatter)
	frame.Register(d, read("list-procedures", "/procedures", "规程 · Procedures", "新案件用的版本。 · In the versions that new cases take."), frame.AnyKey, listProcedures)
	frame.Register(d, read("read-area", "/areas/{code}", "一个区域 · One area", "连同轮廓、下一层、管这里的单位。 · With its outline, what lies below it and the units that answer for it."), frame.AnyKey, readArea)
	frame.Register(d, read("read-unit", "/units/{code}", "一个单位 · One unit", "连同日历和下属单位。 · With its calendar and the units below it."), frame.AnyKey, readUnit)
	frame.Register(d, read("list-calendars", "/calendars", "工作日历 · Working calendars", "区里的在前。 · The district's own first."), frame.AnyKey, listCalendars)
	frame.Register(d, read("list-years", "/calendars/years", "节假日和调休 · Days off and make-up workdays", "旧的年份在前。 · The oldest year first."), frame.AnyKey, listYears)
}

func readMatter(_ context.Context, c *frame.Caller, in *codeInput) (*frame.Output[MatterFull], error) {
	cat := c.District.Catalogue
	m, ok := cat.Matter(in.Code)
	if !ok {
		return nil, frame.MissingCode()
	}
	out := MatterFull{Matter: matterOf(cat, m), Path: []frame.Named{}}
	for _, code := range cat.Path(m.Code) {
		out.Path = append(out.Path, frame.Name(code, cat.Title(code)))
	}
	if p, ok := cat.Procedure(m.Procedure, ""); ok {
		out.Steps = stepsOf(p)
	}
	if f, ok := cat.Form(m.Form); ok {
		for _, one := range f.Fields {
			out.Fields = append(out.Fields, fieldOf(one))
		}
	}
	return frame.Reply(out, nil)
}

func fieldOf(f catalogue.Field) Field {
	out := Field{Name: f.Name, Title: frame.TextOf(f.Title), Help: frame.TextIf(f.Help), Type: f.Type, Format: f.Format, Required: f.Required, Max: f.Max}
	for _, choice := range f.Choices {
		out.Choices = append(out.Choices, frame.Name(choice.Value, choice.Title))
	}
	return out
}

func stepsOf(p *procedure.Procedure) (all []Step) {
	for _, s := range p.Steps {
		step := Step{Name: string(s.Name), Title: frame.TextOf(s.Title), Public: frame.TextIf(s.Public), Kind: string(s.Kind), Role: string(s.By.Role), Reporter: s.By.Reporter, Actions: []StepAction{}}
		switch {
		case s.Limit != nil:
			step.Limit = s.Limit.String()
		case s.OfMatter:
			step.Limit = "matter"
		}
		for _, a := range s.Actions {
			action := StepAction{Name: string(a.Name), Title: frame.TextOf(a.Title), To: []string{}, Needs: []string{}}
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

func listProcedures(_ context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Procedure]], error) {
	var all []Procedure
	for _, p := range c.District.Catalogue.Procedures() {
		one := Procedure{Name: p.Name, Title: frame.TextOf(p.Title), Version: p.Version, Start: string(p.Start), Steps: stepsOf(p), Ends: []frame.Named{}}
		for _, e := range p.Ends {
			one.Ends = append(one.Ends, frame.Name(e.Name, e.Title))
		}
		all = append(all, one)
	}
	return frame.WholeOf(all, nil)
}

func readArea(_ context.Context, c *frame.Caller, in *codeInput) (*frame.Output[AreaFull], error) {
	m := c.District.Areas
	a, ok := m.Area(area.Code(in.Code))
	if !ok {
		return nil, frame.MissingCode()
	}
	outline, outlined := m.Outline(a.Code)
	out := AreaFull{Area: areaRow(a, outlined), Path: frame.TextOf(m.Path(a.Code)), Below: []frame.Named{}, Units: []frame.Named{}}
	for _, b := range m.Children(a.Code) {
		out.Below = append(out.Below, frame.Name(b.Code, b.Name))
	}
	for _, u := range c.District.Org.Serving(string(a.Code), c.District.Day) {
		out.Units = append(out.Units, frame.Name(u.ID, u.Name))
	}
	if outlined {
		out.Outline = outlineOf(outline)
	}
	return frame.Reply(out, nil)
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

func readUnit(_ context.Context, c *frame.Caller, in *codeInput) (*frame.Output[UnitFull], error) {
	u, ok := c.District.Org.Unit(org.UnitID(in.Code))
	if !ok {
		return nil, frame.MissingCode()
	}
	name := c.District.CalendarName(in.Code)
	out := UnitFull{Unit: unitRow(u), Calendar: frame.Named{Code: name}, Below: []frame.Named{}}
	for _, cal := range c.District.Calendars() {
		if cal.Name == name {
			out.Calendar.Name = frame.TextOf(cal.Title)
		}
	}
	for _, b := range c.District.Org.Children(u.ID) {
		out.Below = append(out.Below, frame.Name(b.ID, b.Name))
	}
	return frame.Reply(out, nil)
}

func listCalendars(_ context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Calendar]], error) {
	var all []Calendar
	for _, cal := range c.District.Calendars() {
		one := Calendar{Name: cal.Name, Title: frame.TextOf(cal.Title), Base: cal.Base, Units: []frame.Named{}, Hours: []Weekday{}, Through: cal.Spec.ThroughHolidays}
		for _, u := range c.District.KeptBy(cal.Name) {
			one.Units = append(one.Units, frame.Name(u.ID, u.Name))
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
	return frame.WholeOf(all, nil)
}

func listYears(_ context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[CalendarYear]], error) {
	var all []CalendarYear
	days := func(list []clock.Day) []CalendarAt {
		out := []CalendarAt{}
		for _, one := range list {
			out = append(out, CalendarAt{string(one.Date), frame.TextOf(one.Name)})
		}
		return out
	}
	for _, y := range c.District.Years() {
		all = append(all, CalendarYear{y.Year.Year, days(y.Off), days(y.Work)})
	}
	return frame.WholeOf(all, nil)
}
