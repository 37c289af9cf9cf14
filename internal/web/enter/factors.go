package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// appForm shows the code picture of a new app.
func appForm(v *page.View) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	return showApp(v, http.StatusOK, a, setUpView{})
}

func showApp(v *page.View, status int, a access.Account, s setUpView) (err error) {
	if s.App, s.QR, err = beginApp(v, a); err != nil {
		return err
	}
	return v.Show(status, appPage(v, s))
}

func addApp(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, err := mine(v)
	if err != nil {
		return err
	}
	codes, err := confirmApp(v, a)
	if text, ok := errs.TextOf(err); ok && errs.KindOf(err) == errs.SignIn {
		return showApp(v, page.Status(err), a, setUpView{Problem: text.In(v.Lang), Field: "code"})
	}
	if err != nil {
		return err
	}
	return added(v, codes)
}

// added shows the recovery codes where new ones were made, else the account.
func added(v *page.View, codes []string) error {
	if len(codes) > 0 {
		return v.Show(http.StatusOK, codesPage(v, codes, "/account"))
	}
	return v.GoSaying("/account", "加好了，下次登录就能用。", "Added; you can use it the next time you sign in.")
}

func removeApp(v *page.View) error {
	return removing(v, func(tx *db.Tx, a access.Account) (string, error) {
		return string(access.ByCode), access.RemoveTOTP(v.Context(), tx, a.District, access.Staff(a.Login))
	})
}

func removePasskey(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	return removing(v, func(tx *db.Tx, a access.Account) (string, error) {
		k, err := access.RemovePasskey(v.Context(), tx, a.District, access.Staff(a.Login), v.R.PostFormValue("id"))
		return string(access.ByPasskey) + " " + k.ID, err
	})
}

// removing takes a factor away, except the last one of somebody whose post asks
// for one.
func removing(v *page.View, remove func(*db.Tx, access.Account) (string, error)) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	ctx, needs := v.Context(), v.NeedsSecond(v.Reader.Posts)
	err = v.House.DB.Write(ctx, func(tx *db.Tx) error {
		how, err := remove(tx, a)
		if err != nil {
			return err
		}
		left, err := access.FactorsOf(ctx, tx, a.District, access.Staff(a.Login))
		if err != nil {
			return err
		}
		if needs && !left.Any() {
			return errs.New(errs.Conflict, "您的岗位要有第二步验证。先加一种新的，再停用这一种。", "Your post asks for a second step. Add another one first, then remove this one.")
		}
		return access.Note(ctx, tx, a.District, a.Person, access.FactorRemoved, v.From(), how)
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/account", "停用了。", "Removed.")
}

// passkeyView is what the page for a new passkey shows.
type passkeyView struct{ Problem, Options, Name string }

func passkeyForm(v *page.View) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	return showPasskey(v, http.StatusOK, a, passkeyView{Name: v.From().Agent})
}

func showPasskey(v *page.View, status int, a access.Account, s passkeyView) (err error) {
	if s.Options, err = makePasskey(v, a); err != nil {
		return err
	}
	return v.Show(status, passkeyPage(v, s))
}

func addPasskey(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, err := mine(v)
	if err != nil {
		return err
	}
	codes, err := keepPasskey(v, a)
	if text, ok := errs.TextOf(err); ok {
		return showPasskey(v, page.Status(err), a, passkeyView{Problem: text.In(v.Lang), Name: v.R.PostFormValue("name")})
	}
	if err != nil {
		return err
	}
	return added(v, codes)
}

// newRecovery makes ten new recovery codes; the old ones are worthless.
func newRecovery(v *page.View) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	var codes []string
	ctx := v.Context()
	err = v.House.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if codes, err = access.NewRecoveryCodes(ctx, tx, a.District, access.Staff(a.Login)); err != nil {
			return err
		}
		return access.Note(ctx, tx, a.District, a.Person, access.RecoveryMade, v.From(), "")
	})
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, codesPage(v, codes, "/account"))
}
