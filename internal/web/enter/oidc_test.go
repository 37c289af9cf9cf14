package enter_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/access/accesstest"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
)

// traveller is a browser that tells where it is led and does not go there.
type traveller struct {
	*http.Client
	t    *testing.T
	base string
}

func travel(t *testing.T, w *apptest.World) *traveller {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &traveller{&http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, t, w.URL}
}

// open asks for an address and gives the status, where it leads, and the page.
func (b *traveller) open(address string) (status int, to, page string) {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	got, err := b.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return got.StatusCode, got.Header.Get("Location"), string(data)
}

// TestSignInAtAnotherHouse signs staff in at a real OpenID provider.
//
// ASVS 6.8.4, 7.6.2, 10.1.2, 16.5.2
func TestSignInAtAnotherHouse(t *testing.T) {
	t.Parallel()
	w := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) { c.Now = time.Now }) // a provider's tokens live by the real time
	if _, _, page := travel(t, w).open("/sign-in"); strings.Contains(page, "/sign-in/provider") {
		t.Error("a button leads to a house that is not there")
	}
	running := accesstest.Start(t, w.URL+"/sign-in/provider/back")
	o := access.OIDC{Issuer: running.Issuer, Client: accesstest.Client, Secret: accesstest.Secret, Claim: "preferred_username"}
	set := func(o access.OIDC) {
		p, err := access.NewProvider(o)
		if err != nil {
			t.Fatal(err)
		}
		w.House.Provider = p
	}
	set(o)
	come := func(b *traveller, user string) (status int, to, page string) {
		t.Helper()
		_, _, form := b.open("/sign-in?next=/desk/cases")
		if !strings.Contains(form, "/sign-in/provider?next=%2Fdesk%2Fcases") || !strings.Contains(form, "单位统一登录") {
			t.Errorf("the sign-in page has no button: %.300s", form)
		}
		_, to, _ = b.open("/sign-in/provider?next=/desk/cases")
		return b.open(running.SignIn(to, user).String())
	}
	if status, to, _ := come(travel(t, w), "chenli"); status != http.StatusSeeOther || to != "/sign-in/second" {
		t.Errorf("who was asked for a password there is asked for a code here: %d to %q", status, to)
	}
	if status, _, page := come(travel(t, w), "stranger"); status != http.StatusUnauthorized || !strings.Contains(page, "没有与您对应的账号") {
		t.Errorf("a stranger: %d %.300s", status, page)
	}
	o.Strong = []string{"pwd"}
	set(o)
	b := travel(t, w)
	if status, to, _ := come(b, "chenli"); status != http.StatusSeeOther || to != "/desk/cases" {
		t.Errorf("who was asked twice there goes on: %d to %q", status, to)
	}
	if status, _, _ := b.open("/desk/cases"); status != http.StatusOK {
		t.Errorf("signed in: %d", status)
	}
	unbidden(t, w, running)
	if err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
		return access.Close(t.Context(), tx, w.House.District, "chenli", access.By{})
	}); err != nil {
		t.Fatal(err)
	}
	if status, _, page := come(travel(t, w), "chenli"); status != http.StatusUnauthorized || !strings.Contains(page, "账号已停用") {
		t.Errorf("a closed account: %d %.300s", status, page)
	}
	down(t, w, running, set, o)
}

// unbidden brings answers that this browser did not leave for.
func unbidden(t *testing.T, w *apptest.World, running *accesstest.Provider) {
	t.Helper()
	b := travel(t, w)
	_, to, _ := b.open("/sign-in/provider")
	back := running.SignIn(to, "chenli").String()
	if status, _, _ := travel(t, w).open(back); status != http.StatusUnauthorized {
		t.Errorf("somebody else's answer in my browser: %d", status)
	}
	if status, _, _ := b.open(back); status != http.StatusSeeOther {
		t.Errorf("my own: %d", status)
	}
	if status, _, _ := b.open(back); status != http.StatusUnauthorized {
		t.Errorf("my own, again: %d", status)
	}
}

// down ends the provider: the page says so, and passwords work.
func down(t *testing.T, w *apptest.World, running *accesstest.Provider, set func(access.OIDC), o access.OIDC) {
	t.Helper()
	running.Stop()
	set(o) // as after a start of this program
	status, _, page := travel(t, w).open("/sign-in/provider")
	if status != http.StatusServiceUnavailable || !strings.Contains(page, "现在连不上") || !strings.Contains(page, `name="password"`) {
		t.Errorf("down: %d %.300s", status, page)
	}
	if got := w.As("hejing").Get("/desk"); got.Status != http.StatusOK {
		t.Errorf("signing in with a password meanwhile: %d", got.Status)
	}
}

// TestBindAccount binds an account to a person of another house, by hand.
func TestBindAccount(t *testing.T) {
	t.Parallel()
	w := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) { c.Now = time.Now })
	running := accesstest.Start(t, w.URL+"/sign-in/provider/back")
	p, err := access.NewProvider(access.OIDC{Issuer: running.Issuer, Client: accesstest.Client, Secret: accesstest.Secret, Strong: []string{"pwd"}})
	if err != nil {
		t.Fatal(err)
	}
	w.House.Provider = p
	b := travel(t, w)
	_, to, _ := b.open("/sign-in/provider")
	if status, _, page := b.open(running.SignIn(to, "stranger").String()); status != http.StatusUnauthorized {
		t.Errorf("nobody is bound yet: %d %.300s", status, page)
	}
	// The person is called stranger there and hejing here.
	me := w.As("hejing")
	if page := me.Get("/account"); !strings.Contains(page.Body, `href="/account/provider"`) {
		t.Errorf("the account page offers no binding: %.500s", page.Text())
	}
	for _, c := range me.Cookies() {
		b.Jar.SetCookies(me.URL(), []*http.Cookie{c})
	}
	if _, to, _ = b.open("/account/provider"); !strings.HasPrefix(to, running.Issuer) {
		t.Fatalf("binding leads to %q", to)
	}
	if status, to, page := b.open(running.SignIn(to, "stranger").String()); status != http.StatusSeeOther || to != "/account" {
		t.Errorf("bound: %d to %q %.300s", status, to, page)
	}
	fresh := travel(t, w)
	_, to, _ = fresh.open("/sign-in/provider")
	if status, to, page := fresh.open(running.SignIn(to, "stranger").String()); status != http.StatusSeeOther || strings.HasPrefix(to, "/sign-in") {
		t.Errorf("signing in by the binding: %d to %q %.300s", status, to, page)
	}
	if page := me.Post("/account/provider/remove", nil); page.Status != http.StatusOK {
		t.Errorf("unbinding: %d %.200s", page.Status, page.Text())
	}
	_, to, _ = fresh.open("/sign-in/provider")
	if status, _, _ := fresh.open(running.SignIn(to, "stranger").String()); status != http.StatusUnauthorized {
		t.Errorf("unbound: %d", status)
	}
}
