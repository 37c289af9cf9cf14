package desk

import (
	"net/http"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// mergeMost is how many cases can be joined at once.
const mergeMost = 20

// mergeView asks which of several cases to keep.
type mergeView struct {
	Cases    []casework.Case
	Mistakes []ui.FieldError
}

func mergeForm(v *page.View) error {
	q := v.R.URL.Query()
	cases, err := picked(v, append(q["ids"], q["case"]...)) // the rows of a list send their boxes as case
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, mergePage(v, mergeView{Cases: cases}))
}

// picked are the cases that were ticked, each seen by the reader.
func picked(v *page.View, ids []string) ([]casework.Case, error) {
	var cases []casework.Case
	seen := map[string]bool{}
	for _, list := range ids {
		for id := range strings.SplitSeq(list, ",") {
			if seen[id] || id == "" {
				continue
			}
			seen[id] = true
			c, _, err := v.Case(v.Context(), casework.ID(id))
			if err != nil {
				return nil, err
			}
			cases = append(cases, c)
		}
	}
	if len(cases) < 2 || len(cases) > mergeMost {
		return nil, errs.New(errs.Invalid, "请勾选 2 到 %d 件再合并。", "Tick 2 to %d cases to merge.", mergeMost)
	}
	return cases, nil
}

// merge joins the ticked cases into the one to keep: all of them or none.
func merge(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	cases, err := picked(v, v.R.PostForm["ids"])
	if err != nil {
		return err
	}
	keep := casework.ID(v.R.PostForm.Get("keep"))
	var kept casework.Case
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		if !slices.ContainsFunc(cases, func(c casework.Case) bool { return c.ID == keep }) {
			return errs.New(errs.Invalid, "请选留下哪一件。", "Please choose the case to keep.").At("keep")
		}
		for _, c := range cases {
			if c.ID == keep {
				continue
			}
			if kept, err = casework.Merge(v.Context(), tx, v.Acting(rights.CaseMerge, 0), c.ID, keep); err != nil {
				return err
			}
		}
		return nil
	})
	if _, mistakes, ok := v.FieldErrors(err); ok {
		return v.Show(http.StatusUnprocessableEntity, mergePage(v, mergeView{Cases: cases, Mistakes: mistakes}))
	}
	if err != nil {
		return err
	}
	return v.GoSaying("/desk/case/"+string(keep), "%d 件并成了一件：%s。", "%d cases are now one: %s.", len(cases), kept.Number)
}

func mergeOptions(v *page.View, s mergeView) []ui.Option {
	var all []ui.Option
	for _, c := range s.Cases {
		all = append(all, ui.Option{
			Value: string(c.ID), Label: c.Number + " " + v.District.Catalogue.Title(c.Matter).In(v.Lang),
			Hint: placeText(v, c) + v.Say("，报于 ", ", reported ") + v.MomentText(c.OpenedAt),
		})
	}
	return all
}

// apart is from how many metres on two cases are hardly one thing.
const apart = 200.0

// mergeDoubt says what speaks against the ticked cases being one; empty where
// nothing does. It only asks: whether they are one is for people to say.
func mergeDoubt(v *page.View, cases []casework.Case) string {
	metres := 0.0
	for i, a := range cases {
		for _, b := range cases[:i] {
			if a.Place.Placed == casework.ByPoint && b.Place.Placed == casework.ByPoint {
				metres = max(metres, geo.Metres(a.Place.Point, b.Place.Point))
			}
		}
	}
	different := slices.ContainsFunc(cases, func(c casework.Case) bool { return c.Matter != cases[0].Matter })
	switch {
	case metres > apart:
		return v.Say("这几件最远相隔 %d 米，请再看看是不是同一件事。", "These lie up to %d metres apart; please look again whether they are one.", int(metres))
	case different:
		return v.Say("这几件的事项不一样，请再看看是不是同一件事。", "These are about different matters; please look again whether they are one.")
	}
	return ""
}
