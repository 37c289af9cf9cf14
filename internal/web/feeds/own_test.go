package feeds_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"golang.org/x/net/html"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/privacy"
)

// subscribe makes a calendar address as a member of staff does, and gives its path.
func subscribe(t *testing.T, b *apptest.Browser) string {
	t.Helper()
	made := b.Post("/account/calendar", url.Values{})
	found := made.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == "calendar-address" })
	if len(found) != 1 {
		t.Fatalf("no address: %d %.300s", made.Status, made.Text())
	}
	u, err := url.Parse(apptest.Text(found[0]))
	if err != nil || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%v, %v", err, made.Header)
	}
	return u.RequestURI()
}

// fetch reads a calendar as a program does that is nobody here.
func fetch(t *testing.T, w *apptest.World, path string) (events map[string]string, text string) {
	t.Helper()
	got := w.Browser().Get(path)
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/calendar") || got.Header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%s: %d %v", path, got.Status, got.Header)
	}
	all, err := ics.ParseCalendar(strings.NewReader(got.Body))
	if err != nil {
		t.Fatal(err)
	}
	events = map[string]string{}
	for _, e := range all.Events() {
		due, err := e.GetStartAt()
		if err != nil {
			t.Error(err)
		}
		events[e.GetProperty(ics.ComponentPropertyUrl).Value] = e.GetProperty(ics.ComponentPropertySummary).Value + " " + due.UTC().Format("2006-01-02 15:04:05")
	}
	return events, strings.ReplaceAll(got.Body, "\r\n ", "")
}

// A member of staff has the deadlines of the own posts in a calendar, and nothing
// of who reported what; they go with the post, and the address with the account.
func TestOwnDeadlines(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	receive := func(matter string, secret bool) casework.Case {
		t.Helper()
		r, err := w.House.Desk.Receive(t.Context(), w.District(), intake.Sending{
			Channel: intake.Portal, Matter: matter, Text: "我是裘万山，门口标线磨没了", Address: "桂香路18号裘家", Area: "990101001004", Phone: "13800000013", Name: "裘万山", Secret: secret,
		})
		if err != nil {
			t.Fatal(err)
		}
		return r.Case
	}
	plain := receive("c02010", false)
	w.Clock.Advance(7 * time.Minute)
	secret := receive("d-report", true)
	w.Clock.Advance(7 * time.Minute)
	about := receive(privacy.Matter, false)
	b := w.As("guoyan")
	path := subscribe(t, b)
	events, text := fetch(t, w, path)
	tasks, err := casework.Tasks(t.Context(), w.DB, w.District().Code, plain.ID)
	if err != nil {
		t.Fatal(err)
	}
	title := w.District().Catalogue.Title(plain.Matter).ZH
	if got, want := events[w.URL+"/desk/cases/"+plain.Number], "到期 "+plain.Number+" "+title+" "+tasks[0].Due.UTC().Format("2006-01-02 15:04:05"); got != want {
		t.Errorf("a plain case: %q, want %q", got, want)
	}
	hidden := events[w.URL+"/desk/cases/"+secret.Number]
	if !strings.HasPrefix(hidden, "到期 "+secret.Number+" 20") || strings.Contains(text, secret.OpenedAt.UTC().Format("20060102T150405Z")) {
		t.Errorf("a secret case: %q", hidden)
	}
	if got := events[w.URL+"/desk/cases/"+about.Number]; !strings.HasPrefix(got, "到期 "+about.Number+" 20") {
		t.Errorf("what somebody asks about their own data: %q", got)
	}
	for _, word := range []string{tasks[0].ID, "裘", "13800000013", "标线磨没", "桂香路", w.District().Catalogue.Title(secret.Matter).ZH} {
		if strings.Contains(text, word) {
			t.Errorf("the calendar tells %s", word)
		}
	}
	if got := b.Get("/account").Text(); !strings.Contains(got, "最近取过") {
		t.Error("the account does not say when it was read")
	}
	if events, _ := fetch(t, w, strings.Split(path, "?")[0]+"?lang=en"); !strings.HasPrefix(events[w.URL+"/desk/cases/"+plain.Number], "Due: ") {
		t.Errorf("in English: %v", events)
	}
	// Somebody else's posts have none of these tasks.
	if events, _ := fetch(t, w, subscribe(t, w.As("wugang"))); len(events) != 0 {
		t.Errorf("a handler who has no task: %v", events)
	}
	for range 100 {
		receive("c02010", false)
	}
	if events, _ := fetch(t, w, path); len(events) != 103 {
		t.Errorf("of 103 deadlines it has %d", len(events))
	}
	endPosts(t, w, "guoyan")
	if events, _ := fetch(t, w, path); len(events) != 0 {
		t.Errorf("the post has ended: %v", events)
	}
	err = w.DB.Write(t.Context(), func(tx *db.Tx) error { return access.Close(t.Context(), tx, w.District().Code, "guoyan", access.By{}) })
	if err != nil {
		t.Fatal(err)
	}
	ended, wrong := w.Browser().Get(path), w.Browser().Get("/calendar/nothing.ics")
	if ended.Status != http.StatusNotFound || ended.Text() != wrong.Text() {
		t.Errorf("the account has ended: %d, %q; a wrong address says %q", ended.Status, ended.Text(), wrong.Text())
	}
}

// endPosts ends every post of a person as of now.
func endPosts(t *testing.T, w *apptest.World, login string) {
	t.Helper()
	person, ok := w.District().Org.PersonByLogin(login)
	if !ok {
		t.Fatal(login)
	}
	for _, p := range w.District().HeldAt(person.ID, w.Clock.Now()) {
		err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := org.End(t.Context(), tx, w.District().Code, w.District().Calendar.Zone(), org.Giver{}, p.ID, time.Time{}, "换人")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if left := w.District().HeldAt(person.ID, w.Clock.Now()); len(left) > 0 {
		t.Fatalf("%s still holds %v", login, left)
	}
}
