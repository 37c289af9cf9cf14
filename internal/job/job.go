// Package job runs what is still to come: messages to write, steps that expire,
// lists to make. A job is written by the transaction that causes it, so that
// neither exists without the other, and is done and removed in one transaction
// too: its effects on the database happen once.
//
// It owns the table jobs. Any number of copies of the program may run jobs; two
// that pick the same one meet on its row, and one of them finds it gone.
package job

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/meter"
)

// topic is what a transaction that adds a job of a kind wakes.
func topic(kind string) string { return "job/" + kind }

// A failing job is tried again after 1 s, 2 s, 4 s … up to an hour apart, and
// parked after about a week of trying.
const (
	longestWait  = time.Hour
	mostAttempts = 180
)

// poll is how long a runner sleeps when nothing wakes it, and gather how long
// it lets others come when something does: jobs done together cost less.
const (
	poll   = time.Second
	gather = 50 * time.Millisecond
)

// Job is work to be done at or after RunAt.
type Job struct {
	District string
	Kind     string
	Key      string
	Args     json.RawMessage
	RunAt    time.Time
	Attempts int
	Request  string // that caused it; empty where none did
}

// Handler does one job inside tx. On an error nothing of it remains and it is
// tried again.
type Handler func(ctx context.Context, tx *db.Tx, j Job) error

// Preparer reads what a job needs before its transaction begins, and returns
// what to write. Long reading must not hold up those who write meanwhile, as it
// would on SQLite inside a transaction. What it read may be a moment old when
// it is written, so the writing has to be right all the same.
type Preparer func(ctx context.Context, r db.Reader, j Job) (Handler, error)

// Add writes a job to be run at or after runAt. The same kind and key of a
// district is one job: asking again while it waits changes nothing.
func Add(ctx context.Context, tx *db.Tx, district, kind, key string, args any, runAt time.Time) error {
	data, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	if !runAt.After(tx.Now) {
		tx.Wake(topic(kind))
	}
	return tx.Exec(ctx, `insert into jobs (district, kind, key, args, run_at, request) values ($1,$2,$3,$4,$5,$6)
		on conflict (district, kind, key) do nothing`, district, kind, key, string(data), db.At(runAt), meter.RequestOf(ctx))
}

// Drop removes a waiting job, such as the expiry of a task that was done.
func Drop(ctx context.Context, tx *db.Tx, district, kind, key string) error {
	return tx.Exec(ctx, "delete from jobs where district = $1 and kind = $2 and key = $3", district, kind, key)
}

// Runner runs jobs by kind.
type Runner struct {
	db       *db.DB
	handlers map[string]Handler
	prepare  map[string]Preparer
	outside  map[string]Preparer
	log      *slog.Logger
	meter    *meter.Meter
}

// New makes a runner. A job of a kind without handler is left for a copy of
// the program that knows it.
func New(d *db.DB, handlers map[string]Handler, log *slog.Logger) *Runner {
	return &Runner{db: d, handlers: maps.Clone(handlers), prepare: map[string]Preparer{}, outside: map[string]Preparer{}, log: log}
}

// Measure has m measure what is run. Call it before Run.
func (r *Runner) Measure(m *meter.Meter) { r.meter = m }

// Prepare has a kind of job prepared by p before its transaction. Call it
// before Run.
func (r *Runner) Prepare(kind string, p Preparer) {
	r.handlers[kind], r.prepare[kind] = nil, p
}

// Run runs due jobs until ctx ends. Jobs that are prepared run beside the
// others: a counting again of all dates does not wait for the thousands of
// messages that it causes, nor they for it.
func (r *Runner) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { r.keep(ctx, r.kinds(false)) })
	both.Go(func() { r.keep(ctx, r.kinds(true)) })
	both.Go(func() { r.keepOutside(ctx) })
	both.Wait()
}

// kinds are those with a preparer, or those without; never the outside ones.
func (r *Runner) kinds(prepared bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.handlers)), func(kind string) bool {
		return r.outside[kind] != nil || (r.prepare[kind] != nil) != prepared
	})
}

// keep runs due jobs of some kinds until ctx ends.
func (r *Runner) keep(ctx context.Context, kinds []string) {
	wake, stop := r.woken(kinds)
	defer stop()
	for ctx.Err() == nil {
		if _, err := r.due(ctx, kinds); err != nil && ctx.Err() == nil {
			r.log.Error("jobs stopped for a moment", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-wake:
			select {
			case <-ctx.Done():
			case <-time.After(gather):
			}
		case <-time.After(poll):
		}
	}
}

// woken gives a channel that has something in it whenever jobs of some kinds were
// added. Those of others wake nobody here: looking costs more than doing where the
// queue is long.
func (r *Runner) woken(kinds []string) (wake chan struct{}, stop func()) {
	ours := map[string]bool{"": true}
	for _, kind := range kinds {
		ours[topic(kind)] = true
	}
	wake = make(chan struct{}, 1)
	return wake, r.db.Watch(func(topic string) {
		if ours[topic] {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})
}

// Due runs every job that is due now, including those that they add, and
// returns how many it did. Tests and the demo call it instead of waiting.
func (r *Runner) Due(ctx context.Context) (done int, err error) {
	defer errs.Wrap(&err, "job.Due")
	return r.due(ctx, slices.Sorted(maps.Keys(r.handlers)))
}

func (r *Runner) due(ctx context.Context, kinds []string) (done int, err error) {
	for {
		jobs, err := r.next(ctx, kinds)
		if err != nil {
			return done, err
		}
		ran := 0
		for _, group := range grouped(jobs) {
			ran += len(group)
			n, err := r.run(ctx, group, r.handlers[group[0].Kind])
			done += n
			if err != nil {
				return done, err
			}
		}
		if ran == 0 {
			return done, nil
		}
	}
}

// groupMost bounds how many jobs share a transaction, so that an opening that
// waits behind them does not wait long.
const groupMost = 20

// grouped cuts jobs into runs of one district and kind.
func grouped(jobs []Job) [][]Job {
	slices.SortStableFunc(jobs, func(a, b Job) int { return cmp.Or(cmp.Compare(a.District, b.District), cmp.Compare(a.Kind, b.Kind)) })
	var all [][]Job
	for _, j := range jobs {
		if last := len(all) - 1; last >= 0 && len(all[last]) < groupMost && all[last][0].District == j.District && all[last][0].Kind == j.Kind {
			all[last] = append(all[last], j)
			continue
		}
		all = append(all, []Job{j})
	}
	return all
}

// run does a group in one transaction. Where that fails it does them one by
// one, so that one that is broken holds up none of the others.
func (r *Runner) run(ctx context.Context, group []Job, handle Handler) (done int, err error) {
	if handle != nil {
		measured, end := r.meter.Job(ctx, group[0].Kind)
		n, err := r.together(measured, group, handle)
		end(err)
		if err == nil {
			return n, nil
		}
	}
	for _, j := range group {
		if r.outside[j.Kind] != nil {
			n, err := r.converse(ctx, j)
			if done += n; err != nil {
				return done, err
			}
			continue
		}
		n, err := r.alone(ctx, j, handle)
		done += n
		if err == nil {
			continue
		}
		r.log.WarnContext(meter.WithRequest(ctx, j.Request), "job failed, will be tried again", "kind", j.Kind, "job", j.Key, "attempt", j.Attempts+1, "error", err)
		if err := r.later(ctx, j, err); err != nil {
			return done, err
		}
	}
	return done, nil
}

// alone does one job, prepared first where its kind asks for that.
func (r *Runner) alone(ctx context.Context, j Job, handle Handler) (done int, err error) {
	ctx, end := r.meter.Job(meter.WithRequest(ctx, j.Request), j.Kind)
	defer func() { end(err) }()
	if prepare := r.prepare[j.Kind]; prepare != nil {
		if handle, err = prepare(ctx, r.db, j); err != nil {
			return 0, err
		}
	}
	return r.together(ctx, []Job{j}, handle)
}

// next reads what is due of some of the kinds that this copy knows, leaving out
// what goes to where some jobs go that run already.
func (r *Runner) next(ctx context.Context, kinds []string, taken ...Job) ([]Job, error) {
	args := []any{db.At(r.db.Now())}
	marks := []string{"''"}
	for _, kind := range kinds {
		args = append(args, kind)
		marks = append(marks, "$"+strconv.Itoa(len(args)))
	}
	but, args := excluding(args, taken)
	return db.All(ctx, r.db, func(j *Job) []any {
		return []any{&j.District, &j.Kind, &j.Key, (*[]byte)(&j.Args), db.Time(&j.RunAt), &j.Attempts, &j.Request}
	}, "select district, kind, key, args, run_at, attempts, request from jobs where not parked and run_at <= $1 and kind in ("+strings.Join(marks, ", ")+")"+but+" order by run_at limit 100", args...)
}

// together takes jobs away and does them in the same transaction. Those that
// another copy has done meanwhile are gone, and left out.
func (r *Runner) together(ctx context.Context, group []Job, handle Handler) (done int, err error) {
	args := []any{group[0].District, group[0].Kind}
	for i := range groupMost { // always as many, so that it is one statement
		args = append(args, group[min(i, len(group)-1)].Key)
	}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		done = 0
		mine, err := db.All(ctx, tx, func(key *string) []any { return []any{key} },
			"delete from jobs where "+byKeys(tx.Engine())+" returning key", args...)
		if err != nil {
			return err
		}
		for _, j := range group {
			if !slices.Contains(mine, j.Key) {
				continue
			}
			if err := handle(meter.WithRequest(ctx, j.Request), tx, j); err != nil {
				return err
			}
			done++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return done, nil
}

// byKeys finds the rows of a group: the district is $1, the kind $2, and the keys
// follow.
//
// Differs because PostgreSQL thinks of a queue as empty, which it was when it was
// last counted, and reads every job of the kind unless it is told whole rows;
// SQLite finds those by the index only where the key alone is listed.
func byKeys(e db.Engine) string {
	marks := make([]string, groupMost)
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(i+3)
	}
	if e == db.Postgres {
		return "(district, kind, key) in (values ($1, $2, " + strings.Join(marks, "), ($1, $2, ") + "))"
	}
	return "district = $1 and kind = $2 and key in (" + strings.Join(marks, ", ") + ")"
}

func (r *Runner) later(ctx context.Context, j Job, why error) error {
	wait := min(longestWait, time.Second<<min(j.Attempts, 20))
	return r.db.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, "update jobs set attempts = attempts + 1, run_at = $3, error = $4, parked = $6 where district = $1 and kind = $2 and key = $5",
			j.District, j.Kind, db.At(tx.Now.Add(wait)), why.Error(), j.Key, j.Attempts+1 >= mostAttempts)
	})
}
