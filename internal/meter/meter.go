// Package meter tells how the program fares: metrics for Prometheus, traces for
// OpenTelemetry, and the id of a request, by which its lines in the log, its
// traces and the jobs it caused are found together.
//
// What is measured never names anybody: a label is a route's pattern, a kind of
// job, a channel, an outcome, never an address that was asked for, a number or a
// district. A nil [Meter] measures nothing and costs nothing, and so does the
// tracing of one that was given nowhere to send traces to.
//
// It knows no database and no page. What lies still, such as jobs that wait and
// connections that are open, it asks of whom [Meter.Watch] names, whenever the
// metrics are read.
package meter

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"
)

// Meter counts and times. Its methods may be called on nil.
type Meter struct {
	now      func() time.Time
	registry *prometheus.Registry
	answered *prometheus.CounterVec
	took     *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
	opened   *prometheus.CounterVec
	live     prometheus.Gauge
	routes   words
	tracer   trace.Tracer // nil: nobody wants traces
	flush    func(context.Context) error
}

// seconds are the bounds that durations are sorted by.
var seconds = []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30}

// New makes a meter that reads now. version is that of the program.
func New(now func() time.Time, version string) *Meter {
	m := &Meter{
		now: now, registry: prometheus.NewRegistry(), routes: words{most: routesMost},
		answered: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linli_requests_total", Help: "Requests answered, by route and status."}, []string{"route", "status"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linli_request_seconds", Help: "How long requests took, live pages left out.", Buckets: seconds}, []string{"route"}),
		jobs:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linli_job_seconds", Help: "How long jobs ran, up to 20 of a kind together, by kind and outcome (done, failed).", Buckets: seconds}, []string{"kind", "outcome"}),
		calls:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linli_call_seconds", Help: "How long calls to other servers took, by outcome (the status, or failed).", Buckets: seconds}, []string{"outcome"}),
		opened:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linli_cases_opened_total", Help: "Cases opened by this copy of the program, by channel."}, []string{"channel"}),
		live:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "linli_live_pages", Help: "Live pages open."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "linli_build_info", Help: "Always 1; the version is its label.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.answered, m.took, m.jobs, m.calls, m.opened, m.live, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics. Whoever mounts it sees to it that only those who
// operate the program reach it.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: scrapeTime})
}

// scrapeTime bounds one reading of the metrics.
const scrapeTime = 20 * time.Second

// Request begins the measuring of a request; the function that it returns ends
// it with the pattern of the route and the status. A live page's duration says
// how long somebody looked at it, and is left out.
func (m *Meter) Request(r *http.Request) (context.Context, func(route string, status int, live bool)) {
	if m == nil {
		return r.Context(), func(string, int, bool) {}
	}
	began := m.now()
	ctx, end := m.root(r)
	return ctx, func(route string, status int, live bool) {
		route = m.routes.bound(route)
		m.answered.WithLabelValues(route, strconv.Itoa(status)).Inc()
		if !live {
			m.took.WithLabelValues(route).Observe(m.now().Sub(began).Seconds())
		}
		end(route, status)
	}
}

// Job begins the measuring of jobs of a kind; the function that it returns ends
// it with what came of them.
func (m *Meter) Job(ctx context.Context, kind string) (context.Context, func(err error)) {
	if m == nil {
		return ctx, func(error) {}
	}
	began := m.now()
	ctx, end := m.begin(ctx, "job "+kind)
	return ctx, func(err error) {
		outcome := "done"
		if err != nil {
			outcome = "failed"
		}
		m.jobs.WithLabelValues(kind, outcome).Observe(m.now().Sub(began).Seconds())
		end(err)
	}
}

// Opened counts a case that was opened.
func (m *Meter) Opened(channel string) {
	if m != nil {
		m.opened.WithLabelValues(channel).Inc()
	}
}

// Live counts a live page until the function that it returns is called.
func (m *Meter) Live() (gone func()) {
	if m == nil {
		return func() {}
	}
	m.live.Inc()
	return m.live.Dec
}

// routesMost is more than the program has routes. It bounds what is kept should
// something ever name a route by what was asked for.
const routesMost = 2000

// words keeps a set of labels from growing without bound.
type words struct {
	most  int
	mu    sync.Mutex
	known map[string]bool
}

// bound gives a word back, or "other" where there are too many already.
func (w *words) bound(word string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[string]bool{}
	}
	if !w.known[word] {
		if len(w.known) >= w.most {
			return "other"
		}
		w.known[word] = true
	}
	return word
}
