package page

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"

	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/privacy"
	"linli/internal/web/ui"
)

// DataForm is the form by which somebody asks about their own data, wherever
// they stand: signed in, on a tracking page, at the counter.
type DataForm struct {
	Form     url.Values
	Phone    bool // a number can be corrected: the request is about one report
	Problems map[string]string
	Mistakes []ui.FieldError
}

// Privacy is what takes requests about personal data in, and carries them out.
func (v *View) Privacy() privacy.Keeper {
	return privacy.Keeper{Desk: v.House.Desk, Residents: v.House.Residents}
}

// Asking reads the posted form.
func (f DataForm) Asking(v *View) privacy.Asking {
	return privacy.Asking{Kind: privacy.Kind(f.Form.Get("kind")), Words: f.Form.Get("words"), Field: f.Form.Get("field"), Value: f.Form.Get("value"), Lang: v.Lang}
}

// Again reads what is wrong with the form; it is err itself where that is
// nothing of the form's.
func (f *DataForm) Again(v *View, err error) error {
	f.Problems = map[string]string{}
	for _, e := range errs.Each(err) {
		if errs.KindOf(e) != errs.Invalid && e.Field == "" {
			return err
		}
		field := e.Field
		if field == "" {
			field = "kind"
		}
		f.Problems[field] = e.Text.In(v.Lang)
		f.Mistakes = append(f.Mistakes, ui.FieldError{ID: "data-" + field, Label: dataLabel(v, field), Text: e.Text.In(v.Lang)})
	}
	if len(f.Mistakes) == 0 {
		return err
	}
	return nil
}

func dataLabel(v *View, field string) string {
	switch field {
	case "kind":
		return v.Say("要办哪一项", "What you ask for")
	case "field":
		return v.Say("更正哪一项", "What is to be corrected")
	case "value":
		return v.Say("正确的是", "What is right")
	case "word":
		return v.Say("取件码", "Secret word")
	case "number":
		return v.Say("编号", "Number")
	case "phone":
		return v.Say("本人的手机号", "The person's mobile number")
	case "paper":
		return v.Say("看过的证件", "The paper you have seen")
	}
	return v.Say("想说的", "In your words")
}

// field is a control with what was typed.
func (f DataForm) field(v *View, name string) ui.Field {
	return ui.Field{ID: "data-" + name, Name: name, Label: dataLabel(v, name), Value: f.Form.Get(name), Err: f.Problems[name]}
}

func kindOptions(v *View) (all []ui.Option) {
	for _, k := range privacy.Kinds() {
		all = append(all, ui.Option{Value: string(k), Label: k.Title().In(v.Lang), Hint: k.Hint().In(v.Lang)})
	}
	return all
}

func (f DataForm) fieldOptions(v *View) []ui.Option {
	all := []ui.Option{{Value: fields.Name, Label: v.Say("姓名", "Name")}}
	if f.Phone {
		all = append(all, ui.Option{Value: fields.Phone, Label: v.Say("手机号", "Mobile number")})
	}
	return all
}

// ShowCopy fetches the copy of a request and sends it: one file for people to
// read and one for machines.
func (v *View) ShowCopy(id privacy.ID) error {
	b, err := v.Privacy().Fetch(v.Context(), v.District, id)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	var readable, out bytes.Buffer
	if err := copyPage(v, b).Render(v.Context(), &readable); err != nil {
		return err
	}
	z := zip.NewWriter(&out)
	for _, file := range []struct {
		name string
		data []byte
	}{{"my-data.html", readable.Bytes()}, {"my-data.json", data}} {
		w, err := z.Create(file.name)
		if err != nil {
			return err
		}
		if _, err := w.Write(file.data); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="my-data.zip"`)
	h.Set("Cache-Control", "no-store")
	v.W.WriteHeader(http.StatusOK)
	_, err = v.W.Write(out.Bytes())
	return err
}
