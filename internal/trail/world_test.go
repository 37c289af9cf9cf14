package trail_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/trail"
)

// seed is the secret of the tests' logs.
var seed = bytes.Repeat([]byte{7}, 32)

func keeper(t testing.TB) *trail.Keeper {
	t.Helper()
	return trail.NewKeeper(func(district string) (*trail.Signer, error) { return trail.NewSigner(trail.Origin(district), seed) }, slog.New(slog.DiscardHandler))
}

func key(t testing.TB) string {
	t.Helper()
	s, err := keeper(t).Signer(district)
	if err != nil {
		t.Fatal(err)
	}
	return s.Key()
}

// world is a trail of cases and books, with words, some of them erased, in a log
// of more than one tile, signed many times.
type world struct {
	*db.DB
	t     testing.TB
	clock *atomic.Int64
	keep  *trail.Keeper
}

var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// each runs fn on an empty world of each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		now := &atomic.Int64{}
		now.Store(start.UnixMicro())
		d, err := db.Open(t.Context(), db.Config{URL: address, Now: func() time.Time { return time.UnixMicro(now.Add(1_000_000)).UTC() }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		fn(t, &world{d, t, now, keeper(t)})
	})
}

// do runs fn in a transaction of its own.
func (w *world) do(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// note adds an entry to a book or, with the empty book, to a case.
func (w *world) note(book trail.Book, subject string, e trail.Entry) {
	w.t.Helper()
	w.do(func(tx *db.Tx) error {
		if book != "" {
			return trail.Note(w.t.Context(), tx, district, book, subject, e)
		}
		head, err := trail.HeadOf(w.t.Context(), tx, district, subject)
		if err == nil {
			_, err = trail.Add(w.t.Context(), tx, district, subject, head, e)
		}
		return err
	})
}

// takeIn has the log take in what is new.
func (w *world) takeIn() int {
	w.t.Helper()
	n, err := w.keep.TakeIn(w.t.Context(), w.DB, district)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// fill writes n entries in rounds that are signed one by one.
func (w *world) fill(n int) {
	w.t.Helper()
	for i := range n {
		e := trail.Entry{Person: fmt.Sprint("p", i%5), Post: fmt.Sprint("post", i%7), Unit: "u-shizheng", Act: "returned", Step: "handle", Detail: map[string]string{"unit": fmt.Sprint(i)}}
		switch i % 4 {
		case 0:
			e.Detail["reason"] = fmt.Sprintf("这是第 %d 次退回，桂香巷不归我们", i)
		case 1:
			e.Detail = nil
		}
		book := append(trail.Books(), "", "", "", "")[i%10]
		w.note(book, fmt.Sprint("s", i%13), e)
		if i%37 == 36 {
			w.takeIn()
		}
	}
	w.takeIn()
	w.clock.Add(time.Hour.Microseconds())
}

// erase removes the words of the first entry of book rights about s0.
func (w *world) erase() {
	w.t.Helper()
	w.do(func(tx *db.Tx) error {
		return trail.Erase(w.t.Context(), tx, district, trail.Chain(trail.Rights, "s0"), 1, "reason", trail.Entry{Person: "p1", Detail: map[string]string{"basis": "pipl-47"}})
	})
	w.takeIn()
}

// audit looks everything over.
func (w *world) audit(in trail.Auditing) *trail.AuditReport {
	w.t.Helper()
	in.District = district
	if in.Key == "" {
		in.Key = key(w.t)
	}
	report, err := trail.Audit(w.t.Context(), w.DB, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

var errUndo = errors.New("only tried")
