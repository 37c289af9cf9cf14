package casework

import (
	"context"
	"slices"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/procedure"
)

// stateOf is the case as its procedure sees it, with what of it may be refused.
func stateOf(ctx context.Context, r db.Reader, d *district.District, p *procedure.Procedure, c *Case, tasks []Task) (procedure.State, error) {
	state := c.state(d, tasks)
	if c.Reports > 1 { // only then can another case have been merged into it
		joined, err := joinedTasks(ctx, r, d.Code, c.ID)
		if err != nil {
			return state, err
		}
		state.Joined = seen(joined)
	}
	var asked []*Task
	for i := range tasks {
		if t := &tasks[i]; t.State == procedure.Open && t.refusable(d, p) {
			asked = append(asked, t)
		}
	}
	if len(asked) == 0 {
		return state, nil // most steps are nobody's to refuse, and nothing is read
	}
	list, err := admitted(ctx, r, d, c)
	if err != nil || !list.kept {
		return state, err
	}
	for _, t := range asked {
		if !list.names(unitOf(d, t)) {
			state.Refusable = append(state.Refusable, t.ID)
		}
	}
	return state, nil
}

// refusable reports whether a task could be refused were its duty not listed:
// the admission list protects grid workers and community stations, no others.
func (t *Task) refusable(d *district.District, p *procedure.Procedure) bool {
	if step := p.Step(t.Step); step == nil || step.Action(procedure.Refuse) == nil {
		return false
	}
	u, _ := d.Org.Unit(org.UnitID(t.Unit))
	return u.Kind == org.CommunityStation || slices.Contains([]procedure.Role{procedure.GridWorker, procedure.GridLeader}, t.Role)
}

// admissions is what the admission list (准入) of a day says of a matter.
type admissions struct {
	kept  bool       // there was a list at all: without one nothing can be refused
	units [][]string // of each entry that names the matter: the units it is for, none for all
}

// names reports whether the matter was a duty of a unit.
func (a admissions) names(unit string) bool {
	return slices.ContainsFunc(a.units, func(units []string) bool { return len(units) == 0 || slices.Contains(units, unit) })
}

// admitted reads what the list said on the day a case was opened. Supervision
// keeps the list; it is read here because what may be done with a case is asked
// below it, and must be the answer that guards the act.
func admitted(ctx context.Context, r db.Reader, d *district.District, c *Case) (list admissions, err error) {
	day := clock.DateOf(c.OpenedAt, d.Calendar.Zone())
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var named bool
		var units []string
		if err := rows.Scan(&named, listOf(&units)); err != nil {
			return err
		}
		list.kept = true
		if named {
			list.units = append(list.units, units)
		}
		return nil
	}, `select a.matter <> '' and substr($2, 1, length(a.matter)) = a.matter, a.units from admissions a
		where a.district = $1 and a.state = 'approved' and a.from_date <= $3 and (a.to_date = '' or a.to_date >= $3)`, d.Code, c.Matter, string(day))
	return list, err
}
