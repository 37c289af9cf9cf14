package casework_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/notice"
	"linli/internal/procedure"
)

// A pause moves the date of the step and of the whole case, from the moment it
// was asked for, whoever takes how long to decide; and nobody is late meanwhile.
func TestPauseMovesTheDate(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng") // three working days from Monday 23 November
		wugang, zhouhui := c.as("wugang", procedure.Handler), c.as("zhouhui", procedure.Supervisor)
		c.Clock.Set(at(t, "2026-11-26 15:00")) // Thursday, two and a half hours before it is due
		e, err := c.ask(wugang, id, "handle", casework.Asking{Kind: "special", Until: at(t, "2026-12-10 17:30"), Reason: "要等鉴定"})
		if err != nil {
			t.Fatal(err)
		}
		held, _ := c.read(id)
		task := c.open1(id, "handle")
		if !held.HeldAt.Equal(c.Clock.Now()) || !task.HeldAt.Equal(c.Clock.Now()) || !held.Due.Equal(at(t, "2026-11-26 17:30")) || !task.RungAt.IsZero() {
			t.Errorf("asked: held at %v and %v, due %v, looked at %v; want held now, the date as it stood, and never looked at", held.HeldAt, task.HeldAt, held.Due, task.RungAt)
		}
		c.Clock.Set(at(t, "2026-11-30 10:00")) // Monday: the approver was slow
		if got := c.count(casework.Filter{Signal: clock.Late}); got != 0 {
			t.Errorf("late while it waits for an answer: %d", got)
		}
		if got := c.count(casework.Filter{Signal: clock.Hold}); got != 1 {
			t.Errorf("held: %d, want 1", got)
		}
		if err := c.decide(zhouhui, e.ID, true, "同意"); err != nil {
			t.Fatal(err)
		}
		c.Clock.Set(at(t, "2026-12-02 09:30")) // Wednesday
		if err := c.resume(wugang, e.ID); err != nil {
			t.Fatal(err)
		}
		now, _ := c.read(id)
		task = c.open1(id, "handle")
		// Thursday, Friday, Monday and Tuesday were lost at their close.
		if want := at(t, "2026-12-02 17:30"); !now.Due.Equal(want) || !task.Due.Equal(want) || !now.HeldAt.IsZero() || !task.HeldAt.IsZero() || !task.RungAt.Equal(task.NearAt) {
			t.Errorf("resumed: due %v and %v, held %v, looked at %v; want %v, running, and looked at when near", now.Due, task.Due, now.HeldAt, task.RungAt, want)
		}
		why, err := casework.Why(t.Context(), c.DB, c.d, now)
		if err != nil || !why.Due.Equal(now.Due) || !strings.Contains(why.Text.ZH+linesOf(why), "特别程序") {
			t.Errorf("why: %v, %v, %s %s; want the same date, and the pause in it", why.Due, err, why.Text.ZH, linesOf(why))
		}
		for _, act := range []string{"asked", "approved", "resumed"} {
			if got := c.entry(id, act); got.Detail["ask-kind"] != "special" || got.Detail["of"] != "u-shizheng" {
				t.Errorf("the trail of %s: %v", act, got.Detail)
			}
		}
		c.run()
		c.told(id, "要停一停", "接着办了，新的日期是 12月2日")
	})
}

func linesOf(why clock.Explanation) (text string) {
	for _, l := range why.Lines {
		text += l.Reason.ZH + ";"
	}
	return text
}

// count counts cases.
func (c *crowd) count(f casework.Filter) int {
	c.t.Helper()
	n, err := casework.Count(c.t.Context(), c.DB, c.d, f, c.Clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	return n.N
}

// told holds that the messages about a case say each of these, in Chinese.
func (c *crowd) told(id casework.ID, texts ...string) {
	c.t.Helper()
	all, err := notice.Of(c.t.Context(), c.DB, c.d.Code, string(id), "")
	if err != nil {
		c.t.Fatal(err)
	}
	said := ""
	for _, m := range all {
		said += m.Text.ZH + "\n"
	}
	for _, text := range texts {
		if !strings.Contains(said, text) {
			c.t.Errorf("nobody was told %q:\n%s", text, said)
		}
	}
}

// Where the answer is no, or none, or the request is taken back, the clock
// never stood.
func TestAPauseThatIsNotGrantedNeverWas(t *testing.T) {
	t.Parallel()
	rows := []struct {
		why   string
		state casework.EntryState
		end   func(c *crowd, e casework.Entry) error
	}{
		{"refused", casework.Denied, func(c *crowd, e casework.Entry) error {
			return c.decide(c.as("zhouhui", procedure.Supervisor), e.ID, false, "不用等")
		}},
		{"taken back", casework.Withdrawn, func(c *crowd, e casework.Entry) error {
			return c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
				_, err := casework.Withdraw(c.t.Context(), tx, casework.Acting{District: c.d, By: c.as("wugang", procedure.Handler)}, e.ID)
				return err
			})
		}},
		{"nobody decided until its end", casework.Lapsed, func(c *crowd, e casework.Entry) error { c.run(); return nil }},
	}
	eachFloor(t, func(t *testing.T, c *crowd) {
		for _, r := range rows {
			c.Clock.Set(at(t, "2026-11-23 10:20"))
			id := c.sent("c02010", "u-shizheng")
			c.Clock.Set(at(t, "2026-11-25 10:00"))
			e, err := c.ask(c.as("wugang", procedure.Handler), id, "handle", casework.Asking{Kind: "special", Until: at(t, "2026-11-27 09:00"), Reason: "要等"})
			if err != nil {
				t.Fatal(err)
			}
			c.Clock.Set(at(t, "2026-11-27 09:00"))
			if err := r.end(c, e); err != nil {
				t.Fatal(err)
			}
			now, _ := c.read(id)
			rows, err := casework.Ledger(t.Context(), c.DB, c.d, id)
			if err != nil || len(rows) != 1 || rows[0].State != r.state {
				t.Errorf("%s: ledger %+v, %v, want one entry %s", r.why, rows, err, r.state)
			}
			if !now.HeldAt.IsZero() || !now.Due.Equal(at(t, "2026-11-26 17:30")) || now.OnAccount {
				t.Errorf("%s: held %v, due %v; want running and the first date", r.why, now.HeldAt, now.Due)
			}
			if due, _ := casework.DueRungs(t.Context(), c.DB, c.d.Code, c.Clock.Now(), 100); !has(due, c.open1(id, "handle").ID) {
				t.Errorf("%s: supervision does not look at what is late now", r.why)
			}
		}
	})
}

func has(all []casework.RungTask, id string) bool {
	for _, t := range all {
		if t.ID == id {
			return true
		}
	}
	return false
}

// What may not be asked is refused with the reason, and changes nothing.
func TestAskRefused(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		wugang := c.as("wugang", procedure.Handler)
		until := at(t, "2026-12-01 17:30")
		rows := []struct {
			why  string
			kind errs.Kind
			when string
			by   procedure.Actor
			q    casework.Asking
		}{
			{"after it is due", errs.Conflict, "2026-11-26 17:31", wugang, casework.Asking{Kind: "special", Until: until, Reason: "等"}},
			{"more time after it is due", errs.Conflict, "2026-11-26 17:31", wugang, casework.Asking{Kind: procedure.Extension, More: 2, Reason: "难"}},
			{"without a reason", errs.Invalid, "", wugang, casework.Asking{Kind: "special", Until: until, Reason: " "}},
			{"until now", errs.Invalid, "", wugang, casework.Asking{Kind: "special", Until: at(t, "2026-11-23 10:20"), Reason: "等"}},
			{"until yesterday", errs.Invalid, "", wugang, casework.Asking{Kind: "special", Until: at(t, "2026-11-22 10:20"), Reason: "等"}},
			{"until no day", errs.Invalid, "", wugang, casework.Asking{Kind: "special", Reason: "等"}},
			{"longer than its kind", errs.Invalid, "", wugang, casework.Asking{Kind: "applicant", Until: at(t, "2026-12-24 10:20"), Reason: "等"}},
			{"on account without a review within 90 days", errs.Invalid, "", wugang, casework.Asking{Kind: "on-account", Until: at(t, "2027-02-22 10:20"), Reason: "等"}},
			{"of a kind nobody knows", errs.Forbidden, "", wugang, casework.Asking{Kind: "holiday", Until: until, Reason: "等"}},
			{"more of nothing", errs.Invalid, "", wugang, casework.Asking{Kind: procedure.Extension, Reason: "难"}},
			{"less", errs.Invalid, "", wugang, casework.Asking{Kind: procedure.Extension, More: -2, Reason: "难"}},
			{"a million days", errs.Invalid, "", wugang, casework.Asking{Kind: procedure.Extension, More: 1_000_000, Reason: "难"}},
			{"of another unit", errs.Forbidden, "", c.as("qiufeng", procedure.Handler), casework.Asking{Kind: "special", Until: until, Reason: "等"}},
			{"by the resident", errs.Forbidden, "", resident, casework.Asking{Kind: "special", Until: until, Reason: "等"}},
			{"by the clock", errs.Forbidden, "", procedure.Actor{System: true}, casework.Asking{Kind: "special", Until: until, Reason: "等"}},
		}
		for _, r := range rows {
			c.Clock.Set(at(t, "2026-11-23 10:20"))
			id := c.sent("c02010", "u-shizheng")
			if r.when != "" {
				c.Clock.Set(at(t, r.when))
			}
			before, tasks := c.read(id)
			_, err := c.ask(r.by, id, "handle", r.q)
			wantKind(t, err, r.kind, r.why)
			after, now := c.read(id)
			if after.Revision != before.Revision || !after.Due.Equal(before.Due) || !after.HeldAt.IsZero() || len(now) != len(tasks) {
				t.Errorf("%s: the case changed", r.why)
			}
			if rows, err := casework.Ledger(t.Context(), c.DB, c.d, id); err != nil || len(rows) != 0 {
				t.Errorf("%s: the ledger has %d entries, %v", r.why, len(rows), err)
			}
		}
	})
}

// One thing is asked at a time, and no two pauses of a step run at once.
func TestPausesDoNotOverlap(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		wugang, zhouhui := c.as("wugang", procedure.Handler), c.as("zhouhui", procedure.Supervisor)
		pause := casework.Asking{Kind: "special", Until: at(t, "2026-12-01 17:30"), Reason: "等"}
		e, err := c.ask(wugang, id, "handle", pause)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.ask(wugang, id, "handle", casework.Asking{Kind: procedure.Extension, More: 1, Reason: "难"})
		wantKind(t, err, errs.Conflict, "while something waits for a decision")
		if err := c.decide(zhouhui, e.ID, true, "同意"); err != nil {
			t.Fatal(err)
		}
		_, err = c.ask(wugang, id, "handle", pause)
		wantKind(t, err, errs.Conflict, "a pause while one runs")
		c.Clock.Set(at(t, "2026-11-30 10:00")) // long past the first date, but the clock stands
		more, err := c.ask(wugang, id, "handle", casework.Asking{Kind: procedure.Extension, More: 1, Reason: "难"})
		if err != nil {
			t.Errorf("more time while the clock stands: %v", err)
		}
		if err := c.decide(zhouhui, more.ID, true, "同意"); err != nil {
			t.Fatal(err)
		}
		c.Clock.Set(at(t, "2026-12-01 18:00"))
		c.run() // comes to its end by itself, on Tuesday evening
		now, _ := c.read(id)
		if want := at(t, "2026-12-08 17:30"); !now.Due.Equal(want) || !now.HeldAt.IsZero() {
			t.Errorf("after the pause and with a day more: due %v, held %v, want %v", now.Due, now.HeldAt, want)
		}
		if got := c.entry(id, "resumed"); got.Person != "" || got.Detail["until"] != micros(at(t, "2026-12-01 17:30")) {
			t.Errorf("the planned end is %v", got.Detail)
		}
		c.run()
		c.told(id, "停到期了", "要多一些时间")
	})
}

// The role that the procedure names decides, never who asked, and once.
func TestWhoDecides(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		wugang, zhouhui := c.as("wugang", procedure.Handler), c.as("zhouhui", procedure.Supervisor)
		e, err := c.ask(wugang, id, "handle", casework.Asking{Kind: procedure.Extension, More: 2, Reason: "要换料"})
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, c.decide(wugang, e.ID, true, "好"), errs.Forbidden, "a handler")
		wantKind(t, c.decide(c.as("luzhen", procedure.UnitLead), e.ID, true, "好"), errs.Forbidden, "the head of the unit")
		wantKind(t, c.decide(resident, e.ID, true, "好"), errs.Forbidden, "the resident")
		wantKind(t, c.decide(procedure.Actor{System: true}, e.ID, true, "好"), errs.Forbidden, "the clock")
		self := zhouhui
		self.Person = wugang.Person
		wantKind(t, c.decide(self, e.ID, true, "好"), errs.Forbidden, "who asked, in another post")
		wantKind(t, c.decide(zhouhui, e.ID, true, ""), errs.Invalid, "without a reason")
		for _, r := range []struct {
			by   procedure.Actor
			want int
		}{{wugang, 0}, {zhouhui, 1}, {self, 0}} {
			if got, err := casework.AskedOf(t.Context(), c.DB, c.d, []procedure.Actor{r.by}); err != nil || len(got) != r.want {
				t.Errorf("%s decides on %d, %v, want %d", r.by.Role, len(got), err, r.want)
			}
		}
		if err := c.decide(zhouhui, e.ID, true, "料还没到"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, c.decide(zhouhui, e.ID, false, "算了"), errs.Conflict, "twice")
		now, _ := c.read(id)
		task := c.open1(id, "handle")
		if want := at(t, "2026-11-30 17:30"); !now.Due.Equal(want) || !task.Due.Equal(want) || now.Extended != 2 {
			t.Errorf("extended: due %v and %v, by %d; want %v by 2", now.Due, task.Due, now.Extended, want)
		}
		_, err = c.ask(wugang, id, "handle", casework.Asking{Kind: procedure.Extension, More: 1, Reason: "还不够"})
		wantKind(t, err, errs.Conflict, "more often than the procedure allows")
		if got := c.entry(id, "extended"); got.Detail["more"] != "2 working-days" || got.Detail["decision"] != "料还没到" {
			t.Errorf("the trail: %v", got.Detail)
		}
	})
}

// On account, a case counts neither for nor against, is listed openly, and the
// date of its review is kept.
func TestOnAccount(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		c.sent("c02010", "u-shizheng")
		e, err := c.ask(c.as("wugang", procedure.Handler), id, "handle", casework.Asking{Kind: "on-account", Until: at(t, "2027-02-20 17:30"), Reason: "规划未定"})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.count(casework.Filter{OnAccount: true}); got != 0 {
			t.Errorf("before it is granted %d are on account", got)
		}
		if err := c.decide(c.as("zhouhui", procedure.Supervisor), e.ID, true, "同意"); err != nil {
			t.Fatal(err)
		}
		c.Clock.Set(at(t, "2026-12-01 10:00"))
		p, err := casework.PromisesOf(t.Context(), c.DB, c.d, at(t, "2026-11-01 00:00"), at(t, "2026-12-01 00:00"), c.Clock.Now())
		if err != nil || p.Late != 1 || p.Within != 0 {
			t.Errorf("promises: %+v, %v, want the other one late and this one left out", p, err)
		}
		if got := c.count(casework.Filter{OnAccount: true}); got != 1 {
			t.Errorf("on account: %d, want 1", got)
		}
		c.do(c.as("wugang", procedure.Handler), id, "done", procedure.Move{Photos: 1})
		c.do(c.as("liuxiaoyan", procedure.GridWorker), id, "pass", procedure.Move{})
		c.do(resident, id, "content", procedure.Move{Rating: 5})
		if got := c.entry(id, "content").Detail; got["on-account"] != "yes" || got["ended"] != "closed" {
			t.Errorf("the deed of its end: %v", got)
		}
		if got := c.count(casework.Filter{OnAccount: true}); got != 0 {
			t.Errorf("after its end %d are on account", got)
		}
	})
}

// A unit that goes on with the work lets the clock go on, and what was done
// within the pause is on time.
func TestWorkDoneInAPause(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.sent("c02010", "u-shizheng")
		e, err := c.ask(c.as("wugang", procedure.Handler), id, "handle", casework.Asking{Kind: "conditions", Until: at(t, "2026-12-10 17:30"), Reason: "下雨"})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.decide(c.as("zhouhui", procedure.Supervisor), e.ID, true, "同意"); err != nil {
			t.Fatal(err)
		}
		c.Clock.Set(at(t, "2026-12-03 10:00"))
		c.do(c.as("wugang", procedure.Handler), id, "done", procedure.Move{Photos: 1})
		now, _ := c.read(id)
		if rows, _ := casework.Ledger(t.Context(), c.DB, c.d, id); rows[0].State != casework.PauseEnded || !now.HeldAt.IsZero() || !now.Due.After(c.Clock.Now()) {
			t.Errorf("done in a pause: entry %s, held %v, due %v", rows[0].State, now.HeldAt, now.Due)
		}
		if got := c.entry(id, "done").Detail; got["late"] != "" || got["broke"] != "" {
			t.Errorf("the deed: %v, want it on time", got)
		}
		c.do(c.as("liuxiaoyan", procedure.GridWorker), id, "pass", procedure.Move{})
		c.Clock.Advance(6 * 24 * time.Hour)
		c.do(resident, id, "content", procedure.Move{Rating: 5})
		if now, _ := c.read(id); !now.OnTime || now.State != casework.Closed {
			t.Errorf("closed %s, on time %t", now.State, now.OnTime)
		}
	})
}
