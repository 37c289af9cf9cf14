package evaluate_test

import (
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/evaluate"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// house is the invented district where people work with the real verbs.
type house struct {
	*apptest.World
	t *testing.T
}

// act lets a holder of a role in a unit, or the reporter, take an action at the
// step where a case stands.
func (h *house) act(id casework.ID, role org.Role, unit string, action procedure.ActionName, more procedure.Move) {
	h.t.Helper()
	d := h.District()
	a := casework.Acting{District: d, By: procedure.Actor{Reporter: role == ""}}
	holders := d.Org.Holders(org.UnitID(unit), role, d.Day)
	if role == org.GridWorker {
		holders = d.Org.WorkersOf(theGrid, d.Day)
	}
	for _, p := range holders {
		a.By = procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}
	}
	err := h.DB.Write(h.t.Context(), func(tx *db.Tx) error {
		tasks, err := casework.Tasks(h.t.Context(), tx, d.Code, id)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if t.State == procedure.Open {
				more.Task, more.Action = t.ID, action
			}
		}
		_, err = casework.Act(h.t.Context(), tx, a, id, more)
		return err
	})
	if err != nil {
		h.t.Fatalf("%s by %s: %v", action, role, err)
	}
}

// What the verbs write down is what is counted: a case of a city event that was
// late, sent back once and rated, and the sweep that saw it late.
func TestTheVerbsTellTheTrail(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		h := &house{apptest.At(t, address), t}
		d := h.District()
		matter := ""
		for _, m := range d.Catalogue.Matters() {
			if m.Procedure == "city-event" && d.Catalogue.Selectable(m.Code) && !m.Secret {
				matter = m.Code
			}
		}
		r, err := h.House.Desk.Receive(t.Context(), d, intake.Sending{
			Channel: intake.Portal, Sender: "one", Area: theGrid, Matter: matter, Text: "井盖松动", Phone: "13800001234", Address: "桂香路",
		})
		if err != nil {
			t.Fatal(err)
		}
		id, unit := r.Case.ID, "u-shizheng"
		h.Clock.Advance(10 * time.Minute)
		h.act(id, org.Acceptor, "u-centre", "file", procedure.Move{})
		h.act(id, org.Dispatcher, "u-centre", "send", procedure.Move{Unit: unit})
		h.late(id)
		h.act(id, org.Handler, unit, "done", procedure.Move{Photos: 1, Evidence: 1})
		count := func(subject evaluate.Subject, indicator string, numerator float64, of int) {
			t.Helper()
			res, err := evaluate.Compute(t.Context(), h.DB, d, book(t), "2026-Q4", h.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			if f, _ := res.Figure(subject, indicator); f.Numerator != numerator || f.Denominator != of {
				t.Errorf("%s of %s: %g of %d, want %g of %d", indicator, subject, f.Numerator, f.Denominator, numerator, of)
			}
		}
		count(evaluate.District, "received", 1, 1)
		count(evaluate.Unit(unit), "closing", 0, 1)
		count(evaluate.Unit("u-centre"), "timely-accept", 1, 1)
		count(evaluate.Unit("u-centre"), "timely-dispatch", 1, 1)
		count(evaluate.Unit(unit), "timely-work", 0, 1)
		count(evaluate.Unit("u-centre"), "dispatch-right", 1, 1)

		h.act(id, org.GridWorker, "", "fail", procedure.Move{Reason: "还响"})
		h.act(id, org.Handler, unit, "done", procedure.Move{Photos: 1, Evidence: 1})
		h.act(id, org.GridWorker, "", "pass", procedure.Move{Marks: map[string]string{"answer-quality": "b"}})
		h.act(id, "", "", "content", procedure.Move{Rating: 4})
		count(evaluate.Unit(unit), "closing", 1, 1)
		count(evaluate.Unit(unit), "rework", 1, 2)
		count(evaluate.Unit(unit), "first-time", 0, 1)
		count(evaluate.Unit(unit), "case-on-time", 0, 1)
		count(evaluate.Unit(unit), "satisfaction", 1, 1)
		count(evaluate.Unit(unit), "answer-quality", 0.8, 1)
		count(evaluate.Unit(unit), "answered", 1, 1)
		count(evaluate.Area(theGrid), "timely-verify", 2, 2)
		count(evaluate.Unit(unit), "solve", 0, 0) // an event, which is no demand of the hotline's
		for _, p := range d.Org.WorkersOf(theGrid, d.Day) {
			count(evaluate.Post(string(p.ID)), "timely-verify", 2, 2)
		}
	})
}

// late lets time go by until the case's unit is well past its date, with the
// sweep running.
func (h *house) late(id casework.ID) {
	h.t.Helper()
	c, err := casework.ByID(h.t.Context(), h.DB, h.District().Code, id)
	if err != nil || c.Due.IsZero() {
		h.t.Fatalf("%v, due %v", err, c.Due)
	}
	if err := h.Schedule(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.Clock.Set(c.Due.Add(26 * time.Hour))
	h.Due()
	entries, err := trail.Of(h.t.Context(), h.DB, h.District().Code, string(id))
	seen := 0
	for _, e := range entries {
		if e.Act == "overdue" {
			seen++
		}
	}
	if err != nil || seen != 1 {
		h.t.Fatalf("%v, the sweep saw the breach %d times, want once: the test proves nothing of it", err, seen)
	}
}
