package repeat

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/vault"
)

func each(t *testing.T, fn func(t *testing.T, b *Book, c *clock.Manual)) {
	t.Helper()
	c := clock.NewManual(time.Date(2026, 11, 23, 2, 20, 0, 0, time.UTC))
	dbtest.EachAt(t, c.Now, func(t *testing.T, d *db.DB) {
		v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
		if err != nil {
			t.Fatal(err)
		}
		fn(t, &Book{DB: d, Vault: v}, c)
	})
}

func (b *Book) must(t *testing.T, why string, q Request, want State) Answer {
	t.Helper()
	got, a, err := b.Begin(t.Context(), q)
	if err != nil || got != want {
		t.Fatalf("%s: %q, %v, want %q", why, got, err, want)
	}
	return a
}

func TestTheSameRequestIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *Book, c *clock.Manual) {
		q := Request{"990101", "k1", "by-13800000014", "POST /x 13800000013"}
		other, elsewhere, system := q, q, q
		other.Says, elsewhere.District, system.Key = "POST /y", "990102", "k2"
		b.must(t, "first", q, New)
		b.must(t, "while it is under way", q, Running)
		b.must(t, "another request by its name", other, Other)
		b.must(t, "another district's", elsewhere, New)
		b.must(t, "another system's", system, New)
		want := Answer{201, map[string]string{"ETag": `"r2"`}, []byte(`{"phone":"13800000013"}`)}
		if err := b.Done(t.Context(), q, want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.must(t, "again", q, Answered)); diff != "" {
			t.Errorf("the second answer (-first +again):\n%s", diff)
		}
		b.must(t, "the name stays taken", other, Other)
		stored, err := db.Value[string](t.Context(), b.DB, "select name || print || answer from repeats where status = 201")
		if err != nil || stored == "" || strings.Contains(stored, "1380000") {
			t.Errorf("stored %q, %v", stored, err)
		}
		c.Advance(Kept)
		b.must(t, "a day later it is a new one", other, New)
	})
}

func TestWhatDidNothingMayComeAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *Book, c *clock.Manual) {
		q := Request{"990101", "k1", "n1", "POST /x"}
		b.must(t, "first", q, New)
		if err := b.Undone(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		b.must(t, "after a refusal", q, New)
		c.Advance(Lease)
		b.must(t, "the program was stopped meanwhile", q, Unfinished)
		c.Advance(Kept - Lease)
		b.must(t, "a day later", q, New)
	})
}

func TestOneOfManyDoesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *Book, _ *clock.Manual) {
		var wait sync.WaitGroup
		states := make([]State, 8)
		for i := range states {
			wait.Go(func() { states[i], _, _ = b.Begin(t.Context(), Request{"990101", "k1", "n1", "POST /x"}) })
		}
		wait.Wait()
		n := 0
		for _, s := range states {
			if s == New {
				n++
			} else if s != Running {
				t.Errorf("state %q", s)
			}
		}
		if n != 1 {
			t.Errorf("%d do it, want 1: %v", n, states)
		}
	})
}

func TestSweepTakesWhatIsOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *Book, c *clock.Manual) {
		b.must(t, "old", Request{"990101", "k1", "old", "x"}, New)
		c.Advance(Kept - time.Hour)
		b.must(t, "young", Request{"990101", "k1", "young", "x"}, New)
		c.Advance(time.Hour)
		if err := b.DB.Write(t.Context(), func(tx *db.Tx) error { return Sweep(t.Context(), tx, "990101") }); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Value[int](t.Context(), b.DB, "select count(*) from repeats"); err != nil || n != 1 {
			t.Errorf("%d are left (%v), want the young one", n, err)
		}
	})
}
