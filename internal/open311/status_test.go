package open311_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/georeport"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// as are the posts of somebody who works in the district.
func (w *world) as(login string) (all []casework.Acting) {
	w.t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(login)
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		all = append(all, casework.Acting{District: d, By: casework.ActorOf(p)})
	}
	return all
}

func (w *world) read(number string) casework.Case {
	w.t.Helper()
	c, err := casework.ByNumber(w.t.Context(), w.DB, w.House.District, number)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// does takes an action of the procedure as somebody who may.
func (w *world) does(number, login string, m procedure.Move) {
	w.t.Helper()
	c := w.read(number)
	for _, a := range w.as(login) {
		offers, err := casework.Available(w.t.Context(), w.DB, a, c, w.Clock.Now())
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range offers {
			if o.Action != m.Action || !o.Allowed {
				continue
			}
			m.Task = o.Task
			if err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error { _, err := casework.Act(w.t.Context(), tx, a, c.ID, m); return err }); err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
	w.t.Fatalf("%s may not %s at %s", login, m.Action, c.Step)
}

func (w *world) merge(from, into string) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := casework.Merge(w.t.Context(), tx, w.as("chenli")[0], w.read(from).ID, w.read(into).ID)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestStatus: open and closed never say what is not so, and the notes say where
// a case stands.
func TestStatus(t *testing.T) { each(t, status) }

func status(t *testing.T, w *world) {
	t.Helper()
	c := w.client(w.key("报修程序", rights.ReportReceive), georeport.JSON)
	one, two, three, refused := w.post(c, w.form(w.of("event"))), w.post(c, w.form(w.of("event"))), w.post(c, w.form(w.of("event"))), w.post(c, w.form(w.of("event")))
	w.Clock.Advance(time.Hour)
	w.merge(three, two)
	w.merge(two, one)
	w.does(refused, "guoyan", procedure.Move{Action: "reject", Reason: "不归我们，找李敏"})
	check := func(why, number string, status georeport.Text, notes string) {
		t.Helper()
		anybody := w.client("", georeport.XML)
		r, err := anybody.Request(t.Context(), number)
		if err != nil || r.Status != status || !strings.Contains(string(r.StatusNotes), notes) || strings.Contains(string(r.StatusNotes), "李敏") {
			t.Errorf("%s: %s %q %v, want %s %q", why, r.Status, r.StatusNotes, err, status, notes)
		}
		if r.Updated.Before(r.Requested.Time) || status == georeport.Closed && !r.Updated.Equal(w.Clock.Now().Truncate(time.Second)) {
			t.Errorf("%s: requested %s, updated %s", why, r.Requested, r.Updated)
		}
		for _, of := range []georeport.Text{georeport.Open, georeport.Closed} {
			all, err := anybody.Requests(t.Context(), georeport.Query{Status: of})
			listed := false
			for _, r := range all {
				listed = listed || string(r.ID) == number
			}
			if err != nil || listed != (of == status) {
				t.Errorf("%s: among the %s ones %v (%v)", why, of, listed, err)
			}
		}
	}
	check("one that was merged goes on in another", two, georeport.Open, one)
	check("one that was merged twice goes on too", three, georeport.Open, one)
	check("one that was not taken on is closed, and says so", refused, georeport.Closed, "")
	w.does(one, "guoyan", procedure.Move{Action: "reject", Reason: "重复"})
	check("with the one it went into", two, georeport.Closed, one)
	check("and so is the first of all", three, georeport.Closed, one)
	full := w.call("GET", "/open311/v2/requests/"+one+".json?extensions=true", nil)
	if !strings.Contains(full.Body, `"type":"opened"`) || !strings.Contains(full.Body, `"type":"reject"`) || strings.Contains(full.Body, "重复") || !strings.Contains(full.Body, `"channel":"open311"`) {
		t.Errorf("with extensions: %s", full.Body)
	}
}
