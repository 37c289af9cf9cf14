package evaluate_test

import (
	"testing"

	"linli/internal/evaluate"
)

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/linli.db")
	workers := w.d.Org.WorkersOf(theGrid, w.d.Day)
	if len(workers) == 0 {
		t.Fatal("the grid has no worker")
	}
	worker := evaluate.Post(string(workers[0].ID))
	station := string(workers[0].Unit)
	self := w.as("grid-worker", station).By
	self.Post = string(workers[0].ID)
	for _, row := range []struct {
		why     string
		role    string
		unit    string
		subject evaluate.Subject
		want    bool
	}{
		{"a unit sees itself", "handler", "u-shizheng", "unit:u-shizheng", true},
		{"and no other", "handler", "u-shizheng", "unit:u-yuanlin", false},
		{"the office above sees its stations", "unit-lead", "u-huaishu", "unit:u-guixiang", true},
		{"the station does not see the office above", "unit-lead", "u-guixiang", "unit:u-huaishu", false},
		{"a supervisor sees all units", "supervisor", "u-centre", "unit:u-yuanlin", true},
		{"but no grid worker", "supervisor", "u-centre", worker, false},
		{"the station's lead sees its workers", "unit-lead", station, worker, true},
		{"another's lead does not", "unit-lead", "u-yuanlin", worker, false},
		{"nor does a colleague", "grid-worker", station, worker, false},
		{"a department answers for no area", "handler", "u-shizheng", "street:990101001", false},
		{"an office does for its own", "unit-lead", "u-huaishu", "street:990101001", true},
		{"and for no other", "unit-lead", "u-huaishu", "street:990101002", false},
		{"a supervisor sees all areas", "supervisor", "u-centre", "street:990101002", true},
		{"nor is the district a unit's to see", "unit-lead", "u-huaishu", evaluate.District, false},
		{"the administrator sees none", "admin", "u-centre", "unit:u-centre", false},
	} {
		if got := evaluate.MaySee(w.d, w.as(row.role, row.unit).By, row.subject); got != row.want {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
	if !evaluate.MaySee(w.d, self, worker) {
		t.Error("a grid worker does not see their own card")
	}
}
