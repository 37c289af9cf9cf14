package admin

import (
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// again is a form as it is shown after it was refused: what was typed stays, and
// what is wrong stands beside it. Its zero value is a form nobody has sent.
type again struct {
	Value    func(name string) string
	Wrong    map[string]string
	Mistakes []ui.FieldError
}

// back makes the form that a refused post leads to; ok is false where the
// failure is about no field of it. A rule that was broken names its field too.
func back(v *page.View, err error) (a again, ok bool) {
	a = again{Value: v.R.PostForm.Get, Wrong: map[string]string{}}
	for _, e := range errs.Each(err) {
		if e.Field == "" {
			return a, false
		}
		a.Wrong[e.Field] = e.Text.In(v.Lang)
		a.Mistakes = append(a.Mistakes, ui.FieldError{ID: e.Field, Text: e.Text.In(v.Lang)})
	}
	return a, len(a.Mistakes) > 0
}

// named puts the labels of the fields before their mistakes in the summary.
func (a again) named(v *page.View, labels map[string]lang.Text) again {
	for i, m := range a.Mistakes {
		a.Mistakes[i].Label = labels[m.ID].In(v.Lang)
	}
	return a
}

// field is a control of the form.
func (a again) field(name, label, value string, change ...func(*ui.Field)) ui.Field {
	f := ui.Field{ID: name, Name: name, Label: label, Value: value}
	if a.Value != nil {
		f.Value, f.Err = a.Value(name), a.Wrong[name]
	}
	for _, do := range change {
		do(&f)
	}
	return f
}

func needed(f *ui.Field) { f.Required = true }

// hinted says what to write.
func hinted(text string) func(*ui.Field) { return func(f *ui.Field) { f.Hint = text } }
