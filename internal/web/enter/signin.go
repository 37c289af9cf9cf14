package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// signInView is what the sign-in page shows.
type signInView struct {
	Login, Next, Problem, Said string
	Passkey                    string // the question to the browser; empty where the site has none
	Empty                      bool   // nobody has an account yet
	Out                        bool   // the reader has just signed out
	Demo                       []page.Login
}

func signInForm(v *page.View) error {
	q := v.R.URL.Query()
	s := signInView{Next: q.Get("next"), Out: q.Get("out") != ""}
	switch {
	case q.Get("late") != "":
		s.Said = v.Say("登录的时间过了，请从头再来。", "Signing in took too long; please begin again.")
	case q.Get("again") != "":
		s.Said = v.Say("要改登录方式，请再登录一次，好知道是您本人。", "To change how you sign in, please sign in once more, so that we know it is you.")
	}
	return showSignIn(v, http.StatusOK, s)
}

// showSignIn adds what every showing of the page needs.
func showSignIn(v *page.View, status int, s signInView) error {
	s.Demo = v.House.Demo
	some, err := access.Any(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	s.Empty = !some
	if s.Passkey, err = askPasskey(v, ""); err != nil {
		return err
	}
	return v.Show(status, signInPage(v, s))
}

// askPasskey begins a ceremony and gives the question for the page; empty where
// a browser would show no passkey at this address, or the holder has none.
func askPasskey(v *page.View, holder access.Holder) (string, error) {
	if !v.Site().Works() {
		return "", nil
	}
	c, err := access.AskPasskey(v.Context(), v.House.DB, v.Site(), v.District.Code, holder, v.Now)
	if errs.KindOf(err) == errs.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	v.House.Sessions.Put(v.Context(), askKey, c.State)
	return c.Options, nil
}

// checkPasskey takes the browser's answer. The question is used up by it.
func checkPasskey(v *page.View) (k access.Passkey, err error) {
	if err := v.Form(); err != nil {
		return access.Passkey{}, err
	}
	state := v.House.Sessions.PopString(v.Context(), askKey)
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		k, err = access.CheckPasskey(v.Context(), tx, v.Site(), v.District.Code, state, v.R.PostFormValue("answer"))
		return err
	})
	return k, err
}

// signIn checks a login and a password.
func signIn(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s := signInView{Login: v.R.PostFormValue("login"), Next: v.R.PostFormValue("next")}
	a, err := v.House.Guard.SignIn(v.Context(), v.House.DB, v.District.Code, s.Login, v.R.PostFormValue("password"), v.From())
	if err == nil {
		err = Arrive(v, a, access.ByPassword)
	}
	return refuse(v, s, err)
}

// signInPasskey takes a passkey alone: no login is typed.
func signInPasskey(v *page.View) error {
	k, err := checkPasskey(v)
	s := signInView{Next: v.R.PostFormValue("next")}
	var a access.Account
	if err == nil {
		a, err = owner(v, k)
	}
	if err == nil {
		err = Arrive(v, a, access.ByPasskey)
	}
	return refuse(v, s, err)
}

// owner is the account a passkey opens. A resident's opens none.
func owner(v *page.View, k access.Passkey) (access.Account, error) {
	refused := errs.New(errs.SignIn, "这把通行密钥开不了这里的门，请换一种方式。", "This passkey does not open this door; please choose another way.")
	login, ok := k.Holder.Login()
	if !ok {
		return access.Account{}, refused
	}
	a, err := access.Find(v.Context(), v.House.DB, v.District.Code, login)
	if errs.KindOf(err) == errs.NotFound || err == nil && !a.Active {
		return access.Account{}, refused
	}
	return a, err
}

// refuse shows the page again with what was wrong, if it can be told.
func refuse(v *page.View, s signInView, err error) error {
	text, ok := errs.TextOf(err)
	if !ok {
		return err
	}
	s.Problem = text.In(v.Lang)
	return showSignIn(v, page.Status(err), s)
}

func signOut(v *page.View) error {
	if err := v.House.Sessions.Destroy(v.Context()); err != nil {
		return err
	}
	// What the browser holds of pages goes; what a grid worker has not sent yet
	// stays in its storage.
	v.W.Header().Set("Clear-Site-Data", `"cache"`)
	return v.Go("/sign-in?out=yes")
}
