package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/trail"
	"linli/internal/transfer"
)

const oneCase = "A-%d,2026-11-02 09:30:00,hotline,m06010,990101001001,u-shizheng,closed,,2026-11-02 10:00:00,,,,桂香路 5 号,楼下垃圾没人收\n"

// atDesk brings a table in at a desk and waits for its end.
func atDesk(t *testing.T, d *db.DB, to *district.District, o transfer.Order) transfer.Run {
	t.Helper()
	k := transfer.NewDesk(d)
	defer k.Close()
	id, ended, err := k.Start(t.Context(), to, o)
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	run, err := transfer.RunOf(t.Context(), d, to.Code, id, d.Now())
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestDesk(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		by := procedure.Actor{Person: "p-admin"}
		good, bad := caseHead+fmt.Sprintf(oneCase, 1)+fmt.Sprintf(oneCase, 2), caseHead+fmt.Sprintf(oneCase, 3)+"A-4,nonsense,hotline,m06010,,,,,,,,,,\n"
		steps := pastHead + "A-1,hotline,2026-11-02 09:40:00,派遣,u-shizheng,请当天去\n"
		for _, row := range []struct {
			why, what, text                string
			policy                         sheet.Policy
			state                          transfer.State
			added, same, findings, skipped int
			noted                          int // imports in the trail of the set-up afterwards
		}{
			{"a try keeps nothing", transfer.CasesRun, good, sheet.Policy{DryRun: true}, transfer.Done, -1, -1, 3, 0, 1},
			{"all of it comes in", transfer.CasesRun, good, sheet.Policy{}, transfer.Done, 2, 0, 3, 0, 2},
			{"again, nothing is new", transfer.CasesRun, good, sheet.Policy{}, transfer.Done, 0, 2, 3, 0, 3},
			{"a bad row keeps all of it out", transfer.CasesRun, bad, sheet.Policy{}, transfer.Refused, -1, -1, 3, 1, 3},
			{"or only itself", transfer.CasesRun, bad, sheet.Policy{SkipBad: true}, transfer.Done, 1, 0, 3, 1, 4},
			{"what was done with a case", transfer.PastRun, steps, sheet.Policy{}, transfer.Done, 1, 0, 0, 0, 5},
		} {
			run := atDesk(t, d, to, transfer.Order{What: row.what, File: loaded(t, row.what+".csv", row.text), Name: "我们的.csv", Options: transfer.Options{Policy: row.policy}, By: by})
			got := [4]int{-1, -1, len(run.Found.Findings), run.Found.Skipped}
			if len(run.Found.Counts) > 0 {
				got[0], got[1] = run.Found.Counts[0].Added, run.Found.Counts[0].Same
			}
			if want := [4]int{row.added, row.same, row.findings, row.skipped}; run.State != row.state || got != want || run.File != "我们的.csv" || run.Found.Verdict.ZH == "" {
				t.Errorf("%s: %s %v, want %s %v; %+v", row.why, run.State, got, row.state, want, run)
			}
			entries, err := trail.Of(t.Context(), d, to.Code, trail.Chain(trail.Setup, setup.Subject))
			if err != nil || len(entries) != row.noted {
				t.Errorf("%s: %d imports in the trail, want %d; %v", row.why, len(entries), row.noted, err)
			}
		}
		if n, err := db.Value[int](t.Context(), d, "select count(*) from cases"); err != nil || n != 3 {
			t.Errorf("%d cases, want 3; %v", n, err)
		}
	})
}

// TestDeskIsLeft: who ends the program stops what runs, says so, and it can be run
// again; and while it runs no other does.
func TestDeskIsLeft(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		var text strings.Builder
		text.WriteString(caseHead)
		for n := range 1000 {
			fmt.Fprintf(&text, oneCase, n)
		}
		k := transfer.NewDesk(d)
		order := transfer.Order{What: transfer.CasesRun, File: loaded(t, "cases.csv", text.String()), Name: "cases.csv", Options: transfer.Options{Batch: 10}}
		id, ended, err := k.Start(t.Context(), to, order)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := k.Start(t.Context(), to, order); !errors.Is(err, errs.Conflict) {
			t.Errorf("another began meanwhile: %v", err)
		}
		k.Close()
		<-ended
		run, err := transfer.RunOf(t.Context(), d, to.Code, id, d.Now())
		if err != nil || run.State != transfer.Stopped {
			t.Fatalf("%v, it is %s", err, run.State)
		}
		again := atDesk(t, d, to, order)
		if n, err := db.Value[int](t.Context(), d, "select count(*) from cases"); err != nil || n != 1000 || again.State != transfer.Done || again.Done != 1000 {
			t.Errorf("%d cases, %v; %s %d", n, err, again.State, again.Done)
		}
	})
}

// TestRunIsLost: an import whose program was killed says nothing more, and is over.
func TestRunIsLost(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		run := atDesk(t, d, to, transfer.Order{What: transfer.CasesRun, File: loaded(t, "cases.csv", caseHead+fmt.Sprintf(oneCase, 1)), Name: "cases.csv"})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Exec(t.Context(), "update imports set state = 'writing' where district = $1", to.Code)
		})
		if err != nil {
			t.Fatal(err)
		}
		for after, want := range map[time.Duration]transfer.State{30 * time.Second: transfer.Writing, 2 * time.Minute: transfer.Stopped} {
			got, err := transfer.RunOf(t.Context(), d, to.Code, run.ID, now().Add(after))
			if err != nil || got.State != want {
				t.Errorf("%v later it is %s, want %s; %v", after, got.State, want, err)
			}
		}
		if _, err := transfer.RunOf(t.Context(), d, to.Code, "x", now()); !errors.Is(err, errs.NotFound) {
			t.Errorf("an id that is none: %v", err)
		}
		sweep := func(ago time.Duration) (left int) {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if err := tx.Exec(t.Context(), "update imports set begun_at = $2 where district = $1", to.Code, db.At(now().Add(-ago))); err != nil {
					return err
				}
				return transfer.Sweep(t.Context(), tx, to.Code)
			})
			runs, read := transfer.Runs(t.Context(), d, to.Code, now(), 10)
			if err := errors.Join(err, read); err != nil {
				t.Fatal(err)
			}
			return len(runs)
		}
		if young, old := sweep(transfer.KeepImport-time.Hour), sweep(transfer.KeepImport+time.Hour); young != 1 || old != 0 {
			t.Errorf("%d and %d are left, want 1 and 0", young, old)
		}
	})
}

// TestCheckingIsCalledOff: who gives up while rows are checked does not wait for
// the last of them.
func TestCheckingIsCalledOff(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		var text strings.Builder
		text.WriteString(caseHead)
		for n := range 5000 {
			fmt.Fprintf(&text, oneCase, n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		told := 0
		opts := transfer.Options{Checking: func(int) { told++; cancel() }}
		if _, err := transfer.Cases(ctx, d, to, loaded(t, "cases.csv", text.String()), nil, opts); !errors.Is(err, context.Canceled) || told != 1 {
			t.Errorf("told %d times, %v", told, err)
		}
	})
}
