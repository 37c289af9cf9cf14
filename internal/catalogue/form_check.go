package catalogue

import (
	"errors"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"linli/internal/errs"
)

// Check holds an answer against the form. Each fault is errs.Invalid at its
// field; what the form does not ask for is refused too.
func (f *Form) Check(answer map[string]any) error {
	var all []error
	names := map[string]Field{}
	for _, field := range f.Fields {
		names[field.Name] = field
	}
	for name := range answer {
		if _, ok := names[name]; !ok {
			all = append(all, errs.New(errs.Invalid, "表单没有这一项。", "The form has no such field.").At(name))
		}
	}
	var fault *jsonschema.ValidationError
	if err := f.schema.Validate(answer); errors.As(err, &fault) {
		all = append(all, f.faults(fault, names)...)
	} else if err != nil {
		return err
	}
	return errors.Join(all...)
}

// faults turns what the schema library found into words, one a field.
func (f *Form) faults(fault *jsonschema.ValidationError, fields map[string]Field) []error {
	var all []error
	if missing, ok := fault.ErrorKind.(*kind.Required); ok {
		for _, name := range missing.Missing {
			e := errs.New(errs.Invalid, "请填写这一项。", "Please fill this in.").At(name)
			if title := fields[name].Title; !title.IsZero() {
				e.Text.ZH, e.Text.EN = "请填写“"+title.ZH+"”。", "Please fill in “"+title.EN+"”."
			}
			all = append(all, e)
		}
		return all
	}
	if len(fault.InstanceLocation) > 0 {
		name := fault.InstanceLocation[0]
		return []error{faultText(fault, fields[name]).At(name)}
	}
	for _, cause := range fault.Causes {
		all = append(all, f.faults(cause, fields)...)
	}
	if len(all) == 0 {
		all = append(all, errs.New(errs.Invalid, "填的内容不合要求。", "What was filled in does not fit the form."))
	}
	return all
}

// faultText says what one field should be.
func faultText(fault *jsonschema.ValidationError, field Field) *errs.Error {
	switch k := fault.ErrorKind.(type) {
	case *kind.OneOf, *kind.Enum, *kind.Const:
		var zh, en []string
		for _, c := range field.Choices {
			zh, en = append(zh, c.Title.ZH), append(en, c.Title.EN)
		}
		e := errs.New(errs.Invalid, "请从这些里选一个。", "Please choose one of these.")
		e.Text.ZH, e.Text.EN = "请选一个："+strings.Join(zh, "、"), "Please choose one of: "+strings.Join(en, ", ")
		return e
	case *kind.MaxLength:
		return errs.New(errs.Invalid, "最多 %d 个字。", "At most %d characters.", k.Want)
	case *kind.MinLength:
		return errs.New(errs.Invalid, "至少 %d 个字。", "At least %d characters.", k.Want)
	case *kind.Minimum, *kind.Maximum, *kind.ExclusiveMaximum, *kind.ExclusiveMinimum:
		return errs.New(errs.Invalid, "数字超出范围。", "The number is out of range.")
	case *kind.Type:
		switch field.Type {
		case "integer":
			return errs.New(errs.Invalid, "请填整数，例如 3。", "Please write a whole number, for example 3.")
		case "number":
			return errs.New(errs.Invalid, "请填数字，例如 3.5。", "Please write a number, for example 3.5.")
		case "boolean":
			return errs.New(errs.Invalid, "请选是或否。", "Please choose yes or no.")
		}
	case *kind.Format:
		if field.Format == "date" {
			return errs.New(errs.Invalid, "请填日期，例如 2026-11-23。", "Please write a date, for example 2026-11-23.")
		}
	}
	return errs.New(errs.Invalid, "填得不对。", "This does not fit.")
}
