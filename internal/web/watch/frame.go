package watch

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// head is what stands above every page's own part.
type head struct {
	Title, Said string
	At          string // the tab
	Path        []ui.Link
	Button      ui.Btn
}

// show draws a page.
func show(v *page.View, status int, h head, body templ.Component) error {
	return v.Show(status, frame(v.Page(h.Title), page.Staff(v, "watch"), h, tabs(v, h.At), body))
}

// tabs are the views of supervision that the reader may open.
func tabs(v *page.View, at string) (all []ui.Link) {
	add := func(text, to string) {
		all = append(all, ui.Link{Text: text, Href: home + to, Now: to == at})
	}
	if v.Can(rights.CaseSee) {
		add(v.Say("总览", "Overview"), "")
		add(v.Say("督办清单", "Orders"), "/orders")
		add(v.Say("卡住的件", "Stuck cases"), "/stuck")
		add(v.Say("退回与改派", "Sent on"), "/bounces")
		add(v.Say("协调会", "Meetings"), "/meetings")
		add(v.Say("会上定的", "Decisions"), "/decisions")
	}
	add(v.Say("准入清单", "Admission list"), "/admissions")
	add(v.Say("领导值班", "On duty"), "/duty")
	if v.Can(rights.CaseSee) {
		add(v.Say("规则", "Rule"), "/rungs")
	}
	return all
}

// unitsOf are the units of the reader's posts, each once.
func unitsOf(v *page.View) []string {
	units := []string{}
	for _, a := range v.Actors() {
		if a.Unit != "" && !slices.Contains(units, a.Unit) {
			units = append(units, a.Unit)
		}
	}
	return units
}

// bound are the units whose meetings and decisions the reader sees; nil is all
// of them, for those who see every case.
func bound(v *page.View) []string {
	if v.Can(rights.CaseSeeAll) {
		return nil
	}
	return unitsOf(v)
}

// unitOptions are all units of today, for a choice.
func unitOptions(v *page.View) (all []ui.Option) {
	for _, kind := range org.Kinds() {
		for _, u := range v.District.Org.UnitsByKind(kind) {
			if u.ValidOn(v.District.Day) {
				all = append(all, ui.Option{Value: string(u.ID), Label: u.Name.In(v.Lang), Group: kind.Text().In(v.Lang)})
			}
		}
	}
	return all
}

// unitNames names several units in one line.
func unitNames(v *page.View, units []string) (text string) {
	for i, unit := range units {
		if i > 0 {
			text += v.Say("、", ", ")
		}
		text += v.UnitName(unit)
	}
	return text
}

// postName is who holds a post, with the role.
func postName(v *page.View, id string) string {
	post, ok := v.District.Org.Post(org.PostID(id))
	if !ok {
		return ""
	}
	person, _ := v.District.Org.Person(post.Person)
	return person.Name + " · " + v.RoleName(string(post.Role))
}

// dayText is a date of a list.
func dayText(v *page.View, d clock.Date) string {
	if d == "" {
		return ""
	}
	return d.Text().In(v.Lang)
}

// areaText is the smallest area known of a case.
func areaText(v *page.View, c casework.Case) string {
	code := c.Place.Area(v.District.Code)
	if code == v.District.Code {
		return v.Say("还没定到网格", "no grid yet")
	}
	return v.District.Areas.Name(area.Code(code)).In(v.Lang)
}

// decidedText says who carries a decision out, until when, and what it did to
// the case.
func decidedText(v *page.View, i supervise.MeetingItem) string {
	if i.Unit == "" {
		return ""
	}
	text := v.Say("由%s办", "Carried out by %s", v.UnitName(i.Unit))
	if len(i.Co) > 0 {
		text += v.Say("，%s协办", ", with %s", unitNames(v, i.Co))
	}
	text += v.Say("，期限 %s。", ", due %s. ", v.DueText(i.Due))
	return text + settledText(v, i.Settled)
}

// standing is the signal of a decision: its date while a unit has to carry it
// out, and otherwise what became of it.
func standing(v *page.View, i supervise.MeetingItem) (ui.Tone, string) {
	switch i.State {
	case supervise.ItemDecided:
		return v.Signal(i.NearAt, i.Due, time.Time{}, i.Limit)
	case supervise.ItemDone:
		if i.DoneAt.After(i.Due) {
			return ui.Late, v.Say("办了，晚了", "Carried out, late")
		}
		return ui.OK, v.Say("办了", "Carried out")
	case supervise.ItemNoted:
		return ui.OK, v.Say("记下了", "Noted")
	case supervise.ItemDropped:
		return ui.Hold, v.Say("收回了", "Taken back")
	case supervise.ItemDeferred, supervise.ItemCarried:
		return ui.Hold, v.Say("留到下次", "Left to the next")
	}
	return ui.Hold, v.Say("还没议", "To be talked about")
}

// again is a form that came back, with what was typed and what is wrong. Its
// zero value is none.
type again struct {
	Form     string // which of the page's forms
	Value    func(name string) string
	Values   func(name string) []string
	Wrong    map[string]string
	Mistakes []ui.FieldError
}

// back makes the form that a refused post leads to; ok is false where the
// failure is not about a field.
func back(v *page.View, form string, err error) (a again, ok bool) {
	a = again{Form: form, Value: v.R.PostForm.Get, Values: func(name string) []string { return v.R.PostForm[name] }}
	a.Wrong, a.Mistakes, ok = v.FieldErrors(err)
	for i, m := range a.Mistakes {
		a.Mistakes[i].ID = m.ID + "-" + form
	}
	return a, ok
}

// field is a control of a form: what was typed stays, and what is wrong is said.
func (a again) field(form, name, label, value string) ui.Field {
	f := ui.Field{ID: name + "-" + form, Name: name, Label: label, Value: value}
	if a.Form == form && a.Value != nil {
		f.Value, f.Err = a.Value(name), a.Wrong[name]
	}
	return f
}

// many is what was chosen of several, or what is chosen now.
func (a again) many(form, name string, now []string) []string {
	if a.Form == form && a.Values != nil {
		return a.Values(name)
	}
	return now
}

func with(f ui.Field, change func(*ui.Field)) ui.Field {
	change(&f)
	return f
}

func needed(f *ui.Field) { f.Required = true }
