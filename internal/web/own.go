package web

import (
	"fmt"
	"net/http"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/web/page"
)

func healthz(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// readyz answers whether requests should come here: not where the database does
// not answer, and no more once the program begins to end. What came already, and
// what still comes, is answered all the same.
func readyz(h *page.House) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-h.Stopping:
			http.Error(w, "ending", http.StatusServiceUnavailable)
			return
		default:
		}
		if _, err := db.Value[int](r.Context(), h.DB, "select 1"); err != nil {
			http.Error(w, "database not reached", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
}

// inDemo answers only where everything is invented: what builders look at is no
// page of a district that serves people.
func inDemo(h *page.House, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.Demo == nil {
			h.Handle(nowhere).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func nowhere(*page.View) error {
	return errs.New(errs.NotFound, "没有这个页面，可能地址写错了。", "There is no such page; the address may be mistyped.")
}

// stranger answers a form that another site sent.
func stranger(*page.View) error {
	return errs.New(errs.Forbidden, "这张表单不是从本站的页面发出的，没有收。请打开本站再填。", "This form was not sent from a page of this site and was not taken. Please open our own page and fill it in there.")
}

// choose remembers the reader's language or theme.
func choose(v *page.View) error {
	q := v.R.URL.Query()
	for _, name := range []string{"lang", "theme"} {
		value := q.Get(name)
		if value == "zh" || value == "en" || value == "light" || value == "dark" {
			http.SetCookie(v.W, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, Secure: v.House.Secure, SameSite: http.SameSiteLaxMode})
		}
	}
	return v.Go(q.Get("next"))
}

// mayLook reports whether a picture is the reader's to see: of a report proved
// in this session, of a case within the scope, or of one open to an observer.
func mayLook(v *page.View, d document.Document) bool {
	if v.Proved(d.Subject) {
		return true
	}
	if v.Resident != nil {
		c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, casework.ID(d.Subject))
		if err != nil {
			return false
		}
		stands, err := v.Stands(c)
		return err == nil && stands.Report != ""
	}
	if v.Reader == nil {
		return false
	}
	if _, _, err := v.Case(v.Context(), casework.ID(d.Subject)); err == nil {
		return true
	}
	_, open, err := v.ObservedCase(casework.ID(d.Subject))
	return err == nil && page.ShownToObserver(d, open)
}

// photo shows a picture of a case to staff who may see it, and to a
// resident who has proved a report of it in this session.
func photo(v *page.View) error {
	d, err := document.Find(v.Context(), v.House.DB, v.District.Code, document.ID(v.R.PathValue("id")))
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if err != nil || !mayLook(v, d) {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	open, tag := v.House.Documents.Open, d.SHA256
	if v.R.URL.Query().Get("size") == "small" {
		open, tag = v.House.Documents.OpenThumb, tag+"-small"
	}
	file, err := open(d)
	if err != nil {
		return err
	}
	defer file.Close()
	v.W.Header().Set("Content-Type", d.Type)
	v.W.Header().Set("Content-Disposition", "inline")
	v.W.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	v.W.Header().Set("Cache-Control", "private, max-age=3600")
	v.W.Header().Set("ETag", `"`+tag+`"`)
	http.ServeContent(v.W, v.R, "", time.Time{}, file) // when it was sent may tell who sent it
	return nil
}
