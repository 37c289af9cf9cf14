package transfer

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// RunID names an import at the desk.
type RunID string

// State is how an import stands.
type State string

// The states. One that runs and was not heard of for a while has stopped: its
// program ended.
const (
	Checking State = "checking"
	Writing  State = "writing"
	Done     State = "done"
	Refused  State = "refused" // something was wrong with it, and nothing was written
	Failed   State = "failed"  // the program failed
	Stopped  State = "stopped"
)

// Runs tells whether it is still going on.
func (s State) Runs() bool { return s == Checking || s == Writing }

// Run is an import at the desk.
type Run struct {
	ID          RunID
	What        string
	File        string
	Person      string
	Dry         bool
	State       State
	Done, Total int // rows written of those to be; Total is 0 while they are checked
	Found       Found
	Begun, Beat time.Time
}

// Found is what an import found, as far as it is kept.
type Found struct {
	Counts   []sheet.Count
	Findings []sheet.Finding
	More     int // findings beyond those
	Skipped  int // rows left out
	Verdict  lang.Text
}

// foundMost is how many findings are kept; the rest are counted.
const foundMost = 200

func foundOf(report *sheet.Report) (f Found) {
	if report == nil {
		return f
	}
	all := report.Findings()
	kept := all[:min(len(all), foundMost)]
	return Found{Counts: report.Counts(), Findings: kept, More: len(all) - len(kept) + report.Dropped(), Skipped: len(report.Skipped()), Verdict: report.Verdict()}
}

func (f Found) encode() (string, error) {
	data, err := json.Marshal(f)
	return string(data), err
}

func insertRun(ctx context.Context, tx *db.Tx, code string, r Run) error {
	return tx.Exec(ctx, `insert into imports (district, id, what, file, person, dry, state, done, total, found, begun_at, beat_at)
		values ($1,$2,$3,$4,$5,$6,$7,0,0,'',$8,$9)`, code, r.ID, r.What, r.File, r.Person, r.Dry, r.State, db.At(r.Begun), db.At(r.Beat))
}

func moveRun(ctx context.Context, tx *db.Tx, code string, id RunID, state State, done, total int, found string) error {
	return tx.Exec(ctx, "update imports set state = $3, done = $4, total = $5, found = $6, beat_at = $7 where district = $1 and id = $2",
		code, id, state, done, total, found, db.At(tx.Now))
}

// runColumns are those of a run, in the order of dest.
const runColumns = "id, what, file, person, dry, state, done, total, found, begun_at, beat_at"

func scanRuns(ctx context.Context, r db.Reader, now time.Time, where string, args ...any) (runs []Run, err error) {
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var one Run
		var found string
		if err := rows.Scan(&one.ID, &one.What, &one.File, &one.Person, &one.Dry, &one.State, &one.Done, &one.Total, &found, db.Time(&one.Begun), db.Time(&one.Beat)); err != nil {
			return err
		}
		if one.State.Runs() && now.Sub(one.Beat) > beatLost {
			one.State = Stopped
		}
		runs = append(runs, one)
		if found == "" {
			return nil
		}
		return json.Unmarshal([]byte(found), &runs[len(runs)-1].Found)
	}, "select "+runColumns+" from imports where district = $1 "+where, args...)
	return runs, err
}

// Runs are the latest imports of a district, newest first.
func Runs(ctx context.Context, r db.Reader, code string, now time.Time, most int) (runs []Run, err error) {
	defer errs.Wrap(&err, "transfer.Runs(%s)", code)
	return scanRuns(ctx, r, now, "order by begun_at desc, id desc limit $2", code, most)
}

// RunOf is one import; errs.NotFound where there is none of that id.
func RunOf(ctx context.Context, r db.Reader, code string, id RunID, now time.Time) (run Run, err error) {
	defer errs.Wrap(&err, "transfer.RunOf(%s, %s)", code, id)
	runs, err := scanRuns(ctx, r, now, "and id = $2", code, id)
	if err == nil && len(runs) == 0 {
		err = errs.New(errs.NotFound, "没有这次导入。", "There is no such import.")
	}
	if err != nil {
		return Run{}, err
	}
	return runs[0], nil
}

// Sweep lets go of what was found in imports that are past their time: a finding
// may quote a cell.
func Sweep(ctx context.Context, tx *db.Tx, code string) (err error) {
	defer errs.Wrap(&err, "transfer.Sweep(%s)", code)
	return tx.Exec(ctx, "delete from imports where district = $1 and begun_at < $2", code, db.At(tx.Now.Add(-KeepImport)))
}
