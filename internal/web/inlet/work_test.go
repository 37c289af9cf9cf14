package inlet_test

import (
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/procedure"
)

// finish takes a case from acceptance to its reporter's word.
func (w *town) finish(c casework.Case) {
	w.t.Helper()
	w.act(c, procedure.Move{Action: "file"})
	w.act(c, procedure.Move{Action: "send", Unit: w.reread(c).Proposed})
	w.act(c, procedure.Move{Action: "done", Photos: 1}) // a broken cover is made safe first
	w.Clock.Advance(2 * time.Hour)
	w.act(c, procedure.Move{Action: "done", Photos: 1, Answer: "换了新井盖"})
	w.act(c, procedure.Move{Action: "pass"})
}

// act lets whoever may take an action take it.
func (w *town) act(c casework.Case, m procedure.Move) {
	w.t.Helper()
	ctx, d := w.t.Context(), w.District()
	c = w.reread(c)
	for _, person := range d.Org.People() {
		for _, p := range d.Org.PostsOf(person.ID, d.Day) {
			by := procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}
			acting := casework.Acting{District: d, By: by}
			offers, err := casework.Available(ctx, w.DB, acting, c, w.Clock.Now())
			if err != nil {
				w.t.Fatal(err)
			}
			for _, o := range offers {
				if !o.Allowed || o.Action != m.Action {
					continue
				}
				m.Task = o.Task
				if err := w.DB.Write(ctx, func(tx *db.Tx) error {
					_, err := casework.Act(ctx, tx, acting, c.ID, m)
					return err
				}); err != nil {
					w.t.Fatal(err)
				}
				w.Due()
				return
			}
		}
	}
	w.t.Fatalf("nobody may %s %s, which stands at %s", m.Action, c.Number, c.Step)
}
