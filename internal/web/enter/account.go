package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// eventsShown is how many sign-ins the page lists.
const eventsShown = 20

// accountView is what somebody sees of the own way in.
type accountView struct {
	Account  access.Account
	Have     access.Factors
	Needs    bool // a post asks for a second factor
	Sessions []access.Session
	Events   []access.Event
	Passkeys bool // they work at this address
	Bound    boundView
	Keys     []access.Key
	Dues     []access.CalendarAddress
}

func account(v *page.View) (err error) {
	ctx, r := v.Context(), v.House.DB
	s := accountView{Needs: v.NeedsSecond(v.Reader.Posts), Passkeys: v.Site().Works()}
	if s.Account, err = mine(v); err != nil {
		return err
	}
	holder := access.Staff(s.Account.Login)
	if s.Have, err = access.FactorsOf(ctx, r, v.District.Code, holder); err != nil {
		return err
	}
	if s.Sessions, err = access.SessionsOf(ctx, r, v.District.Code, holder, v.Token(), v.Now); err != nil {
		return err
	}
	if s.Events, err = access.Events(ctx, r, v.District.Code, s.Account.Person, eventsShown); err != nil {
		return err
	}
	if s.Bound, err = boundTo(v); err != nil {
		return err
	}
	if s.Keys, err = access.KeysOf(ctx, r, v.District.Code, s.Account.Login); err != nil {
		return err
	}
	if s.Dues, err = access.CalendarsOf(ctx, r, v.District.Code, s.Account.Login); err != nil {
		return err
	}
	return v.Show(http.StatusOK, accountPage(v, s))
}

// mine is the reader's account.
func mine(v *page.View) (access.Account, error) {
	return access.Find(v.Context(), v.House.DB, v.District.Code, v.Reader.Login)
}

// endSessions ends one session of the reader's, or all but this one.
func endSessions(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, err := mine(v)
	if err != nil {
		return err
	}
	id, holder, ctx := v.R.PostFormValue("id"), access.Staff(a.Login), v.Context()
	err = v.House.DB.Write(ctx, func(tx *db.Tx) error {
		if id != "" {
			err = access.EndSession(ctx, tx, a.District, holder, id)
		} else {
			_, err = access.EndSessions(ctx, tx, a.District, holder, v.Token())
		}
		if err != nil {
			return err
		}
		return access.Note(ctx, tx, a.District, a.Person, access.SessionEnded, v.From(), "")
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/account", "结束了。那边要重新登录才能用。", "Ended. That browser has to sign in again.")
}

// passwordView is what the page for another password shows.
type passwordView struct{ Problem, Field string }

func passwordForm(v *page.View) error {
	return v.Show(http.StatusOK, passwordPage(v, passwordView{}))
}

// changePassword asks for the old one, however lately the reader has signed in:
// a passkey of the same machine may be in other hands.
func changePassword(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, err := mine(v)
	if err != nil {
		return err
	}
	ctx, d := v.Context(), v.House.DB
	if _, err := v.House.Guard.SignIn(ctx, d, a.District, a.Login, v.R.PostFormValue("old"), v.From()); err != nil {
		return passwordProblem(v, err, "old", v.Say("原来的密码不对，请再核对一下", "the present password is not right, please check"))
	}
	h, err := v.House.Guard.Hash(ctx, a.Login, v.R.PostFormValue("password"), obvious(v)...)
	if err != nil {
		return passwordProblem(v, err, "password", "")
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { return access.ChangePassword(ctx, tx, a, h, v.Token(), v.From()) }); err != nil {
		return err
	}
	return v.GoSaying("/account", "密码改好了，别处的登录都已结束。", "The password is changed; sessions elsewhere have ended.")
}

// passwordProblem shows the page again with what was wrong, in words of its
// own where the failure's are about signing in.
func passwordProblem(v *page.View, err error, field, words string) error {
	text, ok := errs.TextOf(err)
	if !ok {
		return err
	}
	if words == "" || errs.KindOf(err) != errs.SignIn {
		words = text.In(v.Lang)
	}
	return v.Show(page.Status(err), passwordPage(v, passwordView{Problem: words, Field: field}))
}

// obvious are words that anybody tries for an account of this district.
func obvious(v *page.View) []string {
	return []string{v.District.Settings.Name, v.District.Settings.NameEN, v.District.Code, "linli", "邻里"}
}
