package feed_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/trail"
)

const (
	writers   = 4
	perWriter = 60
)

// Many write, two copies of the program take into the log, and a reader is killed
// again and again and goes on from the cursor that it wrote down last: it gets
// every event once and in order, whatever happens when.
func TestNothingIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		var mu sync.Mutex
		now := clock.NewManual(time.Date(2026, 11, 23, 10, 20, 0, 0, beijing))
		d, err := db.Open(t.Context(), db.Config{URL: address, Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			now.Advance(time.Millisecond)
			return now.Now()
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		picture := &district.District{Code: "990101"}
		done := make(chan struct{})
		var write, take sync.WaitGroup
		for n := range writers {
			write.Go(func() { writeMany(t, d, n) })
		}
		for range 2 {
			take.Go(func() { takeInUntil(t, d, done) })
		}
		got := make(chan []string, 1)
		go func() { got <- readKilled(t, d, picture, writers*perWriter) }()
		write.Wait()
		all := <-got
		close(done)
		take.Wait()
		seen := map[string]int{}
		for _, id := range all {
			seen[id]++
		}
		for n := range writers {
			for i := range perWriter {
				if id := fmt.Sprintf("setup-s%d-%d", n, i+1); seen[id] != 1 {
					t.Errorf("%s came %d times", id, seen[id])
				}
			}
		}
		if len(all) != writers*perWriter {
			t.Errorf("%d events came, want %d", len(all), writers*perWriter)
		}
	})
}

// writeMany writes entries that give events, and others that give none; some
// transactions are undone.
func writeMany(t *testing.T, d *db.DB, n int) {
	undo := errors.New("undone")
	for range perWriter {
		for _, tried := range []error{undo, nil} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				err := trail.Note(t.Context(), tx, "990101", trail.Setup, fmt.Sprint("s", n), trail.Entry{Act: "year-set", Detail: map[string]string{"year": "2027"}})
				if err == nil {
					err = trail.Note(t.Context(), tx, "990101", trail.Looks, fmt.Sprint("l", n), trail.Entry{Act: "look"})
				}
				return errors.Join(err, tried)
			})
			if err != nil && !errors.Is(err, undo) {
				t.Error(err)
			}
		}
	}
}

// takeInUntil takes into the log beside another copy that does the same.
func takeInUntil(t *testing.T, d *db.DB, done chan struct{}) {
	keep := trail.NewKeeper(func(code string) (*trail.Signer, error) {
		return trail.NewSigner(trail.Origin(code), bytes.Repeat([]byte{7}, 32))
	}, slog.New(slog.DiscardHandler))
	for {
		select {
		case <-done:
			return
		default:
		}
		batch, err := keep.Gather(t.Context(), d, "990101", false)
		if err == nil {
			err = d.Write(t.Context(), func(tx *db.Tx) error { return keep.Take(t.Context(), tx, batch) })
		}
		if err != nil && errs.KindOf(err) != errs.Conflict {
			t.Error(err)
			return
		}
	}
}

// readKilled reads until it has so many events, and is killed in the middle of
// most readings. What it has read counts only once its cursor is written down.
func readKilled(t *testing.T, d *db.DB, picture *district.District, want int) (all []string) {
	dice, cursor, kills := rand.New(rand.NewPCG(8, 1)), feed.Cursor{}, 0
	deadline, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for len(all) < want {
		if deadline.Err() != nil {
			t.Errorf("only %d events came in a minute", len(all))
			return all
		}
		within := time.Hour
		if dice.IntN(2) == 0 {
			within = time.Duration(dice.IntN(3000)) * time.Microsecond
		}
		ctx, kill := context.WithTimeout(deadline, within)
		p, err := feed.Read(ctx, d, picture, cursor, 1+dice.IntN(30), feed.Filter{})
		kill()
		if err != nil {
			kills++
			continue
		}
		for _, e := range p.Events {
			all = append(all, e.ID)
		}
		cursor = p.Next
	}
	if kills < 10 {
		t.Errorf("it was killed %d times: too few to prove much", kills)
	}
	return all
}
