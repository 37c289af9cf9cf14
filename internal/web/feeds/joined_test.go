package feeds_test

import (
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/procedure"
)

// A case that was joined with another is told of by that one alone, while both
// were under way and once they have ended.
func TestJoinedCasesAreToldOnce(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	send(t, w, "AAAAAAAAAAAAAAAAAAAAAAAAAA", "c01002", "")
	w.Clock.Advance(25 * time.Hour) // so that it is no repetition of the other
	send(t, w, "BBBBBBBBBBBBBBBBBBBBBBBBBB", "c02010", "")
	d := w.District()
	all, err := casework.List(t.Context(), w.DB, d, casework.Filter{}, w.Clock.Now(), "", 10)
	if err != nil || len(all.Rows) != 2 {
		t.Fatalf("%d cases, %v", len(all.Rows), err)
	}
	var r rss
	if read(t, w, "/area/"+grid+"/feed.rss", &r); len(r.Channel.Item) != 2 {
		t.Fatalf("%d items before they are joined", len(r.Channel.Item))
	}
	as := func(login string, role procedure.Role) (by procedure.Actor) {
		person, _ := d.Org.PersonByLogin(login)
		for _, p := range d.HeldAt(person.ID, w.Clock.Now()) {
			if a := casework.ActorOf(p); a.Role == role {
				by = a
			}
		}
		return by
	}
	into := all.Rows[0].ID
	for _, row := range all.Rows {
		if row.Matter == "c02010" {
			into = row.ID
		}
	}
	err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, row := range all.Rows {
			if row.ID == into {
				continue
			}
			if _, err := casework.Merge(t.Context(), tx, casework.Acting{District: d, By: as("chenli", procedure.Dispatcher)}, row.ID, into); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(2 * time.Minute)
	r = rss{}
	if read(t, w, "/area/"+grid+"/feed.rss", &r); len(r.Channel.Item) != 1 {
		t.Errorf("%d items after they were joined: %+v", len(r.Channel.Item), r.Channel.Item)
	}
	tasks, err := casework.Tasks(t.Context(), w.DB, d.Code, into)
	if err != nil {
		t.Fatal(err)
	}
	err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := casework.Act(t.Context(), tx, casework.Acting{District: d, By: as("guoyan", procedure.Acceptor)}, into, procedure.Move{Task: tasks[0].ID, Action: "reject", Reason: "看过了，没有"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(2 * time.Minute)
	r = rss{}
	if read(t, w, "/area/"+grid+"/feed.rss", &r); len(r.Channel.Item) != 1 {
		t.Errorf("%d items after they have ended: %+v", len(r.Channel.Item), r.Channel.Item)
	}
}
