package page

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/rights"
	"linli/internal/web/ui"
)

// View is one request: who reads what, where, and when.
type View struct {
	House    *House
	W        http.ResponseWriter
	R        *http.Request
	Lang     lang.Lang
	Theme    string // light, dark, or empty for the reader's system
	District *district.District
	Now      time.Time
	Reader   *Reader            // nil where no staff have signed in
	Resident *resident.Resident // nil where no resident has
}

// Reader is a person who has signed in, with the posts held today.
type Reader struct {
	Login  string
	Person org.Person
	Posts  []org.Post
	// Only narrows what the posts may do to the scopes of the key that a program
	// of the reader's calls with; nil, on pages, narrows nothing.
	Only []rights.Right
}

// allows reports whether a right lies within what the reader's key was given.
func (r *Reader) allows(right rights.Right) bool {
	return r.Only == nil || slices.Contains(r.Only, right)
}

// toastKey is the name under which a session keeps what came of the last
// action.
const toastKey = "toast"

// Handler answers one request. What it returns is told to the reader in words.
type Handler func(v *View) error

// Handle makes a handler of a page that anyone may read.
func (h *House) Handle(fn Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := h.view(w, r)
		if err == nil {
			err = fn(v)
		}
		if err != nil {
			v.fail(err)
		}
	})
}

// Staff makes a handler of a page for people with a right, or one of several;
// anyone else is sent to sign in, or told that it is not for them.
func (h *House) Staff(right rights.Right, fn Handler, or ...rights.Right) http.Handler {
	return h.Handle(func(v *View) error {
		if v.Reader == nil {
			return v.askSignIn()
		}
		if !v.Can(right) && !slices.ContainsFunc(or, v.Can) {
			return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", right.Title().ZH, right.Title().EN)
		}
		return fn(v)
	})
}

func (h *House) view(w http.ResponseWriter, r *http.Request) (*View, error) {
	v := &View{House: h, W: w, R: r, Lang: language(r), Theme: theme(r), Now: h.DB.Now()}
	d, err := h.Districts.Get(r.Context(), h.District)
	if err != nil {
		return v, err
	}
	v.District = d
	if login := h.Sessions.GetString(r.Context(), LoginKey); login != "" {
		v.read(login)
		return v, nil
	}
	return v, v.resident()
}

// language is what the reader chose, else what the browser asks for.
func language(r *http.Request) lang.Lang {
	if c, err := r.Cookie("lang"); err == nil {
		return lang.Parse(c.Value)
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	return lang.Parse(strings.TrimSpace(first))
}

func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// Context is that of the request.
func (v *View) Context() context.Context { return v.R.Context() }

// Say picks the reader's language.
func (v *View) Say(zh, en string, args ...any) string { return lang.T(zh, en, args...).In(v.Lang) }

// Can reports whether a post of the reader has a right.
func (v *View) Can(right rights.Right) bool {
	if v.Reader == nil {
		return false
	}
	return v.Reader.allows(right) && slices.ContainsFunc(v.Reader.Posts, func(p org.Post) bool { return v.District.Can(right, string(p.Role)) })
}

// Actors are the reader's posts as the procedure sees them.
func (v *View) Actors() []procedure.Actor {
	if v.Reader == nil {
		return nil
	}
	var all []procedure.Actor
	for _, p := range v.Reader.Posts {
		all = append(all, casework.ActorOf(p))
	}
	return all
}

// Page starts the props of a page with a title.
func (v *View) Page(title string) ui.Page {
	here := v.R.URL.RequestURI()
	other := lang.EN
	if v.Lang == lang.EN {
		other = lang.ZH
	}
	dark := "dark"
	if v.Theme == "dark" {
		dark = "light"
	}
	p := ui.Page{Lang: v.Lang, Title: title, Theme: v.Theme}
	if v.R.Method == http.MethodGet {
		p.LangHref = "/choose?lang=" + string(other) + "&next=" + url.QueryEscape(here)
		p.ThemeHref = "/choose?theme=" + dark + "&next=" + url.QueryEscape(here)
	}
	if toast := v.House.Sessions.PopString(v.Context(), toastKey); toast != "" {
		p.Toast = &ui.ToastView{Tone: ui.OK, Text: toast}
	}
	return p
}

// Show draws a component with a status.
func (v *View) Show(status int, c templ.Component) error {
	var b bytes.Buffer // drawn before anything is sent, so that a failure still has a page
	if err := c.Render(v.Context(), &b); err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	v.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.W.WriteHeader(status)
	_, err := v.W.Write(b.Bytes())
	return err
}

// Go sends the reader to another page of this house.
func (v *View) Go(to string) error {
	http.Redirect(v.W, v.R, Local(to), http.StatusSeeOther)
	return nil
}

// GoSaying is Go with a line that tells what came of the action.
func (v *View) GoSaying(to, zh, en string, args ...any) error {
	v.House.Sessions.Put(v.Context(), toastKey, v.Say(zh, en, args...))
	return v.Go(to)
}

// Local keeps a redirect within the house; anything else leads home.
func Local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

// Zone is where the district's walls stand.
func (v *View) Zone() *time.Location { return v.District.Calendar.Zone() }

// DueText is a due instant as people read it: 11月24日 周二 17:30前.
func (v *View) DueText(due time.Time) string {
	if due.IsZero() {
		return v.Say("不限时", "no limit")
	}
	return clock.DateText(due, v.Now, v.Zone()).In(v.Lang)
}

// DateText is a due instant where a sentence names it: 变为 11月24日 周二 17:30前, is
// now 17:30 on Tue 24 Nov.
func (v *View) DateText(due time.Time) string {
	return strings.TrimPrefix(v.DueText(due), "before ")
}

// UntilText is the end of something that lasts: 停到 12月15日 周二 24:00.
func (v *View) UntilText(end time.Time) string { return strings.TrimSuffix(v.DateText(end), "前") }

// MomentText is something that happened, as people read it.
func (v *View) MomentText(at time.Time) string {
	return clock.MomentText(at, v.Now, v.Zone()).In(v.Lang)
}

// Signal judges a running promise for display by its stored instants, as a
// filter by signal does: a task that runs on the case's own promise is near when
// the case is, however late it was handed on. limit is the text of the limit it
// was counted from; empty is working time.
func (v *View) Signal(near, due, held time.Time, limit string) (ui.Tone, string) {
	cal := v.District.Calendar
	if l, err := clock.ParseLimit(limit); err == nil {
		cal = cal.For(l.Unit)
	}
	return v.shown(cal.Judge(v.Now, near, due, held))
}

// UnitName names a unit in the reader's language.
func (v *View) UnitName(id string) string {
	if id == "" {
		return v.Say("未定", "not decided")
	}
	return v.District.Org.UnitName(org.UnitID(id)).In(v.Lang)
}
