package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/job"
)

const district = "990101"

func add(t *testing.T, d *db.DB, kind, key string, at time.Time) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return job.Add(t.Context(), tx, district, kind, key, map[string]string{"key": key}, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func due(t *testing.T, r *job.Runner, want int) {
	t.Helper()
	if got, err := r.Due(t.Context()); err != nil || got != want {
		t.Errorf("Due ran %d jobs, %v, want %d", got, err, want)
	}
}

func TestJobs(t *testing.T) {
	t.Parallel()
	var offset atomic.Int64
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return start.Add(time.Duration(offset.Load())) }
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		base := now()
		var ran []string
		broken := true
		r := job.New(d, map[string]job.Handler{
			"note": func(_ context.Context, _ *db.Tx, j job.Job) error {
				var args map[string]string
				if err := json.Unmarshal(j.Args, &args); err != nil {
					return err
				}
				ran = append(ran, args["key"])
				return nil
			},
			"chain": func(ctx context.Context, tx *db.Tx, _ job.Job) error {
				return job.Add(ctx, tx, district, "note", "from chain", map[string]string{"key": "from chain"}, tx.Now)
			},
			"broken": func(ctx context.Context, tx *db.Tx, _ job.Job) error {
				if err := job.Add(ctx, tx, district, "note", "half", nil, tx.Now); err != nil {
					return err
				}
				if broken {
					return errors.New("gateway down")
				}
				return nil
			},
		}, slog.New(slog.DiscardHandler))

		add(t, d, "note", "a", base)
		add(t, d, "note", "a", base) // once only
		add(t, d, "note", "later", base.Add(1000*time.Hour))
		add(t, d, "chain", "c", base)
		for i := range 150 { // no handler here, and more of them than are read at once
			add(t, d, "unknown", fmt.Sprint(i), base.Add(-time.Hour))
		}
		due(t, r, 3)
		if len(ran) != 2 || ran[0] != "a" || ran[1] != "from chain" {
			t.Errorf("ran %v, want a, from chain", ran)
		}

		add(t, d, "broken", "b", base)
		due(t, r, 0) // fails and leaves nothing half done
		if len(ran) != 2 {
			t.Errorf("a failed job left an effect: %v", ran)
		}
		broken = false
		due(t, r, 0) // its next attempt is not yet due
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return job.Drop(t.Context(), tx, district, "note", "later")
		})
		if err != nil {
			t.Fatal(err)
		}
		left, err := db.Value[int](t.Context(), d, "select count(*) from jobs where kind = 'broken' and attempts = 1 and error = 'gateway down'")
		if err != nil || left != 1 {
			t.Errorf("the failed job is not kept with its reason: %d, %v", left, err)
		}
	})
}

// Several copies of the program must do each job once.
func TestEachJobOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var ran atomic.Int64
		handler := map[string]job.Handler{"note": func(context.Context, *db.Tx, job.Job) error { ran.Add(1); return nil }}
		for i := range 40 {
			add(t, d, "note", string(rune('a'+i)), d.Now())
		}
		done := make(chan error)
		for range 4 {
			go func() {
				_, err := job.New(d, handler, slog.New(slog.DiscardHandler)).Due(context.Background())
				done <- err
			}()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if ran.Load() != 40 {
			t.Errorf("40 jobs ran %d times", ran.Load())
		}
	})
}
