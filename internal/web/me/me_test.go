package me_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/ident"
	"linli/internal/intake"
)

const (
	wang   = "13800002201"
	father = "13800002202"
)

// carrier takes the messages of a world and remembers them.
type carrier struct {
	mu    sync.Mutex
	texts map[string][]string
}

// set starts a world whose district has a way to send codes.
func set(t *testing.T) (*apptest.World, *carrier) {
	t.Helper()
	w, c := apptest.New(t), &carrier{texts: map[string][]string{}}
	w.House.Residents.Send = func(_ context.Context, phone ident.Phone, text string) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.texts[string(phone)] = append(c.texts[string(phone)], text)
		return nil
	}
	return w, c
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

func (c *carrier) last(phone string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.texts[phone]) == 0 {
		return ""
	}
	return sixDigits.FindString(c.texts[phone][len(c.texts[phone])-1])
}

// in signs a browser in by phone and code.
func in(t *testing.T, w *apptest.World, c *carrier, b *apptest.Browser, phone string) apptest.Answer {
	t.Helper()
	if got := b.Post("/me/sign-in", url.Values{"phone": {phone}}); got.Path != "/me/sign-in/code" {
		t.Fatalf("after the phone: %d at %s, %s", got.Status, got.Path, got.Text())
	}
	w.Due()
	got := b.Post("/me/sign-in/code", url.Values{"code": {c.last(phone)}})
	if got.Status != http.StatusOK || strings.HasPrefix(got.Path, "/me/sign-in") {
		t.Fatalf("after the code: %d at %s, %s", got.Status, got.Path, got.Text())
	}
	return got
}

// reported takes in a report from a phone.
func reported(t *testing.T, w *apptest.World, phone, matter string) intake.Receipt {
	t.Helper()
	r, err := w.House.Desk.Receive(context.Background(), w.District(), intake.Sending{
		Channel: intake.Portal, Matter: matter, Text: "楼下的路灯不亮了", Area: "990101001004", Phone: phone})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func links(a apptest.Answer) (all []string) {
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(apptest.Attr(n, "href"), "/track/") }) {
		all = append(all, strings.TrimPrefix(apptest.Attr(n, "href"), "/track/"))
	}
	return all
}

// TestMyMatters signs in and finds both reports of the phone, and no others.
func TestMyMatters(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	one, two := reported(t, w, wang, "c01014"), reported(t, w, wang, "d-consult")
	other, secret := reported(t, w, father, "c01014"), reported(t, w, wang, "d-report")
	if !secret.Case.Secret {
		t.Fatal("the report of wrongdoing is not secret: the test looks at nothing")
	}
	b := w.Browser()
	list := in(t, w, c, b, wang)
	got := strings.Join(links(list), " ")
	for _, r := range []intake.Receipt{one, two} {
		if !strings.Contains(got, r.Case.Number) {
			t.Errorf("my matters %s lack %s", got, r.Case.Number)
		}
	}
	for _, r := range []intake.Receipt{other, secret} {
		if strings.Contains(got, r.Case.Number) {
			t.Errorf("my matters show %s, which is another's or secret", r.Case.Number)
		}
		if a := b.Get("/track/" + r.Case.Number); !strings.HasPrefix(a.Path, "/track?number=") {
			t.Errorf("%s opens without its word: %d at %s", r.Case.Number, a.Status, a.Path)
		}
	}
	if a := b.Get("/track/" + one.Case.Number); a.Status != http.StatusOK || a.Path != "/track/"+one.Case.Number {
		t.Errorf("my own case asks for a word: %d at %s", a.Status, a.Path)
	}
	if strings.Contains(list.Body, wang) {
		t.Error("the number stands unmasked on the page")
	}
	if a := b.Post("/me/sign-out", nil); a.Path != "/" {
		t.Errorf("signing out leads to %s", a.Path)
	}
	if a := b.Get("/track/" + one.Case.Number); !strings.HasPrefix(a.Path, "/track?number=") {
		t.Errorf("after signing out the case still opens: %s", a.Path)
	}
	if a := b.Get("/me"); !strings.HasPrefix(a.Path, "/me/sign-in?next=") {
		t.Errorf("after signing out /me is at %s", a.Path)
	}
}

// TestSignInPages tries what does not sign in, on the pages.
//
// ASVS 6.6.1
func TestSignInPages(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	b := w.Browser()
	if got := b.Post("/me/sign-in", url.Values{"phone": {"0551"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("no number: %d", got.Status)
	}
	if got := b.Get("/me/sign-in/code"); got.Path != "/me/sign-in" {
		t.Errorf("a code without a phone: at %s", got.Path)
	}
	if said := b.Get("/me/sign-in").Text(); !strings.Contains(said, "短信可能被别人看到") || !strings.Contains(said, "通行密钥") {
		t.Errorf("the page does not say what is weak about messages, and what is better: %.400s", said)
	}
	form := b.Post("/me/sign-in", url.Values{"phone": {wang}})
	code := form.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "code" })
	if len(code) != 1 || apptest.Attr(code[0], "autocomplete") != "one-time-code" || apptest.Attr(code[0], "inputmode") != "numeric" {
		t.Errorf("the field of the code helps nobody: %v", code)
	}
	if form.Find(func(n *html.Node) bool {
		return apptest.Attr(n, "data-code") != "" || n.Data == "p" && strings.Contains(apptest.Text(n), "演示")
	}) != nil {
		t.Error("the code stands on the page outside the demo")
	}
	w.Due()
	wrong := "000000"
	if c.last(wang) == wrong {
		wrong = "111111"
	}
	got := b.Post("/me/sign-in/code", url.Values{"code": {wrong}})
	if got.Status != http.StatusUnauthorized || len(got.Find(func(n *html.Node) bool { return apptest.Attr(n, "href") == "#code" })) != 1 {
		t.Errorf("a wrong code: %d %s", got.Status, got.Text())
	}
	if again := b.Post("/me/sign-in/again", nil); again.Status != http.StatusTooManyRequests || again.Header.Get("Retry-After") == "" {
		t.Errorf("another code at once: %d, Retry-After %q", again.Status, again.Header.Get("Retry-After"))
	}
	if other := w.Browser().Post("/me/sign-in/code", url.Values{"code": {c.last(wang)}}); other.Path != "/me/sign-in" {
		t.Errorf("the right code in a browser that asked for none: at %s", other.Path)
	}
	for _, bad := range []string{"https://elsewhere.example", "//elsewhere.example", "/\\elsewhere"} {
		w.Clock.Advance(2 * time.Minute)
		b := w.Browser()
		b.Post("/me/sign-in", url.Values{"phone": {wang}, "next": {bad}})
		w.Due()
		if got := b.Post("/me/sign-in/code", url.Values{"code": {c.last(wang)}}); got.Path != "/" {
			t.Errorf("next=%s leads to %s", bad, got.Path)
		}
	}
}

// TestNewSession holds that signing in begins a session of its own, and that a
// deleted account or an ended session signs nobody in.
//
// ASVS 7.2.4
func TestNewSession(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	b := w.Browser()
	b.Post("/me/sign-in", url.Values{"phone": {wang}})
	before := cookie(b)
	w.Due()
	b.Post("/me/sign-in/code", url.Values{"code": {c.last(wang)}})
	if after := cookie(b); after == before || before == "" || after == "" {
		t.Errorf("the session is the one from before signing in")
	}
	w.Clock.Advance(2 * time.Minute)
	phone := w.Browser()
	in(t, w, c, phone, wang)
	settings := b.Get("/me/settings")
	if n := len(settings.Find(func(n *html.Node) bool { return apptest.Attr(n, "action") == "/me/sessions/end" })); n != 3 {
		t.Errorf("two sessions are shown as %d forms, want 3 with that for all others", n)
	}
	b.Post("/me/sessions/end", nil)
	if got := phone.Get("/me"); !strings.HasPrefix(got.Path, "/me/sign-in") {
		t.Errorf("the other session lives on: at %s", got.Path)
	}
	if got := b.Get("/me"); got.Path != "/me" {
		t.Errorf("the own session ended as well: at %s", got.Path)
	}
	if got := b.Post("/me/delete", nil); got.Path != "/" {
		t.Errorf("deleting leads to %s", got.Path)
	}
	if got := b.Get("/me"); !strings.HasPrefix(got.Path, "/me/sign-in") {
		t.Errorf("a deleted account is still signed in: at %s", got.Path)
	}
}

// TestPagesInBothLanguages opens every page.
func TestPagesInBothLanguages(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	reported(t, w, wang, "c01014")
	zh, en := w.Browser(), w.Browser()
	en.Lang = "en-GB"
	pages := map[string]string{"/me/sign-in": "Sign in with your phone"}
	look := func() {
		for path, want := range pages {
			if got := zh.Get(path); got.Status != http.StatusOK || strings.Contains(got.Text(), want) {
				t.Errorf("%s in Chinese: %d %.200s", path, got.Status, got.Text())
			}
			got := en.Get(path)
			if got.Status != http.StatusOK || !strings.Contains(got.Text(), want) {
				t.Errorf("%s: got %d %.300s, want %q", path, got.Status, got.Text(), want)
			}
			text := strings.NewReplacer("中文", "").Replace(got.Text())
			if left := regexp.MustCompile(`\p{Han}`).FindAllString(text, -1); len(left) > 0 {
				t.Errorf("%s in English still says %v", path, left)
			}
			if n := len(got.Find(func(n *html.Node) bool { return n.Data == "h1" })); n != 1 {
				t.Errorf("%s: %d first headings", path, n)
			}
		}
	}
	look()
	in(t, w, c, zh, wang)
	w.Clock.Advance(2 * time.Minute)
	in(t, w, c, en, wang)
	pages = map[string]string{"/me": "My matters", "/me/settings": "Settings", "/me/proxies": "Acting for others", "/me/proxies/new": "For whom do you want to act", "/me/delete": "Close the account"}
	look()
}

// TestReportInWhoseName sends reports while signed in: in the own name, and
// nobody's.
func TestReportInWhoseName(t *testing.T) {
	t.Parallel()
	w, c := set(t)
	b := w.Browser()
	in(t, w, c, b, wang)
	form := url.Values{"step": {"send"}, "go": {"send"}, "text": {"想问老年证怎么办"}, "matter": {"d-consult"}, "phone": {"13800009999"}}
	for _, row := range []struct {
		as    string
		phone string
		why   string
	}{
		{"me", wang, "in the own name, whatever number is carried along"},
		{"nobody", "", "nobody's: no number at all"},
		{"someone-else", "refused", "a proxy that is none"},
	} {
		form.Set("as", row.as)
		form.Set("sender", strings.Repeat(strings.ToUpper(row.as[:1]), 26))
		got := b.Post("/report", form)
		if row.phone == "refused" {
			if got.Status != http.StatusForbidden {
				t.Errorf("%s: %d %s", row.why, got.Status, got.Path)
			}
			continue
		}
		number := strings.TrimPrefix(links(got)[0], "/track/")
		number, _, _ = strings.Cut(number, "?")
		mine := strings.Contains(strings.Join(links(b.Get("/me")), " "), number)
		if mine != (row.phone == wang) {
			t.Errorf("%s: stands among my matters: %t", row.why, mine)
		}
	}
}

// TestDistrictWithoutMessages leads to number and secret word.
func TestDistrictWithoutMessages(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	got := w.Browser().Get("/me/sign-in")
	if _, ok := got.Field("phone"); ok || !strings.Contains(got.Text(), "还没有开通") {
		t.Errorf("the page asks for a phone nobody can send to: %s", got.Text())
	}
	if got := w.Browser().Post("/me/sign-in", url.Values{"phone": {wang}}); got.Status != http.StatusForbidden {
		t.Errorf("asking all the same: %d", got.Status)
	}
}

// TestDemoShowsTheCode, plainly marked, and sends nothing.
func TestDemoShowsTheCode(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	w.House.Residents.Demo = true
	b := w.Browser()
	got := b.Post("/me/sign-in", url.Values{"phone": {wang}})
	shown := got.Find(func(n *html.Node) bool { return n.Data == "p" && strings.Contains(apptest.Attr(n, "class"), "huge") })
	if len(shown) != 1 || !strings.Contains(got.Text(), "这是演示") {
		t.Fatalf("the demo's code: %s", got.Text())
	}
	if got := b.Post("/me/sign-in/code", url.Values{"code": {apptest.Text(shown[0])}}); got.Path != "/me" {
		t.Errorf("signing in by it: at %s", got.Path)
	}
}

func cookie(b *apptest.Browser) string {
	if c := b.Cookie("/", "linli"); c != nil {
		return c.Value
	}
	return ""
}
