package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// secondView is what the page of the second step shows.
type secondView struct {
	Problem  string
	Field    string // which field Problem is about
	Recovery bool   // the recovery codes are unfolded
	Have     access.Factors
	Passkey  string // the question to the browser
	DemoCode string
}

func secondForm(v *page.View) error {
	a, _, err := entering(v)
	if err != nil {
		return again(v, err)
	}
	return showSecond(v, http.StatusOK, a, secondView{})
}

func showSecond(v *page.View, status int, a access.Account, s secondView) (err error) {
	holder := access.Staff(a.Login)
	if s.Have, err = access.FactorsOf(v.Context(), v.House.DB, a.District, holder); err != nil {
		return err
	}
	if s.Passkey, err = askPasskey(v, holder); err != nil {
		return err
	}
	if v.House.Demo != nil { // everything in it is invented, and it listens on loopback
		if s.DemoCode, err = access.DemoCode(v.Context(), v.House.DB, v.House.Vault, a.District, holder, v.Now); err != nil {
			return err
		}
	}
	return v.Show(status, secondPage(v, s))
}

// second checks what was typed: a code of the app, or a recovery code.
func second(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, shown, err := entering(v)
	if err != nil {
		return again(v, err)
	}
	by, code, field := access.ByCode, v.R.PostFormValue("code"), "code"
	if recovery := v.R.PostFormValue("recovery"); recovery != "" {
		by, code, field = access.ByRecovery, recovery, "recovery"
	}
	err = v.House.Guard.SecondStep(v.Context(), v.House.DB, v.House.Vault, a, by, code, v.From())
	if err == nil {
		return Arrive(v, a, append(shown, by)...)
	}
	text, ok := errs.TextOf(err)
	if !ok {
		return err
	}
	return showSecond(v, page.Status(err), a, secondView{Problem: text.In(v.Lang), Field: field, Recovery: field == "recovery"})
}

func secondPasskey(v *page.View) error {
	a, shown, err := entering(v)
	if err != nil {
		return again(v, err)
	}
	k, err := checkPasskey(v)
	if err == nil && k.Holder != access.Staff(a.Login) {
		err = errs.New(errs.SignIn, "这把通行密钥不是这个账号的。", "This passkey is not of this account.")
	}
	if err == nil {
		return Arrive(v, a, append(shown, access.ByPasskey)...)
	}
	text, ok := errs.TextOf(err)
	if !ok {
		return err
	}
	return showSecond(v, page.Status(err), a, secondView{Problem: text.In(v.Lang)})
}
