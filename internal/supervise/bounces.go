package supervise

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
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
		`+handedOn+`
		group by c.procedure, c.version, t.step, t.unit`, d.Code, db.At(from), db.At(to))
	for _, b := range of {
		all = append(all, *b)
	}
	slices.SortFunc(all, func(a, b UnitBounces) int {
		return cmp.Or(cmp.Compare(b.Returned, a.Returned), cmp.Compare(b.Moved, a.Moved), strings.Compare(a.Unit, b.Unit))
	})
	return all, err
}

// handedOn are the leading tasks of units in cases opened within a time, after
// the district in $1 and the instants in $2 and $3.
const handedOn = `from cases c join tasks t on t.district = c.district and t.case_id = c.id
		where c.district = $1 and c.opened_at >= $2 and c.opened_at < $3 and t.part = 'lead' and t.unit <> '' and not t.reporter`

// Passing is one of the ways UnitBounces counts.
type Passing string

// The ways in which a case came to a unit or left it.
const (
	WasReceived Passing = "received"
	WasReturned Passing = "returned"
	WasRefused  Passing = "refused"
	WasMoved    Passing = "moved"
	WasRuled    Passing = "ruled"
)

// Passings lists the ways in the order of UnitBounces.
func Passings() []Passing {
	return []Passing{WasReceived, WasReturned, WasRefused, WasMoved, WasRuled}
}

// Count is how many times a case was passed on that way.
func (b UnitBounces) Count(p Passing) int {
	switch p {
	case WasReceived:
		return b.Received
	case WasReturned:
		return b.Returned
	case WasRefused:
		return b.Refused
	case WasMoved:
		return b.Moved
	case WasRuled:
		return b.Ruled
	}
	return 0
}

// cond is the condition on a task that Count counts.
func (p Passing) cond() string {
	switch p {
	case WasReturned:
		return " and t.state = 'returned'"
	case WasRefused:
		return " and t.state = 'refused'"
	case WasMoved:
		return " and t.state = 'cancelled' and c.state <> 'merged'"
	case WasRuled:
		return " and t.final"
	}
	return ""
}

// Passed is one time that a unit had a case.
type Passed struct {
	Case             casework.ID
	Number, Matter   string
	OpenedAt, DoneAt time.Time // of the unit's task; DoneAt is zero while it has it
	Secret           bool      // the case is: OpenedAt is the day alone, since its minute could be that of the report

	name, version, step string
}

// PassedOn lists what stands behind a number of Bounces, the latest first.
func PassedOn(ctx context.Context, r db.Reader, d *district.District, unit string, way Passing, from, to time.Time, most int) (all []Passed, err error) {
	defer errs.Wrap(&err, "supervise.PassedOn(%s, %s)", unit, way)
	if !slices.Contains(Passings(), way) {
		return nil, errs.New(errs.NotFound, "没有这样的清单。", "There is no such list.")
	}
	dest := func(p *Passed) []any {
		return []any{&p.Case, &p.Number, &p.Matter, db.Time(&p.OpenedAt), db.Time(&p.DoneAt), &p.Secret, &p.name, &p.version, &p.step}
	}
	all, err = db.All(ctx, r, dest, `select c.id, c.number, c.matter, t.opened_at, t.done_at, c.secret, c.procedure, c.version, t.step
		`+handedOn+way.cond()+" and t.unit = $4 order by t.opened_at desc, t.id desc limit $5", d.Code, db.At(from), db.At(to), unit, most)
	for i, p := range all {
		if p.Secret {
			all[i].OpenedAt = clock.DateOf(p.OpenedAt, d.Calendar.Zone()).Start(d.Calendar.Zone())
		}
	}
	return slices.DeleteFunc(all, func(p Passed) bool { return !routed(d, p.name, p.version, p.step) }), err
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
