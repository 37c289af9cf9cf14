package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"linli/internal/job"
	"linli/internal/meter"
)

// Version is what the program was built from: a release, or the commit.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version, changed := info.Main.Version, ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && (version == "" || version == "(devel)"):
			version = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changed"
		}
	}
	return version + changed
}

// watch tells the meter what lies still.
func (a *App) watch() {
	a.Meter.Watch(meter.Sources{
		Jobs: a.standings,
		Pool: func() meter.Pool { return meter.Pool(a.DB.Pool()) },
	})
}

// standings adds the districts of the database up: a metric names none.
func (a *App) standings(ctx context.Context) (all []meter.Standing, err error) {
	found, err := job.Standings(ctx, a.DB)
	place := map[string]int{}
	for _, s := range found {
		at, seen := place[s.Kind]
		if !seen {
			at = len(all)
			place[s.Kind] = at
			all = append(all, meter.Standing{Kind: s.Kind})
		}
		one := &all[at]
		one.Waiting, one.Failing, one.Parked = one.Waiting+s.Waiting, one.Failing+s.Failing, one.Parked+s.Parked
		if s.Waiting > 0 {
			one.Late = max(one.Late, a.DB.Now().Sub(s.Oldest))
		}
	}
	return all, err
}

// serveMetrics answers those who operate the program, until ctx ends.
func (a *App) serveMetrics(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.Meter.Handler())
	server := serverOf(mux, a.Log)
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // nothing here is worth waiting for
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// drained is a context that ends so long after ctx did. Whoever balances between
// copies of the program has that time to see that this one is not ready any more.
func drained(ctx context.Context, wait time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(wait):
		case <-late.Done():
		}
		cancel()
	})
	return late, func() { stop(); cancel() }
}

// leaving asks whoever keeps a connection open, once the program was told to
// end, to use it no more. Closing it on them would lose what is on its way.
func leaving(told context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if told.Err() != nil {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
