package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
)

// TestDoorsFromOutside comes as a scanner and as another site do: it asks for
// what has no business here, and looks at what an answer gives away.
//
// ASVS 3.2.1, 3.4.2, 3.5.1, 3.5.2, 5.3.1, 6.2.6, 6.2.7, 6.3.4, 7.2.1, 7.2.3, 7.4.4, 13.4.1, 13.4.2, 13.4.3
// ASVS 13.4.4, 13.4.5, 14.3.1, 15.2.3, 15.3.3, 15.3.7, 16.5.1
func TestDoorsFromOutside(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	nothingElseAnswers(t, w)
	noOtherSiteIsLetIn(t, w)
	passwordFields(t, w)
	wordsThatWereNotAsked(t, w)
	pictures(t, w)
	signingOut(t, w)
	failures(t, w) // last: it breaks the database
}

// ask sends a request with headers, as nobody.
func ask(t *testing.T, w *apptest.World, method, path string, head map[string]string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, w.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range head {
		r.Header.Set(name, value)
	}
	got, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got, string(data)
}

// nothingElseAnswers asks for what other programs leave lying about.
func nothingElseAnswers(t *testing.T, w *apptest.World) {
	t.Helper()
	for _, path := range []string{
		"/.git/config", "/.git/HEAD", "/.env", "/go.mod", "/linli.db", "/linli.key", "/files/linli.key", "/photos/", "/debug/pprof/", "/debug/vars", "/metrics", "/server-status",
		"/actuator", "/admin", "/phpinfo.php", "/swagger.json", "/assets/", "/assets/icons", "/trail/../linli.key", "/gallery/", "/gallery/case", "/backup.zip", "/.well-known/x",
	} {
		if got, _ := ask(t, w, "GET", path, nil); got.StatusCode < 300 || got.StatusCode >= 500 {
			t.Errorf("GET %s: %d", path, got.StatusCode)
		}
	}
	for _, method := range []string{"TRACE", "TRACK", "PROPFIND", "DEBUG"} {
		if got, said := ask(t, w, method, "/", map[string]string{"X-Secret": "echo-me"}); got.StatusCode < 400 || got.StatusCode >= 500 || strings.Contains(said, "echo-me") {
			t.Errorf("%s: %d", method, got.StatusCode)
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if got, said := ask(t, w, "GET", path, nil); got.StatusCode != http.StatusOK || said != "ok\n" {
			t.Errorf("%s tells %q", path, said)
		}
	}
	got, _ := ask(t, w, "GET", "/", nil)
	for _, name := range []string{"Server", "X-Powered-By"} {
		if got.Header.Get(name) != "" {
			t.Errorf("%s: %s", name, got.Header.Get(name))
		}
	}
	w.House.Demo = nil
	if strings.Contains(w.Browser().Get("/sign-in").Text(), app.DemoPassword) {
		t.Error("the sign-in page tells a password")
	}
}

// noOtherSiteIsLetIn asks as another site would have a reader's browser ask.
func noOtherSiteIsLetIn(t *testing.T, w *apptest.World) {
	t.Helper()
	session := w.As("chenli").Cookie("/", "linli")
	if len(session.Value) < 43 { // 32 bytes
		t.Errorf("the session's token is %d letters", len(session.Value))
	}
	signed := "linli=" + session.Value
	for _, c := range []struct {
		why, method, path string
		head              map[string]string
		want              int
	}{
		{"a preflight", "OPTIONS", "/desk/merge", map[string]string{"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, 0},
		{"reading from elsewhere", "GET", "/desk", map[string]string{"Origin": "https://evil.example", "Cookie": signed}, 0},
		{"reading the machine interface from elsewhere", "GET", "/api/v1/cases", map[string]string{"Origin": "https://evil.example", "Cookie": signed}, 401},
		{"a form without a preflight", "POST", "/account/recovery", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example", "Content-Type": "text/plain", "Cookie": signed}, 403},
		{"from a neighbour under the same domain", "POST", "/account/recovery", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://other.example", "Cookie": signed}, 403},
		{"a browser that says only where from", "POST", "/account/recovery", map[string]string{"Origin": "https://evil.example", "Cookie": signed}, 403},
		{"a token made up", "GET", "/desk", map[string]string{"Cookie": "linli=" + strings.Repeat("A", 43)}, 303},
	} {
		got, _ := ask(t, w, c.method, c.path, c.head)
		if c.want != 0 && got.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.why, got.StatusCode, c.want)
		}
		for name := range got.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: answers %s: %s", c.why, name, got.Header.Get(name))
			}
		}
	}
}

// passwordFields: what is typed is hidden, and may be pasted and kept by the
// browser.
func passwordFields(t *testing.T, w *apptest.World) {
	t.Helper()
	for path, want := range map[string][]string{"/sign-in": {"current-password"}, "/account/password": {"current-password", "new-password"}} {
		b := w.Browser()
		if path != "/sign-in" {
			b = w.As("chenli")
		}
		var got []string
		for _, n := range b.Get(path).Find(func(n *html.Node) bool { return n.Data == "input" && apptest.Attr(n, "type") == "password" }) {
			got = append(got, apptest.Attr(n, "autocomplete"))
			if most := apptest.Attr(n, "maxlength"); most != "" || apptest.Attr(n, "onpaste") != "" {
				t.Errorf("%s: a field cuts at %q, or keeps from pasting", path, most)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s has fields %v, want %v", path, got, want)
		}
	}
}

// wordsThatWereNotAsked sends fields that no form has, and fields in the wrong
// place.
func wordsThatWereNotAsked(t *testing.T, w *apptest.World) {
	t.Helper()
	b := w.Browser()
	got := b.Post("/sign-in?login=chenli&password="+app.DemoPassword, url.Values{"login": {"nobody"}, "password": {"not it"}})
	if got.Status != http.StatusUnauthorized {
		t.Errorf("a password in the address: %d at %s", got.Status, got.Path)
	}
	me := w.As("hejing")
	me.Post("/account/password", url.Values{"old": {app.DemoPassword}, "password": {"plum rain over bridges"}, "role": {"shift-leader"}, "active": {"false"}, "person": {"p-chenli"}, "district": {"990102"}})
	if again := me.Get("/desk/cases.csv"); again.Status != http.StatusForbidden {
		t.Errorf("a role in a form of one's own: exporting is %d", again.Status)
	}
	if page := me.Get("/account"); page.Status != http.StatusOK {
		t.Errorf("the account afterwards: %d", page.Status)
	}
}

// pictures: what somebody sent is shown as a picture in a sandbox, whatever it
// was called.
func pictures(t *testing.T, w *apptest.World) {
	t.Helper()
	b := w.Browser()
	form := url.Values{"step": {"more"}, "sender": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "matter": {"c01002"}, "text": {"井盖"}, "area": {"990101001001001"}}
	b.PostFiles("/report", form, apptest.File{Field: "photos", Name: "../../x.html", Data: picture(t)})
	got := b.Get("/report/photo/0?sender=ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/jpeg" || got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %v", got.Status, got.Header)
	}
}

// signingOut is offered on every page of the staff, and leaves nothing open.
func signingOut(t *testing.T, w *apptest.World) {
	t.Helper()
	for login, paths := range map[string][]string{"zhouhui": {"/desk", "/desk/cases", "/account"}, "dingxia": {"/field/me"}, "suming": {"/desk/admin"}} {
		b := w.As(login)
		for _, path := range paths {
			if out := b.Get(path).Find(func(n *html.Node) bool { return n.Data == "form" && apptest.Attr(n, "action") == "/sign-out" }); len(out) == 0 {
				t.Errorf("%s %s offers no signing out", login, path)
			}
		}
		before := b.Cookie("/", "linli")
		r, _ := ask(t, w, "POST", "/sign-out", map[string]string{"Cookie": "linli=" + before.Value})
		if r.Header.Get("Clear-Site-Data") == "" || !strings.Contains(r.Header.Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("signing out sends %v", r.Header)
		}
		if got, _ := ask(t, w, "GET", paths[0], map[string]string{"Cookie": "linli=" + before.Value}); got.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: the session opens after signing out: %d", login, got.StatusCode)
		}
	}
}

// failures: what goes wrong inside is told with a reference and nothing else.
func failures(t *testing.T, w *apptest.World) {
	t.Helper()
	b := w.As("zhouhui")
	if err := w.DB.Write(t.Context(), func(tx *db.Tx) error { return tx.Exec(t.Context(), "alter table cases rename to cases_gone") }); err != nil {
		t.Fatal(err)
	}
	got := b.Get("/desk/cases")
	if got.Status != http.StatusInternalServerError {
		t.Fatalf("a table is gone: %d", got.Status)
	}
	for _, inside := range []string{"cases_gone", "table", "sql", "SQL", "no such", ".go:", "goroutine", "internal/"} {
		if strings.Contains(got.Text(), inside) {
			t.Errorf("the page tells %q: %.300s", inside, got.Text())
		}
	}
}
