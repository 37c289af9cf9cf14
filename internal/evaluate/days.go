package evaluate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/measure"
)

// UnitDay is what a unit did on a day. It is kept apart from the cases, so that
// boards add up a few hundred rows and never read a month of work.
type UnitDay struct {
	Day             clock.Date
	Unit            string // '' for what was no unit's
	Received, Filed int    // cases
	Kept, Broken    int    // promises
	Done            int    // tasks
	Returned        int
	Refused         int
	Ended           int // cases, closed or answered
	EndedLate       int
	Rated, Grades   int // ratings, and the sum of their grades
}

// CountDay counts a day from the trail, by unit.
func CountDay(ctx context.Context, r db.Reader, d *district.District, day clock.Date) (_ map[string]*UnitDay, err error) {
	defer errs.Wrap(&err, "evaluate.CountDay(%s)", day)
	zone := d.Calendar.Zone()
	from, to := day.Start(zone), day.Add(1).Start(zone)
	files, err := read(ctx, r, d.Code, from, to)
	if err != nil {
		return nil, err
	}
	units := map[string]*UnitDay{}
	s := newScene(d, &measure.Book{}, db.At(from), day)
	for _, f := range files {
		s.run(f, func(grain measure.Over, it *measure.Item, _ ground) {
			u := units[it.Unit]
			if u == nil {
				u = &UnitDay{Day: day, Unit: it.Unit}
				units[it.Unit] = u
			}
			u.add(grain, it)
		})
	}
	return units, nil
}

// add counts one item.
func (u *UnitDay) add(grain measure.Over, it *measure.Item) {
	switch grain {
	case measure.Promises:
		u.Kept += one(it.Kept)
		u.Broken += one(!it.Kept)
	case measure.Tasks:
		u.Done += one(it.State == stateDone)
		u.Returned += one(it.Returned)
		u.Refused += one(it.Refused)
	case measure.Cases:
		u.Received += one(it.Received)
		u.Filed += one(it.Filed)
		u.Ended += one(it.Closed)
		u.EndedLate += one(it.Closed && it.Promised && !it.OnTime)
	case measure.Ratings:
		u.Rated++
		u.Grades += it.Grade
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// storeDay puts a day's count in the place of what was there. Units that did
// nothing have no row.
func storeDay(ctx context.Context, tx *db.Tx, code string, day clock.Date, units map[string]*UnitDay) error {
	if err := tx.Exec(ctx, "delete from unit_days where district = $1 and day = $2", code, string(day)); err != nil {
		return err
	}
	for _, u := range units {
		if *u == (UnitDay{Day: u.Day, Unit: u.Unit}) {
			continue
		}
		err := tx.Exec(ctx, `insert into unit_days (district, day, unit, received, filed, kept, broken, done, returned, refused, ended, ended_late, rated, grades)
			values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, code, string(day), u.Unit, u.Received, u.Filed, u.Kept, u.Broken, u.Done,
			u.Returned, u.Refused, u.Ended, u.EndedLate, u.Rated, u.Grades)
		if err != nil {
			return err
		}
	}
	return nil
}

// Days lists what units did from one day to another, both included, oldest
// first; unit ” lists all units.
func Days(ctx context.Context, r db.Reader, code, unit string, from, to clock.Date) (all []UnitDay, err error) {
	defer errs.Wrap(&err, "evaluate.Days(%s, %s, %s)", unit, from, to)
	where, args := "", []any{code, string(from), string(to)}
	if unit != "" {
		where, args = " and u.unit = $4", append(args, unit)
	}
	return db.All(ctx, r, (*UnitDay).dest, `select u.day, u.unit, u.received, u.filed, u.kept, u.broken, u.done, u.returned, u.refused, u.ended, u.ended_late,
		u.rated, u.grades from unit_days u where u.district = $1 and u.day >= $2 and u.day <= $3`+where+" order by u.day, u.unit", args...)
}

func (u *UnitDay) dest() []any {
	return []any{
		&u.Day, &u.Unit, &u.Received, &u.Filed, &u.Kept, &u.Broken, &u.Done, &u.Returned, &u.Refused, &u.Ended, &u.EndedLate, &u.Rated, &u.Grades,
	}
}

// Promised is how promises went: kept and broken.
type Promised struct{ Kept, Broken int }

// Judged is how many promises were judged.
func (p Promised) Judged() int { return p.Kept + p.Broken }

// Rate is the share kept, 0 to 1; without promises ok is false.
func (p Promised) Rate() (rate float64, ok bool) {
	if p.Judged() == 0 {
		return 0, false
	}
	return float64(p.Kept) / float64(p.Judged()), true
}

// boardWeeks is how many weeks a board looks back.
const boardWeeks = 8

// BoardLine is a unit's on-time record, for the colour board.
type BoardLine struct {
	Month Promised
	Weeks [boardWeeks]Promised // from Monday, the oldest first; the last is the week of today
}

// Board reads every unit's on-time record this month and the last eight weeks.
func Board(ctx context.Context, r db.Reader, code string, today clock.Date) (lines map[string]BoardLine, err error) {
	defer errs.Wrap(&err, "evaluate.Board(%s)", today)
	monday := today.Add(-((int(today.Weekday()) + 6) % 7))
	since := []clock.Date{today[:8] + "01"}
	for week := range boardWeeks {
		since = append(since, monday.Add(7*(week-boardWeeks+1)))
	}
	since = append(since, monday.Add(7))
	args := []any{code, string(min(since[0], since[1])), string(today)}
	var columns []string
	span := func(from, to clock.Date) {
		args = append(args, string(from), string(to))
		when := fmt.Sprintf("u.day >= $%d and u.day < $%d", len(args)-1, len(args))
		for _, what := range []string{"kept", "broken"} {
			columns = append(columns, "coalesce(sum(case when "+when+" then u."+what+" else 0 end), 0)")
		}
	}
	span(since[0], today.Add(1))
	for week := range boardWeeks {
		span(since[1+week], since[2+week])
	}
	lines = map[string]BoardLine{}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var unit string
		var l BoardLine
		dest := []any{&unit, &l.Month.Kept, &l.Month.Broken}
		for week := range l.Weeks {
			dest = append(dest, &l.Weeks[week].Kept, &l.Weeks[week].Broken)
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		lines[unit] = l
		return nil
	}, "select u.unit, "+strings.Join(columns, ", ")+" from unit_days u where u.district = $1 and u.day >= $2 and u.day <= $3 group by u.unit", args...)
	return lines, err
}

// dayOf is the day of an instant in the district.
func dayOf(d *district.District, t time.Time) clock.Date { return clock.DateOf(t, d.Calendar.Zone()) }
