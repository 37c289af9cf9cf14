package supervise

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// UnitBounces is how a unit passed cases on, among those opened within a time.
type UnitBounces struct {
	Unit     string
	Received int // times it was given a case to lead
	Returned int // given back
	Refused  int // refused as beside the admission list; lawful, and not held against it
	Moved    int // taken away again by a ruling
	Ruled    int // given by a ruling, so that it could not return it
}

// Bounces counts, by unit, how cases opened from one instant until another were
// passed on at the steps that a unit is sent to, those that returned most first.
func Bounces(ctx context.Context, r db.Reader, d *district.District, from, to time.Time) (all []UnitBounces, err error) {
	defer errs.Wrap(&err, "supervise.Bounces(%s)", d.Code)
	of := map[string]*UnitBounces{}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var name, version, step, unit string
		var b UnitBounces
		if err := rows.Scan(&name, &version, &step, &unit, &b.Received, &b.Returned, &b.Refused, &b.Moved, &b.Ruled); err != nil {
			return err
		}
		if !routed(d, name, version, step) {
			return nil
		}
		sum := of[unit]
		if sum == nil {
			sum = &UnitBounces{Unit: unit}
			of[unit] = sum
		}
		sum.Received, sum.Returned, sum.Refused = sum.Received+b.Received, sum.Returned+b.Returned, sum.Refused+b.Refused
		sum.Moved, sum.Ruled = sum.Moved+b.Moved, sum.Ruled+b.Ruled
		return nil
	}, `select c.procedure, c.version, t.step, t.unit, count(*), sum(case when t.state = 'returned' then 1 else 0 end),
		sum(case when t.state = 'refused' then 1 else 0 end), sum(case when t.state = 'cancelled' and c.state <> 'merged' then 1 else 0 end),
		sum(case when t.final then 1 else 0 end)
		from cases c join tasks t on t.district = c.district and t.case_id = c.id
		where c.district = $1 and c.opened_at >= $2 and c.opened_at < $3 and t.part = 'lead' and t.unit <> '' and not t.reporter
		group by c.procedure, c.version, t.step, t.unit`, d.Code, db.At(from), db.At(to))
	for _, b := range of {
		all = append(all, *b)
	}
	slices.SortFunc(all, func(a, b UnitBounces) int {
		return cmp.Or(cmp.Compare(b.Returned, a.Returned), cmp.Compare(b.Moved, a.Moved), strings.Compare(a.Unit, b.Unit))
	})
	return all, err
}

// routed reports whether a step of a procedure is one that a unit is sent to.
func routed(d *district.District, name, version, step string) bool {
	p, ok := d.Catalogue.Procedure(name, version)
	if !ok {
		return false
	}
	s := p.Step(procedure.StepName(step))
	return s != nil && s.By.At == procedure.Routed
}
