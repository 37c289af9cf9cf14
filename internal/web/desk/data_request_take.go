package desk

import (
	"net/http"

	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/privacy"
	"linli/internal/resident"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// takePath is where a clerk takes a request down, at the counter or by phone.
const takePath = "/desk/data-requests/new"

// takenView is the form, or what came of it.
type takenView struct {
	page.DataForm
	Number, Word string // of the request that was taken down
}

func dataTakeForm(v *page.View) error {
	return v.Show(http.StatusOK, dataTakePage(v, takenView{DataForm: page.DataForm{Phone: true}}))
}

// dataTake takes a request down for who stands at the counter with a paper, or
// tells number and secret word by phone.
func dataTake(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s := takenView{DataForm: page.DataForm{Form: v.R.PostForm, Phone: true}}
	a, r := s.Asking(v), intake.Receipt{}
	a.By, a.Channel = v.Acting(rights.ReportReceive, 0).By, intake.Counter
	subject, err := dataSubject(v, s.Form.Get)
	if err == nil {
		if a.Subject = subject; subject.Shown == privacy.ByPhone {
			a.Channel = intake.Hotline
		}
		_, r, err = v.Privacy().Ask(v.Context(), v.District, a)
	}
	if err == nil {
		s = takenView{DataForm: page.DataForm{Phone: true}, Number: r.Case.Number, Word: r.Word}
		private(v)
		return v.Show(http.StatusOK, dataTakePage(v, s))
	}
	if err := s.Again(v, err); err != nil {
		return err
	}
	return v.Show(page.Status(err), dataTakePage(v, s))
}

// dataSubject is who asks: by number and secret word where both are given, else
// by phone number and the paper that the clerk has seen.
func dataSubject(v *page.View, form func(string) string) (privacy.Subject, error) {
	if number := form("number"); number != "" || form("word") != "" {
		parsed, err := ident.ParseNumber(number)
		if err != nil {
			return privacy.Subject{}, err
		}
		report, err := privacy.Word(v.Context(), v.House.DB, v.District.Code, string(parsed), form("word"))
		return privacy.Sent(report, privacy.ByPhone), err
	}
	paper := resident.Paper(form("paper"))
	if paper != resident.IDCards && paper != resident.Power {
		return privacy.Subject{}, errs.New(errs.Invalid, "请选看过的证件，或者写编号和取件码。", "Please choose the paper you have seen, or write number and secret word.").At("paper")
	}
	phone, err := ident.ParsePhone(form("phone"))
	if err != nil {
		return privacy.Subject{}, errs.New(errs.Invalid, "请写 11 位手机号。", "Please write a mobile number of 11 digits.").At("phone")
	}
	return v.Privacy().Seen(v.Context(), v.House.DB, v.District.Code, phone, paper, v.Now)
}

func (s takenView) field(v *page.View, name, label string) ui.Field {
	return ui.Field{ID: "data-" + name, Name: name, Label: label, Value: s.Form.Get(name), Err: s.Problems[name]}
}

func paperOptions(v *page.View) []ui.Option {
	return []ui.Option{{Value: string(resident.IDCards), Label: v.Say("本人到场，看过身份证", "The person is here; identity card seen")}, {Value: string(resident.Power), Label: resident.Power.Title().In(v.Lang)}}
}
