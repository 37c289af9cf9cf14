package meter

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Standing is how the jobs of one kind stand.
type Standing struct {
	Kind                     string
	Waiting, Failing, Parked int
	Late                     time.Duration // how long the oldest has been due
}

// Pool is how the connections to the database stand.
type Pool struct {
	Open, Busy, Most int
	Waited           int64         // how often one had to wait for a connection
	Wait             time.Duration // and how long, all together
}

// Sources are asked whenever the metrics are read.
type Sources struct {
	Jobs func(ctx context.Context) ([]Standing, error)
	Pool func() Pool
}

// The metrics of what lies still.
var (
	jobsWaiting = prometheus.NewDesc("linli_jobs_waiting", "Jobs that wait, due or not, by kind.", []string{"kind"}, nil)
	jobsFailing = prometheus.NewDesc("linli_jobs_failing", "Of these, those that failed and will be tried again.", []string{"kind"}, nil)
	jobsParked  = prometheus.NewDesc("linli_jobs_parked", "Jobs given up: somebody must look at them.", []string{"kind"}, nil)
	jobsLate    = prometheus.NewDesc("linli_jobs_late_seconds", "How long the oldest waiting job has been due.", []string{"kind"}, nil)
	jobsKnown   = prometheus.NewDesc("linli_jobs_known", "1 where the jobs could be counted, 0 where the database did not answer.", nil, nil)
	poolOpen    = prometheus.NewDesc("linli_db_connections_open", "Connections to the database.", nil, nil)
	poolBusy    = prometheus.NewDesc("linli_db_connections_busy", "Of these, those in use.", nil, nil)
	poolMost    = prometheus.NewDesc("linli_db_connections_most", "How many there may be.", nil, nil)
	poolWaited  = prometheus.NewDesc("linli_db_connection_waits_total", "How often one had to wait for a connection.", nil, nil)
	poolWait    = prometheus.NewDesc("linli_db_connection_wait_seconds_total", "How long, all together.", nil, nil)
)

// Watch names who is asked for what lies still. It is called once.
func (m *Meter) Watch(s Sources) {
	if m != nil {
		m.registry.MustRegister(watched{s})
	}
}

type watched struct{ Sources }

// Describe names nothing: which kinds of jobs there are is known only when they
// are read.
func (watched) Describe(chan<- *prometheus.Desc) {}

// Collect asks the sources. Jobs that cannot be counted are left out, and
// linli_jobs_known says so: the rest is wanted most when the database is away.
func (w watched) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime/2)
	defer cancel()
	all, err := w.Jobs(ctx)
	known := 1.0
	if err != nil {
		known = 0
	}
	gauge(jobsKnown, known)
	for _, s := range all {
		gauge(jobsWaiting, float64(s.Waiting), s.Kind)
		gauge(jobsFailing, float64(s.Failing), s.Kind)
		gauge(jobsParked, float64(s.Parked), s.Kind)
		gauge(jobsLate, max(0, s.Late.Seconds()), s.Kind)
	}
	p := w.Pool()
	gauge(poolOpen, float64(p.Open))
	gauge(poolBusy, float64(p.Busy))
	gauge(poolMost, float64(p.Most))
	to <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, float64(p.Waited))
	to <- prometheus.MustNewConstMetric(poolWait, prometheus.CounterValue, p.Wait.Seconds())
}
