// Package bench measures linli against the bare engine under it, on the same
// machine in the same run, so that a figure means something on any machine.
// `linli bench` prints the table that docs/performance.md keeps.
//
// Most of it runs in the invented district. What has to be quick at scale runs in
// a large one (large.go): a year of it is made of told cases, which went through
// the real verbs (told.go) and are copied to other days and places (year.go).
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
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"linli/internal/errs"
)

// Config says what to measure and how long.
type Config struct {
	Only     string        // names of parts, between commas; empty is all
	For      time.Duration // of each load
	Clients  int
	Cases    int    // loaded for the reading benchmarks
	Year     int    // cases of the large district's year
	Running  int    // cases open in the large district
	Told     int    // cases that go through the verbs, for the year's to be copies of; none is 300
	Entries  int    // of the trail that is looked over; none is 2,500,000
	Postgres string // address of a server on which databases may be made; empty: SQLite alone
	Dir      string // where SQLite's databases lie and stay; empty is a throw-away folder
	Out      io.Writer
	Now      func() time.Time
}

// Run measures and prints.
func Run(ctx context.Context, cfg Config) error {
	type part struct {
		name string
		run  func(context.Context, Config) error
	}
	parts := []part{{"open", Open}, {"locate", Locate}, {"deadline", Deadline}, {"start", Start}, {"read", Read}, {"trail", Trail}, {"feed", Feed}, {"reveal", Reveal}, {"live", Live}, {"history", History}}
	for _, p := range largeParts() {
		parts = append(parts, part{p.name, nil})
	}
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	wanted := strings.Split(cfg.Only, ",")
	if cfg.Only == "" {
		wanted = names
	}
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			return errs.New(errs.Invalid, "没有 %[1]s 这项测量：%[2]s。", "There is no benchmark %[1]s: %[2]s.", name, strings.Join(names, ", "))
		}
	}
	for _, p := range parts {
		if p.run == nil || !slices.Contains(wanted, p.name) {
			continue
		}
		fmt.Fprintf(cfg.Out, "\n## %s\n\n", p.name)
		if err := p.run(ctx, cfg); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return Large(ctx, cfg, wanted)
}

// load is what many clients did together.
type load struct {
	done   int
	took   time.Duration
	cpu    time.Duration // of this process, everything it did meanwhile
	each   []time.Duration
	failed error
}

func (l load) rate() float64 { return float64(l.done) / l.took.Seconds() }

// work is the processor time that one of them took, which a busy machine does
// not change much.
func (l load) work() time.Duration { return l.cpu / time.Duration(max(1, l.done)) }

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
	begin, used := now(), processor()
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
	all.took, all.cpu = now().Sub(begin), processor()-used
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

// onEach measures on SQLite, in a folder that goes with it unless it was named,
// and then, where a server is named, in a throw-away database of PostgreSQL's.
func onEach(ctx context.Context, cfg Config, name string, measure func(ctx context.Context, cfg Config, address, dir string) error) error {
	dir, remove, err := cfg.folder()
	if err != nil {
		return err
	}
	defer remove()
	if err := measure(ctx, cfg, "sqlite:"+filepath.Join(dir, name+".db"), dir); err != nil || cfg.Postgres == "" {
		return err
	}
	address, drop, err := database(ctx, cfg, name)
	if err != nil {
		return err
	}
	defer drop()
	return measure(ctx, cfg, address, dir)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }
