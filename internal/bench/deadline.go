package bench

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"linli/internal/clock"
)

// Deadline measures how many promises one core counts in a second: its date and
// the instant from which it is near, as casework stores them.
func Deadline(ctx context.Context, cfg Config) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fmt.Fprintf(cfg.Out, "| limit | pauses | promises/s on one core |\n|---|---|---|\n")
	china := clock.China()
	all := []clock.Limit{
		{N: 30, Unit: clock.Minutes}, {N: 24, Unit: clock.Hours}, {N: 4, Unit: clock.WorkingHours}, {N: 1, Unit: clock.WorkingDays},
		{N: 5, Unit: clock.WorkingDays}, {N: 20, Unit: clock.WorkingDays}, {N: 15, Unit: clock.Days},
	}
	for _, row := range []struct {
		name   string
		limits []clock.Limit
		pauses bool
	}{
		{"all of these in turn", all, false}, {"30 minutes", all[:1], false}, {"24 hours", all[1:2], false}, {"4 working-hours", all[2:3], false},
		{"1 working-days", all[3:4], false}, {"5 working-days", all[4:5], false}, {"20 working-days", all[5:6], false}, {"15 days", all[6:], false},
		{"5 working-days", all[4:5], true},
	} {
		n, took := reckonOn(ctx, cfg, china, row.limits, row.pauses)
		fmt.Fprintf(cfg.Out, "| %s | %s | %.2f M |\n", row.name, map[bool]string{false: "none", true: "one, over a weekend"}[row.pauses], float64(n)/took.Seconds()/1e6)
	}
	return ctx.Err()
}

// reckonOn counts promises given at every minute of the year, for a while.
func reckonOn(ctx context.Context, cfg Config, c *clock.Calendar, limits []clock.Limit, pauses bool) (n int, took time.Duration) {
	year := time.Date(2026, 1, 1, 0, 0, 0, 0, c.Zone())
	begin := cfg.Now()
	due := 0
	for ; ctx.Err() == nil && cfg.Now().Sub(begin) < min(cfg.For, 2*time.Second); n += 1000 {
		for i := range 1000 {
			q := clock.Count{Start: year.Add(time.Duration((n+i)*977%(360*24*60)) * time.Minute), Limit: limits[i%len(limits)]}
			if pauses {
				from := q.Start.Add(time.Hour)
				q.Pauses = []clock.Span{{From: from, To: from.Add(3 * 24 * time.Hour)}}
			}
			if r := c.Reckon(q); r.Due.After(q.Start) {
				due++
			}
		}
	}
	took = cfg.Now().Sub(begin)
	if due != n {
		fmt.Fprintf(cfg.Out, "%d of %d promises are due before they were given\n", n-due, n)
	}
	return n, took
}
