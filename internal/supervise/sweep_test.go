package supervise_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/ladder"
	"linli/internal/procedure"
	"linli/internal/supervise"
)

// A task climbs by its true clock, each rung once, however often it is swept.
func TestRungs(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		task := w.open(id, "")
		if want := "2026-12-02 17:30"; task.Due.In(w.d.Calendar.Zone()).Format("2006-01-02 15:04") != want {
			t.Fatalf("due %s, want %s", task.Due, want)
		}
		for _, row := range []struct {
			why, at string
			acts    []string
		}{
			{"a timer in days does not fire in minutes", "2026-11-23 10:40", nil},
			{"not before it is near", "2026-11-30 09:00", nil},
			{"near: the owner is reminded", "2026-12-02 09:00", []string{"remind u-shizheng"}},
			{"at due itself it is in time", "2026-12-02 17:30", nil},
			{"late: noted, and urged", "2026-12-02 17:31", []string{"overdue u-shizheng", "urge u-shizheng"}},
			{"not after 24 hours, nor after eight", "2026-12-03 17:29", nil},
			{"a working day late: an order", "2026-12-03 17:31", []string{"order u-shizheng"}},
			{"a weekend is not two days late", "2026-12-06 23:00", nil},
			{"three working days late: the leader", "2026-12-07 17:31", []string{"leader u-shizheng"}},
			{"five: the leaders in charge", "2026-12-09 17:31", []string{"leader u-shizheng"}},
			{"and then no more", "2026-12-30 17:31", nil},
		} {
			before := w.acts(id)
			w.at(row.at)
			w.at(row.at) // a second look changes nothing
			if diff := cmp.Diff(row.acts, w.acts(id)[len(before):], cmpEmpty); diff != "" {
				t.Errorf("%s (-want +got)\n%s", row.why, diff)
			}
		}
		want := []string{"leader-told dengning", "leader-told linwang", "leader-told linwang", "leader-told zhouhui", "ordered dengning", "ordered luzhen", "ordered u-shizheng", "ordered zhouhui",
			"reminded u-shizheng", "urged luzhen", "urged luzhen", "urged luzhen", "urged u-shizheng"}
		if diff := cmp.Diff(want, w.told(id)); diff != "" {
			t.Errorf("told (-want +got)\n%s", diff)
		}
	})
}

var cmpEmpty = cmp.Transformer("empty", func(s []string) []string { return append([]string{}, s...) })

// Real failures of other systems, a row each.
func TestFailuresOfOtherSystems(t *testing.T) {
	t.Parallel()
	late := "2026-12-02 17:31"
	for _, row := range []struct {
		why  string
		do   func(w *town, id casework.ID) casework.ID // the case to look at
		at   string
		want []string
	}{
		{"an edit that moves no date does not reset the ladder (DIGIT)", func(w *town, id casework.ID) casework.ID {
			w.at(late)
			w.write(func(tx *db.Tx) error {
				return casework.Note(w.t.Context(), tx, w.acting("zhouhui"), id, "noted", map[string]string{"reason": "看过了"})
			})
			w.report(road)
			return id
		}, "2026-12-03 17:31", []string{"overdue u-shizheng", "urge u-shizheng", "order u-shizheng"}},
		{"a merged case does not escalate; the one it joined does (zammad#904)", func(w *town, id casework.ID) casework.ID {
			other := w.sent("u-shizheng")
			w.write(func(tx *db.Tx) error {
				_, err := casework.Merge(w.t.Context(), tx, w.acting("chenli"), id, other)
				return err
			})
			if got := func() []string { w.at("2026-12-03 09:00"); return w.acts(other) }(); len(got) != 2 {
				w.t.Errorf("the case that goes on has %v, want its breach and its urging", got)
			}
			return id
		}, "2026-12-10 09:00", nil},
		{"a closed task does not escalate", func(w *town, id casework.ID) casework.ID {
			w.does("wugang", id, "done", procedure.Move{Photos: 1})
			w.does("liuxiaoyan", id, "pass", procedure.Move{})
			return id
		}, "2026-12-10 09:00", nil},
		{"a task closed between the sweep and its job does not", func(w *town, id casework.ID) casework.ID {
			w.set(late)
			w.write(func(tx *db.Tx) error {
				return supervise.Sweep(w.t.Context(), tx, w.d, job.Job{District: w.d.Code})
			})
			w.does("wugang", id, "done", procedure.Move{Photos: 1})
			return id
		}, "2026-12-02 17:32", nil},
		{"given late to another unit, the new one is urged at once", func(w *town, id casework.ID) casework.ID {
			w.at("2026-12-02 09:00")
			w.does("wugang", id, "return", procedure.Move{Reason: "不归我们管", Photos: 1})
			w.set(late)
			w.does("fanghua", id, "assign", procedure.Move{Unit: "u-chengguan", Reason: "归城管"})
			return id
		}, "2026-12-02 17:32", []string{"remind u-shizheng", "overdue u-chengguan", "urge u-chengguan"}},
		{"who helps climbs beside who leads", func(w *town, id casework.ID) casework.ID {
			return w.sent("u-shizheng", "u-yuanlin")
		}, "2026-12-02 17:31", []string{"overdue u-shizheng", "overdue u-yuanlin", "urge u-shizheng", "urge u-yuanlin"}},
		{"a reopened case starts from its new date", func(w *town, id casework.ID) casework.ID {
			w.at("2026-12-02 09:00")
			w.does("wugang", id, "done", procedure.Move{Photos: 1})
			w.does("liuxiaoyan", id, "pass", procedure.Move{})
			w.does("", id, "content", procedure.Move{Rating: 4})
			w.reopen(id)
			return id
		}, "2026-12-04 17:31", []string{"remind u-shizheng"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			eachTown(t, func(t *testing.T, w *town) {
				id := row.do(w, w.sent("u-shizheng"))
				w.at(row.at)
				got := w.acts(id)
				slices.Sort(got) // tasks that climb side by side have no order
				slices.Sort(row.want)
				if diff := cmp.Diff(row.want, got, cmpEmpty); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

// Eight copies of the program sweep at once: still each rung once.
//
// GB/T 22239 8.1.4.9c
func TestEightSweepsAtOnce(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		var ids []casework.ID
		for range 6 {
			ids = append(ids, w.sent("u-shizheng"))
		}
		w.set("2026-12-09 17:31")
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for _, id := range ids {
					err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
						return supervise.Climb(t.Context(), tx, w.d, job.Job{District: w.d.Code, Args: []byte(`{"task":"` + w.open(id, "").ID + `"}`)})
					})
					if err != nil && !errors.Is(err, errs.Conflict) {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		for _, id := range ids {
			want := []string{"overdue u-shizheng", "urge u-shizheng", "order u-shizheng", "leader u-shizheng", "leader u-shizheng"}
			if diff := cmp.Diff(want, w.acts(id)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got := len(w.orders(id)); got != 4 {
				t.Errorf("%d orders, want 4: what is late is not reminded", got)
			}
		}
	})
}

// A moved date takes along what is still to come and leaves what was taken.
func TestMovedDate(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		w.at("2026-12-02 09:00")
		task := w.open(id, "")
		w.write(func(tx *db.Tx) error { // as a counting again after a change of calendar does
			later := task.Due.Add(7 * 24 * time.Hour)
			return tx.Exec(t.Context(), "update tasks set due = $3, near_at = $4, rung_at = $5 where district = $1 and id = $2",
				w.d.Code, task.ID, db.Due(later), db.Due(later.Add(-time.Hour)), db.At(tx.Now))
		})
		w.at("2026-12-09 17:29")
		if diff := cmp.Diff([]string{"remind u-shizheng"}, w.acts(id)); diff != "" {
			t.Errorf("before the new date (-want +got)\n%s", diff)
		}
		w.at("2026-12-09 17:31")
		if diff := cmp.Diff([]string{"remind u-shizheng", "overdue u-shizheng", "urge u-shizheng"}, w.acts(id)); diff != "" {
			t.Errorf("after it (-want +got)\n%s", diff)
		}
	})
}

// A stopped clock climbs nothing; when it goes on, the ladder does, by the new
// date.
func TestHeld(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		w.at("2026-11-30 09:00")
		var e casework.Entry
		w.write(func(tx *db.Tx) (err error) {
			e, err = casework.Ask(t.Context(), tx, w.acting("wugang"), id, casework.Asking{
				Task: w.open(id, "").ID, Kind: "special", Until: w.Clock.Now().AddDate(0, 0, 30), Reason: "路基要检测"})
			return err
		})
		w.write(func(tx *db.Tx) (err error) {
			_, err = casework.Decide(t.Context(), tx, w.acting("zhouhui"), e.ID, true, "同意")
			return err
		})
		w.at("2026-12-10 09:00")
		if got := w.acts(id); len(got) != 0 {
			t.Errorf("while its clock stood it had %v, want nothing", got)
		}
		if got := tile(t, w.board(nil), "u-shizheng"); got.Tally != (ladder.Tally{Open: 1, Held: 1}) || got.Signal != clock.OK {
			t.Errorf("the board counts %+v, want one held", got)
		}
		w.write(func(tx *db.Tx) (err error) {
			_, err = casework.Resume(t.Context(), tx, w.acting("wugang"), e.ID, "检测完了")
			return err
		})
		due := w.open(id, "").Due
		if !due.After(w.Clock.Now()) {
			t.Fatalf("after eight working days of pause it is due %s", due)
		}
		w.Clock.Set(due)
		w.run()
		if diff := cmp.Diff([]string{"remind u-shizheng"}, w.acts(id)); diff != "" {
			t.Errorf("at the new date (-want +got)\n%s", diff)
		}
		w.Clock.Set(due.Add(time.Minute))
		w.run()
		if diff := cmp.Diff([]string{"remind u-shizheng", "overdue u-shizheng", "urge u-shizheng"}, w.acts(id)); diff != "" {
			t.Errorf("after it (-want +got)\n%s", diff)
		}
	})
}

// A grid worker's task reminds the worker, and urges who leads the station.
func TestGridWorkersTask(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		w.does("wugang", id, "done", procedure.Move{Photos: 1})
		w.at("2026-11-24 17:29")
		w.at("2026-11-24 17:31")
		told := w.told(id)
		i := slices.Index(told, "reminded liuxiaoyan")
		if i < 0 || !slices.Contains(told, "urged liuxiaoyan") || len(told) < 3 {
			t.Errorf("told %v, want the worker reminded and urged, and whoever leads them urged too", told)
		}
		orders := w.orders(id)
		if len(orders) != 2 || orders[1].Unit != "u-guixiang" || orders[1].Kind != supervise.Urging {
			t.Errorf("got %+v, want the station urged", orders)
		}
	})
}

// While the resident has the word nobody is urged.
func TestWaitingForTheResident(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		w.does("wugang", id, "done", procedure.Move{Photos: 1})
		w.does("liuxiaoyan", id, "pass", procedure.Move{})
		w.at("2026-11-29 09:00")
		if got := w.acts(id); len(got) != 0 {
			t.Errorf("a case that waits for its resident has %v, want nothing", got)
		}
	})
}

// A year goes by, swept every six hours, and no task climbs twice.
func TestAYearOfSweeps(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+t.TempDir()+"/linli.db")
	ids := []casework.ID{w.sent("u-shizheng"), w.sent("u-chengguan"), w.report(road)}
	for range 365 * 4 {
		w.Clock.Advance(6 * time.Hour)
		w.run()
	}
	for _, id := range ids {
		if got := w.acts(id); len(got) != 6 && len(got) != 5 {
			t.Errorf("%v, want each rung once", got)
		}
	}
}

func TestScheduleIsOneSweepADistrict(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		for range 3 {
			w.write(func(tx *db.Tx) error { return supervise.Schedule(t.Context(), tx, w.d.Code) })
		}
		w.run()
		n, err := db.Value[int](t.Context(), w.DB, "select count(*) from jobs where district = $1 and kind = $2", w.d.Code, supervise.SweepJob)
		if err != nil || n != 1 {
			t.Errorf("%d sweeps, %v, want one", n, err)
		}
	})
}
