package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/job"
)

// What a job reads first it reads while others write: on SQLite an opening
// would otherwise wait for a month's figures. What it then writes and its own
// end are one transaction, and a failed reading is tried again like any job.
func TestPrepared(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fail := true
		r := job.New(d, map[string]job.Handler{"note": func(context.Context, *db.Tx, job.Job) error { return nil }}, slog.New(slog.DiscardHandler))
		wrote := ""
		r.Prepare("count", func(ctx context.Context, rd db.Reader, j job.Job) (job.Handler, error) {
			if fail {
				return nil, errors.New("not now")
			}
			// Another write goes through in the middle of the reading.
			if err := d.Write(ctx, func(tx *db.Tx) error {
				return job.Add(ctx, tx, district, "note", "meanwhile", nil, tx.Now)
			}); err != nil {
				return nil, err
			}
			n, err := db.Value[int](ctx, rd, "select count(*) from jobs where district = $1", district)
			return func(ctx context.Context, tx *db.Tx, j job.Job) error {
				wrote = fmt.Sprint(j.Key, n)
				return job.Add(ctx, tx, district, "count", j.Key, nil, tx.Now.AddDate(0, 1, 0)) // the next month's
			}, err
		})
		add(t, d, "count", "c", d.Now())
		due(t, r, 0)
		if left := waiting(t, d); left != "1 after 1" {
			t.Errorf("after a failed reading there are %s attempts, want 1 after 1", left)
		}
		fail = false
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Exec(t.Context(), "update jobs set run_at = 0 where district = $1", district)
		}); err != nil {
			t.Fatal(err)
		}
		due(t, r, 2)
		if wrote != "c2" || waiting(t, d) != "1 after 0" {
			t.Errorf("wrote %q with %s left, want c2 with its next one waiting", wrote, waiting(t, d))
		}
	})
}

// A long job does not hold up the others: messages go out while dates are
// counted again.
func TestPreparedRunsBesideTheOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		told, counted := make(chan struct{}), make(chan struct{})
		r := job.New(d, map[string]job.Handler{"note": func(context.Context, *db.Tx, job.Job) error { close(told); return nil }}, slog.New(slog.DiscardHandler))
		r.Prepare("count", func(ctx context.Context, _ db.Reader, _ job.Job) (job.Handler, error) {
			add(t, d, "note", "meanwhile", d.Now())
			select {
			case <-told:
			case <-ctx.Done():
			}
			return func(context.Context, *db.Tx, job.Job) error { close(counted); return nil }, ctx.Err()
		})
		add(t, d, "count", "c", d.Now())
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		ended := make(chan struct{})
		go func() { defer close(ended); r.Run(ctx) }()
		select {
		case <-counted:
		case <-ctx.Done():
			t.Error("the message waited for the counting that waits for it")
		}
		stop()
		<-ended
	})
}

// waiting tells how many jobs wait and after how many attempts.
func waiting(t *testing.T, d *db.DB) string {
	t.Helper()
	s, err := db.One(t.Context(), d, func(s *[2]int) []any { return []any{&s[0], &s[1]} },
		"select count(*), coalesce(max(attempts), 0) from jobs where district = $1", district)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d after %d", s[0], s[1])
}
