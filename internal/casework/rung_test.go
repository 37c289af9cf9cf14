package casework_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// Supervision is shown what it must look at, and only while it must.
func TestDueRungs(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		task := c.open1(id, "handle")
		now := func() bool {
			all, err := casework.DueRungs(t.Context(), c.DB, c.d.Code, c.Clock.Now(), 100)
			if err != nil {
				t.Fatal(err)
			}
			return has(all, task.ID)
		}
		c.Clock.Set(task.NearAt.Add(-time.Second))
		if now() {
			t.Error("looked at before it is near")
		}
		c.Clock.Set(task.NearAt)
		if !now() {
			t.Error("not looked at when it is near")
		}
		c.attach(id) // an unrelated edit resets nothing
		if !now() {
			t.Error("an unrelated edit hides it")
		}
		e, err := c.ask(c.as("wugang", procedure.Handler), id, "handle", casework.Asking{Kind: procedure.Extension, More: 2, Reason: "难"})
		if err != nil || now() {
			t.Errorf("looked at while it waits for an answer (%v)", err)
		}
		if err := c.decide(c.as("zhouhui", procedure.Supervisor), e.ID, false, "不行"); err != nil || !now() {
			t.Errorf("not looked at after a refusal (%v)", err)
		}
		other := c.sent("c02010", "u-shizheng")
		c.write(func(tx *db.Tx) error {
			_, err := casework.Merge(t.Context(), tx, casework.Acting{District: c.d, By: c.as("chenli", procedure.Dispatcher)}, id, other)
			return err
		})
		if now() {
			t.Error("a merged case still escalates")
		}
	})
}

// attach adds a neighbour's report.
func (c *crowd) attach(id casework.ID) {
	c.t.Helper()
	err := c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		_, err := casework.Attach(c.t.Context(), tx, casework.Acting{District: c.d, By: resident}, id, casework.Report{ID: "01900000-0000-7000-8000-000000000001", Channel: "portal", Text: "我也看到了"})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// Of many that take a rung at once, one does; it is in the trail once, and the
// breach is counted once.
func TestEachRungIsTakenOnce(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		c.Clock.Set(at(t, "2026-11-26 17:31"))
		all, err := casework.DueRungs(t.Context(), c.DB, c.d.Code, c.Clock.Now(), 100)
		i := slices.IndexFunc(all, func(r casework.RungTask) bool { return r.ID == c.open1(id, "handle").ID })
		if err != nil || i < 0 {
			t.Fatalf("%d tasks, %v", len(all), err)
		}
		r := all[i]
		if r.Unit != "u-shizheng" || r.CaseUnit != "u-shizheng" || r.Place.Grid != c.grid07() || r.Number == "" || !r.Due.Equal(at(t, "2026-11-26 17:30")) {
			t.Errorf("what the sweep sees: %+v", r)
		}
		a := casework.Acting{District: c.d, By: procedure.Actor{System: true}}
		var mu sync.Mutex
		var group sync.WaitGroup
		took, lost := 0, 0
		for range 8 {
			group.Go(func() {
				err := c.DB.Write(t.Context(), func(tx *db.Tx) error {
					return casework.TakeRung(t.Context(), tx, a, r.Task, casework.Rung{Name: "urge", Act: "overdue", Next: at(t, "2026-11-27 17:30"), Overdue: true})
				})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					took++
				case errors.Is(err, errs.Conflict):
					lost++
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		task := c.open1(id, "handle")
		if took != 1 || lost != 7 || task.Rung != 1 || !task.Overdue || !task.RungAt.Equal(at(t, "2026-11-27 17:30")) {
			t.Errorf("took %d, lost %d, rung %d, overdue %t, next %v", took, lost, task.Rung, task.Overdue, task.RungAt)
		}
		agrees(t, "the breach", c.entry(id, "overdue").Detail, map[string]string{"task": task.ID, "of": "u-shizheng", "due": micros(task.Due), "rung": "urge"})
		c.do(c.as("wugang", procedure.Handler), id, "done", procedure.Move{Photos: 1})
		agrees(t, "closed later", c.entry(id, "done").Detail, map[string]string{"late": "yes", "broke": ""})
	})
}
