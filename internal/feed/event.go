package feed

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// ContentType and BatchType are how events travel: one, and many at once.
const (
	ContentType = "application/cloudevents+json"
	BatchType   = "application/cloudevents-batch+json"
)

// Event is an event of CloudEvents 1.0 in its structured form. Sequence, of the
// extension of that name, is its place in the log and among the events of that
// place: a cursor by which the reading goes on after this event.
type Event struct {
	SpecVersion string    `json:"specversion"`
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	Type        string    `json:"type"`
	Subject     string    `json:"subject"`
	Time        time.Time `json:"time"`
	ContentType string    `json:"datacontenttype"`
	Schema      string    `json:"dataschema"`
	Sequence    string    `json:"sequence"`
	Data        any       `json:"data"`

	Kind  Kind  `json:"-"`
	Place int64 `json:"-"`
	Sub   int   `json:"-"` // which of the events of its place it is; 0 where that makes one alone

	area  area.Code
	units []string
}

// Text is something said in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func textOf(t lang.Text) Text { return Text{t.ZH, t.In(lang.EN)} }

// Named is a code with what it is called now.
type Named struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}

// Case is what the public may know of a case after a change. What an entry from
// before the feed does not say is left out.
type Case struct {
	Number    string     `json:"number"`
	Matter    Named      `json:"matter"`
	Kind      string     `json:"kind"`
	State     string     `json:"state,omitempty"`
	Step      string     `json:"step,omitempty"`
	Status    *Text      `json:"status,omitempty"`
	Street    string     `json:"street,omitempty"`
	Community string     `json:"community,omitempty"`
	Grid      string     `json:"grid,omitempty"`
	Unit      *Named     `json:"unit,omitempty"`
	Due       *time.Time `json:"due,omitempty"`
	DueBefore *time.Time `json:"due_before,omitempty"`
	Into      string     `json:"merged_into,omitempty"`
	TookIn    string     `json:"took_in,omitempty"`
}

// Setup is which tables of the district changed.
type Setup struct {
	Tables  []string `json:"tables"`
	Pack    string   `json:"pack,omitempty"`
	Added   int      `json:"added"`
	Changed int      `json:"changed"`
}

// Calendars is which calendar, or the days off of which year, changed or went.
type Calendars struct {
	Calendar string `json:"calendar,omitempty"`
	Year     int    `json:"year,omitempty"`
	Dropped  bool   `json:"dropped"`
}

// Trial is what a target gets that is tried out.
type Trial struct {
	Text Text `json:"text"`
}

// Source is where a district's events come from.
func Source(district string) string { return "/districts/" + district }

// schemaOf names the schema of an event's data. What a schema says is never
// taken back; another shape has another name.
func schemaOf(name string) string { return "urn:linli:schema:" + name + ":1" }

// newEvent is an event without its data.
func newEvent(code string, k Kind, id, subject string, at time.Time, schema string) Event {
	return Event{
		SpecVersion: "1.0", ID: id, Source: Source(code), Type: k.Type(), Subject: subject, Time: at.UTC(), ContentType: "application/json",
		Schema: schemaOf(schema), Kind: k,
	}
}

// NewPing is an event that says only that it came.
func NewPing(district, id string, now time.Time) Event {
	e := newEvent(district, Ping, id, "ping", now, "ping")
	e.Sequence, e.Data = Cursor{}.sequence(), Trial{textOf(lang.T("邻里在试这个地址，收到就好。", "linli is trying this address; nothing needs to be done."))}
	return e
}

// eventOf makes the event of an entry that gives one at most; false where the
// public is told nothing.
func eventOf(d *district.District, l trail.Leaf, faces map[casework.ID]casework.Face) (Event, bool) {
	var e Event
	ok := false
	switch f, is := faces[casework.ID(l.Subject)]; {
	case l.Book == trail.Setup:
		e, ok = setupEvent(d, l)
	case is && told(f):
		e, ok = caseEvent(d, l, f)
	}
	e.Place, e.Sequence = l.Place, Cursor{Place: l.Place}.sequence()
	return e, ok
}

// dataMatter is the matter of what people ask about their own data, which is
// between them and the authority.
const dataMatter = "d-data"

// told reports whether the feed tells of a case.
func told(f casework.Face) bool { return !f.Secret && f.Matter != dataMatter }

func caseEvent(d *district.District, l trail.Leaf, f casework.Face) (Event, bool) {
	p, _ := d.Catalogue.Procedure(f.Procedure, f.Version)
	kind := kindOf(l.Entry, p)
	if kind == "" {
		return Event{}, false
	}
	e := newEvent(d.Code, kind, l.Subject+"-"+strconv.Itoa(l.Seq), f.Number, l.At, "case")
	c := Case{
		Number: f.Number, Matter: Named{f.Matter, textOf(d.Catalogue.Title(f.Matter))}, Kind: f.Kind, State: stateAfter(kind, l.Detail),
		Street: f.Street, Community: f.Community, Grid: f.Grid, Step: stepAfter(l.Detail),
		Due:  instant(cmp.Or(l.Detail["now.due"], l.Detail["after"], l.Detail["case-due"], openedDue(l.Entry))),
		Into: l.Detail["into"],
	}
	if kind == Redated {
		c.DueBefore = instant(l.Detail["before"])
	}
	if kind == TookIn {
		c.TookIn = l.Detail["number"]
	}
	if words := wordsOf(p, c.Step); !words.IsZero() {
		status := textOf(words)
		c.Status = &status
	}
	if unit := cmp.Or(l.Detail["now.unit"], l.Detail["to-unit"]); unit != "" {
		c.Unit = &Named{unit, textOf(d.Org.UnitName(org.UnitID(unit)))}
		e.units = append(e.units, unit)
	}
	if of := l.Detail["of"]; of != "" { // whoever had it is told that it went
		e.units = append(e.units, of)
	}
	e.area, e.Data = area.Code(cmp.Or(f.Grid, f.Community, f.Street, d.Code)), c
	return e, true
}

// openedDue is the date promised by the entry of an opening: elsewhere the fact of
// that name is a task's.
func openedDue(e trail.Entry) string {
	if e.Act == "opened" {
		return e.Detail["due"]
	}
	return ""
}

// stateAfter is the state of the case after an entry. Most of what happens
// happens to a running case; of the rest an old entry does not say.
func stateAfter(k Kind, d map[string]string) string {
	switch {
	case d["now.state"] != "":
		return d["now.state"]
	case d["ended"] != "":
		return d["ended"]
	case k == Imported:
		return d["state"]
	case d["now.step"] == "" && (k == Attached || k == TookIn || k == Redated):
		return ""
	}
	return string(casework.Running)
}

// stepAfter is where the case stands after an entry.
func stepAfter(d map[string]string) string {
	to, _, _ := strings.Cut(d["to"], ",")
	return cmp.Or(d["now.step"], to)
}

// wordsOf are the words that a resident reads while a case is where it is.
func wordsOf(p *procedure.Procedure, step string) lang.Text {
	if p == nil {
		return lang.Text{}
	}
	if s := p.Step(procedure.StepName(step)); s != nil {
		return s.Public
	}
	if end := p.End(procedure.EndName(step)); end != nil {
		return end.Public
	}
	return lang.Text{}
}

// instant reads a fact that holds microseconds; an import wrote its dates in
// another form, and says them in now.due as well.
func instant(fact string) *time.Time {
	n, err := strconv.ParseInt(fact, 10, 64)
	if err != nil {
		return nil
	}
	at := time.UnixMicro(n).UTC()
	return &at
}

// open are the tables that everybody may read.
var open = []string{"areas", "outlines", "units", "matters"}

func setupEvent(d *district.District, l trail.Leaf) (Event, bool) {
	id := string(l.Book) + "-" + l.Subject + "-" + strconv.Itoa(l.Seq)
	number := func(name string) int { n, _ := strconv.Atoi(l.Detail[name]); return n } // 0 where it was not counted
	switch l.Act {
	case "imported":
		s := Setup{Tables: []string{}, Pack: l.Detail["pack"], Added: number("added"), Changed: number("changed")}
		for table := range strings.FieldsSeq(l.Detail["table"]) {
			if slices.Contains(open, table) {
				s.Tables = append(s.Tables, table)
			}
		}
		if s.Pack != "" && !slices.Contains(s.Tables, "matters") {
			s.Tables = append(s.Tables, "matters")
		}
		e := newEvent(d.Code, Tables, id, strings.Join(s.Tables, " "), l.At, "setup")
		e.Data = s
		return e, len(s.Tables) > 0
	case "calendar-set", "calendar-dropped", "year-set", "year-dropped":
		c := Calendars{Calendar: l.Detail["name"], Year: number("year"), Dropped: strings.HasSuffix(l.Act, "dropped")}
		e := newEvent(d.Code, Calendar, id, cmp.Or(c.Calendar, l.Detail["year"]), l.At, "calendar")
		e.Data = c
		return e, true
	}
	return Event{}, false
}
