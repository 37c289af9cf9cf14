package api_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

// The pages tell every operation of the document, in the reader's language and
// without asking anywhere else.
func TestTheReferenceTellsEveryOperation(t *testing.T) {
	t.Parallel()
	w := setup(t)
	d := w.document()
	for _, lang := range []string{"zh", "en"} {
		b := w.Browser()
		b.Lang = lang
		for _, at := range []string{"/api/", "/api/v1"} {
			got := b.Get(at)
			if got.Status != http.StatusOK {
				t.Fatalf("%s: %d", at, got.Status)
			}
			for _, o := range d.operations() {
				if !strings.Contains(got.Text(), o.method+" "+o.path) {
					t.Errorf("%s, %s: %s %s is missing", at, lang, o.method, o.path)
				}
			}
			for _, code := range []string{"unfinished", "reused", "changed", "often"} {
				if !strings.Contains(got.Text(), code) {
					t.Errorf("%s, %s: the code %s is missing", at, lang, code)
				}
			}
		}
		cases := b.Get("/api/reference/cases")
		if cases.Status != http.StatusOK || !strings.Contains(cases.Text(), "/api/v1/cases/{case}") || !strings.Contains(cases.Text(), "If-None-Match") {
			t.Errorf("%s: the chapter of cases: %d", lang, cases.Status)
		}
		other := map[string]string{"zh": "304 where it has not changed", "en": "没变就回 304"}[lang]
		if text := cases.Text(); strings.Contains(text, other) {
			t.Errorf("%s: the other language stands in it", lang)
		}
		for _, n := range cases.Find(func(n *html.Node) bool { return n.Data == "script" || n.Data == "link" || n.Data == "img" }) {
			if at := apptest.Attr(n, "src") + apptest.Attr(n, "href"); strings.Contains(at, "//") {
				t.Errorf("it asks at %s", at)
			}
		}
	}
	if got := w.Browser().Get("/api/reference/none"); got.Status != http.StatusNotFound {
		t.Errorf("a chapter that is none: %d", got.Status)
	}
}
