package transfer

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/trail"
)

// Desk runs imports that take longer than whoever asked for them waits, each in
// the background of the program that was asked. How far it is stands in the
// table, so that any copy of the program can say. One that ends with its program
// is not gone on with: running it again finishes it, since what is there stays.
type Desk struct {
	db      *db.DB
	ctx     context.Context
	end     context.CancelFunc
	running sync.WaitGroup
}

// NewDesk is a desk at which nothing runs. Close ends it.
func NewDesk(d *db.DB) *Desk {
	k := &Desk{db: d}
	k.ctx, k.end = context.WithCancel(context.Background())
	return k
}

// Close stops what runs and waits until it has said so.
func (k *Desk) Close() {
	k.end()
	k.running.Wait()
}

// What can be brought in at the desk.
const (
	CasesRun = "cases"
	PastRun  = "past"
)

// Order is an import that is asked for.
type Order struct {
	What    string
	File    sheet.File
	Name    string // of the file, as it was sent
	Mapping *sheet.Mapping
	Options Options
	By      procedure.Actor
}

// How often an import says how far it is, when one that says nothing counts as
// stopped, and how long what was found is kept.
const (
	beatEvery  = time.Second
	beatLost   = time.Minute
	KeepImport = 30 * 24 * time.Hour
)

// Start begins an import and says under which id it is found; ended is closed
// once it has ended. It is errs.Conflict while another runs in the district.
func (k *Desk) Start(ctx context.Context, to *district.District, o Order) (id RunID, ended <-chan struct{}, err error) {
	defer errs.Wrap(&err, "transfer.Desk.Start(%s, %s)", to.Code, o.What)
	made, err := uuid.NewV7()
	if err != nil {
		return "", nil, err
	}
	id = RunID(made.String())
	err = k.db.Write(ctx, func(tx *db.Tx) error {
		runs, err := Runs(ctx, tx, to.Code, tx.Now, 1)
		if err != nil {
			return err
		}
		if len(runs) > 0 && runs[0].State.Runs() {
			return errs.New(errs.Conflict, "“%s”还在导入，等它完了再来。", "“%s” is still being brought in; wait until it has ended.", runs[0].File)
		}
		return insertRun(ctx, tx, to.Code, Run{ID: id, What: o.What, File: o.Name, Person: o.By.Person, Dry: o.Options.Policy.DryRun, State: Checking, Begun: tx.Now, Beat: tx.Now})
	})
	if err != nil {
		return "", nil, err
	}
	over := make(chan struct{})
	k.running.Go(func() {
		defer close(over)
		k.run(to, id, o)
	})
	return id, over, nil
}

// run brings it in, and says how far it is and how it ended.
func (k *Desk) run(to *district.District, id RunID, o Order) {
	last := time.Time{}
	say := func(state State, done, total int) {
		now := k.db.Now()
		if now.Sub(last) < beatEvery {
			return
		}
		last = now
		// What cannot be said now is said a second later.
		_ = k.db.Write(k.ctx, func(tx *db.Tx) error { return moveRun(k.ctx, tx, to.Code, id, state, done, total, "") })
	}
	o.Options.Checking = func(rows int) { say(Checking, rows, 0) }
	o.Options.Progress = func(done, total int) { say(Writing, done, total) }
	bring := Cases
	if o.What == PastRun {
		bring = Past
	}
	report, err := bring(k.ctx, k.db, to, o.File, o.Mapping, o.Options)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.ctx), 10*time.Second)
	defer cancel()
	if err := k.settle(ctx, to, id, o, report, err); err != nil {
		_ = k.db.Write(ctx, func(tx *db.Tx) error { return moveRun(ctx, tx, to.Code, id, Failed, 0, 0, "") })
	}
}

// settle writes down how an import ended, and into the trail of the set-up that
// it was.
func (k *Desk) settle(ctx context.Context, to *district.District, id RunID, o Order, report *sheet.Report, err error) error {
	state := Done
	switch {
	case k.ctx.Err() != nil && err != nil:
		state = Stopped
	case errors.Is(err, sheet.ErrDryRun), err == nil:
	case report != nil && !report.MayWrite():
		state = Refused
	default:
		state = Failed
	}
	found, written := foundOf(report), 0
	for _, c := range found.Counts {
		written += c.Added + c.Same
	}
	text, err := found.encode()
	if err != nil {
		return err
	}
	return k.db.Write(ctx, func(tx *db.Tx) error {
		if err := moveRun(ctx, tx, to.Code, id, state, written, written, text); err != nil {
			return err
		}
		if state != Done || o.Options.Policy.DryRun {
			return nil
		}
		return trail.Note(ctx, tx, to.Code, trail.Setup, setup.Subject, trail.Entry{
			Person: o.By.Person, Post: o.By.Post, Unit: o.By.Unit, Act: "imported", Detail: found.detail(o),
		})
	})
}

// detail is what the trail says of an import.
func (f Found) detail(o Order) map[string]string {
	added, same := 0, 0
	for _, c := range f.Counts {
		added, same = added+c.Added, same+c.Same
	}
	detail := map[string]string{"table": o.What, "file": o.Name, "added": strconv.Itoa(added), "changed": "0", "same": strconv.Itoa(same)}
	if f.Skipped > 0 {
		detail["skipped"] = strconv.Itoa(f.Skipped)
	}
	return detail
}
