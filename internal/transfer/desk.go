package transfer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
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
	log     *slog.Logger
	ctx     context.Context
	end     context.CancelFunc
	running sync.WaitGroup
}

// NewDesk is a desk at which nothing runs; log hears why one failed. Close ends
// it.
func NewDesk(d *db.DB, log *slog.Logger) *Desk {
	k := &Desk{db: d, log: log}
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
		if err := insertRun(ctx, tx, to.Code, Run{ID: id, What: o.What, File: o.Name, Person: o.By.Person, Dry: o.Options.Policy.DryRun, State: Checking, Begun: tx.Now, Beat: tx.Now}); err != nil {
			return err
		}
		// Should the program be killed, this is what says who brought in what is there.
		return o.note(ctx, tx, to.Code, begunAct, o.detail())
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

// run brings it in, and says how it ended.
func (k *Desk) run(to *district.District, id RunID, o Order) {
	var e ending
	e.err = k.bring(to, id, o, &e)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(k.ctx), 10*time.Second)
	defer cancel()
	log := k.log.With("import", string(id), "district", to.Code, "table", o.What)
	if e.state = k.stateOf(e); e.state == Failed {
		log.Error("an import failed", "error", e.err)
	}
	if err := k.settle(ctx, to, id, o, e); err != nil {
		log.Error("how an import ended could not be written down", "error", err)
		// Where this fails, too, it counts as stopped once it was not heard of for long enough.
		_ = k.db.Write(ctx, func(tx *db.Tx) error { return moveRun(ctx, tx, to.Code, id, Failed, 0, 0, "") })
	}
}

// ending is how an import ended.
type ending struct {
	state  State
	report *sheet.Report // nil after a panic
	rows   int           // written by the last that was heard
	err    error
}

// bring brings it in, and says how far it is. A panic is an error of this import,
// and the end of nothing else.
func (k *Desk) bring(to *district.District, id RunID, o Order, e *ending) (err error) {
	defer func() {
		if p := recover(); p != nil {
			k.log.Error("panic", "import", string(id), "district", to.Code, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
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
	o.Options.Progress = func(done, total int) {
		e.rows = done
		say(Writing, done, total)
	}
	bring := Cases
	if o.What == PastRun {
		bring = Past
	}
	e.report, err = bring(k.ctx, k.db, to, o.File, o.Mapping, o.Options)
	return err
}

// stateOf tells how an import ended by what it left.
func (k *Desk) stateOf(e ending) State {
	switch {
	case k.ctx.Err() != nil && e.err != nil:
		return Stopped
	case errors.Is(e.err, sheet.ErrDryRun), e.err == nil:
		return Done
	case e.report != nil && !e.report.MayWrite():
		return Refused
	}
	return Failed
}

// The acts in the trail of the set-up, by how an import began and ended. One that
// was refused wrote nothing and has no end there.
const begunAct = "import-begun"

var endActs = map[State]string{Done: "imported", Stopped: "import-stopped", Failed: "import-failed"} // never changed

// settle writes down how an import ended, and into the trail of the set-up what
// it wrote.
func (k *Desk) settle(ctx context.Context, to *district.District, id RunID, o Order, e ending) error {
	found := foundOf(e.report)
	written, detail := e.rows, o.detail()
	detail["rows"] = strconv.Itoa(e.rows)
	if len(found.Counts) > 0 {
		written = found.tell(detail)
	}
	text, err := found.encode()
	if err != nil {
		return err
	}
	return k.db.Write(ctx, func(tx *db.Tx) error {
		if err := moveRun(ctx, tx, to.Code, id, e.state, written, written, text); err != nil {
			return err
		}
		act := endActs[e.state]
		if act == "" || e.state != Done && written == 0 {
			return nil
		}
		return o.note(ctx, tx, to.Code, act, detail)
	})
}

// note notes into the trail of the set-up that somebody brings in a table; what
// is tried writes nothing, and is not noted.
func (o Order) note(ctx context.Context, tx *db.Tx, code, act string, detail map[string]string) error {
	if o.Options.Policy.DryRun {
		return nil
	}
	return trail.Note(ctx, tx, code, trail.Setup, setup.Subject, trail.Entry{
		Person: o.By.Person, Post: o.By.Post, Unit: o.By.Unit, Act: act, Detail: detail,
	})
}

func (o Order) detail() map[string]string {
	return map[string]string{"table": o.What, "file": o.Name}
}

// tell puts into the detail of an entry how many rows are there now, and gives
// that number.
func (f Found) tell(detail map[string]string) (written int) {
	added, same := 0, 0
	for _, c := range f.Counts {
		added, same = added+c.Added, same+c.Same
	}
	delete(detail, "rows")
	detail["added"], detail["changed"], detail["same"] = strconv.Itoa(added), "0", strconv.Itoa(same)
	if f.Skipped > 0 {
		detail["skipped"] = strconv.Itoa(f.Skipped)
	}
	return added + same
}
