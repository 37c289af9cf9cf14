package trail_test

import (
	"errors"
	"fmt"
	"testing"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/trail"
)

const district, subject = "990101", "case-1"

func write(t *testing.T, d *db.DB, n int) []trail.Entry {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		var head trail.Head
		for i := range n {
			var err error
			head, err = trail.Add(t.Context(), tx, district, subject, head,
				trail.Entry{Person: "p", Unit: "u", Act: fmt.Sprintf("act%d", i), Detail: map[string]string{"b": "2", "a": "桂香"}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := trail.Of(t.Context(), d, district, subject)
	if err != nil || len(entries) != n {
		t.Fatalf("got %d entries, %v, want %d", len(entries), err, n)
	}
	return entries
}

func TestTamperingShows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		entries := write(t, d, 5)
		if err := trail.Verify(district, subject, entries); err != nil {
			t.Fatalf("an untouched trail: %v", err)
		}
		tamper := map[string]func([]trail.Entry) []trail.Entry{
			"a changed act":      func(e []trail.Entry) []trail.Entry { e[2].Act = "other"; return e },
			"a changed detail":   func(e []trail.Entry) []trail.Entry { e[2].Detail = map[string]string{"a": "x"}; return e },
			"a changed instant":  func(e []trail.Entry) []trail.Entry { e[2].At = e[2].At.Add(1000); return e },
			"an entry taken out": func(e []trail.Entry) []trail.Entry { return append(e[:2], e[3:]...) },
			"two swapped":        func(e []trail.Entry) []trail.Entry { e[1], e[2] = e[2], e[1]; return e },
			"one written twice":  func(e []trail.Entry) []trail.Entry { return append(e[:3], e[2:]...) },
		}
		for name, do := range tamper {
			if err := trail.Verify(district, subject, do(append([]trail.Entry(nil), entries...))); err == nil {
				t.Errorf("%s was not noticed", name)
			}
		}
		if err := trail.Verify(district, "case-2", entries); err == nil {
			t.Error("a trail moved to another case was not noticed")
		}
	})
}

func TestTwoWritersCannotShareAPlace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, 1)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := trail.Add(t.Context(), tx, district, subject, trail.Head{}, trail.Entry{Act: "late"})
			return err
		})
		if !errors.Is(err, errs.Conflict) {
			t.Errorf("got %v, want a conflict", err)
		}
	})
}
