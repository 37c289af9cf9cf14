package me

import (
	"errors"
	"net/http"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/resident"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// side is one proxy with whom it is about, for the reader.
type side struct {
	resident.Proxy
	Other string // masked
	Mine  bool   // the reader acts
}

// proxiesView is whom the reader acts for, and who acts for the reader.
type proxiesView struct {
	Acting, ActedFor []side
	Past             []side
}

func proxies(v *page.View) error {
	acting, actedFor, err := resident.Proxies(v.Context(), v.House.DB, v.District.Code, v.Resident.ID)
	if err != nil {
		return err
	}
	var s proxiesView
	add := func(p resident.Proxy, other resident.ID, mine bool, running *[]side) error {
		name, err := masked(v, other)
		if err != nil {
			return err
		}
		one := side{p, name, mine}
		if !p.Runs(v.Now) {
			s.Past = append(s.Past, one)
			return nil
		}
		*running = append(*running, one)
		return nil
	}
	for _, p := range acting {
		if err := add(p, p.Principal, true, &s.Acting); err != nil {
			return err
		}
	}
	for _, p := range actedFor {
		if err := add(p, p.Agent, false, &s.ActedFor); err != nil {
			return err
		}
	}
	return v.Show(http.StatusOK, proxiesPage(v, s))
}

// masked names the other side of a proxy.
func masked(v *page.View, id resident.ID) (string, error) {
	r, err := v.House.Residents.ByID(v.Context(), v.House.DB, v.District.Code, id)
	switch {
	case errors.Is(err, errs.NotFound):
		return v.Say("（账号已注销）", "(account closed)"), nil
	case err != nil:
		return "", err
	}
	return r.Masked(), nil
}

// words says what a proxy allows and until when.
func (s side) words(v *page.View) string {
	text := ""
	for i, d := range s.Deeds {
		if i > 0 {
			text += v.Say("、", "; ")
		}
		text += d.Title().In(v.Lang)
	}
	return text
}

// last is the last day of a proxy, in words.
func (s side) last(v *page.View) string {
	return clock.DateOf(s.Until.Add(-1), v.Zone()).In(v.Now.Year()).In(v.Lang)
}

// shown is how its authority was shown.
func (s side) shown(v *page.View) string {
	if s.How == resident.ByCode {
		return v.Say("本人手机的验证码", "a code sent to the person's phone")
	}
	return v.Say("窗口登记，看过：", "recorded at the counter, seen: ") + s.Paper.Title().In(v.Lang)
}

// over is how a proxy ended.
func (s side) over(v *page.View) string {
	by := map[string]lang.Text{
		resident.ByPrincipal: lang.T("本人结束", "ended by the person"), resident.ByAgent: lang.T("代办人结束", "ended by the one who acted"),
		resident.ByClerk: lang.T("在窗口结束", "ended at the counter"), resident.ByTime: lang.T("到期", "time was up"),
		resident.ByNumber: lang.T("手机号换了人", "the number changed hands"), resident.ByAccount: lang.T("账号注销", "account closed"),
	}
	if s.EndedBy == "" {
		return by[resident.ByTime].In(v.Lang)
	}
	return by[s.EndedBy].In(v.Lang)
}

func endProxy(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return resident.End(v.Context(), tx, v.District.Code, v.Resident.ID, resident.ProxyID(v.R.PathValue("proxy")))
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/me/proxies", "结束了，从现在起不能再代办。", "It has ended; nothing more can be done by it from now on.")
}

// proxyView is the form by which the reader asks to act for somebody.
type proxyView struct {
	Phone    string
	Relation string
	Deeds    []resident.Deed
	Until    string
	Problems map[string]string
	Mistakes []ui.FieldError
}

func newProxy(v *page.View) error {
	return v.Show(http.StatusOK, newProxyPage(v, proxyView{Deeds: []resident.Deed{resident.See}}))
}

// askProxy has a code sent to the person the reader wants to act for.
func askProxy(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	f := v.R.PostForm
	s := proxyView{Phone: f.Get("phone"), Relation: f.Get("relation"), Until: f.Get("until"), Deeds: []resident.Deed{resident.See}}
	for _, d := range f["deeds"] {
		if resident.Deed(d) != resident.See {
			s.Deeds = append(s.Deeds, resident.Deed(d))
		}
	}
	phone, wrong := ident.ParsePhone(s.Phone)
	terms := resident.Terms{Relation: resident.Relation(s.Relation), Deeds: s.Deeds, Until: clock.Date(s.Until)}
	if wrong != nil {
		return s.again(v, wrong)
	}
	var id resident.ProxyID
	shown := ""
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		id, shown, err = v.House.Residents.AskProxy(v.Context(), tx, v.District.Code, *v.Resident, phone, terms, v.Zone(), v.Lang)
		return err
	})
	if err != nil {
		return s.again(v, err)
	}
	if err := (asked{Proxy: string(id), Shown: shown}).keep(v, phone); err != nil {
		return err
	}
	return v.Go("/me/proxies/code")
}

func (s proxyView) again(v *page.View, err error) error {
	if s.Problems, s.Mistakes = mistakes(v, err, "phone"); len(s.Mistakes) == 0 {
		return err
	}
	page.RetryAfter(v.W, err)
	return v.Show(page.Status(err), newProxyPage(v, s))
}

func proxyCodeForm(v *page.View) error {
	a, phone, ok := waiting(v)
	if !ok || a.Proxy == "" {
		return v.Go("/me/proxies/new")
	}
	return v.Show(http.StatusOK, codePage(v, codeView{Phone: phone.Mask(), Shown: a.Shown, Action: "/me/proxies/code", For: true}))
}

// giveProxyCode begins the proxy by the code that the person has told.
func giveProxyCode(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, phone, ok := waiting(v)
	if !ok || a.Proxy == "" {
		return v.Go("/me/proxies/new")
	}
	p, err := v.House.Residents.ConfirmProxy(v.Context(), v.House.DB, v.District.Code, v.Resident.ID, resident.ProxyID(a.Proxy), phone, v.R.PostForm.Get("code"), v.Lang)
	if err != nil {
		return codeView{Phone: phone.Mask(), Shown: a.Shown, Action: "/me/proxies/code", For: true}.again(v, err)
	}
	v.House.Sessions.Remove(v.Context(), askedKey)
	return v.GoSaying("/me/for/"+string(p.ID), "可以代办了。", "You can act for the person now.")
}
