package casework_test

import (
	"fmt"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// reckon has everything counted again, in one run of the jobs.
func (c *crowd) reckon() casework.Reckoning {
	c.t.Helper()
	why := casework.Cause{Kind: casework.LimitChanged, Text: lang.T("标线的时限改为 5 个工作日", "Road markings now have 5 working days")}
	err := c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		return casework.ReckonAll(c.t.Context(), tx, c.d.Code, why, procedure.Actor{Post: "p-admin"})
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.run()
	all, err := casework.Reckonings(c.t.Context(), c.DB, c.d)
	if err != nil || len(all) == 0 || all[0].DoneAt.IsZero() {
		c.t.Fatalf("the counting is not done: %+v, %v", all, err)
	}
	return all[0]
}

// limit gives a matter another limit.
func (c *crowd) limit(matter, limit string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		tx.Wake(district.Topic)
		return tx.Exec(c.t.Context(), "update matters set time_limit = $3 where district = $1 and code = $2", c.d.Code, matter, limit)
	})
	c.again()
}

// When a limit changes, the dates of what is open are counted again, with
// pauses and extensions; what has ended keeps its verdict, what did not move
// is not touched, and everybody concerned is told once.
func TestReckonAll(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		handler, lead := c.as("wugang", procedure.Handler), c.as("zhouhui", procedure.Supervisor)
		plain, longer, held, other := c.sent("c02010", "u-shizheng"), c.sent("c02010", "u-shizheng"), c.sent("c02010", "u-shizheng"), c.sent("m06010", "u-chengguan")
		e, err := c.ask(handler, longer, "handle", casework.Asking{Kind: procedure.Extension, More: 1, Reason: "难"})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.decide(lead, e.ID, true, "好"); err != nil {
			t.Fatal(err)
		}
		if _, err = c.ask(handler, held, "handle", casework.Asking{Kind: "special", Until: at(t, "2026-12-20 17:30"), Reason: "等"}); err != nil {
			t.Fatal(err)
		}
		closed := c.sent("c02010", "u-shizheng")
		c.Clock.Set(at(t, "2026-11-27 10:00")) // a day late
		c.do(handler, closed, "done", procedure.Move{Photos: 1})
		c.do(c.as("liuxiaoyan", procedure.GridWorker), closed, "pass", procedure.Move{})
		c.do(resident, closed, "content", procedure.Move{Rating: 4})
		ended, _ := c.read(closed)
		untouched, _ := c.read(other)
		c.limit("c02010", "5 working-days")
		got := c.reckon()
		for _, r := range []struct {
			id        casework.ID
			why, want string
		}{
			{plain, "plain", "2026-11-30 17:30"}, {longer, "with an extension", "2026-12-01 17:30"}, {held, "as it stood when the clock stopped", "2026-11-30 17:30"},
		} {
			now, _ := c.read(r.id)
			if task := c.open1(r.id, "handle"); !now.Due.Equal(at(t, r.want)) || !task.Due.Equal(now.Due) || now.Limit != "5 working-days" {
				t.Errorf("%s: due %v and %v by %s, want %s", r.why, now.Due, task.Due, now.Limit, r.want)
			}
			if d := c.entry(r.id, "reckoned").Detail; d["after"] != micros(now.Due) || d["before"] == d["after"] || d["cause"] != casework.LimitChanged {
				t.Errorf("%s: the trail %v", r.why, d)
			}
		}
		if now, _ := c.read(closed); now.OnTime || !now.Due.Equal(ended.Due) || now.Revision != ended.Revision {
			t.Errorf("what has ended changed: %+v", now)
		}
		if now, _ := c.read(other); now.Revision != untouched.Revision {
			t.Error("a case that did not move was written")
		}
		if got.Seen != 4 || got.Moved != 3 || got.Units["u-shizheng"] != 3 || len(got.Units) != 1 {
			t.Errorf("counted: %+v, want 4 seen and 3 of u-shizheng moved", got)
		}
		c.told(plain, "现在是 11月30日")
		n, err := db.Value[int](t.Context(), c.DB, "select count(*) from messages where district = $1 and template = 'dates-moved'", c.d.Code)
		if err != nil || n != 1 {
			t.Errorf("units told: %d, %v, want one once", n, err)
		}
		if again := c.reckon(); again.Moved != 0 {
			t.Errorf("counted once more, %d moved", again.Moved)
		}
	})
}

// A case that somebody changes while a batch is being counted is counted as it
// is then, and nothing that was done is lost.
func TestReckonBesideOthers(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		gone := c.sent("c02010", "u-shizheng")
		c.limit("c02010", "5 working-days")
		c.write(func(tx *db.Tx) error {
			return casework.ReckonAll(t.Context(), tx, c.d.Code, casework.Cause{Kind: casework.LimitChanged}, procedure.Actor{})
		})
		write := c.prepared()
		c.do(c.as("wugang", procedure.Handler), id, "done", procedure.Move{Photos: 1})
		c.do(c.as("wugang", procedure.Handler), gone, "done", procedure.Move{Photos: 1})
		c.do(c.as("liuxiaoyan", procedure.GridWorker), gone, "pass", procedure.Move{})
		c.do(resident, gone, "content", procedure.Move{Rating: 5})
		if err := c.DB.Write(t.Context(), write); err != nil {
			t.Fatal(err)
		}
		now, _ := c.read(id)
		if !now.Due.Equal(at(t, "2026-11-30 17:30")) || now.Step != "verify" {
			t.Errorf("due %v at %s, want the new date at verify", now.Due, now.Step)
		}
		c.entry(id, "done")
		c.entry(id, "reckoned")
		if now, _ := c.read(gone); !now.Due.Equal(at(t, "2026-11-26 17:30")) || now.State != casework.Closed {
			t.Errorf("what ended meanwhile: due %v, %s", now.Due, now.State)
		}
	})
}

// A change of calendar moves the dates of a year's cases in batches.
func TestReckonInBatches(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		const n = 1203
		for i := range n {
			c.historic(fmt.Sprint(i))
		}
		c.limit("c02010", "4 working-days")
		began := time.Now()
		got := c.reckon()
		if got.Seen != n || got.Moved != n {
			t.Errorf("seen %d, moved %d, want %d each", got.Seen, got.Moved, n)
		}
		t.Logf("%d cases in %v", n, time.Since(began))
	})
}
