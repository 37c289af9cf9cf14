package supervise_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/procedure"
	"linli/internal/supervise"
)

// tile finds a unit, street or grid on a board.
func tile(t *testing.T, b *supervise.Board, code string) supervise.Tile {
	t.Helper()
	all := append(append([]supervise.Tile{}, b.Streets...), b.Grids...)
	for _, tier := range b.Tiers {
		all = append(all, tier.Tiles...)
	}
	for _, one := range all {
		if one.Code == code {
			return one
		}
	}
	t.Fatalf("%s is not on the board", code)
	return supervise.Tile{}
}

func (w *town) board(promised supervise.Promised) *supervise.Board {
	w.t.Helper()
	b, err := supervise.ReadBoard(w.t.Context(), w.DB, w.d, w.Clock.Now(), promised)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func TestBoard(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		w.sent("u-shizheng", "u-yuanlin")
		w.at("2026-12-02 09:00")
		if got := tile(t, w.board(nil), "u-shizheng"); got.Tally != (ladder.Tally{Open: 1, Near: 1}) || got.Signal != clock.Near || got.Level != 0 {
			t.Errorf("near: got %+v", got)
		}
		w.sent("u-chengguan")
		w.at("2026-12-03 17:31")
		b := w.board(func(code string) (kept, broken int) {
			if code == "u-chengguan" {
				return 93, 7
			}
			return 0, 0
		})
		for _, row := range []struct {
			why, code string
			tally     ladder.Tally
			level     int
			signal    clock.Signal
			says      string
		}{
			{"late, and ordered", "u-shizheng", ladder.Tally{Open: 1, Late: 1}, 1, clock.Late, "超期 1 件，超过在办的 5%"},
			{"who helps is late too", "u-yuanlin", ladder.Tally{Open: 1, Late: 1}, 1, clock.Late, "超期 1 件"},
			{"in time, yet not often enough this month", "u-chengguan", ladder.Tally{Open: 1, Kept: 93, Broken: 7}, 0, clock.Near, "按时率 93.0%，不到 95%"},
			{"nothing to do", "u-minzheng", ladder.Tally{}, 0, clock.OK, "都在期限内"},
			{"the street where both lie", w.grid()[:9], ladder.Tally{Open: 2, Late: 1}, 0, clock.Late, "超期 1 件"},
			{"their grid", w.grid(), ladder.Tally{Open: 2, Late: 1}, 0, clock.Late, "超期 1 件"},
		} {
			got := tile(t, b, row.code)
			want := supervise.Tile{Code: row.code, Name: got.Name, Tally: row.tally, Level: row.level, Signal: row.signal, Why: got.Why}
			if diff := cmp.Diff(want, got); diff != "" || len(got.Why.ZH) == 0 || got.Why.ZH[:len(row.says)] != row.says {
				t.Errorf("%s: says %q, want %q (-want +got)\n%s", row.why, got.Why.ZH, row.says, diff)
			}
		}
		if first := b.Tiers[0].Tiles[0]; first.Signal != clock.Late || b.Tiers[0].Tiles[2].Code != "u-chengguan" {
			t.Errorf("the red ones do not stand first, then the blue: %v", b.Tiers[0].Tiles)
		}
		if red, blue, green := b.Tiers[0].Signals(); red != 2 || blue != 1 || green != 5 {
			t.Errorf("departments: %d red, %d blue, %d green, want 2, 1, 5", red, blue, green)
		}
		w.does("wugang", w.sent("u-shizheng"), "done", procedure.Move{Photos: 1})
		if got := tile(t, w.board(nil), "u-guixiang").Tally.Open; got != 1 {
			t.Errorf("the grid worker's check counts %d for its station, want 1", got)
		}
	})
}

// A watcher counts again when a case moves, and not for every reader.
func TestWatcher(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		watcher := supervise.NewWatcher(w.DB, nil)
		defer watcher.Close()
		read := func() *supervise.Board {
			b, err := watcher.Board(t.Context(), w.d)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		first := read()
		if read() != first {
			t.Error("two readers at one instant had it counted twice")
		}
		w.sent("u-shizheng")
		w.Clock.Advance(900 * time.Millisecond)
		if read() != first {
			t.Error("it was counted again within a second")
		}
		w.Clock.Advance(200 * time.Millisecond)
		if got := read(); got == first || got.Total.Open != 1 {
			t.Errorf("after a second %+v, want the case that came", got.Total)
		}
		quiet := read()
		w.Clock.Advance(10 * time.Second)
		if read() != quiet {
			t.Error("nothing happened, and it was counted again")
		}
		w.Clock.Advance(10 * time.Second)
		if read() == quiet {
			t.Error("time alone turns signals, and it was not counted again")
		}
	})
}

// Who comes while a board is counted again gets the one before.
func TestWatcherLetsNobodyWait(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	counting, goOn := make(chan struct{}), make(chan struct{})
	calls := 0
	watcher := supervise.NewWatcher(w.DB, func(context.Context, db.Reader, *district.District, time.Time) (supervise.Promised, error) {
		if calls++; calls == 2 {
			close(counting)
			<-goOn
		}
		return nil, nil
	})
	defer watcher.Close()
	first, err := watcher.Board(t.Context(), w.d)
	if err != nil {
		t.Fatal(err)
	}
	w.sent("u-shizheng")
	w.Clock.Advance(2 * time.Second)
	counted := make(chan *supervise.Board)
	go func() {
		b, err := watcher.Board(t.Context(), w.d)
		if err != nil {
			t.Error(err)
		}
		counted <- b
	}()
	<-counting
	if got, err := watcher.Board(t.Context(), w.d); got != first || err != nil {
		t.Errorf("got %p, %v, want the board before, %p", got, err, first)
	}
	close(goOn)
	if got := <-counted; got == first || got.Total.Open != 1 {
		t.Error("who counted did not get the new one")
	}
}

func TestBounces(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		from := w.Clock.Now()
		id := w.sent("u-chengguan")
		w.does("qiufeng", id, "return", procedure.Move{Reason: "归市政", Photos: 1})
		w.does("fanghua", id, "assign", procedure.Move{Unit: "u-shizheng", Reason: "归市政"})
		w.sent("u-chengguan")
		got, err := supervise.Bounces(t.Context(), w.DB, w.d, from, from.Add(time.Hour))
		want := []supervise.UnitBounces{{Unit: "u-chengguan", Received: 2, Returned: 1}, {Unit: "u-shizheng", Received: 1, Ruled: 1}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if got, err := supervise.Bounces(t.Context(), w.DB, w.d, from.Add(time.Hour), from.Add(2*time.Hour)); len(got) != 0 || err != nil {
			t.Errorf("another hour: %v, %v, want nothing", got, err)
		}
		for _, b := range want { // each number is as long as the list behind it
			for _, way := range supervise.Passings() {
				list, err := supervise.PassedOn(t.Context(), w.DB, w.d, b.Unit, way, from, from.Add(time.Hour), 10)
				if len(list) != b.Count(way) || err != nil {
					t.Errorf("%s %s: %d listed, %v, want %d", b.Unit, way, len(list), err, b.Count(way))
				}
			}
		}
		if list, err := supervise.PassedOn(t.Context(), w.DB, w.d, "u-chengguan", supervise.WasReturned, from, from.Add(time.Hour), 10); err != nil || list[0].Case != id || list[0].DoneAt.IsZero() {
			t.Errorf("returned: %+v, %v, want case %s", list, err, id)
		}
		if err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
			return tx.Exec(t.Context(), "update cases set secret = true where district = $1 and id = $2", w.d.Code, string(id))
		}); err != nil {
			t.Fatal(err)
		}
		list, err := supervise.PassedOn(t.Context(), w.DB, w.d, "u-chengguan", supervise.WasReturned, from, from.Add(time.Hour), 10)
		zone := w.d.Calendar.Zone()
		if err != nil || !list[0].OpenedAt.Equal(clock.DateOf(from, zone).Start(zone)) {
			t.Errorf("of a secret case: %v, %v, want the day alone", list, err)
		}
		if _, err := supervise.PassedOn(t.Context(), w.DB, w.d, "u-chengguan", "nonsense", from, from, 10); !errors.Is(err, errs.NotFound) {
			t.Errorf("a list of nonsense: %v", err)
		}
	})
}

// BenchmarkBoard counts a board of 50,000 open tasks and as many open cases
// among 50,000 that have ended.
func BenchmarkBoard(b *testing.B) {
	addresses := map[string]string{"sqlite": "sqlite:" + filepath.Join(b.TempDir(), "linli.db")}
	if server := os.Getenv(dbtest.Env); server != "" {
		addresses["postgres"] = dbtest.Fresh(b, server)
	}
	for name, address := range addresses {
		w := newBench(b, address)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := supervise.ReadBoard(b.Context(), w.DB, w.District(), w.Clock.Now(), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fill writes cases as wide as real ones, the open ones spread among the ended,
// with one open task or four closed.
func fill(b *testing.B, d *db.DB, code string, units, grids []string, cases int) {
	dice := rand.New(rand.NewPCG(3, 4))
	now := d.Now()
	text := "桂香路井盖松动，车一过就响，晚上睡不着，请尽快来人看看，谢谢。桂香路井盖松动，车一过就响。"
	for done := 0; done < cases; {
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			for range 5000 {
				id, grid := fmt.Sprintf("c%09d", done), grids[dice.IntN(len(grids))]
				state, due := "closed", now.Add(-time.Hour)
				if done%2 == 0 {
					state, due = "open", now.Add(time.Duration(dice.IntN(200)-20)*time.Hour)
				}
				if err := insertCase(b, tx, code, id, grid, state, text, due); err != nil {
					return err
				}
				for n := range map[string]int{"open": 1, "closed": 4}[state] {
					unit := units[dice.IntN(len(units))]
					if err := insertTask(b, tx, code, fmt.Sprintf("%s-%d", id, n), id, unit, state, due); err != nil {
						return err
					}
				}
				done++
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
