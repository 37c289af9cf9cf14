package score

import (
	"net/http"
	"strconv"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/org"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// reviewsView is what bodies outside say of units for a period.
type reviewsView struct {
	*evaluate.Scores
	All   []evaluate.Review
	Again again
}

func reviewsShow(v *page.View) error { return reviewsAgain(v, http.StatusOK, again{}) }

func reviewsAgain(v *page.View, status int, a again) error {
	scores, err := opened(v)
	if err != nil {
		return err
	}
	s := reviewsView{Scores: scores, Again: a}
	if s.All, err = evaluate.Reviews(v.Context(), v.House.DB, v.District.Code, s.Period); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("外部评价：%s", "Outside reviews: %s", s.Period.Text().In(v.Lang)), Menu: "scores",
		Said: v.Say("人大代表、政协委员、新闻媒体、市民巡访团给单位打的分，0 到 100。", "Scores of units, 0 to 100, by deputies, members of the consultative conference, the press and residents' inspections."),
		Path: crumbs(v, periodLink(v, s.Period), ui.Link{Text: v.Say("外部评价", "Outside reviews")}), Tabs: periodTabs(v, s.Period, "/reviews"),
	}, reviewsPage(v, s))
}

// review takes a score down. A second one of the same body takes the place of
// the first.
func review(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, err := opened(v)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	in := evaluate.Review{Period: s.Period, Unit: form.Get("unit"), Body: evaluate.Body(form.Get("body")), Note: strings.TrimSpace(form.Get("note"))}
	if in.Score, err = strconv.ParseFloat(strings.TrimSpace(form.Get("score")), 64); err != nil {
		err = errs.New(errs.Invalid, "评分要写成数，像 87.5。", "A score is a number, such as 87.5.").At("score")
	} else {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error { return evaluate.EnterReview(v.Context(), tx, keeper(v), in) })
	}
	if a, ok := back(v, "review", err); err != nil && ok {
		return reviewsAgain(v, http.StatusUnprocessableEntity, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(periodHref(s.Period)+"/reviews", "记下了。", "Taken down.")
}

// reviewed are the units that may be scored.
func reviewed(v *page.View) (all []ui.Option) {
	for _, kind := range org.Kinds() {
		for _, u := range v.District.Org.UnitsByKind(kind) {
			if u.ValidOn(v.District.Day) && kind != org.Centre {
				all = append(all, ui.Option{Value: string(u.ID), Label: u.Name.In(v.Lang), Group: kind.Text().In(v.Lang)})
			}
		}
	}
	return all
}

func bodyOptions(v *page.View) (all []ui.Option) {
	for _, b := range evaluate.Bodies() {
		all = append(all, ui.Option{Value: string(b), Label: b.Text().In(v.Lang)})
	}
	return all
}
