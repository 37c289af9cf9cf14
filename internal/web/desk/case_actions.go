package desk

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// caseAct takes the action that a form on the case page, or beside the queue,
// names.
func caseAct(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	c, tasks, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	form := v.R.PostForm
	if err = oneUnit(form); err == nil {
		var offer page.Offer
		if c, offer, err = v.Do(c); err == nil {
			return acted(v, c, offer)
		}
	}
	if _, told := errs.TextOf(err); !told {
		return err
	}
	if c, tasks, err2 := v.Case(v.Context(), c.ID); err2 == nil { // as it is now: somebody may have been faster
		return showCase(v, page.Status(err), caseView{Case: c, Tasks: tasks, Again: refusal(v, err)})
	}
	return showCase(v, page.Status(err), caseView{Case: c, Tasks: tasks, Again: refusal(v, err)})
}

// oneUnit reads which unit a form names: one of those proposed, or one chosen
// from the list of all. Two different ones are refused, because either guess
// would send the case to a unit that was not meant.
func oneUnit(form url.Values) error {
	unit, other := form.Get("unit"), form.Get("other")
	switch {
	case unit != "" && unit != otherUnit && other != "" && other != unit:
		return errs.New(errs.Invalid, "选了两家单位，请只选一家。", "Two units are chosen; please choose one.").At("unit")
	case unit == otherUnit || unit == "":
		form.Set("unit", other)
	}
	return nil
}

// acted goes back to where the form stood, and says what came of it.
func acted(v *page.View, c casework.Case, offer page.Offer) error {
	form := v.R.PostForm
	back := page.Local(form.Get("back"))
	if back == "/" {
		back = "/desk/case/" + string(c.ID)
	}
	if unit := form.Get("unit"); unit != "" {
		return v.GoSaying(back, "%[1]s：%[2]s 办好了，给%[4]s。", "%[1]s: %[3]s, done, for %[5]s.", c.Number, offer.Title.ZH, offer.Title.EN,
			v.UnitName(unit), v.UnitName(unit))
	}
	return v.GoSaying(back, "%[1]s：%[2]s 办好了。", "%[1]s: %[3]s, done.", c.Number, offer.Title.ZH, offer.Title.EN)
}

// plain reports whether an action asks for nothing, so that its button alone
// will do.
func plain(o page.Offer) bool { return len(o.Needs) == 0 && o.Action != procedure.Done }

// refused is a form that came back: which action it was for, what was typed,
// and what is wrong with each field. Its zero value is no form.
type refused struct {
	Form   url.Values
	Fields map[string]string
	Said   string // what is wrong with none of the fields
}

// refusal reads why a form was not taken.
func refusal(v *page.View, err error) refused {
	r := refused{Form: v.R.PostForm, Fields: map[string]string{}}
	for _, e := range errs.Each(err) {
		switch field := e.Field; field {
		case "evidence", "photo":
			r.Fields["photos"] = e.Text.In(v.Lang)
		case "unit", "reason", "answer", "photos":
			r.Fields[field] = e.Text.In(v.Lang)
		default:
			r.Said = e.Text.In(v.Lang)
		}
	}
	return r
}

// of is what was typed for an offer's form; empty when another came back.
func (r refused) of(o page.Offer) (form url.Values, fields map[string]string) {
	if r.Form.Get("task") != o.Task || r.Form.Get("action") != string(o.Action) {
		return nil, nil
	}
	return r.Form, r.Fields
}

// mistakes leads from the head of the page to the fields of the form that came
// back. The form may have gone, where somebody was faster.
func (r refused) mistakes(v *page.View, offers []page.Offer) (all []ui.FieldError) {
	if r.Said != "" {
		all = append(all, ui.FieldError{ID: "do", Label: v.Say("没办成", "Not done"), Text: r.Said})
	}
	may, _ := allowed(offers)
	for i, o := range may {
		_, fields := r.of(o)
		for _, name := range []string{"unit", "reason", "answer", "photos"} {
			if text := fields[name]; text != "" {
				all = append(all, ui.FieldError{ID: offerID(i) + "-" + name, Label: o.Title.In(v.Lang), Text: text})
			}
		}
	}
	if len(all) == 0 && len(r.Fields) > 0 {
		for _, text := range r.Fields {
			all = append(all, ui.FieldError{ID: "do", Label: v.Say("没办成", "Not done"), Text: text})
		}
	}
	return all
}

// offerID begins the ids of the i-th form's fields.
func offerID(i int) string { return fmt.Sprintf("o%d", i) }

// keyed gives the first form beside the queue the key that works it there. The
// case page, which goes back to itself, has no single keys.
func keyed(id, back, key string) templ.Attributes {
	if id != "o0" || back == "" {
		return nil
	}
	return templ.Attributes{"data-key": key, "aria-keyshortcuts": key}
}

// otherUnit is the value of the choice that opens the list of all units.
const otherUnit = "other"

// needs reports whether an offer must come with something.
func needs(o page.Offer, n procedure.Need) bool { return slices.Contains(o.Needs, n) }

// allowed are the offers that may be taken, barred those that may not.
func allowed(offers []page.Offer) (may, barred []page.Offer) {
	for _, o := range offers {
		if o.Allowed {
			may = append(may, o)
		} else {
			barred = append(barred, o)
		}
	}
	return may, barred
}

// unitChoices are the units the routing proposes for a case, and any other.
func unitChoices(v *page.View, c casework.Case) []ui.Option {
	var all []ui.Option
	for i, choice := range c.Proposal {
		if slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == choice.Unit }) {
			continue
		}
		sure := ""
		switch {
		case i == 0 && choice.Sure:
			sure = v.Say("建议，把握大", "suggested, fairly certain")
		case i == 0:
			sure = v.Say("不确定，请您定", "not certain, please decide")
		}
		all = append(all, ui.Option{Value: choice.Unit, Body: unitFace(v.UnitName(choice.Unit), sure, v.Lang.Pick(choice.ZH, choice.EN))})
	}
	return append(all, ui.Option{Value: otherUnit, Body: unitFace(v.Say("别的单位", "Another unit"), "", v.Say("在下面选", "choose it below"))})
}

// unitChosen is the unit that a form shows as chosen: what was typed before,
// else the suggestion where it is sure and nobody has had the case yet. Whoever
// rules or sends again decides afresh.
func unitChosen(c casework.Case, typed url.Values) string {
	switch {
	case typed.Get("other") != "" && typed.Get("unit") == typed.Get("other"):
		return otherUnit
	case typed != nil:
		return typed.Get("unit")
	case c.Unit == "" && len(c.Proposal) > 0 && c.Proposal[0].Sure:
		return c.Proposal[0].Unit
	}
	return ""
}

// unitOptions are all units of the district by name.
func unitOptions(v *page.View) []ui.Option {
	var all []ui.Option
	for _, u := range v.District.Org.Units() {
		if u.ValidOn(v.District.Day) {
			all = append(all, ui.Option{Value: string(u.ID), Label: u.Name.In(v.Lang)})
		}
	}
	return all
}

// photoLabel says what the pictures of an action must show.
func photoLabel(v *page.View, o page.Offer) string {
	if needs(o, procedure.NeedEvidence) && o.Action == procedure.Return {
		return v.Say("依据：照片或文件的照片", "Evidence: photos, also of papers")
	}
	return v.Say("办好后的照片", "Photos of the finished work")
}

// first is the first of some values, or none.
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
