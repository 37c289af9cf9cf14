package me_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

func TestWhoLookedAtAllMyReports(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	mine, mine2, other := reported(t, w, wang, "m06013"), reported(t, w, wang, "m06010"), reported(t, w, father, "m06013")
	clerk := w.As("guoyan")
	for _, r := range []struct{ c, report string }{{string(mine.Case.ID), mine.Report}, {string(mine2.Case.ID), mine2.Report}, {string(other.Case.ID), other.Report}} {
		a := clerk.Post("/desk/case/"+r.c+"/reveal", url.Values{"report": {r.report}, "purpose": {"call-back"}, "kind": {"tell"}, "see.phone": {"yes"}})
		if a.Status != http.StatusOK {
			t.Fatalf("look: %d %s", a.Status, a.Text())
		}
	}
	for path, of := range map[string]string{"/me/looks": "看了您的电话", "/me/looks.csv": "受理员", "/me/looks.json": "acceptor"} {
		b := w.Browser()
		if a := b.Get(path); strings.Contains(a.Body, of) && !strings.HasPrefix(a.Path, "/me/sign-in") {
			t.Errorf("%s opens to anybody", path)
		}
		in(t, w, c, b, wang)
		a := b.Get(path)
		if a.Status != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" || strings.Count(a.Body, of) != 2 {
			t.Errorf("%s: %d, %d times %q: %s", path, a.Status, strings.Count(a.Body, of), of, a.Body)
		}
		if !strings.Contains(a.Body, mine.Case.Number) || strings.Contains(a.Body, other.Case.Number) {
			t.Errorf("%s names other cases than the reader's", path)
		}
		w.Clock.Advance(2 * time.Minute) // codes are a minute apart
	}
	if links := in(t, w, c, w.Browser(), wang).Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == "/me/looks" }); len(links) != 1 {
		t.Errorf("the matters lead to %d ledgers", len(links))
	}
}
