package meter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// scraped is what a reader of the metrics gets.
func scraped(t *testing.T, m *Meter) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("the metrics answer %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// holds looks for whole lines.
func holds(t *testing.T, said string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+said, "\n"+line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

func clockwork() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time { now = now.Add(20 * time.Millisecond); return now }
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := New(clockwork(), "v1")
	_, answered := m.Request(httptest.NewRequest(http.MethodGet, "/desk/cases/asked-for", nil))
	answered("GET /desk/cases/{id}", 200, false)
	_, answered = m.Request(httptest.NewRequest(http.MethodGet, "/live", nil))
	answered("GET /live", 200, true)
	_, end := m.Job(t.Context(), "notice")
	end(nil)
	_, end = m.Job(t.Context(), "notice")
	end(errors.New("gateway down"))
	m.Opened("portal")
	gone := m.Live()
	m.Live()
	gone()
	said := scraped(t, m)
	holds(t, said,
		`linli_requests_total{route="GET /desk/cases/{id}",status="200"} 1`,
		`linli_request_seconds_bucket{route="GET /desk/cases/{id}",le="0.025"} 1`,
		`linli_request_seconds_bucket{route="GET /desk/cases/{id}",le="0.01"} 0`,
		`linli_job_seconds_count{kind="notice",outcome="done"} 1`,
		`linli_job_seconds_count{kind="notice",outcome="failed"} 1`,
		`linli_cases_opened_total{channel="portal"} 1`,
		`linli_live_pages 1`,
		`linli_build_info{version="v1"} 1`,
	)
	if strings.Contains(said, `linli_request_seconds_count{route="GET /live"}`) {
		t.Error("a live page is timed like a request")
	}
	if strings.Contains(said, "asked-for") {
		t.Error("the address that was asked for is in the metrics")
	}
	for _, want := range []string{"go_goroutines ", "process_cpu_seconds_total "} {
		if !strings.Contains(said, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// A fault that names routes by what was asked for fills no memory.
func TestRoutesAreBounded(t *testing.T) {
	t.Parallel()
	m := New(time.Now, "v1")
	for n := range routesMost + 100 {
		_, answered := m.Request(httptest.NewRequest(http.MethodGet, "/", nil))
		answered(fmt.Sprintf("GET /%d", n), 404, false)
	}
	said := scraped(t, m)
	holds(t, said, `linli_requests_total{route="other",status="404"} 100`)
	if got := strings.Count(said, "\nlinli_requests_total{"); got != routesMost+1 {
		t.Errorf("%d routes are counted, want %d and other", got, routesMost)
	}
}

func TestWatched(t *testing.T) {
	t.Parallel()
	var broken error
	m := New(time.Now, "v1")
	m.Watch(Sources{
		Jobs: func(context.Context) ([]Standing, error) {
			if broken != nil {
				return nil, broken
			}
			return []Standing{{Kind: "notice", Waiting: 7, Failing: 2, Parked: 1, Late: 90 * time.Second}, {Kind: "night", Waiting: 1, Late: -time.Hour}}, nil
		},
		Pool: func() Pool { return Pool{Open: 4, Busy: 3, Most: 16, Waited: 9, Wait: 2 * time.Second} },
	})
	holds(t, scraped(t, m),
		`linli_jobs_waiting{kind="notice"} 7`, `linli_jobs_failing{kind="notice"} 2`, `linli_jobs_parked{kind="notice"} 1`, `linli_jobs_late_seconds{kind="notice"} 90`,
		`linli_jobs_late_seconds{kind="night"} 0`, "linli_jobs_known 1",
		"linli_db_connections_open 4", "linli_db_connections_busy 3", "linli_db_connections_most 16", "linli_db_connection_waits_total 9", "linli_db_connection_wait_seconds_total 2",
	)
	broken = errors.New("the database is away")
	holds(t, scraped(t, m), "linli_jobs_known 0", "linli_db_connections_busy 3")
}

func TestNothingIsMeasured(t *testing.T) {
	t.Parallel()
	var m *Meter
	ctx, answered := m.Request(httptest.NewRequest(http.MethodGet, "/", nil))
	answered("GET /", 200, false)
	_, end := m.Job(ctx, "night")
	end(nil)
	m.Opened("portal")
	m.Live()()
	m.Watch(Sources{})
	if m.Transport(http.DefaultTransport) != http.DefaultTransport || m.Close() != nil {
		t.Error("no meter measures calls all the same")
	}
}

func TestCallsAreMeasured(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Traceparent") != "" {
			t.Error("a stranger is told how our work is numbered")
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	m := New(clockwork(), "v1")
	c := &http.Client{Transport: m.Transport(http.DefaultTransport)}
	got, err := c.Get(other.URL + "/secret-path")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, got.Body)
	got.Body.Close()
	other.Close()
	if _, err := c.Get(other.URL); err == nil {
		t.Fatal("a server that is gone answers")
	}
	said := scraped(t, m)
	holds(t, said, `linli_call_seconds_count{outcome="418"} 1`, `linli_call_seconds_count{outcome="failed"} 1`)
	if strings.Contains(said, "secret-path") || strings.Contains(said, "127.0.0.1") {
		t.Error("the metrics say whom we call")
	}
}
