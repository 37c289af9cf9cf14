package supervise_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/notice"
	"linli/internal/procedure"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// road is a damaged road in the invented district: seven working days, due
// 2026-12-02 17:30 when it is reported as a world begins.
const road = "m06013"

// town is the invented district, watched.
type town struct {
	*apptest.World
	t    *testing.T
	d    *district.District
	jobs *job.Runner
}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newTown(t, address)) })
}

func newTown(t *testing.T, address string) *town {
	t.Helper()
	w := &town{World: apptest.At(t, address), t: t}
	w.d = w.District()
	of := func(do func(context.Context, *db.Tx, *district.District, job.Job) error) job.Handler {
		return func(ctx context.Context, tx *db.Tx, j job.Job) error { return do(ctx, tx, w.d, j) }
	}
	w.jobs = job.New(w.DB, map[string]job.Handler{
		casework.NoticeJob: of(w.Notices.Tell), casework.ExpireJob: of(casework.Expire),
		supervise.SweepJob: of(supervise.Sweep), supervise.ClimbJob: of(supervise.Climb), supervise.TellJob: of(supervise.Tell(w.Notices)),
	}, slog.New(slog.DiscardHandler))
	w.write(func(tx *db.Tx) error { return supervise.Schedule(t.Context(), tx, w.d.Code) })
	return w
}

func (w *town) write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// at moves the clock to a time of the district's day and runs what is due.
func (w *town) at(moment string) {
	w.t.Helper()
	w.set(moment)
	w.run()
}

// run does what is due now, the sweep included.
func (w *town) run() {
	w.t.Helper()
	if _, err := w.jobs.Due(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// report opens a case.
func (w *town) report(matter string) casework.ID {
	w.t.Helper()
	r, err := w.Desk.Receive(w.t.Context(), w.d, intake.Sending{
		Channel: intake.Portal, Matter: matter, Text: "路面塌了一块。", Area: w.grid(), Phone: "13800000013",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Case.ID
}

// grid is the code of 桂香07网格.
func (w *town) grid() string {
	w.t.Helper()
	for a := range w.d.Areas.All() {
		if a.Name.ZH == "桂香07网格" {
			return string(a.Code)
		}
	}
	w.t.Fatal("the invented district has no 桂香07网格")
	return ""
}

// actors are the posts of a person.
func (w *town) actors(login string) (all []procedure.Actor) {
	w.t.Helper()
	p, _ := w.d.Org.PersonByLogin(login)
	for _, post := range w.d.Org.PostsOf(p.ID, w.d.Day) {
		all = append(all, procedure.Actor{Person: string(p.ID), Post: string(post.ID), Role: procedure.Role(post.Role), Unit: string(post.Unit), Area: post.Area})
	}
	if len(all) == 0 {
		w.t.Fatalf("the invented district has no post of %s", login)
	}
	return all
}

// actor is the first post of a person.
func (w *town) actor(login string) procedure.Actor { w.t.Helper(); return w.actors(login)[0] }

func (w *town) acting(login string) casework.Acting {
	return casework.Acting{District: w.d, By: w.actor(login)}
}

// open is the open task of a case, of a unit where one is named.
func (w *town) open(id casework.ID, unit string) casework.Task {
	w.t.Helper()
	tasks, err := casework.Tasks(w.t.Context(), w.DB, w.d.Code, id)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, t := range tasks {
		if t.State == procedure.Open && (unit == "" || t.Unit == unit) {
			return t
		}
	}
	w.t.Fatalf("case %s has no open task of %q", id, unit)
	return casework.Task{}
}

// does lets somebody take an action at the open task, in the first of their
// posts that may.
func (w *town) does(login string, id casework.ID, action procedure.ActionName, m procedure.Move) {
	w.t.Helper()
	all := []procedure.Actor{{Reporter: true}}
	if login != "" {
		all = w.actors(login)
	}
	m.Task, m.Action = w.open(id, "").ID, action
	var err error
	for _, by := range all {
		err = w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
			_, err := casework.Act(w.t.Context(), tx, casework.Acting{District: w.d, By: by}, id, m)
			return err
		})
		if !errors.Is(err, errs.Forbidden) {
			break
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// sent reports a damaged road and sends it to a unit.
func (w *town) sent(unit string, co ...string) casework.ID {
	w.t.Helper()
	id := w.report(road)
	w.does("guoyan", id, "file", procedure.Move{})
	w.does("chenli", id, "send", procedure.Move{Unit: unit, Co: co})
	return id
}

// acts are the acts of a case's trail that supervision wrote, with the unit
// they are about.
func (w *town) acts(id casework.ID) (all []string) {
	w.t.Helper()
	entries, err := trail.Of(w.t.Context(), w.DB, w.d.Code, string(id))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := trail.Verify(w.d.Code, string(id), entries); err != nil {
		w.t.Error(err)
	}
	for _, e := range entries {
		if slices.Contains([]string{"remind", "urge", "order", "leader", "overdue", "order-answered", "order-lifted"}, e.Act) {
			all = append(all, e.Act+" "+e.Detail["of"])
		}
	}
	return all
}

// told are the messages of a case to units and posts that supervision sent.
func (w *town) told(id casework.ID) (all []string) {
	w.t.Helper()
	messages, err := notice.Of(w.t.Context(), w.DB, w.d.Code, string(id), "")
	if err != nil {
		w.t.Fatal(err)
	}
	ours := []notice.Template{notice.Reminded, notice.Urged, notice.UrgedByHand, notice.Ordered, notice.OrderAnswered, notice.OrderLifted, notice.LeaderTold,
		notice.Accused, notice.AccountUpheld, notice.AccountDropped}
	for _, m := range messages {
		if slices.Contains(ours, m.Template) {
			all = append(all, fmt.Sprintf("%s %s", m.Template, w.name(m.To)))
		}
	}
	slices.Sort(all)
	return all
}

// name is a unit's code or a post's login.
func (w *town) name(to notice.To) string {
	if to.Kind == "unit" {
		return to.Ref
	}
	for _, p := range w.d.Org.People() {
		for _, post := range w.d.Org.PostsOf(p.ID, clock.DateOf(w.Clock.Now(), w.d.Calendar.Zone())) {
			if string(post.ID) == to.Ref {
				return p.Login
			}
		}
	}
	return to.Kind + " " + to.Ref
}

func (w *town) orders(id casework.ID) (all []supervise.Order) {
	w.t.Helper()
	all, err := supervise.OrdersOf(w.t.Context(), w.DB, w.d, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// set moves the clock and runs nothing.
func (w *town) set(moment string) {
	w.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, w.d.Calendar.Zone())
	if err != nil {
		w.t.Fatal(err)
	}
	w.Clock.Set(at)
}

// reopen is the reporter's word that it is not done.
func (w *town) reopen(id casework.ID) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		_, err := casework.Act(w.t.Context(), tx, casework.Acting{District: w.d, By: procedure.Actor{Reporter: true}}, id,
			procedure.Move{Action: procedure.Reopen, Reason: "又坏了"})
		return err
	})
}
