package score

import (
	"net/http"
	"slices"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// keeper is the reader with the post that keeps scorecards.
func keeper(v *page.View) casework.Acting { return v.Acting(rights.ScoreKeep, 0) }

// undecided is what still stands in the way of freezing: appeals that wait, and
// for the eye only, units that nobody from outside has scored.
func undecided(v *page.View, s *evaluate.Scores) (waiting, quiet int, err error) {
	if s.State != evaluate.Preliminary {
		return 0, 0, nil
	}
	appeals, err := evaluate.Appeals(v.Context(), v.House.DB, v.District.Code, s.Period)
	if err != nil {
		return 0, 0, err
	}
	for _, a := range appeals {
		if a.State == evaluate.Asked {
			waiting++
		}
	}
	reviews, err := evaluate.Reviews(v.Context(), v.House.DB, v.District.Code, s.Period)
	if err != nil {
		return 0, 0, err
	}
	for _, u := range v.District.Org.Units() {
		first := u.Kind == org.Department || u.Kind == org.StreetOffice
		if first && u.ValidOn(v.District.Day) && !slices.ContainsFunc(reviews, func(r evaluate.Review) bool { return r.Unit == string(u.ID) }) {
			quiet++
		}
	}
	return waiting, quiet, nil
}

// count stores a period that is over.
func count(v *page.View) error {
	s, err := opened(v)
	if err != nil {
		return err
	}
	res, err := evaluate.Compute(v.Context(), v.House.DB, v.District, v.District.Catalogue.Measures(), s.Period, v.Now)
	if err != nil {
		return err
	}
	if err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error { return evaluate.Store(v.Context(), tx, keeper(v), res) }); err != nil {
		return err
	}
	return v.GoSaying(periodHref(s.Period), "初核好了，各单位可以申诉。", "Counted; units may appeal now.")
}

func freeze(v *page.View) error {
	s, err := opened(v)
	if err != nil {
		return err
	}
	if err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error { return evaluate.Freeze(v.Context(), tx, keeper(v), s.Period) }); err != nil {
		return err
	}
	return v.GoSaying(periodHref(s.Period), "冻结了。", "Frozen.")
}

// compareView is what a fresh count says of a stored period.
type compareView struct {
	*evaluate.Scores
	Asked       bool // it was counted again
	Differences []evaluate.Difference
}

// compare offers to count a stored period again, and with ?go=yes does it.
func compare(v *page.View) error {
	scores, err := opened(v)
	if err != nil {
		return err
	}
	s := compareView{Scores: scores, Asked: v.R.URL.Query().Get("go") == "yes"}
	if s.Asked {
		if s.Differences, err = evaluate.Recompute(v.Context(), v.House.DB, v.District, s.Period); err != nil {
			return err
		}
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("重算比对：%s", "Count again: %s", s.Period.Text().In(v.Lang)), Menu: "scores",
		Said: v.Say("从痕迹重新算一遍，和存下的比。", "Counted anew from the trail, and compared with what is stored."),
		Path: crumbs(v, periodLink(v, s.Period), ui.Link{Text: v.Say("重算比对", "Count again")}), Tabs: periodTabs(v, s.Period, "/compare"),
	}, comparePage(v, s))
}

// titleOf names an indicator of a book, by itself where the book has it no more.
func titleOf(v *page.View, book *measure.Book, name string) string {
	if i := book.Indicator(name); i != nil {
		return i.Title.In(v.Lang)
	}
	return name
}

// figureOf writes a figure with its parts.
func figureOf(book *measure.Book, f measure.Figure, name string) (value, parts string) {
	i := book.Indicator(name)
	if i == nil {
		return none, ""
	}
	return valueText(i, f), partsText(f)
}

// appealsShow lists the appeals of a period, those to be decided first.
func appealsShow(v *page.View) error { return appealsAgain(v, http.StatusOK, again{}) }

type appealsView struct {
	*evaluate.Scores
	All   []appealRow
	Again again
}

// appealRow is an appeal with the number of its case.
type appealRow struct {
	evaluate.Appeal
	Number string
	May    bool // the reader may decide it
}

func appealsAgain(v *page.View, status int, a again) error {
	scores, err := opened(v)
	if err != nil {
		return err
	}
	s := appealsView{Scores: scores, Again: a}
	all, err := evaluate.Appeals(v.Context(), v.House.DB, v.District.Code, s.Period)
	if err != nil {
		return err
	}
	for _, one := range all {
		c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, one.Case)
		if err != nil {
			return err
		}
		if _, _, err := v.Case(v.Context(), one.Case); errs.KindOf(err) == errs.NotFound {
			c.Number = v.Say("不归您看", "not yours to see")
		} else if err != nil {
			return err
		}
		s.All = append(s.All, appealRow{Appeal: one, Number: c.Number, May: s.State == evaluate.Preliminary && one.State == evaluate.Asked && keeper(v).By.Unit != one.Unit})
	}
	return show(v, status, head{
		Title: v.Say("申诉：%s", "Appeals: %s", s.Period.Text().In(v.Lang)), Menu: "scores",
		Said: v.Say("剔除，这件就不算进那一个数；维持，就照旧。都要写明为什么。", "A case that is struck no longer counts in that one figure; one that is kept does. Either way say why."),
		Path: crumbs(v, periodLink(v, s.Period), ui.Link{Text: v.Say("申诉", "Appeals")}), Tabs: periodTabs(v, s.Period, "/appeals"),
	}, appealsPage(v, s))
}

// decide strikes or keeps.
func decide(v *page.View) error {
	s, err := opened(v)
	if err != nil {
		return err
	}
	if err := v.Form(); err != nil {
		return err
	}
	form, id := v.R.PostForm, v.R.PathValue("id")
	verdict := form.Get("verdict")
	if verdict != "strike" && verdict != "keep" {
		return errs.New(errs.Invalid, "请选剔除还是维持。", "Please choose to strike or to keep.")
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := evaluate.DecideAppeal(v.Context(), tx, keeper(v), id, verdict == "strike", form.Get("decision"))
		return err
	})
	if a, ok := back(v, id, err); err != nil && ok {
		return appealsAgain(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	if verdict == "strike" {
		return v.GoSaying(periodHref(s.Period)+"/appeals", "剔除了，那个数和分数重算过了。", "Struck; the figure and its scores were counted again.")
	}
	return v.GoSaying(periodHref(s.Period)+"/appeals", "维持了。", "Kept.")
}

// again is a form that came back, with what was typed and what is wrong.
type again struct {
	Form     string // which of the page's forms
	Value    func(string) string
	Wrong    map[string]string
	Mistakes []ui.FieldError
}

// back makes the form that a refused post leads to; ok is false where the
// failure is not about a field.
func back(v *page.View, form string, err error) (a again, ok bool) {
	if err == nil {
		return again{}, false
	}
	a = again{Form: form, Value: v.R.PostForm.Get}
	a.Wrong, a.Mistakes, ok = v.FieldErrors(err)
	for i, m := range a.Mistakes {
		a.Mistakes[i].ID = m.ID + "-" + form
	}
	return a, ok
}

// field is a control of a form: what was typed stays, and what is wrong is said.
func (a again) field(form, name, label string) ui.Field {
	f := ui.Field{ID: name + "-" + form, Name: name, Label: label, Required: true}
	if a.Form == form && a.Value != nil {
		f.Value, f.Err = a.Value(name), a.Wrong[name]
	}
	return f
}
