package enter

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// The names under which a session keeps who is on the way in.
const (
	loginKey = "entering"       // whose account
	shownKey = "entering shown" // the factors shown so far
	untilKey = "entering until" // microseconds
	nextKey  = "entering next"  // where to go afterwards
	askKey   = "passkey"        // the state of a passkey ceremony
)

// onTheWay is how long the rest of signing in may take.
const onTheWay = 10 * time.Minute

// deviceCookie keeps the mark by which a browser is known again.
const deviceCookie = "linli-device"

// Arrive takes somebody in who has shown factors of an account: it begins the
// session and leads on, or leads to what is still missing. An account whose
// person holds no post is errs.Forbidden.
//
// Where to go afterwards is the form's field "next", or what [Remember] kept.
func Arrive(v *page.View, a access.Account, shown ...access.Factor) error {
	if next := v.R.PostFormValue("next"); next != "" {
		Remember(v, next)
	}
	posts := postsOf(v, a)
	if len(posts) == 0 {
		return errs.New(errs.Forbidden, "您现在没有岗位，所以登录不了。请找本单位的管理员。", "You hold no post at present and so cannot sign in. Please ask the administrator of your unit.")
	}
	if access.Twice(shown) {
		return begin(v, a, shown)
	}
	have, err := access.FactorsOf(v.Context(), v.House.DB, a.District, access.Staff(a.Login))
	switch {
	case err != nil:
		return err
	case have.Any():
		return await(v, a, shown, "/sign-in/second")
	case v.NeedsSecond(posts):
		return await(v, a, shown, "/sign-in/set-up")
	}
	return begin(v, a, shown)
}

// Remember keeps where to go after signing in.
func Remember(v *page.View, next string) {
	v.House.Sessions.Put(v.Context(), nextKey, page.Local(next))
}

func postsOf(v *page.View, a access.Account) []org.Post {
	return v.District.HeldAt(org.PersonID(a.Person), v.Now)
}

// await keeps who is on the way, under a new token, and leads to the next step.
func await(v *page.View, a access.Account, shown []access.Factor, to string) error {
	s, ctx := v.House.Sessions, v.Context()
	if err := s.RenewToken(ctx); err != nil {
		return err
	}
	s.Remove(ctx, page.LoginKey)
	s.Put(ctx, loginKey, a.Login)
	s.Put(ctx, shownKey, words(shown))
	s.Put(ctx, untilKey, v.Now.Add(onTheWay).UnixMicro())
	return v.Go(to)
}

func words(shown []access.Factor) string {
	var all []string
	for _, f := range shown {
		all = append(all, string(f))
	}
	return strings.Join(all, " ")
}

// entering is the account of whoever is on the way in, and what was shown so
// far. Nobody, or somebody who took too long, is errs.SignIn.
func entering(v *page.View) (a access.Account, shown []access.Factor, err error) {
	s, ctx := v.House.Sessions, v.Context()
	login, late := s.GetString(ctx, loginKey), v.Now.UnixMicro() > s.GetInt64(ctx, untilKey)
	if login == "" || late {
		return access.Account{}, nil, tooLate()
	}
	for _, word := range strings.Fields(s.GetString(ctx, shownKey)) {
		shown = append(shown, access.Factor(word))
	}
	a, err = access.Find(ctx, v.House.DB, v.District.Code, login)
	if err == nil && !a.Active {
		err = tooLate()
	}
	return a, shown, err
}

func tooLate() error {
	return errs.New(errs.SignIn, "登录的时间过了，请从头再来。", "Signing in took too long; please begin again.")
}

// again leads whoever is not on the way, or took too long, to the beginning.
func again(v *page.View, err error) error {
	if errs.KindOf(err) != errs.SignIn {
		return err
	}
	return v.Go("/sign-in?late=yes")
}

// begin opens the session: what was shown is enough.
func begin(v *page.View, a access.Account, shown []access.Factor) error {
	if err := open(v, a, shown); err != nil {
		return err
	}
	return v.Go(leadOn(v))
}

// open writes that somebody has signed in and makes the session theirs.
func open(v *page.View, a access.Account, shown []access.Factor) error {
	mark := ""
	if c, err := v.R.Cookie(deviceCookie); err == nil {
		mark = c.Value
	}
	var b access.Begun
	if err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		b, err = access.Begin(v.Context(), tx, a, shown, v.From(), mark)
		return err
	}); err != nil {
		return err
	}
	http.SetCookie(v.W, &http.Cookie{
		Name: deviceCookie, Value: b.Mark, Path: "/sign-in", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: v.House.Secure, SameSite: http.SameSiteLaxMode,
	})
	s, ctx := v.House.Sessions, v.Context()
	for _, key := range []string{loginKey, shownKey, untilKey, askKey} {
		s.Remove(ctx, key)
	}
	return v.SignIn(a.Login)
}

// leadOn is where to go after signing in.
func leadOn(v *page.View) string {
	next := v.House.Sessions.PopString(v.Context(), nextKey)
	if next == "" || next == "/" {
		next = home(v)
	}
	return next
}

// home is where a person's day begins.
func home(v *page.View) string {
	if !v.Can(rights.CaseSee) {
		return homeWithoutCases(v)
	}
	switch {
	case v.Can(rights.CallerFind), v.Can(rights.Supervise):
		return "/desk"
	case v.Can(rights.ReportReceive):
		return "/field"
	}
	return "/desk"
}

// homeWithoutCases is that of whoever sees no case at work: each administrator's
// own page, or what an observer was shown.
func homeWithoutCases(v *page.View) string {
	switch {
	case v.Can(rights.SetupImport), v.Can(rights.PostKeep), v.Can(rights.AuditSee):
		return "/desk/admin"
	case v.Can(rights.CaseObserve):
		return "/desk/observe"
	}
	return "/account"
}

// fresh guards what changes the way in itself: whoever signed in a while ago
// does so again, and comes back.
func fresh(fn page.Handler) page.Handler {
	return func(v *page.View) error {
		if v.Fresh() {
			return fn(v)
		}
		back := v.R.URL.Path
		if v.R.Method != http.MethodGet {
			back = "/account"
		}
		Remember(v, back)
		return v.Go("/sign-in?again=yes")
	}
}
