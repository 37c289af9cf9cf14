package web_test

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
)

// TestRequestIDs holds that whatever is logged of a request, and of the jobs it
// caused, is found by its id, and that nobody writes words of his own into the
// log by naming one.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	log := &logged{}
	w := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) {
		c.Log, c.Requests = slog.New(slog.NewJSONHandler(log, nil)), true
	})
	const mine = "4bf92f3577b34da6a3ce929d0e0e4736"
	got, _ := ask(t, w, "GET", "/matters", map[string]string{"X-Request-Id": mine})
	if id := got.Header.Get("X-Request-Id"); id != mine {
		t.Errorf("the answer carries %q, want the id that was brought", id)
	}
	got, _ = ask(t, w, "GET", "/matters", map[string]string{"X-Request-Id": uniquePhone})
	if id := got.Header.Get("X-Request-Id"); id == uniquePhone || id == "" {
		t.Errorf("a telephone number became the id %q", id)
	}
	if err := w.DB.Write(t.Context(), func(tx *db.Tx) error { return tx.Exec(t.Context(), "alter table cases rename to cases_gone") }); err != nil {
		t.Fatal(err)
	}
	const broken = "0190a0b0-1111-7222-8333-444455556666"
	ask(t, w, "GET", "/track/261123-01478?word=ABCDEFGHIJ", map[string]string{"X-Request-Id": broken})
	r := httptest.NewRequest("POST", "/track", strings.NewReader("number=261123-01478&word=ABCDEFGHIJ"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Request-Id", broken)
	w.App.Handler(w.House).ServeHTTP(httptest.NewRecorder(), r)
	lines := map[string]int{}
	for line := range strings.Lines(log.String()) {
		var said struct{ Msg, Request string }
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if strings.Count(line, `"request":`) > 1 {
			t.Errorf("a line names two requests: %s", line)
		}
		lines[said.Msg+" "+said.Request]++
	}
	for _, want := range []string{"request " + mine, "request " + broken, "request failed " + broken} {
		if lines[want] == 0 {
			t.Errorf("no line says %q; there are %v", want, lines)
		}
	}
	if strings.Contains(log.String(), uniquePhone) {
		t.Error("the log holds what was brought as an id")
	}
}

// TestMetricsNameNobody asks for pages by addresses that hold numbers and
// names, in every way in which the mux leads on, and looks at every label.
func TestMetricsNameNobody(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	staff := w.As("hejing")
	for _, path := range []string{
		"/track/261123-01478", "/track/261123-01478/", "/" + uniqueLogin, "/desk/cases/" + uniqueLogin, "/desk/" + uniqueLogin + "/", "/api/v1/cases/" + uniqueLogin, "/api/v1/" + uniqueLogin,
		"/assets/" + uniqueLogin, "/photo/" + uniqueLogin + "//x", "/open311/v2/requests/" + uniqueLogin + ".xml", "/gallery", "/trail", "/desk//" + uniqueLogin + "/..", "/matters?q=" + uniquePhone,
	} {
		for _, method := range []string{"GET", "POST", "PROPFIND"} {
			ask(t, w, method, path, nil)
		}
		r := httptest.NewRequest("GET", path, nil)
		r.Method = "CONNECT"
		w.App.Handler(w.House).ServeHTTP(httptest.NewRecorder(), r)
		staff.Get(path)
	}
	got := httptest.NewRecorder()
	w.Meter.Handler().ServeHTTP(got, httptest.NewRequest("GET", "/metrics", nil))
	said := got.Body.String()
	for _, never := range []string{"261123", uniqueLogin, uniquePhone, "127.0.0.1", w.House.District} {
		if strings.Contains(said, never) {
			t.Errorf("the metrics hold %s", never)
		}
	}
	for _, want := range []string{`linli_requests_total{route="GET /matters`, `linli_jobs_waiting{kind="night"} 1`, "linli_jobs_known 1", "linli_db_connections_most "} {
		if !strings.Contains(said, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
