package evaluate_test

import (
	"testing"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/evaluate"
)

// A board's record is kept for a minute and then read anew.
func TestLinesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		k := evaluate.NewKeeper(w.DB)
		kept := func() int {
			lines, err := k.Lines(t.Context(), w.d)
			if err != nil {
				t.Fatal(err)
			}
			return lines["u-shizheng"].Month.Kept
		}
		if got := kept(); got != 0 {
			t.Fatalf("%d kept before anything was counted", got)
		}
		day := clock.DateOf(w.clock.Now(), w.d.Calendar.Zone())
		if err := w.do(func(tx *db.Tx) error {
			return tx.Exec(t.Context(), `insert into unit_days (district, day, unit, received, filed, kept, broken, done, returned, refused, ended, ended_late, rated, grades)
				values ($1,$2,'u-shizheng',0,0,3,1,0,0,0,0,0,0,0)`, w.d.Code, string(day))
		}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(59 * time.Second)
		if got := kept(); got != 0 {
			t.Errorf("%d kept within the minute, want what was read before", got)
		}
		w.clock.Advance(2 * time.Second)
		if got := kept(); got != 3 {
			t.Errorf("%d kept after a minute, want 3", got)
		}
	})
}
