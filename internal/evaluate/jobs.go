package evaluate

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/measure"
	"linli/internal/procedure"
)

// The kinds of job that keep scorecards going. Both are prepared before their
// transaction, because reading a month takes seconds.
const (
	MonthJob = "scorecard-month" // on the 1st: last month's preliminary count
	DaysJob  = "unit-days"       // every few minutes: today and yesterday by unit
)

// daysEvery is how old a board may be, and daysMost how far back a board's days
// are counted again after a standstill.
const (
	daysEvery = 5 * time.Minute
	daysMost  = 62
)

// monthAfter is how long after midnight a month is counted: what was in hand at
// midnight is on disk then.
const monthAfter = 30 * time.Minute

type daysArgs struct {
	From clock.Date `json:"from,omitempty"` // the first day that may have changed
}

// Schedule sees to it that a district's jobs are waiting: last month where it
// has not been counted, this month for when it is over, and the days.
func Schedule(ctx context.Context, tx *db.Tx, d *district.District) (err error) {
	defer errs.Wrap(&err, "evaluate.Schedule(%s)", d.Code)
	month := MonthOf(tx.Now, d.Calendar.Zone())
	last, err := periodOf(ctx, tx, d.Code, month.Add(-1))
	if err != nil {
		return err
	}
	if last.State == Open {
		if err := addMonth(ctx, tx, d, month.Add(-1)); err != nil {
			return err
		}
	}
	if err := addMonth(ctx, tx, d, month); err != nil {
		return err
	}
	days, err := db.All(ctx, tx, func(s *clock.Date) []any { return []any{s} },
		"select u.day from unit_days u where u.district = $1 order by u.day desc limit 1", d.Code)
	if err != nil {
		return err
	}
	args := daysArgs{}
	if len(days) > 0 {
		args.From = days[0]
	}
	return job.Add(ctx, tx, d.Code, DaysJob, DaysJob, args, tx.Now)
}

func addMonth(ctx context.Context, tx *db.Tx, d *district.District, month Period) error {
	_, to := month.Span(d.Calendar.Zone())
	return job.Add(ctx, tx, d.Code, MonthJob, string(month), month, to.Add(monthAfter))
}

// PrepareMonth is the preparer of MonthJob: it counts the month, and the handler
// stores it, unless somebody has done so by hand.
func PrepareMonth(ctx context.Context, r db.Reader, d *district.District, book *measure.Book, now time.Time, j job.Job) (_ job.Handler, err error) {
	defer errs.Wrap(&err, "evaluate.PrepareMonth(%s)", j.Key)
	var month Period
	if err := json.Unmarshal(j.Args, &month); err != nil {
		return nil, err
	}
	next := func(ctx context.Context, tx *db.Tx, _ job.Job) error { return addMonth(ctx, tx, d, month.Add(1)) }
	if book == nil {
		return next, nil // nothing says how to count; it may next month
	}
	res, err := Compute(ctx, r, d, book, month, now)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx, j job.Job) error {
		was, err := periodOf(ctx, tx, d.Code, month)
		if err != nil {
			return err
		}
		if was.State == Open {
			a := casework.Acting{District: d, By: procedure.Actor{System: true}}
			if err := Store(ctx, tx, a, res); err != nil {
				return err
			}
		}
		return next(ctx, tx, j)
	}, nil
}

// PrepareDays is the preparer of DaysJob: it counts the days that may have
// changed, and the handler stores them and asks for itself again.
func PrepareDays(ctx context.Context, r db.Reader, d *district.District, now time.Time, j job.Job) (_ job.Handler, err error) {
	defer errs.Wrap(&err, "evaluate.PrepareDays")
	var args daysArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return nil, err
	}
	today := dayOf(d, now)
	counted := map[clock.Date]map[string]*UnitDay{}
	for day := max(min(args.From, today.Add(-1)), today.Add(-daysMost)); day <= today; day = day.Add(1) {
		if counted[day], err = CountDay(ctx, r, d, day); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		for day, units := range counted {
			if err := storeDay(ctx, tx, d.Code, day, units); err != nil {
				return err
			}
		}
		tx.Wake(Topic)
		return job.Add(ctx, tx, d.Code, DaysJob, DaysJob, daysArgs{From: today.Add(-1)}, tx.Now.Add(daysEvery))
	}, nil
}
