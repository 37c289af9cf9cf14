package enter_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

// keyText is the key that a page shows, once.
func keyText(a apptest.Answer) string {
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == "key-text" }) {
		return apptest.Text(n)
	}
	return ""
}

// A member of staff makes a key with some of the own rights, sees it once, and
// ends it.
func TestAKeyOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As("chenli")
	form := func(scopes ...string) url.Values {
		return url.Values{"name": {"派单助手"}, "expires": {"2027-06-30"}, "scopes": scopes}
	}
	for _, one := range []struct {
		why  string
		form url.Values
	}{
		{"rights of somebody else", form("case.see", "account.manage")},
		{"no right at all", form()},
		{"no name", url.Values{"expires": {"2027-06-30"}, "scopes": {"case.see"}}},
		{"longer than a year", url.Values{"name": {"x"}, "expires": {"2028-06-30"}, "scopes": {"case.see"}}},
		{"no day", url.Values{"name": {"x"}, "scopes": {"case.see"}}},
	} {
		if got := b.Post("/account/keys", one.form); got.Status != http.StatusUnprocessableEntity || keyText(got) != "" {
			t.Errorf("%s: %d, key %q", one.why, got.Status, keyText(got))
		}
	}
	made := b.Post("/account/keys", form("case.see", "case.dispatch"))
	text := keyText(made)
	if made.Status != http.StatusOK || !strings.HasPrefix(text, "linli_") || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("made: %d %q", made.Status, text)
	}
	ask := func() int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/api/v1/tasks", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+text)
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		return got.StatusCode
	}
	if status := ask(); status != http.StatusOK {
		t.Errorf("the key opens nothing: %d", status)
	}
	account := b.Get("/account")
	if !strings.Contains(account.Text(), "派单助手") || strings.Contains(account.Body, text) {
		t.Error("the account does not list the key, or shows its text again")
	}
	action := ""
	for _, n := range account.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.HasPrefix(apptest.Attr(n, "action"), "/account/keys/")
	}) {
		action = apptest.Attr(n, "action")
	}
	if got := w.As("panyue").Post(action, url.Values{}); got.Status != http.StatusNotFound {
		t.Errorf("a colleague ends it: %d", got.Status)
	}
	if got := b.Post(action, url.Values{}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "停用") {
		t.Errorf("not ended: %d", got.Status)
	}
	w.Clock.Advance(5e9) // longer than a good key is remembered
	if status := ask(); status != http.StatusUnauthorized {
		t.Errorf("an ended key still opens: %d", status)
	}
}
