package look_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/look"
	"linli/internal/procedure"
)

// road is a damaged road in the invented district.
const road = "m06013"

const (
	name  = "张小民"
	phone = "13800000013"
)

// town is the invented district with one case that u-shizheng handles.
type town struct {
	*apptest.World
	t      testing.TB
	d      *district.District
	c      casework.Case
	report string
}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newTown(t, address)) })
}

func newTown(t testing.TB, address string) *town {
	t.Helper()
	w := &town{World: apptest.At(t, address), t: t}
	w.d = w.District()
	w.c, w.report = w.reports(intake.Sending{})
	w.does("guoyan", "file", procedure.Move{})
	w.does("chenli", "send", procedure.Move{Unit: "u-shizheng"})
	return w
}

// reports takes in a damaged road; what s does not say is usual.
func (w *town) reports(s intake.Sending) (casework.Case, string) {
	w.t.Helper()
	s.Channel, s.Matter, s.Text, s.Area = intake.Portal, road, "路面塌了一块。", "990101001"
	s.Name, s.Phone, s.Address = name, phone, "桂香路 18 号 2 幢 301 室"
	r, err := w.World.Desk.Receive(w.t.Context(), w.d, s)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Case, r.Report
}

// actor is the first post of a person.
func (w *town) actor(login string) procedure.Actor {
	w.t.Helper()
	p, ok := w.d.Org.PersonByLogin(login)
	posts := w.d.Org.PostsOf(p.ID, w.d.Day)
	if !ok || len(posts) == 0 {
		w.t.Fatalf("the invented district has no post of %s", login)
	}
	return procedure.Actor{Person: string(p.ID), Post: string(posts[0].ID), Role: procedure.Role(posts[0].Role), Unit: string(posts[0].Unit), Area: posts[0].Area}
}

// does lets somebody take an action at the case's open task.
func (w *town) does(login string, action procedure.ActionName, m procedure.Move) {
	w.t.Helper()
	tasks, err := casework.Tasks(w.t.Context(), w.DB, w.d.Code, w.c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	m.Action = action
	for _, t := range tasks {
		if t.State == procedure.Open {
			m.Task = t.ID
		}
	}
	w.write(func(tx *db.Tx) error {
		_, err := casework.Act(w.t.Context(), tx, casework.Acting{District: w.d, By: w.actor(login)}, w.c.ID, m)
		return err
	})
}

func (w *town) write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// asking is a handler who wants to call back.
func (w *town) asking(login string) look.Asking {
	return look.Asking{District: w.d, By: w.actor(login), Case: w.c.ID, Report: w.report, Fields: []string{fields.Name, fields.Phone}, Purpose: look.Reaching, Kind: look.ToAsk}
}

func (w *town) reveal(a look.Asking) (look.Shown, error) {
	return look.Reveal(context.Background(), w.DB, w.House.Vault, a)
}

func (w *town) sees(a look.Asking) look.Shown {
	w.t.Helper()
	s, err := w.reveal(a)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// ledger is what the person reads of a report.
func (w *town) ledger(report string) []look.Line {
	w.t.Helper()
	r, err := casework.ReportByID(w.t.Context(), w.DB, w.d.Code, report)
	if err != nil {
		w.t.Fatal(err)
	}
	lines, err := look.Ledger(w.t.Context(), w.DB, w.d, w.Clock.Now(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return lines
}

// looks counts what is on record of a report.
func (w *town) looks(report string) int {
	w.t.Helper()
	all, err := look.OfReports(w.t.Context(), w.DB, w.d.Code, report)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(all)
}

func (w *town) later(by time.Duration) { w.Clock.Set(w.Clock.Now().Add(by)) }
