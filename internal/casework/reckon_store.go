package casework

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/job"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// casted are placeholders of rows in a values list of which both engines know
// the types, the first after $1.
func casted(rows int, types ...string) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j, kind := range types {
			b.WriteString([]string{", ", "("}[max(0, 1-j)])
			fmt.Fprintf(&b, "cast($%d as %s)", 2+i*len(types)+j, kind)
		}
		b.WriteString(")")
	}
	return b.String()
}

// storeCases stores the dates of cases that nobody has changed since they were
// read, and tells which.
func storeCases(ctx context.Context, tx *db.Tx, district string, all []again) (map[ID]bool, error) {
	stored := map[ID]bool{}
	for len(all) > 0 {
		some := all[:atOnce(len(all))]
		all = all[len(some):]
		args := []any{district}
		for _, a := range some {
			c := a.c
			args = append(args, string(c.ID), c.Revision, db.Due(c.Due), db.Due(c.NearAt), boolean(c.Provisional), c.Limit)
		}
		err := db.Scan(ctx, tx, func(rows db.Rows) error {
			var id ID
			err := rows.Scan(&id)
			stored[id] = true
			return err
		}, `update cases set due = v.column3, near_at = v.column4, provisional = (v.column5 = 1), due_text = v.column6, revision = revision + 1
			from (values `+casted(len(some), "text", "bigint", "bigint", "bigint", "bigint", "text")+`) as v
			where cases.district = $1 and cases.id = v.column1 and cases.revision = v.column2 returning cases.id`, args...)
		if err != nil {
			return nil, err
		}
	}
	return stored, nil
}

func boolean(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// storeTasks stores the dates of the tasks of cases that were stored.
// Supervision looks at them when they are near, and at once where it had
// already taken a rung.
func storeTasks(ctx context.Context, tx *db.Tx, district string, all []again) error {
	var tasks []*Task
	for _, a := range all {
		tasks = append(tasks, a.tasks...)
		for _, t := range a.tasks {
			s := &stroke{ctx: ctx, tx: tx, d: a.d, c: a.c, p: a.p}
			if err := s.expires(t); err != nil {
				return err
			}
		}
	}
	for len(tasks) > 0 {
		some := tasks[:atOnce(len(tasks))]
		tasks = tasks[len(some):]
		args := []any{district}
		for _, t := range some {
			watched := int64(0)
			if t.watched() {
				watched = 1
			}
			args = append(args, t.ID, db.Due(t.Due), db.Due(t.NearAt), watched)
		}
		err := tx.Exec(ctx, `update tasks set due = v.column2, near_at = v.column3,
			rung_at = case when v.column4 = 0 or rung_at = `+never+` then rung_at when rung = 0 and not overdue then v.column3 else `+fmt.Sprint(db.At(tx.Now))+` end
			from (values `+casted(len(some), "text", "bigint", "bigint", "bigint")+`) as v
			where tasks.district = $1 and tasks.id = v.column1 and tasks.state = 'open'`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// tell writes the trail of cases whose dates moved, tells their reporters, and
// counts for their units.
func (k *Reckoning) tell(ctx context.Context, tx *db.Tx, d *district.District, all []again) error {
	subjects := make([]string, len(all))
	for i, a := range all {
		subjects[i] = string(a.c.ID)
	}
	heads, err := trail.Heads(ctx, tx, d.Code, subjects)
	if err != nil {
		return err
	}
	for _, a := range all {
		c := a.c
		moves := !c.Due.Equal(a.due)
		if !moves && len(a.dated) == 0 {
			continue // only from when it is near: no date to tell of
		}
		for _, t := range a.dated {
			k.Units[unitOf(d, t)]++
		}
		k.Moved += max(1, len(a.dated))
		s := &stroke{ctx: ctx, tx: tx, d: d, c: c, p: a.p, by: procedure.Actor{System: true}}
		detail := map[string]string{"before": micros(a.due), "after": micros(c.Due), "cause": k.Cause.Kind, "why": k.Cause.Text.ZH, "limit": c.Limit}
		if err := s.record(heads[string(c.ID)], "reckoned", c.Step, s.now(detail)); err != nil {
			return err
		}
		if !moves {
			continue
		}
		key := fmt.Sprintf("%s %s", k.ID, c.ID)
		n := s.notice(Notice{Template: "date-moved", Unit: c.Unit})
		if err := job.Add(ctx, tx, d.Code, NoticeJob, key, n, tx.Now); err != nil {
			return err
		}
	}
	return nil
}
