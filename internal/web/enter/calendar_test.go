package enter_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

func calendarAddress(a apptest.Answer) string {
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == "calendar-address" }) {
		return apptest.Text(n)
	}
	return ""
}

// A member of staff makes a calendar address with a fresh sign-in, sees it once,
// and ends it; nobody else can.
func TestACalendarAddress(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As("chenli")
	if got := b.Get("/account/calendar"); got.Status != http.StatusOK || calendarAddress(got) != "" {
		t.Fatalf("the form: %d", got.Status)
	}
	made := b.Post("/account/calendar", url.Values{})
	address := calendarAddress(made)
	if made.Status != http.StatusOK || !strings.HasPrefix(address, w.URL+"/calendar/due_990101_") || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("made: %d %q", made.Status, address)
	}
	account := b.Get("/account")
	if strings.Contains(account.Body, strings.TrimPrefix(address, w.URL)) || !strings.Contains(account.Text(), "还没有日历来取过") || !strings.Contains(account.Text(), "做了一个期限的日历地址") {
		t.Error("the account shows the address again, or does not list it and what was done")
	}
	path := strings.TrimPrefix(address, w.URL)
	if got := w.Browser().Get(path); got.Status != http.StatusOK {
		t.Fatalf("the address opens nothing: %d", got.Status)
	}
	action := ""
	for _, n := range account.Find(func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(apptest.Attr(n, "action"), "/end")
	}) {
		action = apptest.Attr(n, "action")
	}
	if got := w.As("panyue").Post(action, url.Values{}); got.Status != http.StatusNotFound {
		t.Errorf("a colleague ends it: %d", got.Status)
	}
	if got := b.Post(action, url.Values{}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "日历地址停用了") {
		t.Errorf("not ended: %d", got.Status)
	}
	if got := w.Browser().Get(path); got.Status != http.StatusNotFound {
		t.Errorf("it opens after it was ended: %d", got.Status)
	}
	b.Lang = "en"
	if got := calendarAddress(b.Post("/account/calendar", url.Values{})); !strings.HasSuffix(got, ".ics?lang=en") {
		t.Errorf("in English: %q", got)
	}
	w.Clock.Advance(20 * time.Minute)
	if got := b.Post("/account/calendar", url.Values{}); calendarAddress(got) != "" || got.Path == "/account/calendar" {
		t.Errorf("after a while it is made without signing in again: %d at %s", got.Status, got.Path)
	}
}
