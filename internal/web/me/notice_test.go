package me_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/db"
)

// TestANewNoticeIsShownOnce: whoever signs in for the first time has the notice on
// the form and goes on at once; who saw an older version reads the new one once,
// and then goes where they wanted.
func TestANewNoticeIsShownOnce(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	b := w.Browser()
	if a := in(t, w, c, b, wang); a.Path != "/me" {
		t.Errorf("the first time leads to %s", a.Path)
	}
	again := func() apptest.Answer {
		t.Helper()
		b.Post("/me/sign-out", nil)
		w.Clock.Advance(2 * time.Minute)
		b.Post("/me/sign-in", url.Values{"phone": {wang}, "next": {"/me/looks"}})
		w.Due()
		return b.Post("/me/sign-in/code", url.Values{"code": {c.last(wang)}})
	}
	if a := again(); a.Path != "/me/looks" {
		t.Errorf("with nothing new it leads to %s", a.Path)
	}
	if err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec(t.Context(), "update notices_shown set version = 0 where district = $1 and notice = 'sign-in'", w.House.District)
	}); err != nil {
		t.Fatal(err)
	}
	a := again()
	on := a.Find(func(n *html.Node) bool {
		return apptest.Attr(n, "href") == "/me/looks" && strings.Contains(apptest.Text(n), "继续")
	})
	if !strings.HasPrefix(a.Path, "/me/notice") || !strings.Contains(a.Text(), "告知有改动") || len(on) != 1 {
		t.Errorf("a new version leads to %s: %s", a.Path, a.Text())
	}
	if a := again(); a.Path != "/me/looks" {
		t.Errorf("it is shown twice: %s", a.Path)
	}
	if a := b.Get("/me/notice?next=https://elsewhere.example/"); len(a.Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "href"), "https:") })) > 0 {
		t.Error("the page leads elsewhere")
	}
}

// TestProcessorsAreNamed lists on the page about data who else handles them, in
// both languages.
func TestProcessorsAreNamed(t *testing.T) {
	t.Parallel()
	w, _ := set(t)
	b := w.Browser()
	a := b.Get("/about/privacy")
	for name, says := range map[string]string{"hosting": "受托方", "companies": "接收方"} {
		if text := apptest.Text(one(t, a, "data-processor", name)); !strings.Contains(text, says) {
			t.Errorf("%s: %s", name, text)
		}
	}
	b.Lang = "en"
	if text := apptest.Text(one(t, b.Get("/about/privacy"), "data-processor", "companies")); !strings.Contains(text, "Recipient") {
		t.Errorf("in English: %s", text)
	}
}
