package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/ident"
	"linli/internal/look"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// shownFor is how long what was masked stands on a page.
const shownFor = time.Minute

// seePrefix begins the names of the boxes that say what to see.
const seePrefix = "see."

// personView is somebody who reported, with the form to look behind the masks,
// or what it gave.
type personView struct {
	page.Reporter
	Case  casework.Case
	Shown *look.Shown // nil while the masks stand
	Typed again       // the form that came back
	Open  bool        // the form stands open
}

// people are the reporters of the page.
func (s *caseView) people() []personView {
	var all []personView
	for _, r := range s.Reporters[:min(peopleMost, len(s.Reporters))] {
		all = append(all, personView{Reporter: r, Case: s.Case})
	}
	return all
}

// revealForm is the form on a page of its own.
func revealForm(v *page.View) error {
	p, err := personOf(v, v.R.URL.Query().Get("report"))
	if err != nil {
		return err
	}
	p.Open = true
	return showPerson(v, http.StatusOK, p)
}

// personPart is somebody behind masks again, for a page on which the minute is
// over.
func personPart(v *page.View) error {
	p, err := personOf(v, v.R.URL.Query().Get("report"))
	if err != nil {
		return err
	}
	private(v)
	return v.Show(http.StatusOK, personCard(v, p))
}

// personOf reads one who reported a case that the reader sees. A report that is
// not there, of another case, or kept secret from the reader is not found.
func personOf(v *page.View, report string) (p personView, err error) {
	c, tasks, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return p, err
	}
	r, err := casework.ReportByID(v.Context(), v.House.DB, v.District.Code, report)
	if err != nil {
		return p, err
	}
	all, err := v.Reporters(c, tasks, []casework.Report{r})
	if err != nil {
		return p, err
	}
	if r.Case != c.ID || all[0].Hidden {
		return p, errs.New(errs.NotFound, "没有找到", "not found")
	}
	return personView{Reporter: all[0], Case: c}, nil
}

// reveal shows what was asked for, once: the look is on record before the page
// is drawn.
func reveal(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	p, err := personOf(v, form.Get("report"))
	if err != nil {
		return err
	}
	a := look.Asking{
		District: v.District, Case: p.Case.ID, Report: p.Report.ID, Purpose: form.Get("purpose"), Kind: look.Kind(form.Get("kind")), Reason: form.Get("reason"), OnDuty: onDuty(v),
	}
	for _, f := range fields.Shown() {
		if form.Get(seePrefix+f) == "yes" {
			a.Fields = append(a.Fields, f)
		}
	}
	if actors := v.Actors(); p.By != nil {
		a.By = *p.By
	} else if len(actors) > 0 {
		a.By = actors[0] // whose refusal the verb words
	}
	shown, err := look.Reveal(v.Context(), v.House.DB, v.House.Vault, a)
	if err != nil {
		return p.comeBack(v, err)
	}
	p.Shown = &shown
	return showPerson(v, http.StatusOK, p)
}

// comeBack shows the form with what is wrong.
func (p personView) comeBack(v *page.View, err error) error {
	if _, told := errs.TextOf(err); !told || errs.KindOf(err) == errs.NotFound {
		return err
	}
	p.Open, p.Typed = true, again{Which: "look", Form: v.R.PostForm, Fields: map[string]string{}}
	for _, e := range errs.Each(err) {
		if e.Field == "" {
			p.Typed.Said = e.Text.In(v.Lang)
			continue
		}
		p.Typed.Fields[e.Field] = e.Text.In(v.Lang)
	}
	page.RetryAfter(v.W, err)
	return showPerson(v, page.Status(err), p)
}

// showPerson answers with the card alone where it is put into the open page, and
// with a page of its own that leads back by itself where there is no script.
func showPerson(v *page.View, status int, p personView) error {
	private(v)
	if v.R.Header.Get("HX-Request") == "true" {
		return v.Show(status, personCard(v, p))
	}
	if p.Shown != nil {
		v.W.Header().Set("Refresh", "60; url="+p.path())
	}
	return v.Show(status, revealPage(v, p))
}

// private keeps a page out of every store on the way and out of the browser's own.
func private(v *page.View) { v.W.Header().Set("Cache-Control", "no-store") }

// onDuty reports whether a post of the reader, or its unit's desk, is on the
// roster now. A roster that cannot be read explains nothing: it only explains
// reading at night.
func onDuty(v *page.View) bool {
	on, err := supervise.OnDuty(v.Context(), v.House.DB, v.District, v.Now)
	if err != nil {
		v.House.Log.WarnContext(v.Context(), "the roster cannot be read", "error", err)
	}
	return slices.ContainsFunc(on, func(d supervise.Duty) bool {
		for _, a := range v.Actors() {
			if d.Post == a.Post || d.Post == "" && d.Unit == a.Unit {
				return true
			}
		}
		return false
	})
}

func (p *personView) path() string { return "/desk/case/" + string(p.Case.ID) }

// id is the card's own, on pages with several people.
func (p *personView) id() string { return "person-" + p.Report.ID }

// masked is the person as every page shows them.
func (p *personView) masked(v *page.View) ui.PersonView {
	r := p.Reporter
	return ui.PersonView{ID: r.Report.ID, Name: reporterName(v, r), Role: channelText(v, r.Report.Channel) + v.Say("，", ", ") + v.MomentText(r.Report.At), Phone: r.Phone,
		Shown: r.Report.Post != "" && r.Name == ""}
}

// bare is the person without the masks that were lifted.
func (p *personView) bare(v *page.View) ui.PersonView {
	m := p.masked(v)
	value := func(field string, to *string) {
		if got, ok := p.Shown.Values[field]; ok {
			*to, m.Shown = got, true
		}
	}
	value(fields.Name, &m.Name)
	value(fields.Phone, &m.Phone)
	value(fields.Address, &m.Address)
	m.Until = v.Say("看到 %s 为止，之后自动遮住。", "Shown until %s, then masked again.", v.Now.Add(shownFor).In(v.Zone()).Format("15:04:05"))
	return m
}

// call is the link that dials the number that is shown; empty where none is, or
// where it has an extension that no link dials.
func (p *personView) call() string {
	number := ident.Phone(p.Shown.Values[fields.Phone])
	if number == "" || strings.Count(string(number), "-") > 1 {
		return ""
	}
	return "tel:" + strings.ReplaceAll(string(number), "-", "")
}

// quick reports whether one press is enough: the person left a number, and the
// case lets them be called back.
func (p *personView) quick(v *page.View) bool {
	purposes := p.purposes(v)
	at := slices.IndexFunc(purposes, func(one fields.Purpose) bool { return one.Name == look.Reaching })
	return at >= 0 && purposes[at].Shows(fields.Phone) && slices.Contains(p.Held, fields.Phone)
}

// called are the fields of a call back that the report holds.
func (p *personView) called() []string {
	return slices.DeleteFunc(slices.Clone(p.Held), func(f string) bool { return f == fields.Address })
}

// delayable reports whether a law lets the person be told of the look later.
func (p *personView) delayable(v *page.View) bool {
	purpose, ok := v.District.Catalogue.Privacy().Purpose(p.Shown.Look.Purpose)
	return ok && purpose.Delayable
}

// purposes are those for which the reader's post may look.
func (p *personView) purposes(v *page.View) []fields.Purpose {
	if p.By == nil {
		return look.Purposes(v.District, p.Case)
	}
	return look.PurposesOf(v.District, p.Case, *p.By)
}

// purposeOptions are what the person may be looked up for, each with what it shows.
func (p *personView) purposeOptions(v *page.View) (all []ui.Option) {
	for _, one := range p.purposes(v) {
		all = append(all, ui.Option{Value: one.Name, Label: one.Title.In(v.Lang) + v.Say("（可看：", " (shows ") + look.FieldsText(one.Fields).In(v.Lang) + v.Say("）", ")")})
	}
	return all
}

func kindOptions(v *page.View) (all []ui.Option) {
	for _, k := range look.Kinds() {
		all = append(all, ui.Option{Value: string(k), Label: k.Text().In(v.Lang)})
	}
	return all
}

// control is a control of the form.
func (p *personView) control(name, label string) ui.Field {
	f := p.Typed.field("look", p.id(), name, label)
	return f
}

// swap puts the answer in place of the card where there is script.
func (p *personView) swap(attr string, to string) templ.Attributes {
	return templ.Attributes{attr: to, "hx-target": "#" + p.id(), "hx-swap": "outerHTML"}
}
