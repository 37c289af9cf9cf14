package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/job"
)

var quiet = slog.New(slog.DiscardHandler)

func nothing(context.Context, *db.Tx, job.Job) error { return nil }

// Whoever answers slowly holds up nobody but himself, however much waits for
// him.
func TestOutsideSlowTargetHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		release := make(chan struct{})
		var slow, most atomic.Int64
		two := make(chan struct{})
		both := sync.OnceFunc(func() { close(two) })
		var mu sync.Mutex
		reached := map[string]int{}
		all := make(chan struct{})
		r := job.New(d, map[string]job.Handler{}, quiet)
		r.Outside("call", func(ctx context.Context, _ db.Reader, j job.Job) (job.Handler, error) {
			if strings.HasPrefix(j.Key, "slow/") {
				n := slow.Add(1)
				defer slow.Add(-1)
				if most.Store(max(most.Load(), n)); n == 2 {
					both()
				}
				select {
				case <-release:
				case <-ctx.Done():
					return nil, ctx.Err()
				}
				return nothing, nil
			}
			mu.Lock()
			defer mu.Unlock()
			if reached[j.Key]++; len(reached) == 30 {
				close(all)
			}
			return nothing, nil
		})
		start := d.Now()
		for i := range 150 { // more than are read at once, and due before the others
			add(t, d, "call", fmt.Sprintf("slow/%03d", i), start.Add(-time.Hour))
		}
		for i := range 30 {
			add(t, d, "call", fmt.Sprintf("quick%d/x", i), start)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); r.Run(ctx) }()
		select {
		case <-all:
		case <-time.After(20 * time.Second):
			t.Error("the others wait for the slow one")
		}
		select {
		case <-two:
		case <-time.After(20 * time.Second):
		}
		if got := most.Load(); got != 2 {
			t.Errorf("%d calls to the slow one at once, want 2", got)
		}
		cancel()
		close(release)
		<-ended
		for key, n := range reached {
			if n != 1 {
				t.Errorf("%s was called %d times", key, n)
			}
		}
	})
}

// Two copies of the program do not say the same thing twice.
func TestOutsideIsClaimed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		said := map[string]int{}
		talk := func(_ context.Context, _ db.Reader, j job.Job) (job.Handler, error) {
			mu.Lock()
			said[j.Key]++
			mu.Unlock()
			time.Sleep(time.Millisecond)
			return nothing, nil
		}
		for i := range 40 {
			add(t, d, "call", fmt.Sprintf("%d/x", i), d.Now())
		}
		var copies sync.WaitGroup
		for range 3 {
			r := job.New(d, map[string]job.Handler{}, quiet)
			r.Outside("call", talk)
			copies.Go(func() {
				if _, err := r.Due(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		copies.Wait()
		for key, n := range said {
			if n != 1 {
				t.Errorf("%s was said %d times", key, n)
			}
		}
		if len(said) != 40 {
			t.Errorf("%d of 40 were said", len(said))
		}
	})
}

// eachClock gives each engine a clock of its own, since they run side by side.
func eachClock(t *testing.T, fn func(t *testing.T, d *db.DB, offset *atomic.Int64)) {
	t.Helper()
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	dbtest.EachURL(t, func(t *testing.T, address string) {
		var offset atomic.Int64
		d, err := db.Open(t.Context(), db.Config{URL: address, Now: func() time.Time { return start.Add(time.Duration(offset.Load())) }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		fn(t, d, &offset)
	})
}

// What a copy had begun when it was killed is said again by another, later.
func TestOutsideAfterACrash(t *testing.T) {
	t.Parallel()
	eachClock(t, func(t *testing.T, d *db.DB, offset *atomic.Int64) {
		ctx, kill := context.WithCancel(t.Context())
		dying := job.New(d, map[string]job.Handler{}, quiet)
		dying.Outside("call", func(context.Context, db.Reader, job.Job) (job.Handler, error) {
			kill()
			return nil, context.Canceled
		})
		add(t, d, "call", "a/x", d.Now())
		_, _ = dying.Due(ctx) // killed
		said := 0
		r := job.New(d, map[string]job.Handler{}, quiet)
		r.Outside("call", func(context.Context, db.Reader, job.Job) (job.Handler, error) {
			said++
			return nothing, nil
		})
		due(t, r, 0)
		if said != 0 {
			t.Error("it was taken while another may still be at it")
		}
		offset.Store(int64(3 * time.Minute))
		due(t, r, 1)
	})
}

func TestOutsideFailureWaitsIsParkedAndComesAgain(t *testing.T) {
	t.Parallel()
	eachClock(t, func(t *testing.T, d *db.DB, offset *atomic.Int64) {
		down, tries := true, 0
		r := job.New(d, map[string]job.Handler{}, quiet)
		r.Outside("call", func(context.Context, db.Reader, job.Job) (job.Handler, error) {
			if tries++; down {
				return nil, errors.New("gateway down")
			}
			return nothing, nil
		})
		add(t, d, "call", "a/x", d.Now())
		due(t, r, 0)
		due(t, r, 0)
		if tries != 1 {
			t.Errorf("tried %d times within the same moment", tries)
		}
		for range 400 {
			offset.Add(int64(time.Hour))
			due(t, r, 0)
		}
		parked, err := job.Parked(t.Context(), d, district, "call", 10)
		if err != nil || len(parked) != 1 || parked[0].Key != "a/x" || parked[0].Why != "gateway down" || tries != 180 {
			t.Fatalf("parked %+v, %v after %d tries", parked, err, tries)
		}
		standing, err := job.Standings(t.Context(), d)
		if err != nil || len(standing) != 1 || standing[0].Parked != 1 || standing[0].Waiting != 0 {
			t.Errorf("standings %+v, %v", standing, err)
		}
		down = false
		err = d.Write(t.Context(), func(tx *db.Tx) error { return job.Again(t.Context(), tx, district, "call", "a/x") })
		if err != nil {
			t.Fatal(err)
		}
		due(t, r, 1)
	})
}
