package me

import (
	"net/http"
	"net/url"

	"linli/internal/access"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// Routes adds the pages of residents who sign in.
func Routes(mux *http.ServeMux, h *page.House) {
	mux.Handle("GET /me/sign-in", h.Handle(signInForm))
	mux.Handle("POST /me/sign-in", h.Handle(askCode))
	mux.Handle("GET /me/sign-in/code", h.Handle(codeForm))
	mux.Handle("POST /me/sign-in/code", h.Handle(giveCode))
	mux.Handle("POST /me/sign-in/again", h.Handle(askAgain))
	mux.Handle("POST /me/sign-in/passkey", h.Handle(showPasskey))

	mux.Handle("GET /me", own(h, matters))
	mux.Handle("GET /me/for/{proxy}", own(h, mattersFor))
	mux.Handle("GET /me/proxies", own(h, proxies))
	mux.Handle("GET /me/proxies/new", own(h, newProxy))
	mux.Handle("POST /me/proxies/new", own(h, askProxy))
	mux.Handle("GET /me/proxies/code", own(h, proxyCodeForm))
	mux.Handle("POST /me/proxies/code", own(h, giveProxyCode))
	mux.Handle("POST /me/proxies/{proxy}/end", own(h, endProxy))

	mux.Handle("GET /me/looks", own(h, looks))
	mux.Handle("GET /me/looks.csv", own(h, looksFile("csv")))
	mux.Handle("GET /me/looks.json", own(h, looksFile("json")))

	mux.Handle("GET /me/notice", own(h, noticeNow))
	mux.Handle("GET /me/data", own(h, data))
	mux.Handle("POST /me/data", own(h, askData))
	mux.Handle("POST /me/data/{id}/copy", own(h, fetchCopy))
	mux.Handle("GET /me/consents", own(h, consents))
	mux.Handle("POST /me/consents/{name}", own(h, setConsent))

	mux.Handle("GET /me/ways", own(h, ways))
	mux.Handle("POST /me/ways", own(h, addWay))
	mux.Handle("POST /me/ways/push", own(h, pushWay))
	mux.Handle("POST /me/ways/{id}/code", own(h, confirmWay))
	mux.Handle("POST /me/ways/{id}/again", own(h, againWay))
	mux.Handle("POST /me/ways/{id}/end", own(h, endWay))

	mux.Handle("GET /me/settings", own(h, settings))
	mux.Handle("POST /me/settings", own(h, change))
	mux.Handle("POST /me/passkeys", own(h, addPasskey))
	mux.Handle("POST /me/passkeys/{id}/remove", own(h, removePasskey))
	mux.Handle("POST /me/sessions/end", own(h, endSessions))
	mux.Handle("POST /me/sign-out", h.Handle(signOut))
	mux.Handle("GET /me/delete", own(h, deleteForm))
	mux.Handle("POST /me/delete", own(h, deleteAccount))
}

// own makes a handler of a page for a resident who has signed in; anyone else is
// led to sign in and back.
func own(h *page.House, fn page.Handler) http.Handler {
	return h.Handle(func(v *page.View) error {
		switch {
		case v.Resident != nil:
			return fn(v)
		case v.R.Method != http.MethodGet:
			return errs.New(errs.SignIn, "请先登录。", "Please sign in first.")
		}
		return v.Go("/me/sign-in?next=" + url.QueryEscape(v.R.URL.RequestURI()))
	})
}

// holder is the reader to sessions and passkeys.
func holder(v *page.View) access.Holder { return access.Resident(string(v.Resident.ID)) }
