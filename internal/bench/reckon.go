package bench

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/sample"
	"linli/internal/setup"
)

const reckonHead = `| engine | open cases | dates moved | counted again in | openings/s before | p99 before | during | p99 during |
|---|---|---|---|---|---|---|---|`

// reckon changes the calendar of a district with many open cases while reports
// come in a hundred a second, and waits until every date has been counted again.
func reckon(ctx context.Context, w *world) error {
	a, d, err := w.open(ctx, false)
	if err != nil {
		return err
	}
	defer a.Close()
	on, err := serve(ctx, a)
	if err != nil {
		return err
	}
	err = w.reckoned(ctx, on, d)
	return cmp.Or(err, on.stop())
}

func (w *world) reckoned(ctx context.Context, on *served, d *district.District) error {
	open, err := db.Value[int](ctx, on.DB, "select count(*) from cases c where c.state = 'open'")
	if err != nil {
		return err
	}
	before, err := w.flow(ctx, on, "before", w.For)
	if err != nil {
		return err
	}
	var took time.Duration
	var moved int
	var failed error
	flowing, stop := context.WithCancel(ctx)
	defer stop()
	var wait sync.WaitGroup
	wait.Go(func() {
		defer stop()
		took, moved, failed = w.change(ctx, on, d)
	})
	during, err := w.flow(flowing, on, "during", time.Hour) // until it is counted
	wait.Wait()
	if err := cmp.Or(failed, err); err != nil {
		return err
	}
	fmt.Fprintf(w.Out, "| %s | %d | %d | %s | %.0f | %s | %.0f | %s |\n", on.DB.Engine(), open, moved, took.Round(100*time.Millisecond),
		before.rate(), ms(before.at(.99)), during.rate(), ms(during.at(.99)))
	return nil
}

// flow sends a hundred reports a second, until ctx ends or for a while.
func (w *world) flow(ctx context.Context, on *served, name string, d time.Duration) (load, error) {
	send, err := on.sender(w.Config, name, w.Clients, ownPost)
	if err != nil {
		return load{}, err
	}
	l := drive(ctx, w.Now, w.Clients, d, paced(send, 10*time.Millisecond*time.Duration(w.Clients), w.Now))
	if ctx.Err() != nil {
		return l, nil // what was on its way was cut off
	}
	return l, l.failed
}

// change brings a year's notice in that makes the next two weekdays days off,
// and waits for the counting to be over.
func (w *world) change(ctx context.Context, on *served, d *district.District) (took time.Duration, moved int, err error) {
	notice := "date,name,is_off_day\n"
	day := clock.DateOf(w.Now(), d.Calendar.Zone())
	for off := 0; off < 2; {
		day = day.Add(1)
		if rule := d.Calendar.Rule(day); len(rule.Hours) > 0 {
			notice += string(day) + ",临时放假,1\n"
			off++
		}
	}
	begin := w.Now()
	file := district.File{Name: string(day[:4]) + ".csv", Data: []byte(notice)}
	report, err := setup.Into(ctx, on.DB, sample.DistrictCode, setup.Source{Years: []district.File{file}})
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %v", err, report.Findings())
	}
	for ctx.Err() == nil {
		all, err := casework.Reckonings(ctx, on.DB, d)
		if err != nil {
			return 0, 0, err
		}
		if len(all) > 0 && !all[0].DoneAt.IsZero() && all[0].At.After(begin.Add(-time.Second)) {
			return w.Now().Sub(begin), all[0].Moved, nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return 0, 0, ctx.Err()
}
