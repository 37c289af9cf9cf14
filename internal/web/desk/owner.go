package desk

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// ownerView is the list of cases that nobody owns by rule.
type ownerView struct {
	Rows     []casework.Row
	Count    casework.Tally
	Next     string
	Mistakes []ui.FieldError
}

// noOwner lists the cases no rule names an owner for, until someone with the
// right to rule names one.
func noOwner(v *page.View) error { return showNoOwner(v, http.StatusOK, nil) }

func showNoOwner(v *page.View, status int, mistakes []ui.FieldError) error {
	f := casework.Filter{NoOwner: true, States: []casework.State{casework.Running}, Scope: v.Scope()}
	list, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, v.R.URL.Query().Get("after"), 30)
	if err != nil {
		return err
	}
	count, err := casework.Count(v.Context(), v.House.DB, v.District, f, v.Now)
	if err != nil {
		return err
	}
	return v.Show(status, noOwnerPage(v, ownerView{Rows: list.Rows, Count: count, Next: list.Next, Mistakes: mistakes}))
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
	unit := v.R.PostForm.Get("unit")
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := casework.NameOwner(v.Context(), tx, v.Acting(access.OwnerName, 0), c.ID, unit, v.R.PostForm.Get("reason"))
		return err
	})
	if _, mistakes, ok := v.FieldErrors(err); ok {
		for i := range mistakes {
			mistakes[i].ID, mistakes[i].Text = "errors", c.Number+v.Say("：", ": ")+mistakes[i].Text
		}
		return showNoOwner(v, http.StatusUnprocessableEntity, mistakes)
	}
	if err != nil {
		return err
	}
	return v.GoSaying("/desk/no-owner", "%s 定了，归%s。", "%[1]s is settled: it is for %[3]s.", c.Number, v.UnitName(unit), v.UnitName(unit))
}
