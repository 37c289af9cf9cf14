package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// whoPath is where those who look after rights ask by number who sees a case.
const whoPath = "/desk/who"

// whoView is who sees a case, and to whom it is disclosed. Whoever asked by
// number alone sees nothing else of the case.
type whoView struct {
	Typed     string // the number asked for
	Problem   string
	Case      casework.Case // zero before a number was asked for
	Path      bool          // the reader may open the case
	Seers     []casework.Seer
	Keys      map[string]access.Key
	Disclosed []casework.Disclosure // those that run
	Again     again
}

// whoAsked shows who sees the case of a number, to readers who may see no case.
func whoAsked(v *page.View) error {
	s := whoView{Typed: strings.TrimSpace(v.R.URL.Query().Get("number"))}
	if s.Typed == "" {
		return v.Show(http.StatusOK, whoPage(v, s))
	}
	number, err := ident.ParseNumber(s.Typed)
	if err == nil {
		s.Case, err = casework.ByNumber(v.Context(), v.House.DB, v.District.Code, string(number))
	}
	switch kind := errs.KindOf(err); {
	case kind == errs.NotFound || kind == errs.Invalid:
		s.Problem = v.Say("没有编号是这个的案件，请核对。", "No case has this number; please check it.")
		return v.Show(http.StatusNotFound, whoPage(v, s))
	case err != nil:
		return err
	}
	if err := s.read(v); err != nil {
		return err
	}
	return v.Show(http.StatusOK, whoPage(v, s))
}

// whoShow shows who sees a case that the reader sees.
func whoShow(v *page.View) error { return showWho(v, http.StatusOK, again{}) }

func showWho(v *page.View, status int, a again) (err error) {
	s := whoView{Path: true, Again: a}
	if s.Case, _, err = v.Case(v.Context(), casework.ID(v.R.PathValue("id"))); err != nil {
		return err
	}
	if err := s.read(v); err != nil {
		return err
	}
	return v.Show(status, whoPage(v, s))
}

// read turns the scope round.
func (s *whoView) read(v *page.View) error {
	keys, err := access.Keys(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	var grants casework.Scope
	s.Keys = map[string]access.Key{}
	for _, k := range keys {
		if k.Expires.After(v.Now) {
			s.Keys[k.ID] = k
			grants = append(grants, casework.ScopeOfKey(k.ID, k.Scopes, k.Unit, k.Area)...)
		}
	}
	s.Seers, err = casework.WhoSees(v.Context(), v.House.DB, v.District, s.Case.ID, casework.Everybody(v.District, v.Now), grants, v.Now)
	if err != nil {
		return err
	}
	slices.SortStableFunc(s.Seers, func(a, b casework.Seer) int { return cmp.Compare(reasonAt(a.Why), reasonAt(b.Why)) })
	all, err := casework.Disclosures(v.Context(), v.House.DB, v.District.Code, s.Case.ID)
	s.Disclosed = slices.DeleteFunc(all, func(o casework.Disclosure) bool { return !o.Runs(v.Now) })
	return err
}

// reasons are why a case is seen, in the order in which a page tells them.
var reasons = []struct {
	why  casework.Reason
	text lang.Text
}{
	{casework.SeesByUnit, lang.T("本单位受理、主办或者办过", "the unit took it in, leads it or had a part in it")},
	{casework.SeesByTask, lang.T("有过给这个岗位的任务", "it has or had a task for the post")},
	{casework.SeesByArea, lang.T("在这个岗位的区域里", "it lies in the post's area")},
	{casework.SeesAll, lang.T("岗位能看全区", "the post sees the whole district")},
	{casework.SeesDisclosed, lang.T("公开给这位观察员，个人信息遮住", "disclosed to this observer, personal data masked")},
	{casework.SeesByKey, lang.T("密钥的范围包括它，不含个人信息", "within the bounds of a key, without personal data")},
}

func reasonAt(why casework.Reason) int {
	for i, r := range reasons {
		if r.why == why {
			return i
		}
	}
	return len(reasons)
}

// cells are a seer in a row: who, with which post, and why.
func (s *whoView) cells(v *page.View, one casework.Seer) []ui.Cell {
	why := ui.Cell{Text: reasons[reasonAt(one.Why)].text.In(v.Lang)}
	if one.Why == casework.SeesByKey {
		k := s.Keys[one.By.Post]
		return []ui.Cell{{Text: k.Name}, {Text: v.Say("密钥，到 %s", "key, until %s", v.UntilText(k.Expires))}, why}
	}
	person, _ := v.District.Org.Person(org.PersonID(one.By.Person))
	post := ui.Cell{Text: v.RoleName(string(one.By.Role)) + v.Say("，", ", ") + v.UnitName(one.By.Unit)}
	if one.By.Area != "" {
		post.Sub = v.District.Areas.Path(area.Code(one.By.Area)).In(v.Lang)
	}
	who := ui.Cell{Text: person.Name}
	if one.By.For != "" {
		holder, _ := v.District.Org.Person(org.PersonID(one.By.For))
		who.Sub = v.Say("代%s", "stands in for %s", holder.Name)
	}
	return []ui.Cell{who, post, why}
}

// mayDisclose reports whether the reader gets the form that opens the case to
// observers.
func (s *whoView) mayDisclose(v *page.View) bool {
	return s.Path && v.Can(rights.CaseOpenTo) && !s.Case.Secret
}

// toWhom names whom a disclosure is for.
func (s *whoView) disclosedTo(v *page.View, o casework.Disclosure) string {
	if o.Unit != "" {
		return v.Say("%s的全部观察员", "all observers of %s", v.UnitName(o.Unit))
	}
	post, _ := v.District.Org.Post(org.PostID(o.Post))
	person, _ := v.District.Org.Person(post.Person)
	return person.Name + v.Say("，", ", ") + v.UnitName(string(post.Unit))
}

// observers are the posts and units a case can be disclosed to: "post:ID" or
// "unit:ID".
func observers(v *page.View) (all []ui.Option) {
	var units []string
	for _, a := range casework.Everybody(v.District, v.Now) {
		if !v.District.Can(rights.CaseObserve, string(a.Role)) || a.For != "" {
			continue
		}
		person, _ := v.District.Org.Person(org.PersonID(a.Person))
		all = append(all, ui.Option{Value: "post:" + a.Post, Label: person.Name + v.Say("，", ", ") + v.UnitName(a.Unit)})
		if a.Unit != "" && !slices.Contains(units, a.Unit) {
			units = append(units, a.Unit)
		}
	}
	for _, u := range units {
		all = append(all, ui.Option{Value: "unit:" + u, Label: v.Say("%s的全部观察员", "all observers of %s", v.UnitName(u))})
	}
	return all
}

// disclose opens a case to an observer.
func disclose(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	c, _, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	form := v.R.PostForm
	o := casework.Disclosure{Reason: form.Get("reason"), Photos: form.Get("photos") != "", Until: lastMoment(form.Get("until"), v.Zone())}
	o.Post, _ = strings.CutPrefix(form.Get("to"), "post:")
	if unit, ok := strings.CutPrefix(form.Get("to"), "unit:"); ok {
		o.Post, o.Unit = "", unit
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := casework.Disclose(v.Context(), tx, v.Acting(rights.CaseOpenTo, 0), c.ID, o)
		return err
	})
	if fields, _, ok := v.FieldErrors(err); err != nil && ok {
		return showWho(v, http.StatusUnprocessableEntity, again{Which: "disclose", Form: form, Fields: fields})
	}
	if err != nil {
		return err
	}
	return v.GoSaying("/desk/case/"+string(c.ID)+"/who", "已公开，痕迹里记了一笔。", "It is open now, and the trail says so.")
}

// lastMoment is the end of a day as a form sends it; zero where it is none.
func lastMoment(day string, zone *time.Location) time.Time {
	d, err := clock.ParseDate(day)
	if err != nil {
		return time.Time{}
	}
	return d.Add(1).Start(zone)
}

// endDisclosure closes a case to an observer again.
func endDisclosure(v *page.View) error {
	c, _, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return casework.EndDisclosure(v.Context(), tx, v.Acting(rights.CaseOpenTo, 0), c.ID, v.R.PathValue("disclosure"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/desk/case/"+string(c.ID)+"/who", "不再公开了。", "It is closed again.")
}
