package evaluate_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/job"
)

// runner runs the package's jobs as the program does.
func (w *world) runner() *job.Runner {
	r := job.New(w.DB, map[string]job.Handler{}, slog.New(slog.DiscardHandler))
	r.Prepare(evaluate.MonthJob, func(ctx context.Context, rd db.Reader, j job.Job) (job.Handler, error) {
		return evaluate.PrepareMonth(ctx, rd, w.d, w.book, w.Now(), j)
	})
	r.Prepare(evaluate.DaysJob, func(ctx context.Context, rd db.Reader, j job.Job) (job.Handler, error) {
		return evaluate.PrepareDays(ctx, rd, w.d, w.Now(), j)
	})
	return r
}

func (w *world) schedule() {
	w.t.Helper()
	if err := w.do(func(tx *db.Tx) error { return evaluate.Schedule(w.t.Context(), tx, w.d) }); err != nil {
		w.t.Fatal(err)
	}
}

// runDays counts all days until now.
func (w *world) runDays() {
	w.t.Helper()
	w.schedule()
	w.due(w.runner())
}

func (w *world) due(r *job.Runner) {
	w.t.Helper()
	if _, err := r.Due(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// On the 1st of a month the one before is counted, once, and the next awaited.
func TestMonthsAreCountedWhenTheyEnd(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		w.clock.Set(on("11-30 23:50"))
		w.reopen()
		r := w.runner()
		w.schedule()
		w.due(r)
		states := func() (all map[evaluate.Period]evaluate.State) {
			periods, err := evaluate.Periods(t.Context(), w.DB, w.d.Code)
			if err != nil {
				t.Fatal(err)
			}
			all = map[evaluate.Period]evaluate.State{}
			for _, p := range periods {
				all[p.Period] = p.State
			}
			return all
		}
		if diff := cmp.Diff(map[evaluate.Period]evaluate.State{"2026-10": evaluate.Preliminary}, states()); diff != "" {
			t.Errorf("before midnight (-want +got)\n%s", diff)
		}
		w.clock.Set(on("12-01 00:31"))
		w.schedule() // as every copy of the program does when it starts
		w.due(r)
		w.clock.Set(on("12-01 09:00"))
		w.due(r)
		want := map[evaluate.Period]evaluate.State{"2026-10": evaluate.Preliminary, "2026-11": evaluate.Preliminary}
		if diff := cmp.Diff(want, states()); diff != "" {
			t.Errorf("on the first (-want +got)\n%s", diff)
		}
		w.unchanged("a job counts as a person does")
		if n := w.acts("period:2026-11")["counted"]; n != 1 {
			t.Errorf("November was counted %d times, want once", n)
		}
		// A year goes by while nobody looks.
		for range 12 {
			w.clock.Set(w.clock.Now().AddDate(0, 1, 0))
			w.reopen()
			w.due(r)
		}
		if got := states(); len(got) != 14 || got["2027-11"] != evaluate.Preliminary {
			t.Errorf("after a year: %v, want 14 months until 2027-11", got)
		}
	})
}

// Counting a day again gives the same rows, and what came since is in them.
func TestDaysAreCountedAgain(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		tell(w)
		w.clock.Set(on("11-12 10:00"))
		w.reopen()
		r := w.runner()
		w.schedule()
		w.due(r)
		read := func() []evaluate.UnitDay {
			days, err := evaluate.Days(t.Context(), w.DB, w.d.Code, "", "2026-11-01", "2026-11-30")
			if err != nil {
				t.Fatal(err)
			}
			return days
		}
		first := read()
		w.clock.Set(on("11-12 10:05"))
		w.due(r)
		if diff := cmp.Diff(first, read()); diff != "" {
			t.Errorf("nothing happened, yet (-first +again)\n%s", diff)
		}
		w.opened(on("11-12 10:06"), "event", "portal", theGrid)
		w.cases[0].id, w.cases[0].number, w.rows[0].subject = "late", "late", "late"
		w.told()
		w.clock.Set(on("11-12 10:10"))
		w.due(r)
		received := func(all []evaluate.UnitDay) (n int) {
			for _, day := range all {
				n += day.Received
			}
			return n
		}
		if got, was := received(read()), received(first); got != was+1 {
			t.Errorf("received %d after one more than %d came in", got, was)
		}
	})
}
