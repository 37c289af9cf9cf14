package web

import (
	"net/http"
	"strings"

	"linli/internal/access"
	"linli/internal/web/page"
)

// by is who a gate counts.
type by int

const (
	address by = iota // the network the request comes from
	account           // who has signed in; nobody is not counted
)

// gate is a place where a limit is taken from.
type gate struct {
	method, path string // a path that ends in / is everything below it
	limit        page.Limit
	by           by
	refused      bool // only what was refused counts
}

// gates lists where limits hold. The machine interface has its own, in package
// api, because it answers otherwise.
var gates = []gate{
	{http.MethodPost, "/sign-in", page.LimitSignIn, address, true},
	{"", "/sign-in/", page.LimitSignIn, address, true},
	{http.MethodPost, "/me/sign-in", page.LimitCode, address, false},
	{http.MethodPost, "/me/sign-in/again", page.LimitCode, address, false},
	{http.MethodPost, "/me/proxies/new", page.LimitCode, address, false},
	{http.MethodPost, "/me/sign-in/code", page.LimitSignIn, address, true},
	{http.MethodPost, "/me/sign-in/passkey", page.LimitSignIn, address, true},
	{http.MethodPost, "/me/proxies/code", page.LimitSignIn, address, true},
	{http.MethodPost, "/track", page.LimitTrack, address, true},
	{http.MethodGet, "/track/", page.LimitTrack, address, true},
	{http.MethodGet, "/calendar/", page.LimitKeys, address, true},
	{http.MethodPost, "/report", page.LimitReport, address, false},
	{http.MethodGet, "/trail/", page.LimitProof, address, false},
	{"", "/in/sms/", page.LimitInlet, address, true},
	{"", "/in/wechat", page.LimitInlet, address, true},
	{http.MethodGet, "/desk/cases.csv", page.LimitExport, account, false},
	{http.MethodGet, "/desk/cases.xlsx", page.LimitExport, account, false},
	{"", "/desk/search", page.LimitSearch, account, false},
	{"", "/desk/take/caller", page.LimitSearch, account, false},
	{http.MethodPost, "/", page.LimitAccount, account, false},
}

func (g gate) guards(r *http.Request) bool {
	if g.method != "" && g.method != r.Method {
		return false
	}
	return r.URL.Path == g.path || strings.HasSuffix(g.path, "/") && strings.HasPrefix(r.URL.Path, g.path)
}

func (g gate) who(h *page.House, r *http.Request) string {
	if g.by == address {
		return page.Network(r.RemoteAddr)
	}
	if login := h.Sessions.GetString(r.Context(), page.LoginKey); login != "" {
		return string(access.Staff(login))
	}
	if id := h.Sessions.GetString(r.Context(), page.ResidentKey); id != "" {
		return string(access.Resident(id))
	}
	return ""
}

// limited refuses whoever does too much. It stands inside the session, so that
// it knows accounts. What counts only when it goes wrong is taken beforehand and
// given back, so that many tries at once gain nothing.
func limited(h *page.House, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := h.DB.Now()
		var lent []func()
		giveBack := func() {
			for _, one := range lent {
				one()
			}
		}
		for _, g := range gates {
			if !g.guards(r) {
				continue
			}
			who := g.who(h, r)
			if who == "" {
				continue
			}
			if _, err := h.Limits.Take(g.limit, who, now); err != nil {
				giveBack()
				h.Handle(func(*page.View) error { return err }).ServeHTTP(w, r)
				return
			}
			if g.refused {
				lent = append(lent, func() { h.Limits.Return(g.limit, who, now) })
			}
		}
		if len(lent) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		out := &seen{ResponseWriter: w}
		next.ServeHTTP(out, r)
		if out.status < http.StatusBadRequest || out.status >= http.StatusInternalServerError {
			giveBack()
		}
	})
}
