package desk

import (
	"errors"
	"net/http"
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
	if v.R.PostForm.Get("unit") == otherUnit {
		v.R.PostForm.Set("unit", v.R.PostForm.Get("other"))
	}
	after, offer, err := v.Do(c)
	if fields, mistakes, ok := v.FieldErrors(err); ok && len(fields) > 0 {
		for i := range mistakes {
			mistakes[i].ID = "errors" // the fields stand inside closed forms; the summary says what to mend
		}
		return showCase(v, http.StatusUnprocessableEntity, c, tasks, mistakes)
	}
	if errors.Is(err, errs.Conflict) {
		text, _ := errs.TextOf(err)
		return showCase(v, http.StatusConflict, c, tasks, []ui.FieldError{{ID: "errors", Text: text.In(v.Lang)}})
	}
	if err != nil {
		return err
	}
	back := page.Local(v.R.PostForm.Get("back"))
	if back == "/" {
		back = "/desk/case/" + string(c.ID)
	}
	return v.GoSaying(back, "%s：%s 办好了。", "%[1]s: %[3]s, done.", after.Number, offer.Title.ZH, offer.Title.EN)
}

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
func unitChoices(v *page.View, c casework.Case) []ui.UnitChoice {
	var all []ui.UnitChoice
	for i, choice := range c.Proposal {
		if slices.ContainsFunc(all, func(u ui.UnitChoice) bool { return u.Value == choice.Unit }) {
			continue
		}
		u := ui.UnitChoice{Value: choice.Unit, Name: v.UnitName(choice.Unit), Why: v.Lang.Pick(choice.ZH, choice.EN)}
		switch {
		case i == 0 && choice.Sure:
			u.Sure = v.Say("建议，把握大", "suggested, fairly certain")
		case i == 0:
			u.Sure = v.Say("不确定，请您定", "not certain, please decide")
		}
		all = append(all, u)
	}
	return append(all, ui.UnitChoice{Value: otherUnit, Name: v.Say("别的单位", "Another unit"), Why: v.Say("在下面选", "choose it below")})
}

// proposed is the unit a form has chosen beforehand: the suggestion, where it
// is sure.
func proposed(c casework.Case) string {
	if len(c.Proposal) > 0 && c.Proposal[0].Sure {
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
