package app_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/intake"
)

// reportedBy takes in a report and gives its case.
func reportedBy(t *testing.T, w *apptest.World, sender string) (id, number string) {
	t.Helper()
	got, err := w.Desk.Receive(context.Background(), w.District(), intake.Sending{
		Channel: intake.Portal, Sender: sender, Text: "井盖破了，" + sender, Matter: "c01002", Name: "赵小民", Phone: "13800000039", Address: "桂香路 18 号后门",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Due()
	return string(got.Case.ID), got.Case.Number
}

// An observer sees the case that was opened, as far as it was, for as long as it
// was, and none beside it.
func TestObserverPages(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	id, number := reportedBy(t, w, "one")
	closed, other := reportedBy(t, w, "two")
	keeper, deputy := w.As("zhouhui"), w.As("dingyan")
	page := keeper.Get("/desk/case/" + id + "/who")
	to := ""
	for _, n := range page.Find(func(n *html.Node) bool { return n.Data == "option" && apptest.Attr(n, "value") != "" }) {
		to = apptest.Attr(n, "value")
	}
	if page.Status != http.StatusOK || to == "" || !strings.Contains(page.Text(), "郭燕") {
		t.Fatalf("who sees the case: %d, nobody to open it to: %.500s", page.Status, page.Text())
	}
	got := keeper.Post("/desk/case/"+id+"/disclosures", url.Values{"to": {to}, "until": {"2026-12-20"}, "reason": {"代表视察"}})
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "丁雁") {
		t.Fatalf("open it: %d %.500s", got.Status, got.Text())
	}
	list := deputy.Get("/desk/observe")
	if !strings.Contains(list.Text(), number) || strings.Contains(list.Text(), other) {
		t.Errorf("the list has %.400s, want %s and not %s", list.Text(), number, other)
	}
	shown := deputy.Get("/desk/observe/" + id)
	for _, secret := range []string{"赵小民", "赵*", "13800000039", "138****0039", "18 号", "井盖破了", "后门"} {
		if strings.Contains(shown.Body, secret) {
			t.Errorf("the observer reads %q", secret)
		}
	}
	for _, path := range []string{"/desk/observe/" + closed, "/desk/observe/none"} {
		if got := deputy.Get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.Status)
		}
	}
	for _, n := range keeper.Get("/desk/case/" + id + "/who").Find(func(n *html.Node) bool { return strings.HasSuffix(apptest.Attr(n, "action"), "/end") }) {
		keeper.Post(apptest.Attr(n, "action"), nil)
	}
	if got := deputy.Get("/desk/observe/" + id); got.Status != http.StatusNotFound {
		t.Errorf("closed again, the case answers %d, want 404", got.Status)
	}
}

// Who may not see a case is not told who may.
func TestWhoSeesIsToldWithinTheScope(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	id, number := reportedBy(t, w, "one")
	for _, row := range []struct {
		login, path string
		want        int
		why         string
	}{
		{"zhouhui", "/desk/case/" + id + "/who", http.StatusOK, "a supervisor sees all cases"},
		{"duwei", "/desk/case/" + id + "/who", http.StatusNotFound, "a handler of another unit does not see this one"},
		{"zhouhui", "/desk/case/none/who", http.StatusNotFound, "there is none"},
		{"heqiao", "/desk/who?number=" + number, http.StatusOK, "an auditor asks by number"},
		{"heqiao", "/desk/case/" + id + "/who", http.StatusForbidden, "and sees no cases"},
		{"duwei", "/desk/who?number=" + number, http.StatusForbidden, "others may not ask"},
	} {
		if got := w.As(row.login).Get(row.path); got.Status != row.want {
			t.Errorf("%s at %s: %d, want %d: %s", row.login, row.path, got.Status, row.want, row.why)
		}
	}
}

// A key is shown once, opens what it was made for, and ends when it is ended.
func TestKeysPage(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	keeper := w.As("luopei")
	made := keeper.Post("/desk/admin/keys", url.Values{"name": {"市政视频平台"}, "scopes": {"case.see"}, "unit": {"u-shizheng"}, "expires": {"2026-12-20"}})
	key := ""
	for _, n := range made.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == "key-text" }) {
		key = apptest.Text(n)
	}
	if key == "" || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d, key %q, Cache-Control %q: %.300s", made.Status, key, made.Header.Get("Cache-Control"), made.Text())
	}
	ask := func() int {
		t.Helper()
		request, err := http.NewRequest(http.MethodGet, w.URL+"/api/v1/cases", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	if got := ask(); got != http.StatusOK {
		t.Errorf("the new key: %d", got)
	}
	again := keeper.Get("/desk/admin/keys")
	if strings.Contains(again.Body, key) || !strings.Contains(again.Text(), "市政视频平台") {
		t.Errorf("the key is shown again, or its system is not listed: %.300s", again.Text())
	}
	for _, n := range again.Find(func(n *html.Node) bool { return strings.HasSuffix(apptest.Attr(n, "action"), "/end") }) {
		keeper.Post(apptest.Attr(n, "action"), nil)
	}
	w.Clock.Advance(time.Minute) // every copy of the program forgets what it knew of keys within a minute
	if got := ask(); got != http.StatusUnauthorized {
		t.Errorf("the ended key: %d, want 401", got)
	}
	if got := w.As("suming").Get("/desk/admin/keys"); got.Status != http.StatusForbidden {
		t.Errorf("who sets up sees the keys: %d", got.Status)
	}
}
