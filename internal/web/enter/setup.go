package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// setUpView is what the page shows on which somebody sets up a second factor
// before anything else.
type setUpView struct {
	Problem string
	Field   string
	App     access.TOTP
	QR      drawing
	Passkey string // the question to the browser
	Name    string // of the new passkey
}

func setUpForm(v *page.View) error {
	a, _, err := settingUp(v)
	if err != nil {
		return again(v, err)
	}
	return showSetUp(v, http.StatusOK, a, setUpView{})
}

// settingUp is entering for an account that has no second factor yet: whoever
// knows a password must not add one beside those that are there.
func settingUp(v *page.View) (access.Account, []access.Factor, error) {
	a, shown, err := entering(v)
	if err != nil {
		return a, nil, err
	}
	have, err := access.FactorsOf(v.Context(), v.House.DB, a.District, access.Staff(a.Login))
	if err == nil && have.Any() {
		err = tooLate()
	}
	return a, shown, err
}

func showSetUp(v *page.View, status int, a access.Account, s setUpView) (err error) {
	if s.App, s.QR, err = beginApp(v, a); err != nil {
		return err
	}
	if s.Passkey, err = makePasskey(v, a); err != nil {
		return err
	}
	if s.Name == "" {
		s.Name = v.From().Agent
	}
	return v.Show(status, setUpPage(v, s))
}

// beginApp gives the secret for a code app, in words and as a picture.
func beginApp(v *page.View, a access.Account) (t access.TOTP, qr drawing, err error) {
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		t, err = access.BeginTOTP(v.Context(), tx, v.House.Vault, v.District.Settings.Name, a.District, access.Staff(a.Login), a.Login)
		return err
	})
	if err != nil {
		return access.TOTP{}, drawing{}, err
	}
	qr, err = draw(t.URL)
	return t, qr, err
}

// makePasskey begins the ceremony of a new passkey; empty where the site has
// none.
func makePasskey(v *page.View, a access.Account) (string, error) {
	if !v.Site().Works() {
		return "", nil
	}
	c, err := access.BeginPasskey(v.Context(), v.House.DB, v.Site(), a.District, access.Staff(a.Login), a.Login, v.Now)
	if err != nil {
		return "", err
	}
	v.House.Sessions.Put(v.Context(), askKey, c.State)
	return c.Options, nil
}

// setUp takes the first code of a new app.
func setUp(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, shown, err := settingUp(v)
	if err != nil {
		return again(v, err)
	}
	codes, err := confirmApp(v, a)
	if text, ok := errs.TextOf(err); ok {
		return showSetUp(v, page.Status(err), a, setUpView{Problem: text.In(v.Lang), Field: "code"})
	}
	if err != nil {
		return err
	}
	return welcome(v, a, append(shown, access.ByCode), codes)
}

// confirmApp takes an app into use, with recovery codes for the day the phone
// is lost.
func confirmApp(v *page.View, a access.Account) (codes []string, err error) {
	ctx, holder := v.Context(), access.Staff(a.Login)
	err = v.House.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if err := access.ConfirmTOTP(ctx, tx, v.House.Vault, a.District, holder, v.R.PostFormValue("code")); err != nil {
			return err
		}
		if codes, err = firstCodes(v, tx, a); err != nil {
			return err
		}
		return access.Note(ctx, tx, a.District, a.Person, access.FactorAdded, v.From(), string(access.ByCode))
	})
	return codes, err
}

// firstCodes makes recovery codes where the account has none left.
func firstCodes(v *page.View, tx *db.Tx, a access.Account) ([]string, error) {
	left, err := access.RecoveryLeft(v.Context(), tx, a.District, access.Staff(a.Login))
	if err != nil || left > 0 {
		return nil, err
	}
	return access.NewRecoveryCodes(v.Context(), tx, a.District, access.Staff(a.Login))
}

// setUpPasskey takes a new passkey as the second factor.
func setUpPasskey(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, shown, err := settingUp(v)
	if err != nil {
		return again(v, err)
	}
	codes, err := keepPasskey(v, a)
	if text, ok := errs.TextOf(err); ok {
		return showSetUp(v, page.Status(err), a, setUpView{Problem: text.In(v.Lang), Name: v.R.PostFormValue("name")})
	}
	if err != nil {
		return err
	}
	return welcome(v, a, append(shown, access.ByPasskey), codes)
}

// keepPasskey registers the passkey that the browser has made.
func keepPasskey(v *page.View, a access.Account) (codes []string, err error) {
	ctx := v.Context()
	state := v.House.Sessions.PopString(ctx, askKey)
	err = v.House.DB.Write(ctx, func(tx *db.Tx) error {
		k, err := access.AddPasskey(ctx, tx, v.Site(), a.District, access.Staff(a.Login), state, v.R.PostFormValue("answer"), v.R.PostFormValue("name"))
		if err != nil {
			return err
		}
		if codes, err = firstCodes(v, tx, a); err != nil {
			return err
		}
		return access.Note(ctx, tx, a.District, a.Person, access.FactorAdded, v.From(), string(access.ByPasskey)+" "+k.ID)
	})
	return codes, err
}

// welcome opens the session and shows the recovery codes, this once.
func welcome(v *page.View, a access.Account, shown []access.Factor, codes []string) error {
	if err := open(v, a, shown); err != nil {
		return err
	}
	next := leadOn(v)
	if len(codes) == 0 {
		return v.Go(next)
	}
	return v.Show(http.StatusOK, codesPage(v, codes, next))
}
