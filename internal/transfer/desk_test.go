package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
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
	k := transfer.NewDesk(d, slog.New(slog.DiscardHandler))
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
			noted                          int // beginnings and ends of imports in the trail of the set-up afterwards
		}{
			{"a try keeps nothing", transfer.CasesRun, good, sheet.Policy{DryRun: true}, transfer.Done, -1, -1, 3, 0, 1},
			{"all of it comes in", transfer.CasesRun, good, sheet.Policy{}, transfer.Done, 2, 0, 3, 0, 3},
			{"again, nothing is new", transfer.CasesRun, good, sheet.Policy{}, transfer.Done, 0, 2, 3, 0, 5},
			{"a bad row keeps all of it out", transfer.CasesRun, bad, sheet.Policy{}, transfer.Refused, -1, -1, 3, 1, 6},
			{"or only itself", transfer.CasesRun, bad, sheet.Policy{SkipBad: true}, transfer.Done, 1, 0, 3, 1, 8},
			{"what was done with a case", transfer.PastRun, steps, sheet.Policy{}, transfer.Done, 1, 0, 0, 0, 10},
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
		k := transfer.NewDesk(d, slog.New(slog.DiscardHandler))
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

// upTo is a table that ends the reading once cases have come in: by a panic, or
// by what closes the desk.
type upTo struct {
	io.ReaderAt
	there func() bool
	end   func()
}

func (u upTo) ReadAt(p []byte, at int64) (int, error) {
	if u.there() {
		u.end()
	}
	return u.ReaderAt.ReadAt(p, at)
}

// TestUnfinishedIsNoted: who brought in cases stands in the trail of the set-up,
// with how many, also where the import was stopped or the program failed; and a
// failure is in the log and ends nothing else.
func TestUnfinishedIsNoted(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		for i, row := range []struct {
			why   string
			end   func(*transfer.Desk)
			state transfer.State
			act   string
			said  string // in the log
		}{
			{"a panic", func(*transfer.Desk) { panic("a broken row") }, transfer.Failed, "import-failed", "a broken row"},
			{"the program ends", func(k *transfer.Desk) { go k.Close() }, transfer.Stopped, "import-stopped", ""},
		} {
			var text, log strings.Builder
			text.WriteString(caseHead)
			for n := range 200 { // of many bytes, so that the file is read in many pieces
				fmt.Fprintf(&text, strings.Replace(oneCase, "楼下", strings.Repeat("楼下", 600), 1), 1000*i+n)
			}
			before, err := db.Value[int](t.Context(), d, "select count(*) from cases")
			if err != nil {
				t.Fatal(err)
			}
			k := transfer.NewDesk(d, slog.New(slog.NewTextHandler(&log, nil)))
			var over atomic.Bool
			source := upTo{strings.NewReader(text.String()), func() bool {
				n, err := db.Value[int](t.Context(), d, "select count(*) from cases")
				return err == nil && n > before && !over.Swap(true)
			}, func() { row.end(k) }}
			file, err := sheet.At("cases.csv", source, int64(text.Len()), sheet.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			_, ended, err := k.Start(t.Context(), to, transfer.Order{What: transfer.CasesRun, File: file, Name: "我们的.csv", Options: transfer.Options{Batch: 1}, By: procedure.Actor{Person: "p-admin"}})
			if err != nil {
				t.Fatal(err)
			}
			<-ended
			k.Close()
			runs, err := transfer.Runs(t.Context(), d, to.Code, now(), 1)
			if err != nil || runs[0].State != row.state {
				t.Errorf("%s: %v, it is %s", row.why, err, runs[0].State)
			}
			entries, err := trail.Of(t.Context(), d, to.Code, trail.Chain(trail.Setup, setup.Subject))
			if err != nil || len(entries) < 2 {
				t.Fatalf("%s: %d entries, %v", row.why, len(entries), err)
			}
			begun, last := entries[len(entries)-2], entries[len(entries)-1]
			n, err := db.Value[int](t.Context(), d, "select count(*) from cases")
			many := last.Detail["added"] + last.Detail["rows"]
			if err != nil || n == 0 || begun.Act != "import-begun" || last.Act != row.act || last.Person != "p-admin" || begun.Person != "p-admin" || last.Detail["file"] != "我们的.csv" || many == "" || many == "0" {
				t.Errorf("%s: %d cases, %v; %+v; %+v", row.why, n, err, begun, last)
			}
			if row.said != "" && (!strings.Contains(log.String(), row.said) || !strings.Contains(log.String(), string(runs[0].ID)) || !strings.Contains(log.String(), to.Code)) || row.said == "" && log.Len() > 0 {
				t.Errorf("%s: the log says %q", row.why, log.String())
			}
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
