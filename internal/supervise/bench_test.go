package supervise_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/db"
)

const benchCases = 100_000

// newBench is a district with a year of cases, one in two open.
func newBench(b *testing.B, address string) *apptest.World {
	w := apptest.At(b, address)
	d := w.District()
	var units, grids []string
	for _, u := range d.Org.Units() {
		units = append(units, string(u.ID))
	}
	for _, a := range d.Areas.Tier(area.Grid) {
		grids = append(grids, string(a.Code))
	}
	fill(b, w.DB, d.Code, units, grids, benchCases)
	if w.DB.Engine() == db.Postgres {
		if err := w.DB.Write(b.Context(), func(tx *db.Tx) error { return tx.Exec(b.Context(), "analyze") }); err != nil {
			b.Fatal(err)
		}
	}
	return w
}

func insertCase(b *testing.B, tx *db.Tx, code, id, grid, state, text string, due time.Time) error {
	return tx.Exec(b.Context(), `insert into cases (district, id, number, matter, major, kind, procedure, version, title, text, address, lon, lat, placed,
		street, community, grid, channel, urgency, secret, danger, reachable, receiver, unit, co, proposed, proposal, no_owner,
		state, step, opened_at, near_at, due, due_text, provisional, closed_at, on_time, reports, returns, round, rating, merged_into, moved_at, revision)
		values ($1,$2,$2,'m06013','m','event','city-event','v','道路破损',$3,'桂香路 18 号附近',118.1,24.5,'point',$4,$5,$6,'portal','D',false,false,true,
		'u-centre','u-shizheng','','u-shizheng',$3,false,$7,'handle',$8,$9,$10,'7 working-days',false,0,true,1,0,1,0,'',$8,3)`,
		code, id, strings.Repeat(text, 2), grid[:9], grid[:12], grid, state, db.At(tx.Now), db.At(due.Add(-20*time.Hour)), db.At(due))
}

func insertTask(b *testing.B, tx *db.Tx, code, id, of, unit, state string, due time.Time) error {
	return tx.Exec(b.Context(), `insert into tasks (district, id, case_id, step, part, unit, role, area, person, state, action, done_by, done_post,
		round, final, reporter, opened_at, near_at, due, done_at, rung_at) values ($1,$2,$3,'handle','lead',$4,'handler','','',$5,'','','',1,false,false,$6,$7,$8,0,$9)`,
		code, id, of, unit, map[bool]string{true: "open", false: "done"}[state == "open"], db.At(tx.Now), db.At(due.Add(-20*time.Hour)), db.At(due), db.Due(time.Time{}))
}
