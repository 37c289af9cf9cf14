package me_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/privacy"
	"linli/internal/web/page"
)

// one is the only element of a page with an attribute.
func one(t *testing.T, a apptest.Answer, name, value string) *html.Node {
	t.Helper()
	all := a.Find(func(n *html.Node) bool { return apptest.Attr(n, name) == value })
	if len(all) != 1 {
		t.Fatalf("%d elements with %s=%s on %s: %s", len(all), name, value, a.Path, a.Text())
	}
	return all[0]
}

// TestAskForCopy asks at /me, has the centre grant and carry out on their page,
// and fetches the copy once.
func TestAskForCopy(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	report := reported(t, w, wang, "c01014")
	b := w.Browser()
	in(t, w, c, b, wang)
	if a := b.Post("/me/data", url.Values{"kind": {"sell"}}); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest {
		t.Errorf("a kind that is none: %d %s", a.Status, a.Text())
	}
	a := b.Post("/me/data", url.Values{"kind": {"copy"}})
	if a.Status != http.StatusOK || !strings.Contains(a.Text(), "等决定") {
		t.Fatalf("after asking: %d %s", a.Status, a.Text())
	}
	id := apptest.Attr(a.Find(func(n *html.Node) bool { return apptest.Attr(n, "data-request") != "" })[0], "data-request")
	q, err := privacy.ByID(t.Context(), w.DB, w.House.District, privacy.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	w.Due()
	tasks, err := casework.Tasks(t.Context(), w.DB, w.House.District, q.Case)
	if err != nil {
		t.Fatal(err)
	}
	path := "/desk/case/" + string(q.Case)
	w.As("guoyan").Post(path+"/act", url.Values{"task": {tasks[0].ID}, "action": {"file"}})
	leader := w.As("zenglin")
	show := leader.Get(path)
	one(t, show, "id", "data-link")
	if show.Find(func(n *html.Node) bool { return apptest.Attr(n, "value") == "grant" }) != nil {
		t.Error("a plain form offers to grant: only the verb may")
	}
	if a := leader.Post(path+"/data", url.Values{"do": {"refuse"}}); a.Status == http.StatusOK {
		t.Error("a refusal without law and reason went through")
	}
	leader.Post(path+"/data", url.Values{"do": {"grant"}})
	if a := leader.Post(path+"/data", url.Values{"do": {"carry-out"}}); a.Status != http.StatusOK || !strings.Contains(a.Text(), "办好了") {
		t.Fatalf("after carrying out: %d %s", a.Status, a.Text())
	}
	got := b.Post("/me/data/"+id+"/copy", nil)
	z, err := zip.NewReader(bytes.NewReader([]byte(got.Body)), int64(len(got.Body)))
	if err != nil {
		t.Fatalf("the copy is no archive: %d %v", got.Status, err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{report.Case.Number, wang} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %s", f.Name, want)
			}
		}
	}
	if again := b.Post("/me/data/"+id+"/copy", nil); again.Status != http.StatusNotFound {
		t.Errorf("fetched twice: %d", again.Status)
	}
	x := w.Browser()
	in(t, w, c, x, father)
	if a := x.Post("/me/data/"+id+"/copy", nil); a.Status != http.StatusNotFound {
		t.Errorf("another resident: %d", a.Status)
	}
}

// TestConsentsOneTap gives and withdraws a consent, in both languages.
func TestConsentsOneTap(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	b := w.Browser()
	in(t, w, c, b, wang)
	b.Lang = "en"
	if a := b.Get("/me/consents"); !strings.Contains(a.Text(), "My consents") {
		t.Errorf("in English: %s", a.Text())
	}
	b.Lang = ""
	for _, row := range []struct{ give, want string }{{"yes", "撤回同意"}, {"no", "同意"}} {
		a := b.Post("/me/consents/survey", url.Values{"give": {row.give}})
		if got := apptest.Text(one(t, a, "data-consent", "survey")); !strings.HasSuffix(got, row.want) {
			t.Errorf("after %s: %s", row.give, got)
		}
	}
	if a := b.Post("/me/consents/nothing", url.Values{"give": {"yes"}}); a.Status != http.StatusNotFound {
		t.Errorf("a consent that is none: %d", a.Status)
	}
	if a := b.Get("/me/data?for=nothing"); a.Status != http.StatusNotFound {
		t.Errorf("for a proxy that is none: %d", a.Status)
	}
}

// TestAskByWord asks about one report with its number and secret word.
func TestAskByWord(t *testing.T) {
	t.Parallel()
	w, _ := set(t)
	r := reported(t, w, wang, "c01014")
	b := w.Browser()
	b.Post("/track", url.Values{"number": {r.Case.Number}, "word": {r.Word}})
	path := "/track/" + r.Case.Number + "/data"
	if a := b.Post(path, url.Values{"kind": {"copy"}, "word": {"wrongwords"}}); a.Status == http.StatusOK {
		t.Error("a wrong word was taken")
	}
	a := b.Post(path, url.Values{"kind": {"copy"}, "word": {r.Word}})
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Text())
	}
	one(t, a, "id", "asked")
	if a := w.Browser().Get(path); !strings.HasPrefix(a.Path, "/track?number=") {
		t.Errorf("opened without proof: %s", a.Path)
	}
}

// TestRegisterForAll shows everyone what is stored, and finds a table.
func TestRegisterForAll(t *testing.T) {
	t.Parallel()
	w, _ := set(t)
	a := w.Browser().Get("/about/register?q=notices_shown")
	one(t, a, "data-table", "notices_shown")
	if len(page.RegisterOf("")) < 50 {
		t.Error("the register has too few tables")
	}
}
