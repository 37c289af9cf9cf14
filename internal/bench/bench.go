// Package bench measures linli against the bare engine under it, on the same
// machine in the same run, so that a figure means something on any machine.
// `linli bench` prints the table that docs/performance.md keeps.
//
// It holds no thresholds and fails nothing: machines are noisy. It owns no
// tables in a district's database; it makes throw-away databases of its own.
package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sync"
	"time"

	"linli/internal/errs"
)

// Config says what to measure and how long.
type Config struct {
	Only     string        // open, read, locate, start; empty is all
	For      time.Duration // of each load
	Clients  int
	Cases    int    // loaded for the reading benchmarks
	Postgres string // address of a server on which databases may be made; empty: SQLite alone
	Dir      string // where SQLite's databases lie and stay; empty is a throw-away folder
	Out      io.Writer
	Now      func() time.Time
}

// Run measures and prints.
func Run(ctx context.Context, cfg Config) error {
	parts := []struct {
		name string
		run  func(context.Context, Config) error
	}{{"open", Open}, {"locate", Locate}, {"start", Start}, {"read", Read}}
	known := false
	for _, p := range parts {
		if cfg.Only != "" && cfg.Only != p.name {
			continue
		}
		known = true
		fmt.Fprintf(cfg.Out, "\n## %s\n\n", p.name)
		if err := p.run(ctx, cfg); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if !known {
		return errs.New(errs.Invalid, "没有 %s 这项测量：open、locate、start、read。", "There is no benchmark %s: open, locate, start, read.", cfg.Only)
	}
	return nil
}

// load is what many clients did together.
type load struct {
	done   int
	took   time.Duration
	each   []time.Duration
	failed error
}

func (l load) rate() float64 { return float64(l.done) / l.took.Seconds() }

// at is the duration that a share of the requests did not exceed.
func (l load) at(share float64) time.Duration {
	if len(l.each) == 0 {
		return 0
	}
	i := int(math.Ceil(share*float64(len(l.each)))) - 1
	return l.each[max(0, min(i, len(l.each)-1))]
}

// drive lets clients do one thing over and over for a while. n counts what a
// client has done so far.
func drive(ctx context.Context, now func() time.Time, clients int, d time.Duration, do func(ctx context.Context, client, n int) error) load {
	var mu sync.Mutex
	var all load
	var wait sync.WaitGroup
	begin := now()
	for client := range clients {
		wait.Go(func() {
			var each []time.Duration
			var failed error
			for n := 0; failed == nil && now().Sub(begin) < d && ctx.Err() == nil; n++ {
				start := now()
				failed = do(ctx, client, n)
				each = append(each, now().Sub(start))
			}
			mu.Lock()
			defer mu.Unlock()
			all.each = append(all.each, each...)
			all.failed = cmp.Or(all.failed, failed)
		})
	}
	wait.Wait()
	all.took = now().Sub(begin)
	all.done = len(all.each)
	slices.Sort(all.each)
	return all
}

// folder makes a throw-away folder and says how to remove it. A folder that was
// named is kept, with what was loaded into it.
func (cfg Config) folder() (dir string, remove func(), err error) {
	if cfg.Dir != "" {
		return cfg.Dir, func() {}, os.MkdirAll(cfg.Dir, 0o750)
	}
	dir, err = os.MkdirTemp("", "linli-bench-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }
