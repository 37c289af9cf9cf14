package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
)

// LoginKey is the name under which a session keeps which member of staff has
// signed in.
const LoginKey = access.SessionLogin

// sinceKey is when this browser last showed who it is, in microseconds.
const sinceKey = "since"

// provedPrefix begins the names under which a session keeps which cases a
// resident has shown the secret word or phone of, and through which report.
const provedPrefix = "proved "

// SignIn begins a new session for a login, after every factor was shown. The
// token is a new one, so that a session somebody planted before is worth
// nothing.
func (v *View) SignIn(login string) error {
	s, ctx := v.House.Sessions, v.Context()
	if err := s.RenewToken(ctx); err != nil {
		return err
	}
	s.Remove(ctx, ResidentKey) // one session is one person's
	s.Put(ctx, LoginKey, login)
	s.Put(ctx, access.SessionAgent, v.From().Agent)
	s.Put(ctx, sinceKey, v.Now.UnixMicro())
	s.RememberMe(ctx, false)
	v.read(login)
	return nil
}

// Fresh reports whether the reader has signed in within the last minutes, which
// pages ask before a change to the way in itself: a screen left open must not
// be enough to take an account over.
func (v *View) Fresh() bool {
	since := time.UnixMicro(v.House.Sessions.GetInt64(v.Context(), sinceKey))
	return v.Reader != nil && v.Now.Sub(since) < freshTime
}

const freshTime = 15 * time.Minute

// read makes the reader of a login. Whoever holds no post any more is not
// signed in, from the request on in which that is so.
func (v *View) read(login string) {
	person, ok := v.District.Org.PersonByLogin(login)
	var posts []org.Post
	if ok {
		posts = v.District.HeldAt(person.ID, v.Now)
	}
	if len(posts) == 0 {
		v.House.Sessions.Remove(v.Context(), LoginKey)
		return
	}
	v.Reader = &Reader{Login: login, Person: person, Posts: posts}
	life := access.StaffLife
	if v.administers() {
		life = access.AdminLife
	}
	if s := v.House.Sessions; s.GetString(v.Context(), access.SessionLife) != string(life) {
		s.Put(v.Context(), access.SessionLife, string(life))
	}
}

// administers reports whether a post of the reader sets up, gives rights or
// audits.
func (v *View) administers() bool {
	return slices.ContainsFunc([]rights.Right{rights.SetupImport, rights.AccountManage, rights.PostKeep, rights.AuditSee}, v.Can)
}

// NeedsSecond reports whether one of the posts asks for a second factor.
func (v *View) NeedsSecond(posts []org.Post) bool {
	var roles []string
	for _, p := range posts {
		roles = append(roles, string(p.Role))
	}
	return v.District.Catalogue.Roles().Second(roles...)
}

// SignedIn makes a handler of a page for whoever of staff has signed in.
func (h *House) SignedIn(fn Handler) http.Handler {
	return h.Handle(func(v *View) error {
		if v.Reader == nil {
			return v.askSignIn()
		}
		return fn(v)
	})
}

// askSignIn leads to the sign-in page and back.
func (v *View) askSignIn() error {
	if v.R.Method != http.MethodGet {
		return errs.New(errs.SignIn, "请先登录。", "Please sign in first.")
	}
	return v.Go("/sign-in?next=" + url.QueryEscape(v.R.URL.RequestURI()))
}

// Site is this house as a browser binds passkeys to it.
func (v *View) Site() access.Site {
	scheme := "http"
	if v.House.Secure || v.R.TLS != nil {
		scheme = "https"
	}
	return access.Site{Name: v.District.Settings.Name, Origin: scheme + "://" + v.R.Host}
}

// Token is that of the reader's session.
func (v *View) Token() string { return v.House.Sessions.Token(v.Context()) }

// Prove remembers that this browser has shown the word or phone of a report
// of a case.
func (v *View) Prove(caseID, report string) {
	v.House.Sessions.Put(v.Context(), provedPrefix+caseID, report)
}

// Proved reports whether this browser has.
func (v *View) Proved(caseID string) bool {
	return v.House.Sessions.GetString(v.Context(), provedPrefix+caseID) != ""
}

// ProvedReport is the report this browser has proved of a case.
func (v *View) ProvedReport(caseID string) string {
	return v.House.Sessions.GetString(v.Context(), provedPrefix+caseID)
}

// ProvedCases are the ids of all cases this browser has proved.
func (v *View) ProvedCases() []string {
	var all []string
	for _, key := range v.House.Sessions.Keys(v.Context()) {
		if id, ok := strings.CutPrefix(key, provedPrefix); ok {
			all = append(all, id)
		}
	}
	return all
}
