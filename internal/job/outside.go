package job

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"linli/internal/db"
	"linli/internal/meter"
)

// Bounds of what goes on with others at once: how long one call may take, how
// many run, and how many of them wait for one and the same target.
const (
	outsideTime  = 30 * time.Second
	outsideMost  = 8
	outsideEach  = 2
	outsideLease = 2 * time.Minute
)

// Outside has a kind of job talk to somebody outside: to a gateway, a mail
// server, another city's system. talk does that and returns what to write of
// it. Such jobs run in a lane of their own, some at once, so that one who
// answers slowly holds up nobody but himself: jobs whose keys share what stands
// before the first "/" go to one target, and few of them run at once. Each is
// claimed first, so that two copies of the program do not send it twice; after
// a crash it is sent again. Call it before Run.
func (r *Runner) Outside(kind string, talk Preparer) {
	r.handlers[kind], r.outside[kind] = nil, talk
}

// target is whom a job talks to.
func (j Job) target() string {
	to, _, _ := strings.Cut(j.Key, "/")
	return j.District + "\x00" + j.Kind + "\x00" + to
}

// lane is what runs outside at a moment.
type lane struct {
	mu   sync.Mutex
	busy map[string]int // by target
	runs map[string]Job // by district, kind and key
	done chan struct{}  // somebody has finished
	all  sync.WaitGroup
}

// start takes a place for a job, if there is one.
func (l *lane) start(j Job) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := j.District + "\x00" + j.Kind + "\x00" + j.Key
	if _, runs := l.runs[id]; runs || len(l.runs) >= outsideMost || l.busy[j.target()] >= outsideEach {
		return false
	}
	l.runs[id] = j
	l.busy[j.target()]++
	return true
}

func (l *lane) end(j Job) {
	l.mu.Lock()
	delete(l.runs, j.District+"\x00"+j.Kind+"\x00"+j.Key)
	if l.busy[j.target()]--; l.busy[j.target()] == 0 {
		delete(l.busy, j.target())
	}
	l.mu.Unlock()
	select {
	case l.done <- struct{}{}:
	default:
	}
}

// taken are the targets that have no place left: what else waits for them is
// not even read, or a thousand jobs for a dead one would hide all others.
func (l *lane) taken() (all []Job, full bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := map[string]bool{}
	for _, j := range l.runs {
		if l.busy[j.target()] >= outsideEach && !seen[j.target()] {
			seen[j.target()] = true
			all = append(all, j)
		}
	}
	return all, len(l.runs) >= outsideMost
}

// keepOutside runs due outside jobs until ctx ends.
func (r *Runner) keepOutside(ctx context.Context) {
	kinds := slices.Sorted(maps.Keys(r.outside))
	if len(kinds) == 0 {
		return
	}
	l := &lane{busy: map[string]int{}, runs: map[string]Job{}, done: make(chan struct{}, 1)}
	defer l.all.Wait()
	wake, stop := r.woken(kinds)
	defer stop()
	for ctx.Err() == nil {
		if err := r.startOutside(ctx, l, kinds); err != nil && ctx.Err() == nil {
			r.log.Error("outside jobs stopped for a moment", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-l.done:
		case <-wake:
			select { // others come with it
			case <-ctx.Done():
			case <-time.After(gather):
			}
		case <-time.After(poll):
		}
	}
}

// startOutside starts as many due jobs as there are places for.
func (r *Runner) startOutside(ctx context.Context, l *lane, kinds []string) error {
	for {
		taken, full := l.taken()
		if full {
			return nil
		}
		jobs, err := r.next(ctx, kinds, taken...)
		if err != nil {
			return err
		}
		started := 0
		for _, j := range jobs {
			if !l.start(j) {
				continue
			}
			started++
			l.all.Go(func() {
				defer l.end(j)
				if _, err := r.converse(ctx, j); err != nil && ctx.Err() == nil {
					r.log.Error("outside job stopped for a moment", "kind", j.Kind, "error", err)
				}
			})
		}
		if started == 0 {
			return nil
		}
	}
}

// converse claims an outside job, talks, and writes what came of it. A job that
// failed is put off; the error is that of the database alone.
func (r *Runner) converse(ctx context.Context, j Job) (done int, err error) {
	mine, err := r.claim(ctx, j)
	if err != nil || !mine {
		return 0, err
	}
	ctx = meter.WithRequest(ctx, j.Request)
	done, err = r.talk(ctx, j)
	if err == nil || ctx.Err() != nil { // ending: the lease runs out by itself
		return done, nil
	}
	r.log.WarnContext(ctx, "outside job failed, will be tried again", "kind", j.Kind, "job", j.Key, "attempt", j.Attempts+1, "error", err)
	return 0, r.later(ctx, j, err)
}

// talk does what a claimed job is for, and measures it.
func (r *Runner) talk(ctx context.Context, j Job) (done int, err error) {
	ctx, end := r.meter.Job(ctx, j.Kind)
	defer func() { end(err) }()
	bounded, cancel := context.WithTimeout(ctx, outsideTime)
	defer cancel()
	handle, err := r.outside[j.Kind](bounded, r.db, j)
	if err != nil {
		return 0, err
	}
	return r.together(ctx, []Job{j}, handle)
}

// claim moves a job's hour ahead of now, so that no other copy takes it while
// it is talked about here.
func (r *Runner) claim(ctx context.Context, j Job) (mine bool, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Change(ctx, "update jobs set run_at = $1 where district = $2 and kind = $3 and key = $4 and run_at = $5 and not parked",
			db.At(tx.Now.Add(outsideLease)), j.District, j.Kind, j.Key, db.At(j.RunAt))
		mine = n == 1
		return err
	})
	return mine, err
}

// excluding spells the condition that leaves out what goes to busy targets.
func excluding(args []any, taken []Job) (string, []any) {
	var where strings.Builder
	for _, j := range taken {
		to, _, _ := strings.Cut(j.Key, "/")
		args = append(args, j.District, j.Kind, to, to+"/", to+"0") // "0" follows "/"
		n := len(args)
		fmt.Fprintf(&where, " and not (district = $%d and kind = $%d and (key = $%d or key >= $%d and key < $%d))", n-4, n-3, n-2, n-1, n)
	}
	return where.String(), args
}
