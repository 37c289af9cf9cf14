package desk

import (
	"net/http"
	"net/url"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/privacy"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// dataView is a request about personal data, with what carrying it out would do.
type dataView struct {
	Case     casework.Case
	Request  privacy.Request
	Plan     privacy.Plan // of a deletion
	Form     url.Values
	Problems map[string]string
	Mistakes []ui.FieldError
}

func (s *dataView) path() string { return "/desk/case/" + string(s.Case.ID) + "/data" }

// dataShow is the page on which a request is decided and carried out.
func dataShow(v *page.View) error {
	s, err := dataOf(v)
	if err != nil {
		return err
	}
	return s.show(v, http.StatusOK)
}

// dataOf reads the request of a case that the reader sees.
func dataOf(v *page.View) (s dataView, err error) {
	if s.Case, _, err = v.Case(v.Context(), casework.ID(v.R.PathValue("id"))); err != nil {
		return s, err
	}
	s.Request, err = privacy.OfCase(v.Context(), v.House.DB, v.District.Code, s.Case.ID)
	return s, err
}

func (s dataView) show(v *page.View, status int) (err error) {
	if s.Request.Kind == privacy.Delete && (s.Request.State == privacy.Asked || s.Request.State == privacy.Granted) {
		if s.Plan, err = privacy.PlanOf(v.Context(), v.House.DB, v.District, s.Request, v.Now); err != nil {
			return err
		}
	}
	private(v)
	return v.Show(status, dataPage(v, s))
}

// dataDo decides or carries out, as the form's button says.
func dataDo(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, err := dataOf(v)
	if err != nil {
		return err
	}
	s.Form = v.R.PostForm
	a, id := v.Acting(rights.DataKeep, 0), s.Request.ID
	switch s.Form.Get("do") {
	case "grant":
		_, err = v.Privacy().Decide(v.Context(), a, id, privacy.Decision{Grant: true})
	case "refuse":
		_, err = v.Privacy().Decide(v.Context(), a, id, privacy.Decision{Law: privacy.Law(s.Form.Get("law")), Reason: s.Form.Get("reason")})
	case "carry-out":
		_, err = v.Privacy().CarryOut(v.Context(), a, id, s.Form.Get("answer"))
	default:
		err = errs.New(errs.Invalid, "请选一个。", "Please choose one.")
	}
	if err == nil {
		return v.GoSaying(s.path(), "%s 办好了。", "%s is done.", s.Case.Number)
	}
	if _, told := errs.TextOf(err); !told || errs.KindOf(err) == errs.NotFound {
		return err
	}
	status := page.Status(err)
	s.Problems = map[string]string{}
	for _, e := range errs.Each(err) {
		id := "data"
		if e.Field != "" {
			s.Problems[e.Field], id = e.Text.In(v.Lang), "data-"+e.Field
		}
		s.Mistakes = append(s.Mistakes, ui.FieldError{ID: id, Label: v.Say("没办成", "Not done"), Text: e.Text.In(v.Lang)})
	}
	return s.show(v, status)
}

func (s dataView) field(name, label string) ui.Field {
	return ui.Field{ID: "data-" + name, Name: name, Label: label, Value: s.Form.Get(name), Err: s.Problems[name]}
}

func lawOptions(v *page.View) (all []ui.Option) {
	for _, l := range privacy.Laws() {
		all = append(all, ui.Option{Value: string(l), Label: l.Text().In(v.Lang)})
	}
	return all
}

// mayDecide and mayCarry say which forms the page shows; the verbs ask again.
func (s dataView) mayDecide(v *page.View) bool {
	return v.Can(rights.DataKeep) && s.Request.State == privacy.Asked && s.Case.Step == "decide"
}

func (s dataView) mayCarry(v *page.View) bool {
	return v.Can(rights.DataKeep) && s.Request.State == privacy.Granted
}

// facts say what is asked, of whom, and how that was known.
func (s dataView) facts(v *page.View) []ui.Fact {
	q := s.Request
	about := v.Say("这个号码的全部来件（保密的除外）", "all reports from the number, but for secret ones")
	if q.Subject.Report != "" {
		about = v.Say("凭取件码查到的那一件", "the one report whose secret word was shown")
	}
	shown := q.Subject.Shown.Title().In(v.Lang)
	if q.Subject.Paper != "" {
		shown += v.Say("：", ": ") + q.Subject.Paper.Title().In(v.Lang)
	}
	all := []ui.Fact{
		{Name: v.Say("要办", "Asked for"), Value: q.Kind.Title().In(v.Lang), Strong: true},
		{Name: v.Say("哪些信息", "About"), Value: about},
		{Name: v.Say("怎样核实的", "How they were known"), Value: shown},
		{Name: v.Say("办到哪了", "State"), Value: q.State.Title().In(v.Lang)},
	}
	if q.Subject.Agent != "" {
		all = append(all, ui.Fact{Name: v.Say("代办", "For another"), Value: v.Say("由监护人或受托人提出", "asked by a guardian or an agent")})
	}
	if q.Field != "" {
		all = append(all, ui.Fact{Name: v.Say("更正", "To correct"), Value: dataFieldText(v, q.Field)})
	}
	if q.Law != "" {
		all = append(all, ui.Fact{Name: v.Say("依据", "By law"), Value: q.Law.Text().In(v.Lang)})
	}
	return all
}

func dataFieldText(v *page.View, field string) string {
	if field == "phone" {
		return v.Say("手机号", "mobile number")
	}
	return v.Say("姓名", "name")
}
