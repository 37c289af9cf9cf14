package app_test

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/trail"
)

// audit looks into the database beside the running program: every case that
// was acknowledged is whole, and nothing hangs in the air.
func (v *victim) audit() {
	v.t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: v.database})
	if err != nil {
		v.t.Fatal(err)
	}
	defer d.Close()
	in, err := district.Open(ctx, d, sample.DistrictCode, time.Now())
	if err != nil {
		v.t.Fatal(err)
	}
	for sender, a := range v.kept {
		v.whole(ctx, d, in, sender, a)
	}
	for _, half := range halves(d.Engine()) {
		n, err := db.Value[int](ctx, d, half.sql)
		if err != nil || n != 0 {
			v.t.Errorf("%s: %d, %v, want none", half.what, n, err)
		}
	}
	cases, err := db.Value[int](ctx, d, "select count(*) from cases")
	if err != nil || cases != len(v.kept) {
		v.t.Errorf("%d cases, %v, want the %d that were sent", cases, err, len(v.kept))
	}
	if d.Engine() == db.SQLite {
		if said, err := db.Value[string](ctx, d, "pragma integrity_check"); err != nil || said != "ok" {
			v.t.Errorf("integrity_check: %s %v", said, err)
		}
	}
}

// whole checks one case that was acknowledged.
func (v *victim) whole(ctx context.Context, d *db.DB, in *district.District, sender string, a ack) {
	v.t.Helper()
	c, err := casework.ByNumber(ctx, d, in.Code, a.number)
	if err != nil || string(c.ID) != a.id {
		v.t.Errorf("%s: case %s is %s, %v, want %s", sender, a.number, c.ID, err, a.id)
		return
	}
	reports, err := casework.Reports(ctx, d, in.Code, c.ID)
	if err != nil || len(reports) != 1 || reports[0].ID != a.report || reports[0].Phone == "" {
		v.t.Errorf("%s: reports %+v, %v, want %s with its phone", sender, reports, err, a.report)
	}
	tasks, err := casework.Tasks(ctx, d, in.Code, c.ID)
	if err != nil || len(tasks) == 0 || tasks[0].State != procedure.Open || c.Due.IsZero() {
		v.t.Errorf("%s: tasks %+v, due %v, %v, want a first step with its deadline", sender, tasks, c.Due, err)
	}
	entries, err := trail.Of(ctx, d, in.Code, a.id)
	if err != nil || len(entries) == 0 || entries[0].Act != "opened" {
		v.t.Errorf("%s: trail %+v, %v, want it to begin with the opening", sender, entries, err)
	}
	if err := trail.Verify(in.Code, a.id, entries); err != nil {
		v.t.Errorf("%s: %v", sender, err)
	}
	found, err := casework.Count(ctx, d, in, casework.Filter{Text: sender}, time.Now())
	if err != nil || found.N == 0 {
		v.t.Errorf("%s is not found by its text: %v", sender, err)
	}
	v.pictures(ctx, d, a)
}

// pictures checks that what the database knows as a picture lies on the disk.
func (v *victim) pictures(ctx context.Context, d *db.DB, a ack) {
	v.t.Helper()
	type kept struct {
		sum  string
		size int64
	}
	all, err := db.All(ctx, d, func(k *kept) []any { return []any{&k.sum, &k.size} }, "select sha256, size from documents where subject = $1", a.id)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, k := range all {
		info, err := os.Stat(filepath.Join(v.files, "photos", k.sum[:2], k.sum+".jpg"))
		if err != nil || info.Size() != k.size {
			v.t.Errorf("picture %s of case %s: %v, want %d bytes", k.sum, a.number, err, k.size)
		}
	}
}

// half is something that must not be there without something else.
type half struct{ what, sql string }

// halves are all pairs that one transaction writes.
func halves(engine db.Engine) []half {
	without := func(what, table, of, other, by string) half {
		return half{what, "select count(*) from " + table + " a where not exists (select 1 from " + other + " b where b.district = a.district and b." + by + " = a." + of + ")"}
	}
	index := "case_docs"
	if engine == db.Postgres {
		index = "case_text"
	}
	all := []half{
		without("cases without report", "cases", "id", "reports", "case_id"),
		without("cases without task", "cases", "id", "tasks", "case_id"),
		without("cases without trail", "cases", "id", "trail", "subject"),
		without("cases without text index", "cases", "id", index, "case_id"),
		without("reports without case", "reports", "case_id", "cases", "id"),
		without("tasks without case", "tasks", "case_id", "cases", "id"),
		{"trails without case", `select count(*) from trail a where length(a.subject) = 36 -- those of cases; others have words for names
			and not exists (select 1 from cases b where b.district = a.district and b.id = a.subject)`},
		without("text index without case", index, "case_id", "cases", "id"),
		without("pictures without case", "documents", "subject", "cases", "id"),
		{"messages without case", `select count(*) from messages a where a.case_id <> '' -- some are about no case: rights that changed, a new device
			and not exists (select 1 from cases b where b.district = a.district and b.id = a.case_id)`},
		{"cases whose sender is neither told nor about to be", `select count(*) from cases c where
			not exists (select 1 from messages m where m.district = c.district and m.case_id = c.id and m.template like 'received%')
			and not exists (select 1 from jobs j where j.district = c.district and j.kind = 'notice' and j.key like c.id || ' %')`},
		{"jobs that were given up", "select count(*) from jobs where parked or error <> ''"},
	}
	if engine == db.SQLite {
		all = append(all, half{"texts that are not those of the index",
			"select abs((select count(*) from case_docs) - (select count(*) from case_text))"})
	}
	return all
}
