package desk

import (
	"net/url"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// again is a form about the clock or about supervision that came back, with
// what was typed and what is wrong. Its zero value is none.
type again struct {
	Which  string // which of the page's forms
	Form   url.Values
	Fields map[string]string
	Said   string              // what is wrong with none of the fields
	Dates  *casework.Foresight // it came back to show what would follow
	Seen   string              // for what it was shown
}

// is reports whether the form of a name came back.
func (a again) is(which string) bool { return which != "" && a.Which == which }

// field is a control of a form: what was typed stays, and what is wrong is said.
func (a again) field(which, id, name, label string) ui.Field {
	f := ui.Field{ID: id + "-" + name, Name: name, Label: label}
	if a.is(which) {
		f.Value, f.Err = a.Form.Get(name), a.Fields[name]
	}
	return f
}

// needed is a field that must be filled in.
func needed(f ui.Field) ui.Field { f.Required = true; return f }

// mistakes leads from the head of the page to the fields of the form that came
// back; id is what its fields' ids begin with.
func (a again) mistakes(v *page.View, id string) (all []ui.FieldError) {
	if a.Said != "" {
		all = append(all, ui.FieldError{ID: id, Label: v.Say("没办成", "Not done"), Text: a.Said})
	}
	for _, name := range []string{"kind", "until", "more", "form", "within", "reason", "answer"} {
		if text := a.Fields[name]; text != "" {
			all = append(all, ui.FieldError{ID: id + "-" + name, Label: typedLabel(v, name), Text: text})
		}
	}
	return all
}

func typedLabel(v *page.View, name string) string {
	switch name {
	case "kind":
		return v.Say("为什么停", "Why it stands")
	case "until":
		return v.Say("停到哪天", "Until")
	case "more":
		return v.Say("延长多少", "How much longer")
	case "form":
		return v.Say("形式", "Form")
	case "within":
		return v.Say("几个工作日内答复", "Answer within")
	case "answer":
		return v.Say("答复", "Answer")
	}
	return v.Say("理由", "Reason")
}

// comeBack shows the case with the form that was not taken. What no words tell
// is a failure of the house.
func (s caseView) comeBack(v *page.View, which string, err error) error {
	if _, told := errs.TextOf(err); !told || errs.KindOf(err) == errs.NotFound {
		return err
	}
	if c, tasks, err := v.Case(v.Context(), s.Case.ID); err == nil { // as it is now: somebody may have been faster
		s = caseView{Case: c, Tasks: tasks}
	}
	s.Typed = again{Which: which, Form: v.R.PostForm, Fields: map[string]string{}}
	for _, e := range errs.Each(err) {
		if e.Field == "" {
			s.Typed.Said = e.Text.In(v.Lang)
			continue
		}
		s.Typed.Fields[e.Field] = e.Text.In(v.Lang)
	}
	return showCase(v, page.Status(err), s)
}

// caseOfForm reads a posted form and the case it is about, as it is now.
func caseOfForm(v *page.View) (s caseView, err error) {
	if err = v.Form(); err != nil {
		return s, err
	}
	s.Case, s.Tasks, err = v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	return s, err
}

// path is the address of the case's page.
func (s *caseView) path() string { return "/desk/case/" + string(s.Case.ID) }
