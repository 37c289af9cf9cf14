package enter

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// leavingKey is where a session keeps what it left for another house with.
const leavingKey = "leaving"

// backPath is where the other house leads back to; it is told to it beforehand.
const backPath = "/sign-in/provider/back"

// leaving is that, and whether it is to bind an account that is signed in.
type leaving struct {
	access.Leaving
	Login string // of the account to bind; empty for signing in
}

// provider is the other house at which staff may sign in. Where there is none,
// its pages are none either.
func provider(v *page.View) (*access.Provider, error) {
	if v.House.Provider == nil {
		return nil, errs.New(errs.NotFound, "这里没有接统一登录。", "There is no other place to sign in at here.")
	}
	return v.House.Provider, nil
}

// providerName is what its button says; empty where there is none.
func providerName(v *page.View) string {
	if v.House.Provider == nil {
		return ""
	}
	return v.House.Provider.Name.In(v.Lang)
}

// leave sends a reader to the other house. It is a link and no form: browsers
// let no form of ours lead to another site.
func leave(v *page.View) error {
	if next := v.R.URL.Query().Get("next"); next != "" {
		Remember(v, next)
	}
	return refuse(v, signInView{}, leaveFor(v, ""))
}

// leaveToBind does so to find out who the signed-in reader is there.
func leaveToBind(v *page.View) error { return leaveFor(v, v.Reader.Login) }

func leaveFor(v *page.View, login string) error {
	p, err := provider(v)
	if err != nil {
		return err
	}
	to, l, err := p.Leave(v.Context(), v.Site().Origin+backPath, v.Now)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(leaving{l, login})
	if err != nil {
		return err
	}
	v.House.Sessions.Put(v.Context(), leavingKey, string(kept))
	http.Redirect(v.W, v.R, to, http.StatusSeeOther)
	return nil
}

// comeBack takes a reader back from the other house.
func comeBack(v *page.View) error {
	var l leaving
	kept := v.House.Sessions.PopString(v.Context(), leavingKey) // good for one return
	if kept != "" {
		if err := json.Unmarshal([]byte(kept), &l); err != nil {
			return fmt.Errorf("what was left with: %w", err)
		}
	}
	s, err := stated(v, l)
	switch {
	case err == nil && l.Login != "":
		return bind(v, l.Login, s)
	case err == nil:
		err = arriveFrom(v, s)
	}
	return refuse(v, signInView{}, err)
}

func stated(v *page.View, l leaving) (access.Stated, error) {
	p, err := provider(v)
	if err != nil {
		return access.Stated{}, err
	}
	s, err := p.Return(v.Context(), l.Leaving, v.R.URL.Query(), v.Now)
	if err != nil {
		v.House.Log.WarnContext(v.Context(), "sign-in at the provider failed", "error", err)
	}
	return s, err
}

// arriveFrom takes in whoever has an account. Who the other house has asked for
// a second factor, so that we believe it, is not asked again.
func arriveFrom(v *page.View, s access.Stated) error {
	a, err := access.AccountOf(v.Context(), v.House.DB, v.District.Code, s, v.From())
	if err != nil {
		return err
	}
	shown := []access.Factor{access.ByProvider}
	if s.Strong {
		shown = append(shown, access.ByVouched)
	}
	return Arrive(v, a, shown...)
}

// bind ties the reader's account to whom the other house named, if the reader
// is still the one who left for it.
func bind(v *page.View, login string, s access.Stated) error {
	if v.Reader == nil || v.Reader.Login != login {
		return tooLate()
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		a, err := access.Find(v.Context(), tx, v.District.Code, login)
		if err != nil {
			return err
		}
		return access.Bind(v.Context(), tx, a, s, v.From())
	})
	if err != nil {
		return err
	}
	name := v.House.Provider.Name
	return v.GoSaying("/account", "绑好了，以后可以用“%[1]s”登录。", "Bound: from now on you can sign in with “%[2]s”.", name.ZH, name.In(lang.EN))
}

// unbind ends that.
func unbind(v *page.View) error {
	p, err := provider(v)
	if err != nil {
		return err
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		a, err := access.Find(v.Context(), tx, v.District.Code, v.Reader.Login)
		if err != nil {
			return err
		}
		return access.Unbind(v.Context(), tx, a, p.Issuer, v.From())
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/account", "解绑了。", "Unbound.")
}

// boundView is what the account page shows of the other house; the zero one
// where there is none.
type boundView struct {
	Name  string
	Since string // empty: not bound
}

// boundTo reads it for the reader.
func boundTo(v *page.View) (boundView, error) {
	if v.House.Provider == nil {
		return boundView{}, nil
	}
	b := boundView{Name: providerName(v)}
	one, err := access.BindingOf(v.Context(), v.House.DB, v.District.Code, v.House.Provider.Issuer, v.Reader.Login)
	if errs.KindOf(err) == errs.NotFound {
		return b, nil
	}
	if err != nil {
		return boundView{}, err
	}
	b.Since = v.MomentText(one.Bound)
	return b, nil
}

// endThere is where to end the session at the other house, too.
func endThere(v *page.View) string {
	if v.House.Provider == nil {
		return ""
	}
	return v.House.Provider.EndURL(v.Site().Origin + "/sign-in")
}

// leaveHref is the address of the button.
func leaveHref(next string) string {
	if next == "" {
		return "/sign-in/provider"
	}
	return "/sign-in/provider?next=" + url.QueryEscape(next)
}
