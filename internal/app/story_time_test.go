package app_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/evaluate"
	"linli/internal/supervise"
)

// at 2026-12-01 09:00, in the district's zone
func at(s *story, w words) error {
	to, err := time.ParseInLocation("2006-01-02 15:04", strings.Join(w.plain, " "), s.zone())
	if err != nil {
		return err
	}
	return s.until(to)
}

// advance 31 minutes | 2 hours | 3 days | 3 working-days. Days keep the time
// of day.
func advance(s *story, w words) error {
	n, err := strconv.Atoi(w.word(0))
	if err != nil {
		return err
	}
	now := s.now().In(s.zone())
	switch unit := clock.Unit(strings.TrimSuffix(w.word(1), "s") + "s"); unit {
	case clock.Minutes:
		return s.until(now.Add(time.Duration(n) * time.Minute))
	case clock.Hours:
		return s.until(now.Add(time.Duration(n) * time.Hour))
	case clock.Days:
		return s.until(now.AddDate(0, 0, n))
	case clock.WorkingDays:
		day := s.District().Calendar.Deadline(now, clock.Limit{N: n, Unit: unit}, nil).At
		return s.until(time.Date(day.Year(), day.Month(), day.Day(), now.Hour(), now.Minute(), now.Second(), 0, s.zone()))
	}
	return fmt.Errorf("how long is %q?", w.plain)
}

// until moves the clock, stopping at each job on the way: what waits for an
// hour happens at that hour.
func (s *story) until(to time.Time) error {
	if to.Before(s.now()) {
		return s.back(to)
	}
	for {
		next, err := s.next(to)
		if err != nil {
			return err
		}
		if next == 0 {
			break
		}
		s.Clock.Set(time.UnixMicro(next))
		s.Due()
	}
	s.Clock.Set(to)
	return nil
}

// next is the instant of the next job until to, zero where there is none. Of
// the jobs that come round by themselves, a sweep is waited for only where it
// finds something, so that a year passes in seconds; the count of the day, the
// public log of the trail and the tidying of the night run whenever something else does.
func (s *story) next(to time.Time) (int64, error) {
	ctx := context.Background()
	next, err := db.Value[int64](ctx, s.DB, `select coalesce(min(run_at), 0) from jobs where not parked and run_at > $1 and run_at <= $2
		and kind not in ($3, $4, 'night', 'trail-log', 'trail-whole', 'retain')`, db.At(s.now()), db.At(to), supervise.SweepJob, evaluate.DaysJob)
	if err != nil {
		return 0, err
	}
	rung, err := db.Value[int64](ctx, s.DB, "select coalesce(min(rung_at), 0) from tasks where state = 'open' and rung_at <= $1", db.At(to))
	if err != nil || rung == 0 {
		return next, err
	}
	sweep, err := db.Value[int64](ctx, s.DB, "select coalesce(min(run_at), 0) from jobs where kind = $1 and not parked", supervise.SweepJob)
	if rung = max(rung, sweep); err != nil || sweep == 0 || rung > db.At(to) || next != 0 && next < rung {
		return next, err
	}
	return rung, nil
}

// back moves the clock to before the story begins, and has the jobs that come
// round begin there.
func (s *story) back(to time.Time) error {
	if len(s.cases) > 0 {
		return errors.New("a story goes back in time only before anything has happened")
	}
	s.Clock.Set(to)
	if err := s.write(func(tx *db.Tx, _ *district.District) error { return tx.Exec(context.Background(), "delete from jobs") }); err != nil {
		return err
	}
	return s.Schedule(context.Background())
}
