package web

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// signInView is what the sign-in page shows.
type signInView struct {
	Login, Next, Problem string
	Demo                 []page.Login
}

func signInForm(v *page.View) error {
	return v.Show(http.StatusOK, signInPage(v, signInView{Next: v.R.URL.Query().Get("next"), Demo: v.House.Demo}))
}

// signIn checks a login and password and begins a session of its own, so that
// a session someone planted before is worth nothing.
func signIn(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	login, next := v.R.PostFormValue("login"), v.R.PostFormValue("next")
	account, err := v.House.Guard.SignIn(v.Context(), v.House.DB, v.District.Code, login, v.R.PostFormValue("password"))
	if text, ok := errs.TextOf(err); ok {
		return v.Show(page.Status(err), signInPage(v, signInView{Login: login, Next: next, Problem: text.In(v.Lang), Demo: v.House.Demo}))
	}
	if err != nil {
		return err
	}
	if err := v.SignIn(account.Login); err != nil {
		return err
	}
	if next == "" {
		next = home(v)
	}
	return v.Go(next)
}

// home is where a person's day begins.
func home(v *page.View) string {
	person, ok := v.District.Org.PersonByLogin(v.House.Sessions.GetString(v.Context(), page.LoginKey))
	if !ok {
		return "/"
	}
	var posts []access.Post
	for _, p := range v.District.Org.PostsOf(person.ID, v.District.Day) {
		posts = append(posts, access.Post{Role: string(p.Role)})
	}
	switch {
	case access.Can(posts, access.SetupImport):
		return "/desk/admin"
	case access.Can(posts, access.CallerFind), access.Can(posts, access.Supervise):
		return "/desk"
	case access.Can(posts, access.ReportReceive):
		return "/field"
	}
	return "/desk"
}

func signOut(v *page.View) error {
	if err := v.House.Sessions.Destroy(v.Context()); err != nil {
		return err
	}
	return v.Go("/sign-in")
}
