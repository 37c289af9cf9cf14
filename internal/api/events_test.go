package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/feed"
	"linli/internal/rights"
)

// logged takes everything into the log, as the job does every few seconds.
func (w *world) logged() {
	w.t.Helper()
	if _, err := w.Trail.TakeIn(w.t.Context(), w.DB, w.House.District); err != nil {
		w.t.Fatal(err)
	}
}

// The feed is read on from where it was left, waits for what comes, keeps to the
// bounds of a key, and says nothing of secret cases.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("大屏", rights.FeedRead)
	w.logged()
	end := w.get("/api/v1/events?after=end", key).want(t, 200)
	next := end.text("next")
	w.send(w.key("来件", rights.ReportReceive), `{"text":"路口的标线磨没了，我是裘万山","matter":"c02010"}`, nil).want(t, 201)
	secret := w.told("d-report")
	w.logged()
	page := w.get("/api/v1/events?types=case.opened&after="+next, key).want(t, 200)
	items, _ := page.at("items").([]any)
	if len(items) != 1 || page.text("items", 0, "type") != "cn.linli.case.opened" || page.at("end") != true || strings.Contains(page.Raw, secret.Case.Number) || strings.Contains(page.Raw, "裘") {
		t.Fatalf("what came: %s", page.Raw)
	}
	var once sync.WaitGroup
	var waited answer
	once.Go(func() {
		waited = w.get("/api/v1/events?wait=20s&after="+page.text("next"), key)
	})
	w.told("c02010")
	begin := time.Now()
	w.logged()
	once.Wait()
	if got := waited.want(t, 200).text("items", 0, "type"); got != "cn.linli.case.opened" || time.Since(begin) > 18*time.Second {
		t.Errorf("waiting gave %q after %v", got, time.Since(begin))
	}
	batch, body := w.exchange(http.MethodGet, "/api/v1/events/batch?most=1&after="+next, key, "", nil)
	if batch.Header.Get("Content-Type") != feed.BatchType || !strings.Contains(batch.Header.Get("Link"), `rel="next"`) || !strings.HasPrefix(body, `[{"specversion":"1.0"`) {
		t.Errorf("the batch: %d %s %s %s", batch.StatusCode, batch.Header.Get("Content-Type"), batch.Header.Get("Link"), body)
	}
	other := w.bounded(access.Key{Name: "外街道", Scopes: []rights.Right{rights.FeedRead, rights.CaseSee}, Area: "990101009"})
	if got := w.get("/api/v1/events?types=case.*&after="+next, other).want(t, 200); len(got.at("items").([]any)) != 0 {
		t.Errorf("a key of another street hears %s", got.Raw)
	}
	for path, status := range map[string]int{
		"/api/v1/events?after=x": 422, "/api/v1/events?after=99999999": 422, "/api/v1/events?types=case.open": 422, "/api/v1/events?wait=26s": 422,
		"/api/v1/events?area=110101": 404, "/api/v1/events?unit=u-none": 404, "/api/v1/events/schemas/case": 200,
	} {
		if got := w.get(path, key); got.Status != status {
			t.Errorf("%s answers %d, want %d: %.200s", path, got.Status, status, got.Raw)
		}
	}
	w.get("/api/v1/events", w.key("别的", rights.CaseSeeAll)).want(t, http.StatusForbidden)
}

// A machine keeps its webhooks as the page does.
func TestHooks(t *testing.T) {
	t.Parallel()
	ids := make(chan string, 100)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ids <- r.Header.Get("webhook-id") }))
	t.Cleanup(target.Close)
	w := worldOf(t, apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) { c.Outside = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }))
	key := w.key("城管", rights.HookKeep)
	w.logged()
	w.put("/api/v1/hooks", key, `{"name":"城管","url":"https://192.168.1.1/"}`).want(t, 422)
	made := w.put("/api/v1/hooks", key, `{"name":"城管","url":"`+target.URL+`","types":["case.*"]}`).want(t, 200)
	path := "/api/v1/hooks/" + made.text("id")
	if !strings.HasPrefix(made.text("secret"), "whsec_") || w.get(path, key).want(t, 200).text("secret") != "" {
		t.Errorf("the secret is not given once: %s", made.Raw)
	}
	w.told("c02010")
	w.logged()
	w.Clock.Advance(10 * time.Second)
	w.Due()
	list := w.get(path+"/deliveries?state=sent", key).want(t, 200)
	if id := <-ids; list.text("items", 0, "event") != id || list.text("items", 0, "type") != "cn.linli.case.opened" {
		t.Errorf("delivered %s: %s", id, list.Raw)
	}
	for _, act := range []string{`{"action":"test"}`, `{"action":"pause"}`, `{"action":"resume"}`, `{"action":"replay","after":"0"}`, `{"action":"resend","event":"` + list.text("items", 0, "event") + `"}`} {
		w.put(path+"/acts", key, act).want(t, 200)
	}
	first := w.get(path+"/deliveries?limit=1", key).want(t, 200)
	if next := w.get(path+"/deliveries?limit=1&after="+first.text("next"), key).want(t, 200); first.text("next") == "" || next.text("items", 0, "event") == first.text("items", 0, "event") {
		t.Errorf("the second page begins as the first: %s, %s", first.Raw, next.Raw)
	}
	if got := w.put(path+"/acts", key, `{"action":"rotate"}`).want(t, 200).text("secret"); got == made.text("secret") || !strings.HasPrefix(got, "whsec_") {
		t.Errorf("rotated to %q", got)
	}
	w.exchange(http.MethodDelete, path, key, "", nil)
	w.get(path, key).want(t, 404)
	w.get("/api/v1/hooks", w.key("大屏", rights.FeedRead)).want(t, http.StatusForbidden)
}
