package portal

import (
	"net/http"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/privacy"
	"linli/internal/web/page"
)

// dataView is the form by which whoever sent a report asks about its data. The
// secret word is written again each time: phone digits are enough to follow a
// case, not for this.
type dataView struct {
	page.DataForm
	Case         casework.Case
	Rows         []page.DataRow
	Number, Word string // of the request that was made now
}

func showData(v *page.View) error {
	c, report, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	s := dataView{DataForm: page.DataForm{Phone: true}, Case: c}
	return s.show(v, http.StatusOK, report)
}

func (s dataView) show(v *page.View, status int, report string) error {
	q, err := privacy.OfCase(v.Context(), v.House.DB, v.District.Code, s.Case.ID)
	if err == nil && q.Report == report { // the page of a request itself: its copy is fetched here
		row, err := v.DataRow(q, below(v, s.Case, "/data/copy"))
		if err != nil {
			return err
		}
		s.Rows = append(s.Rows, row)
	} else if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(status, dataPage(v, s))
}

// askData takes a request in, for who writes the secret word of the report.
func askData(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	c, id, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	s := dataView{DataForm: page.DataForm{Form: v.R.PostForm, Phone: true}, Case: c}
	report, err := worded(v, id)
	if err == nil {
		a := s.Asking(v)
		a.Subject, a.Channel = privacy.Sent(report, privacy.ByWord), intake.Portal
		var r intake.Receipt
		if _, r, err = v.Privacy().Ask(v.Context(), v.District, a); err == nil {
			v.Prove(string(r.Case.ID), r.Report)
			s = dataView{DataForm: page.DataForm{Phone: true}, Case: c, Number: r.Case.Number, Word: r.Word}
			return s.show(v, http.StatusOK, id)
		}
	}
	if err := s.Again(v, err); err != nil {
		return err
	}
	return s.show(v, page.Status(err), id)
}

// worded is the reader's report where the posted secret word is its own.
func worded(v *page.View, id string) (casework.Report, error) {
	report, err := casework.ReportByID(v.Context(), v.House.DB, v.District.Code, id)
	if err == nil && report.Word != intake.HashWord(v.R.PostForm.Get("word")) {
		return report, errs.New(errs.Invalid, "取件码不对。", "The secret word is not right.").At("word")
	}
	return report, err
}

// fetchCopy sends the copy of a request, once, to who writes its secret word or
// has signed in lately as the person it is of.
func fetchCopy(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	c, id, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	q, err := privacy.OfCase(v.Context(), v.House.DB, v.District.Code, c.ID)
	if err != nil || q.Report != id {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	mine := v.Resident != nil && v.Recent() && q.Subject.Resident == v.Resident.ID
	if !mine {
		if _, err := worded(v, id); err != nil {
			s := dataView{DataForm: page.DataForm{Form: v.R.PostForm, Phone: true}, Case: c}
			if err := s.Again(v, err); err != nil {
				return err
			}
			return s.show(v, page.Status(err), id)
		}
	}
	return v.ShowCopy(q.ID)
}
