package me

import (
	"net/http"
	"net/url"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/web/page"
)

// dataView is what a resident may ask about their data, and has asked.
type dataView struct {
	page.DataForm
	For  *resident.Principal // whose data, where the reader acts for another
	Rows []page.DataRow
}

// href is the page's own address, or one below it; it carries on for whom.
func (s dataView) href(below string) string {
	if s.For == nil {
		return "/me/data" + below
	}
	return "/me/data" + below + "?for=" + url.QueryEscape(string(s.For.ID))
}

// whose reads whose data the page is about. Another's are asked about by a
// guardian, and by whoever showed a power of attorney at the counter; any other
// authority is the same as none.
func whose(v *page.View) (s dataView, of resident.Resident, err error) {
	id := v.R.URL.Query().Get("for")
	if id == "" {
		return s, *v.Resident, nil
	}
	p, err := resident.Find(v.Context(), v.House.DB, v.District.Code, v.Resident.ID, resident.ProxyID(id), v.Now)
	if err != nil {
		return s, of, err
	}
	if p.Relation != resident.Guardian && p.Paper != resident.Power {
		return s, of, errs.New(errs.NotFound, "没有找到", "not found")
	}
	of, err = v.House.Residents.ByID(v.Context(), v.House.DB, v.District.Code, p.Principal)
	s.For = &resident.Principal{Proxy: p, Resident: of}
	return s, of, err
}

func data(v *page.View) error {
	s, of, err := whose(v)
	if err != nil {
		return err
	}
	return s.show(v, http.StatusOK, of)
}

func (s dataView) show(v *page.View, status int, of resident.Resident) error {
	all, err := privacy.RequestsOf(v.Context(), v.House.DB, v.District.Code, of.ID)
	if err != nil {
		return err
	}
	for _, q := range all {
		row, err := v.DataRow(q, s.href("/"+string(q.ID)+"/copy"))
		if err != nil {
			return err
		}
		s.Rows = append(s.Rows, row)
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(status, dataPage(v, s))
}

// askData takes a request in.
func askData(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, of, err := whose(v)
	if err != nil {
		return err
	}
	s.Form = v.R.PostForm
	a := s.Asking(v)
	a.Subject, a.Channel = privacy.Account(of), intake.Portal
	if s.For != nil {
		a.Subject.Agent = v.Resident.ID
	}
	_, r, err := v.Privacy().Ask(v.Context(), v.District, a)
	if err != nil {
		if err := s.Again(v, err); err != nil {
			return err
		}
		return s.show(v, page.Status(err), of)
	}
	if s.For != nil {
		if err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
			return resident.Acted(v.Context(), tx, v.District.Code, s.For.Proxy, resident.Report, string(r.Case.ID))
		}); err != nil {
			return err
		}
	}
	return v.GoSaying(s.href(""), "收到了，编号 %s，十五个工作日内答复。", "We have it, number %s, and answer within fifteen working days.", r.Case.Number)
}

// fetchCopy sends a copy, once, to who has signed in lately: a screen left open
// is not enough.
func fetchCopy(v *page.View) error {
	_, of, err := whose(v)
	if err != nil {
		return err
	}
	q, err := privacy.ByID(v.Context(), v.House.DB, v.District.Code, privacy.ID(v.R.PathValue("id")))
	if err != nil {
		return err
	}
	if q.Subject.Resident != of.ID {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	if !v.Recent() {
		return errs.New(errs.SignIn, "登录已经有一会儿了。为了安全，请退出后重新登录，再下载。", "You signed in a while ago. To be safe, please sign out and in again, then fetch it.")
	}
	return v.ShowCopy(q.ID)
}

// consentView is one thing that asks for the reader's consent.
type consentView struct {
	fields.Consent
	On bool
}

// consents lists what asks for consent, with what stands and what stood.
func consents(v *page.View) error {
	me := privacy.OfResident(v.Resident.ID)
	past, err := privacy.ConsentsOf(v.Context(), v.House.DB, v.District.Code, me)
	if err != nil {
		return err
	}
	var all []consentView
	for _, c := range v.District.Catalogue.Privacy().Consents {
		if c.Name == privacy.GuardianConsent {
			continue // it belongs to a child's report, and is given there
		}
		one := consentView{Consent: c}
		for _, p := range past {
			one.On = one.On || p.Name == c.Name && p.Withdrawn.IsZero()
		}
		all = append(all, one)
	}
	return v.Show(http.StatusOK, consentsPage(v, all, past))
}

// setConsent gives or withdraws one consent with one press.
func setConsent(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	name, give, me := v.R.PathValue("name"), v.R.PostForm.Get("give") == "yes", privacy.OfResident(v.Resident.ID)
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if give {
			return privacy.Give(v.Context(), tx, v.District, me, name, privacy.BySelf, procedure.Actor{})
		}
		return privacy.Take(v.Context(), tx, v.District, me, name, procedure.Actor{})
	})
	if err != nil {
		return err
	}
	if give {
		return v.GoSaying("/me/consents", "记下了您的同意，随时可以撤回。", "Your consent is noted; withdraw it at any time.")
	}
	return v.GoSaying("/me/consents", "撤回了，从现在起不再有效。", "Withdrawn; it no longer counts.")
}
