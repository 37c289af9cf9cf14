package supervise_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/notice"
	"linli/internal/procedure"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// table is a house at whose meetings these tests sit.
type table struct {
	*apptest.World
	t *testing.T
}

func eachTable(t *testing.T, fn func(t *testing.T, w *table)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, &table{apptest.At(t, address), t}) })
}

// as is a person acting with the post of a role.
func (w *table) as(login, role string) casework.Acting {
	w.t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(login)
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		if string(p.Role) == role {
			return casework.Acting{District: d, By: procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}}
		}
	}
	w.t.Fatalf("%s is no %s", login, role)
	return casework.Acting{}
}

func (w *table) write(fn func(tx *db.Tx) error) error {
	return w.DB.Write(w.t.Context(), fn)
}

// received is a case about a matter in a grid; of a matter "" about one that
// no rule gives an owner.
func (w *table) received(matter, sender string) casework.Case {
	w.t.Helper()
	d := w.District()
	const grid = "990101001004"
	for _, m := range d.Catalogue.Matters() {
		if matter == "" && d.Catalogue.Selectable(m.Code) && !m.Secret && d.Route(m.Code, grid, w.DB.Now()).NoOwner {
			matter = m.Code
		}
	}
	r, err := w.House.Desk.Receive(w.t.Context(), d, intake.Sending{Channel: intake.Portal, Sender: sender, Area: grid, Matter: matter, Text: "没人管", Address: "桂香路 " + sender + " 号"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Case
}

// now reads a case again.
func (w *table) now(c casework.Case) casework.Case {
	w.t.Helper()
	c, err := casework.ByID(w.t.Context(), w.DB, w.District().Code, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// friday is a planning that is in order.
func friday() supervise.Planning {
	return supervise.Planning{Title: "条块工作例会", Place: "运行中心三楼", StartsAt: apptest.Start.Add(4*24*time.Hour + 4*time.Hour), Units: []string{"u-shizheng", "u-chengguan"}}
}

func (w *table) planned(p supervise.Planning) (m supervise.Meeting) {
	w.t.Helper()
	err := w.write(func(tx *db.Tx) (err error) {
		m, err = supervise.PlanMeeting(w.t.Context(), tx, w.as("fanghua", "shift-leader"), p)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *table) held(m supervise.Meeting) supervise.Meeting {
	w.t.Helper()
	if err := w.write(func(tx *db.Tx) (err error) {
		m, err = supervise.HoldMeeting(w.t.Context(), tx, w.as("fanghua", "shift-leader"), m.ID)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *table) items(m supervise.Meeting) []supervise.MeetingItem {
	w.t.Helper()
	all, err := supervise.Items(w.t.Context(), w.DB, w.District().Code, m.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *table) decide(a casework.Acting, i supervise.MeetingItem, x supervise.Decision) (out supervise.MeetingItem, err error) {
	err = w.write(func(tx *db.Tx) (err error) {
		out, err = supervise.Decide(w.t.Context(), tx, a, i.Meeting, i.ID, x)
		return err
	})
	return out, err
}

// acts are the acts of a trail, oldest first.
func (w *table) acts(subject string) (all []string) {
	w.t.Helper()
	entries, err := trail.Of(w.t.Context(), w.DB, w.District().Code, subject)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := trail.Verify(w.District().Code, subject, entries); err != nil {
		w.t.Error(err)
	}
	for _, e := range entries {
		all = append(all, e.Act)
	}
	return all
}

// told are the texts that wait at a unit's desk, of a template.
func (w *table) told(unit string, of notice.Template) (all []string) {
	w.t.Helper()
	w.Due()
	messages, err := notice.Unread(w.t.Context(), w.DB, w.District().Code, 100, notice.Unit(unit))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range messages {
		if m.Template == of {
			all = append(all, m.Text.ZH)
		}
	}
	return all
}

var days = func(n int) clock.Limit { return clock.Limit{N: n, Unit: clock.WorkingDays} }

func TestAgendaIsMadeOfStuckCases(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		lost, owned := w.received("", "1"), w.received("c01002", "2")
		if !lost.NoOwner || owned.NoOwner {
			t.Fatal("the two cases do not differ: the test looks at nothing")
		}
		m := w.planned(friday())
		got := w.items(m)
		if len(got) != 1 || got[0].Case != lost.ID || got[0].Why != supervise.NoOwner || got[0].Seq != 1 || got[0].Number != lost.Number {
			t.Fatalf("agenda: %+v, want only %s", got, lost.Number)
		}
		if m.Serial != 1 || m.Year != 2026 || m.Number().ZH != "2026 年第 1 次" {
			t.Errorf("number %v", m.Number())
		}
		if again := w.planned(friday()); again.Serial != 2 || len(w.items(again)) != 0 {
			t.Errorf("a second meeting is no. %d and takes %d cases up again", again.Serial, len(w.items(again)))
		}
		if diff := cmp.Diff([]string{"planned", "put-on"}, w.acts("meeting:"+string(m.ID))); diff != "" {
			t.Error(diff)
		}
		if acts := w.acts(string(lost.ID)); acts[len(acts)-1] != "meeting-agenda" {
			t.Errorf("the case's trail says %v", acts)
		}
		if got := w.told("u-shizheng", notice.MeetingCalled); len(got) != 2 || !strings.Contains(got[0], "条块工作例会，2026-11-27 14:20，运行中心三楼") {
			t.Errorf("called: %q", got)
		}
	})
}

func TestADecisionNamesTheOwnerAndBecomesATask(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		lost := w.received("", "1")
		m := w.held(w.planned(friday()))
		item := w.items(m)[0]
		x := supervise.Decision{Text: "由市政养护中心管到底。", Unit: "u-shizheng", Co: []string{"u-chengguan", "u-chengguan"}, Limit: days(2)}

		// A supervisor keeps meetings but names no owner: nothing of it may stay.
		if _, err := w.decide(w.as("zhouhui", "supervisor"), item, x); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a supervisor names the owner: %v", err)
		}
		if c := w.now(lost); !c.NoOwner || w.items(m)[0].State != supervise.ItemOpen {
			t.Error("a refused decision left something behind")
		}
		by := w.as("fanghua", "shift-leader")
		if s, err := supervise.Settles(t.Context(), w.DB, by, item, w.DB.Now()); s != supervise.SettlesOwner || err != nil {
			t.Errorf("the page would say %q, %v", s, err)
		}
		got, err := w.decide(by, item, x)
		if err != nil {
			t.Fatal(err)
		}
		if c := w.now(lost); c.NoOwner || c.Proposed != "u-shizheng" {
			t.Errorf("after the decision: no owner %v, proposed %q", c.NoOwner, c.Proposed)
		}
		want := time.Date(2026, 11, 25, 17, 30, 0, 0, apptest.Start.Location())
		if got.State != supervise.ItemDecided || got.Settled != supervise.SettlesOwner || !got.Due.Equal(want) || !slices.Equal(got.Co, []string{"u-chengguan"}) || !got.NearAt.Before(got.Due) {
			t.Errorf("decided: %+v", got)
		}
		if diff := cmp.Diff(got, w.items(m)[0], cmp.Comparer(time.Time.Equal)); diff != "" {
			t.Errorf("stored otherwise:\n%s", diff)
		}
		if got := w.told("u-shizheng", notice.Decided); len(got) != 1 || !strings.Contains(got[0], lost.Number) || !strings.Contains(got[0], "由市政养护中心管到底。期限 11月25日 周三 17:30前") {
			t.Errorf("told: %q", got)
		}
		if got := w.told("u-chengguan", notice.DecidedHelp); len(got) != 1 {
			t.Errorf("who helps is told: %q", got)
		}
		if acts := w.acts(string(lost.ID)); !slices.Contains(acts, "owner-named") || acts[len(acts)-1] != "meeting-decided" {
			t.Errorf("the case's trail says %v", acts)
		}
		if _, err := w.decide(by, item, x); errs.KindOf(err) != errs.Conflict {
			t.Errorf("decided twice: %v", err)
		}
	})
}

func TestADecisionTakesTheRulingACaseWaitsFor(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		c := w.received("m06010", "1")
		act := func(a casework.Acting, action string, more procedure.Move) {
			t.Helper()
			offers, err := casework.Available(t.Context(), w.DB, a, w.now(c), w.DB.Now())
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range offers {
				if string(o.Action) == action {
					more.Task, more.Action = o.Task, o.Action
				}
			}
			if err := w.write(func(tx *db.Tx) error {
				_, err := casework.Act(t.Context(), tx, a, c.ID, more)
				return err
			}); err != nil {
				t.Fatalf("%s: %v", action, err)
			}
		}
		act(w.as("guoyan", "acceptor"), "file", procedure.Move{})
		act(w.as("chenli", "dispatcher"), "send", procedure.Move{Unit: "u-shizheng"})
		act(w.as("heyong", "handler"), "return", procedure.Move{Reason: "不归我们", Evidence: 1})
		m := w.held(w.planned(friday()))
		item, err := w.added(m, c.Number, "到底归谁")
		if err != nil {
			t.Fatal(err)
		}
		by := w.as("fanghua", "shift-leader")
		if s, err := supervise.Settles(t.Context(), w.DB, by, item, w.DB.Now()); s != supervise.SettlesRuling || err != nil {
			t.Fatalf("settles %q, %v", s, err)
		}
		got, err := w.decide(by, item, supervise.Decision{Text: "会上定由城管办", Unit: "u-chengguan", Limit: days(1)})
		if err != nil || got.Settled != supervise.SettlesRuling {
			t.Fatalf("%+v, %v", got, err)
		}
		tasks, err := casework.Tasks(t.Context(), w.DB, w.District().Code, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if last := tasks[len(tasks)-1]; last.Unit != "u-chengguan" || !last.Final || last.Step != "handle" {
			t.Errorf("the task after the ruling: %+v", last)
		}
	})
}

func (w *table) added(m supervise.Meeting, number, question string) (item supervise.MeetingItem, err error) {
	err = w.write(func(tx *db.Tx) (err error) {
		item, err = supervise.AddItem(w.t.Context(), tx, w.as("fanghua", "shift-leader"), m.ID, number, question)
		return err
	})
	return item, err
}

func TestCarryingADecisionOut(t *testing.T) {
	t.Parallel()
	eachTable(t, func(t *testing.T, w *table) {
		m := w.held(w.planned(friday()))
		item, err := w.added(m, "", "冬天谁来扫天桥的雪")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.decide(w.as("zhouhui", "supervisor"), item, supervise.Decision{Text: "市政牵头排班", Unit: "u-shizheng", Limit: days(3)}); err != nil {
			t.Fatal(err)
		}
		if got := w.told("u-shizheng", notice.Decided); len(got) != 1 || !strings.Contains(got[0], "冬天谁来扫天桥的雪，2026-1。市政牵头排班") {
			t.Errorf("told: %q", got)
		}
		done := func(a casework.Acting, text string) error {
			return w.write(func(tx *db.Tx) error {
				_, err := supervise.CarryOut(t.Context(), tx, a, m.ID, item.ID, text)
				return err
			})
		}
		code := w.District().Code
		w.Clock.Advance(10 * 24 * time.Hour)
		if n, late, err := supervise.CountToCarryOut(t.Context(), w.DB, code, []string{"u-shizheng"}, w.DB.Now()); n != 1 || late != 1 || err != nil {
			t.Errorf("to carry out %d, late %d, %v", n, late, err)
		}
		for _, bad := range []struct {
			why, login, role, text string
			want                   errs.Kind
		}{
			{"another unit", "qiufeng", "handler", "扫了", errs.Forbidden},
			{"who keeps the meeting", "zhouhui", "supervisor", "扫了", errs.Forbidden},
			{"without words", "heyong", "handler", " \n ", errs.Invalid},
			{"with too many words", "heyong", "handler", strings.Repeat("扫", 1001), errs.Invalid},
		} {
			if err := done(w.as(bad.login, bad.role), bad.text); errs.KindOf(err) != bad.want {
				t.Errorf("%s: %v, want %s", bad.why, err, bad.want)
			}
		}
		if err := done(w.as("heyong", "handler"), "排了三班"); err != nil {
			t.Fatal(err)
		}
		if err := done(w.as("heyong", "handler"), "再来一次"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("carried out twice: %v", err)
		}
		if got := w.items(m)[0]; got.State != supervise.ItemDone || got.DoneText != "排了三班" || got.DoneAt.IsZero() {
			t.Errorf("%+v", got)
		}
		if left, err := supervise.ToCarryOut(t.Context(), w.DB, code, nil, 10); len(left) != 0 || err != nil {
			t.Errorf("left: %v, %v", left, err)
		}
		entries, err := supervise.MeetingTrail(t.Context(), w.DB, code, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		if last := entries[len(entries)-1]; last.Act != "carried-out" || last.Detail["late"] != "yes" {
			t.Errorf("the trail ends with %+v", last)
		}
	})
}
