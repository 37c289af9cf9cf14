package casework_test

import (
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// However often the reporter is asked for more, the wait makes nothing late and
// is no round of rework.
func TestWaitingForTheReporter(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("s0501", "u-minzheng") // five working days from Monday 23 November
		aixin := c.as("aixin", procedure.Handler)
		wantKind(t, c.try(aixin, id, "ask", procedure.Move{}), errs.Invalid, "asking without saying for what")
		c.Clock.Set(at(t, "2026-11-27 09:00"))
		for range 3 {
			c.do(aixin, id, "ask", procedure.Move{Reason: "缺户口本复印件"})
			held, _ := c.read(id)
			if !held.HeldAt.Equal(c.Clock.Now()) || held.Step != "supplement" {
				t.Fatalf("asked: held at %v at step %s, want now and supplement", held.HeldAt, held.Step)
			}
			c.Clock.Advance(7 * 24 * time.Hour)
			if late := c.count(casework.Filter{Signal: clock.Late}); late != 0 {
				t.Errorf("late while the reporter is waited for: %d", late)
			}
			wantKind(t, c.try(resident, id, "supply", procedure.Move{}), errs.Invalid, "supplying nothing")
			c.do(resident, id, "supply", procedure.Move{Answer: "王小明的户口本在这里"})
		}
		now, _ := c.read(id)
		task := c.open1(id, "handle")
		// Friday 18 December; three times five working days were lost.
		if want := at(t, "2026-12-21 17:30"); !now.Due.Equal(want) || !task.Due.Equal(want) || !now.HeldAt.IsZero() || now.Round != 1 {
			t.Errorf("after three times: due %v and %v, held %v, round %d; want %v, running, the first", now.Due, task.Due, now.HeldAt, now.Round, want)
		}
		all, err := casework.Supplements(t.Context(), c.DB, c.d.Code, id)
		if err != nil || len(all) != 3 || all[0].Text == "" {
			t.Errorf("supplied: %+v, %v, want three texts", all, err)
		}
		if got := c.entry(id, "supply").Detail; got["answer"] != "" {
			t.Errorf("the trail holds what the reporter wrote: %v", got)
		}
		if got := c.entry(id, "ask").Detail; got["state"] != "waits" || got["to"] != "supplement" {
			t.Errorf("the deed: %v", got)
		}
		c.do(aixin, id, "ask", procedure.Move{Reason: "还缺一样"})
		c.Clock.Advance(16 * 24 * time.Hour)
		c.run() // nobody answers; the unit goes on with what it has
		if now, _ := c.read(id); now.Step != "handle" || !now.HeldAt.IsZero() || !now.Due.After(c.Clock.Now()) {
			t.Errorf("nobody answered: at %s, held %v, due %v; want handle, running, in time", now.Step, now.HeldAt, now.Due)
		}
		c.run()
		c.told(id, "还差些材料：缺户口本复印件")
	})
}

// The wait for a rating is not the unit's: the case is held, not late, and if
// it comes back the wait is not counted. Only what was already late stays late.
func TestWaitingForARating(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		good, bad := c.sent("c02010", "u-shizheng"), c.sent("c02010", "u-shizheng")
		handler, checker := c.as("wugang", procedure.Handler), c.as("liuxiaoyan", procedure.GridWorker)
		c.Clock.Set(at(t, "2026-11-25 16:00"))
		c.do(handler, good, "done", procedure.Move{Photos: 1})
		c.do(checker, good, "pass", procedure.Move{})
		c.Clock.Set(at(t, "2026-11-27 10:00"))
		c.do(handler, bad, "done", procedure.Move{Photos: 1})
		c.do(checker, bad, "pass", procedure.Move{})
		c.Clock.Set(at(t, "2026-11-30 10:00"))
		if n, late := c.count(casework.Filter{Signal: clock.Hold}), c.count(casework.Filter{Signal: clock.Late}); n != 1 || late != 1 {
			t.Errorf("held %d, late %d, want the one in time held and the late one late", n, late)
		}
		c.do(resident, good, "not-content", procedure.Move{Rating: 2, Reason: "还是坏的"})
		now, _ := c.read(good)
		// Due on Thursday as it stood; Wednesday, Thursday and Friday were lost at their close.
		if want := at(t, "2026-12-01 17:30"); !now.Due.Equal(want) || !now.HeldAt.IsZero() || now.Round != 2 || !c.open1(good, "handle").Due.Equal(want) {
			t.Errorf("came back: due %v, held %v, round %d; want %v", now.Due, now.HeldAt, now.Round, want)
		}
		c.do(resident, bad, "content", procedure.Move{Rating: 5})
		if now, _ := c.read(bad); now.OnTime || !now.HeldAt.IsZero() {
			t.Errorf("done on Friday for Thursday: on time %t, held %v", now.OnTime, now.HeldAt)
		}
	})
}

// A case that is opened again is promised anew from that moment: the old date
// and what was added to it are gone.
func TestReopeningPromisesAnew(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		wugang := c.as("wugang", procedure.Handler)
		e, err := c.ask(wugang, id, "handle", casework.Asking{Kind: procedure.Extension, More: 5, Reason: "难"})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.decide(c.as("zhouhui", procedure.Supervisor), e.ID, true, "好"); err != nil {
			t.Fatal(err)
		}
		c.do(wugang, id, "done", procedure.Move{Photos: 1})
		c.do(c.as("liuxiaoyan", procedure.GridWorker), id, "pass", procedure.Move{})
		c.do(resident, id, "content", procedure.Move{Rating: 4})
		c.Clock.Set(at(t, "2026-12-02 11:00"))
		c.do(resident, id, procedure.Reopen, procedure.Move{Reason: "又坏了"})
		now, _ := c.read(id)
		if want := at(t, "2026-12-07 17:30"); !now.Due.Equal(want) || now.Extended != 0 || !now.CountsFrom.Equal(c.Clock.Now()) || !c.open1(id, "handle").Due.Equal(want) {
			t.Errorf("reopened: due %v, extended %d; want three working days from now, %v", now.Due, now.Extended, want)
		}
		if _, err := c.ask(wugang, id, "handle", casework.Asking{Kind: procedure.Extension, More: 1, Reason: "难"}); err != nil {
			t.Errorf("more time for the new promise: %v", err)
		}
	})
}

// What cannot be settled in the grid, or in time, climbs; whoever had a hand in
// it does not judge it.
func TestMatterBetweenNeighboursClimbs(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.report("s0101")
		promised, _ := c.read(id)
		if got := c.open1(id, "grid"); got.Area != c.grid07() || !got.Due.Equal(at(t, "2026-11-24 17:30")) || got.Limit != "1 working-days" {
			t.Errorf("in the grid: %+v", got)
		}
		c.Clock.Set(at(t, "2026-11-24 17:29"))
		c.run()
		c.open1(id, "grid")
		c.Clock.Set(at(t, "2026-11-24 17:30"))
		c.run()
		if got := c.open1(id, "community"); got.Unit != "u-guixiang" || !got.Due.Equal(at(t, "2026-11-26 17:30")) {
			t.Errorf("in the community: %s until %v", got.Unit, got.Due)
		}
		if got := c.entry(id, "expire").Detail; got["state"] != "expired" || got["broke"] != "yes" || got["to"] != "community" {
			t.Errorf("the deed of a step whose time is up: %v", got)
		}
		c.do(c.as("zhanglan", procedure.Handler), id, "pass-up", procedure.Move{Reason: "要街道来"})
		if got := c.open1(id, "street"); got.Unit != "u-huaishu" {
			t.Errorf("in the street: %s", got.Unit)
		}
		c.Clock.Set(at(t, "2026-11-26 17:30"))
		c.run()
		c.do(c.as("fanghua", procedure.ShiftLeader), id, "assign", procedure.Move{Unit: "u-zhujian", Reason: "房屋的事"})
		now, _ := c.read(id)
		if now.Unit != "u-zhujian" || !now.Due.Equal(promised.Due) || now.Bounces != 0 {
			t.Errorf("in the district: %s, due %v, bounced %d; want the promise to stand and no bounce", now.Unit, now.Due, now.Bounces)
		}
		c.do(c.as("gaoyuan", procedure.Handler), id, "done", procedure.Move{Answer: "漏水修好了"})
		first := c.open1(id, "verify")
		c.do(c.as("hejing", procedure.Agent), id, "fail", procedure.Move{Reason: "没干"})
		if first.Limit == "" {
			t.Error("a step with a limit of its own does not say so")
		}
	})
}

// A limit over all rounds goes on where it stopped when the work comes back.
func TestLimitAcrossRounds(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.report("s0101")
		lead := c.as("fanghua", procedure.ShiftLeader)
		for _, up := range []procedure.Actor{c.as("liuxiaoyan", procedure.GridWorker), c.as("zhanglan", procedure.Handler), c.as("hanfeng", procedure.Handler)} {
			c.do(up, id, "pass-up", procedure.Move{Reason: "办不了"})
		}
		c.do(lead, id, "assign", procedure.Move{Unit: "u-zhujian", Reason: "房屋的事"})
		if got := c.open1(id, "handle"); !got.Due.Equal(at(t, "2026-11-26 17:30")) { // three working days
			t.Errorf("the first round: due %v", got.Due)
		}
		c.Clock.Set(at(t, "2026-11-24 18:00")) // one of them is used
		c.do(c.as("gaoyuan", procedure.Handler), id, "done", procedure.Move{Answer: "好了"})
		c.Clock.Set(at(t, "2026-11-30 09:00")) // Wednesday to Friday belong to others
		c.do(c.as("hejing", procedure.Agent), id, "fail", procedure.Move{Reason: "没好"})
		c.do(lead, id, "assign", procedure.Move{Unit: "u-zhujian", Reason: "接着办"})
		if got, want := c.open1(id, "handle"), at(t, "2026-12-01 17:30"); !got.Due.Equal(want) || got.Round != 2 {
			t.Errorf("round %d: due %v, want the two days that are left, %v", got.Round, got.Due, want)
		}
	})
}

// A case counts by the calendar of the unit that is proposed, a task by its
// own unit's; to hand the case over moves no promise.
func TestEachCountsByItsOwnCalendar(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		for _, u := range c.d.Org.Units() {
			cal, task := c.d.CalendarName(string(u.ID)), casework.Task{Unit: string(u.ID)}
			if got := casework.TaskCalendar(c.d, &task); got != c.d.CalendarNamed(cal) {
				t.Errorf("a task of %s does not count by %s", u.ID, cal)
			}
		}
		id := c.sent("c02010", "u-shizheng")
		c.write(func(tx *db.Tx) error {
			return tx.Exec(t.Context(), "update cases set calendar = 'hall' where district = $1 and id = $2", c.d.Code, string(id))
		})
		before, _ := c.read(id)
		if before.Calendar != "hall" {
			t.Fatalf("the calendar is %q", before.Calendar)
		}
		c.do(c.as("wugang", procedure.Handler), id, procedure.Return, procedure.Move{Reason: "不归我们", Evidence: 1})
		c.do(c.as("fanghua", procedure.ShiftLeader), id, "assign", procedure.Move{Unit: "u-chengguan", Reason: "归城管"})
		if now, _ := c.read(id); now.Calendar != "hall" || !now.Due.Equal(before.Due) {
			t.Errorf("handed over: calendar %q, due %v, want hall and %v", now.Calendar, now.Due, before.Due)
		}
	})
}

// Danger raises the class, and the class may have a limit of its own.
func TestLimitByUrgency(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		c.limits("c02010", "A=2 hours;C=2 working-days")
		plain, _ := c.read(c.report("c02010"))
		if plain.Limit != "2 working-days" || !plain.Due.Equal(at(t, "2026-11-25 17:30")) {
			t.Errorf("class C: %s, due %v", plain.Limit, plain.Due)
		}
		r, err := c.danger("c02010")
		if err != nil || r.Case.Limit != "2 hours" || !r.Case.Due.Equal(c.Clock.Now().Add(2*time.Hour)) {
			t.Errorf("with danger: %s, due %v, %v", r.Case.Limit, r.Case.Due, err)
		}
	})
}
