package desk

import (
	"net/http"
	"slices"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// ownerView is the list of cases that nobody owns by rule.
type ownerView struct {
	Rows  []casework.Row
	Count casework.Tally
	Next  string
	Again ruling
}

// ruling is a form that came back, with what was typed and what is wrong. Its
// zero value is none.
type ruling struct {
	Case         casework.ID
	Unit, Reason string
	Wrong        map[string]string
	Mistakes     []ui.FieldError
}

// of is what to show in the form of a case.
func (r ruling) of(c casework.Case) ruling {
	if r.Case != c.ID {
		return ruling{}
	}
	return r
}

// noOwner lists the cases no rule names an owner for, until someone with the
// right to rule names one.
func noOwner(v *page.View) error { return showNoOwner(v, http.StatusOK, ruling{}) }

func showNoOwner(v *page.View, status int, again ruling) error {
	f := casework.Filter{NoOwner: true, States: []casework.State{casework.Running}, Scope: v.Scope()}
	list, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, v.R.URL.Query().Get("after"), 30)
	if err != nil {
		return err
	}
	count, err := casework.Count(v.Context(), v.House.DB, v.District, f, v.Now)
	if err != nil {
		return err
	}
	return v.Show(status, noOwnerPage(v, ownerView{Rows: list.Rows, Count: count, Next: list.Next, Again: again}))
}

// nameOwner takes a ruling.
func nameOwner(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	c, _, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	unit, reason := v.R.PostForm.Get("unit"), v.R.PostForm.Get("reason")
	if err = v.KeepsSecret(c, map[string]string{"reason": reason}); err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
			_, err := casework.NameOwner(v.Context(), tx, v.Acting(rights.OwnerName, 0), c.ID, unit, reason)
			return err
		})
	}
	if fields, mistakes, ok := v.FieldErrors(err); ok {
		for i, m := range mistakes {
			mistakes[i].ID, mistakes[i].Label = m.ID+"-"+string(c.ID), c.Number
		}
		return showNoOwner(v, http.StatusUnprocessableEntity, ruling{c.ID, unit, reason, fields, mistakes})
	}
	if err != nil {
		return err
	}
	return v.GoSaying("/desk/no-owner", "%[1]s 定了，归%[2]s。", "%[1]s is settled: it is for %[3]s.", c.Number, v.UnitName(unit), v.UnitName(unit))
}

// ownerOptions are the units a ruling may name: first those that the routing
// thought of, then all.
func ownerOptions(v *page.View, c casework.Case) []ui.Option {
	var all []ui.Option
	for _, choice := range c.Proposal {
		if !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == choice.Unit }) {
			all = append(all, ui.Option{Value: choice.Unit, Label: v.UnitName(choice.Unit), Group: v.Say("属地", "Of the territory")})
		}
	}
	for _, o := range unitOptions(v) {
		if !slices.ContainsFunc(all, func(had ui.Option) bool { return had.Value == o.Value }) {
			o.Group = v.Say("所有单位", "All units")
			all = append(all, o)
		}
	}
	return all
}
