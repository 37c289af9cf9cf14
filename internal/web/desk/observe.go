package desk

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// observePath is where observers see what was made open to them.
const observePath = "/desk/observe"

// observedMost is how many open cases a search looks through, the newest first.
const observedMost = 2_000

// observedList is what is open to an observer.
type observedList struct {
	Words string
	Rows  []casework.Row
	All   casework.Tally
	Next  string
}

// observeShow lists the cases that are open to the reader. Words are looked for
// in what the reader is shown of a case and nowhere else: a search over the
// texts would tell what they hold.
func observeShow(v *page.View) (err error) {
	s := observedList{Words: strings.TrimSpace(v.R.URL.Query().Get("q"))}
	if err := tooLong(s.Words); err != nil {
		return err
	}
	f := casework.Filter{Scope: v.Observed(), Newest: true}
	if s.Words != "" {
		if s.Rows, err = observedWith(v, f, s.Words); err != nil {
			return err
		}
		s.All = casework.Tally{N: len(s.Rows)}
		return v.Show(http.StatusOK, observedPage(v, s))
	}
	found, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, v.R.URL.Query().Get("after"), pageRows)
	if err != nil {
		return err
	}
	s.Rows, s.Next = found.Rows, found.Next
	if s.All, err = casework.Count(v.Context(), v.House.DB, v.District, f, v.Now); err != nil {
		return err
	}
	return v.Show(http.StatusOK, observedPage(v, s))
}

// observedWith are the open cases that show all of some words.
func observedWith(v *page.View, f casework.Filter, words string) (rows []casework.Row, err error) {
	found, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, "", observedMost)
	if err != nil {
		return nil, err
	}
	for _, row := range found.Rows {
		shown, all := strings.ToLower(strings.Join(observedWords(v, row.Case), " ")), true
		for _, word := range strings.Fields(strings.ToLower(words)) {
			all = all && strings.Contains(shown, word)
		}
		if all {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// observedWords are what a list shows an observer of a case.
func observedWords(v *page.View, c casework.Case) []string {
	return []string{c.Number, v.District.Catalogue.Title(c.Matter).In(v.Lang), observedPlace(v, c), v.UnitName(c.Unit), standing(v, c)}
}

// observedPlace is where a case is, as exactly as the public's pages say it: the
// community, and neither address nor point.
func observedPlace(v *page.View, c casework.Case) string {
	code := c.Place.Community
	if code == "" {
		code = c.Place.Street
	}
	if code == "" {
		code = v.District.Code
	}
	return v.District.Areas.Path(area.Code(code)).In(v.Lang)
}

// observedView is what an observer is shown of a case.
type observedView struct {
	Case   casework.Case
	Proc   *procedure.Procedure
	Open   []casework.Disclosure // those that let the reader see it
	Trail  []trail.Entry
	Photos []document.Document
	Again  again
}

func observedShow(v *page.View) error { return showObserved(v, http.StatusOK, again{}) }

// showObserved draws a case as it is open to the reader. What is not open is
// errs.NotFound, as what is not there.
func showObserved(v *page.View, status int, a again) (err error) {
	s := observedView{Again: a}
	if s.Case, s.Open, err = v.ObservedCase(casework.ID(v.R.PathValue("id"))); err != nil {
		return err
	}
	s.Proc, _ = v.District.Catalogue.Procedure(s.Case.Procedure, s.Case.Version)
	if s.Trail, err = trail.Of(v.Context(), v.House.DB, v.District.Code, string(s.Case.ID)); err != nil {
		return err
	}
	all, err := document.Of(v.Context(), v.House.DB, v.District.Code, string(s.Case.ID))
	if err != nil {
		return err
	}
	for _, d := range all {
		if page.ShownToObserver(d, s.Open) {
			s.Photos = append(s.Photos, d)
		}
	}
	return v.Show(status, observedCasePage(v, s))
}

// facts are what stands above the steps.
func (s *observedView) facts(v *page.View) []ui.Fact {
	c := s.Case
	all := []ui.Fact{
		{Name: v.Say("事项", "Matter"), Value: v.District.Catalogue.Title(c.Major).In(v.Lang) + " › " + v.District.Catalogue.Title(c.Matter).In(v.Lang)},
		{Name: v.Say("哪个社区", "Community"), Value: observedPlace(v, c)},
		{Name: v.Say("主办", "Lead"), Value: v.UnitName(c.Unit)},
		{Name: v.Say("报来", "Came in"), Value: v.MomentText(c.OpenedAt)},
		{Name: v.Say("期限", "Due"), Value: v.DueText(c.Due), Strong: true},
	}
	if c.Reports > 1 {
		all = append(all, ui.Fact{Name: v.Say("几个人报", "Reports"), Value: ui.Number(c.Reports)})
	}
	if c.Rating > 0 {
		all = append(all, ui.Fact{Name: v.Say("居民评价", "Rated"), Value: ui.W(v.Lang).Grades[5-c.Rating]})
	}
	if !c.ClosedAt.IsZero() {
		all = append(all, ui.Fact{Name: v.Say("办结", "Ended"), Value: v.MomentText(c.ClosedAt)})
	}
	return all
}

// entries are the steps in the procedure's own words: which unit did what, and
// when. No name, and nothing that anybody wrote, except the reader's own
// remarks.
func (s *observedView) entries(v *page.View) (all []ui.TrailEntry) {
	for _, e := range s.Trail {
		t := ui.TrailEntry{When: v.MomentText(e.At), Instant: instant(e.At), Icon: iconOf(e.Act)}
		switch {
		case e.Act == "opened":
			t.What = v.Say("收到了", "Received")
		case e.Act == "remarked":
			t.What = v.Say("观察员提了意见", "An observer made a remark")
			if e.Person == string(v.Reader.Person.ID) {
				t.What, t.Detail = v.Say("您提了意见", "Your remark"), e.Detail["note"]
			}
		default:
			if t.What = s.done(v, e); t.What == "" {
				continue
			}
		}
		if e.Unit != "" {
			t.Who = v.UnitName(e.Unit)
		}
		all = append([]ui.TrailEntry{t}, all...)
	}
	return all
}

// done is the title of a procedure's action; empty for anything else.
func (s *observedView) done(v *page.View, e trail.Entry) string {
	if s.Proc == nil {
		return ""
	}
	step := s.Proc.Step(procedure.StepName(e.Step))
	if step == nil {
		return ""
	}
	action := step.Action(procedure.ActionName(e.Act))
	if action == nil {
		return ""
	}
	return step.Title.In(v.Lang) + v.Say("：", ": ") + action.Title.In(v.Lang)
}

// photoViews are the pictures that are open.
func (s *observedView) photoViews(v *page.View) (all []ui.Photo) {
	for _, d := range s.Photos {
		title, src := d.Kind.Title().In(v.Lang), "/photo/"+string(d.ID)
		all = append(all, ui.Photo{Src: src + "?size=small", Href: src, Title: title, Caption: v.MomentText(d.At),
			Alt: title + v.Say("照片：", " photo: ") + v.District.Catalogue.Title(s.Case.Matter).In(v.Lang)})
	}
	return all
}

// until is when the last of the disclosures ends.
func (s *observedView) until() (last time.Time) {
	for _, o := range s.Open {
		if o.Until.After(last) {
			last = o.Until
		}
	}
	return last
}

// observedRemark takes what an observer says of a case.
func observedRemark(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id := casework.ID(v.R.PathValue("id"))
	if _, _, err := v.ObservedCase(id); err != nil {
		return err
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return casework.Remark(v.Context(), tx, v.Acting(rights.CaseObserve, 0), id, v.R.PostForm.Get("note"))
	})
	if fields, _, ok := v.FieldErrors(err); err != nil && ok {
		return showObserved(v, http.StatusUnprocessableEntity, again{Which: "remark", Form: v.R.PostForm, Fields: fields})
	}
	if errs.KindOf(err) == errs.NotFound || err != nil {
		return err
	}
	return v.GoSaying(observePath+"/"+string(id), "意见已记下，经办单位收到了提醒。", "Your remark is on record, and the unit has been told.")
}
