package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// Cause is why all open dates are counted again.
type Cause struct {
	Kind string    // calendar, limit or threshold
	Text lang.Text // what changed, for those whose dates move
}

// The kinds of cause.
const (
	CalendarChanged  = "calendar"
	LimitChanged     = "limit"
	ThresholdChanged = "threshold"
)

// Reckoning is one counting again of all open dates, and how far it has come.
type Reckoning struct {
	ID     string
	Cause  Cause
	By     string // post
	At     time.Time
	Seen   int            // cases looked at
	Moved  int            // dates that moved: of cases, and of steps with a limit of their own
	DoneAt time.Time      // zero until then
	Units  map[string]int // how many dates of each unit moved

	cursor string
}

// ReckonAll has the dates of all open cases and tasks counted again, in the
// background and in batches. What has ended keeps its date and its verdict.
func ReckonAll(ctx context.Context, tx *db.Tx, district string, cause Cause, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "casework.ReckonAll(%s, %s)", district, cause.Kind)
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	err = tx.Exec(ctx, `insert into reckonings (district, id, cause, why_zh, why_en, by_post, at, cursor, seen, moved, units, done_at)
		values ($1,$2,$3,$4,$5,$6,$7,'',0,0,'',0)`, district, id.String(), cause.Kind, cause.Text.ZH, cause.Text.EN, by.Post, db.At(tx.Now))
	if err != nil {
		return err
	}
	return job.Add(ctx, tx, district, ReckonJob, id.String(), id.String(), tx.Now)
}

const reckoningColumns = "k.id, k.cause, k.why_zh, k.why_en, k.by_post, k.at, k.cursor, k.seen, k.moved, k.units, k.done_at"

func (k *Reckoning) dest() []any {
	return []any{&k.ID, &k.Cause.Kind, &k.Cause.Text.ZH, &k.Cause.Text.EN, &k.By, db.Time(&k.At), &k.cursor, &k.Seen, &k.Moved, jsonOf(&k.Units), db.Time(&k.DoneAt)}
}

// reckoningsMost is how many countings a page shows.
const reckoningsMost = 20

// Reckonings lists the last countings, the newest first.
func Reckonings(ctx context.Context, r db.Reader, d *district.District) (all []Reckoning, err error) {
	defer errs.Wrap(&err, "casework.Reckonings(%s)", d.Code)
	return db.All(ctx, r, (*Reckoning).dest, "select "+reckoningColumns+" from reckonings k where k.district = $1 order by k.at desc, k.id desc limit $2", d.Code, reckoningsMost)
}

// reckonMost is how many cases are counted again at once: few enough that
// nobody who opens a case meanwhile has to wait for it.
const reckonMost = 100

// Reckon prepares the job ReckonJob: it counts a batch of open cases again and
// gives what to write. A case that changes in between is counted in the writing.
func Reckon(ctx context.Context, r db.Reader, d *district.District, j job.Job) (_ job.Handler, err error) {
	defer errs.Wrap(&err, "casework.Reckon(%s)", j.Key)
	var id string
	if err := json.Unmarshal(j.Args, &id); err != nil {
		return nil, err
	}
	k, err := db.One(ctx, r, (*Reckoning).dest, "select "+reckoningColumns+" from reckonings k where k.district = $1 and k.id = $2", d.Code, id)
	if err != nil {
		return nil, err
	}
	batch, err := readBatch(ctx, r, d, k.cursor)
	if err != nil {
		return nil, err
	}
	var moved []again
	last := ""
	for _, s := range batch {
		last = string(s.c.ID)
		if a, ok := s.again(); ok {
			moved = append(moved, a)
		}
	}
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		now := k // a transaction that lost is run again, from what was read
		now.Units = maps.Clone(k.Units)
		if last == "" {
			return now.finish(ctx, tx, d)
		}
		return now.write(ctx, tx, d, slices.Clone(moved), len(batch), last)
	}, nil
}

// readBatch reads the next open cases with all that their dates hang on.
func readBatch(ctx context.Context, r db.Reader, d *district.District, after string) ([]*stroke, error) {
	cases, err := db.All(ctx, r, (*Case).dest, "select "+columns+" from cases c where c.district = $1 and c.id > $2 and c.state = 'open' order by c.id limit $3",
		d.Code, after, reckonMost)
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	ids := make([]string, len(cases))
	of := map[ID]*stroke{}
	batch := make([]*stroke, len(cases))
	for i := range cases {
		c := &cases[i]
		p, ok := d.Catalogue.Procedure(c.Procedure, c.Version)
		if !ok {
			return nil, fmt.Errorf("case %s runs on procedure %s %s, which is not installed", c.Number, c.Procedure, c.Version)
		}
		ids[i], batch[i] = string(c.ID), &stroke{d: d, c: c, p: p, by: procedure.Actor{System: true}}
		of[c.ID] = batch[i]
	}
	list, arg, err := db.FromList(r.Engine(), "$2", ids)
	if err != nil {
		return nil, err
	}
	tasks, err := db.All(ctx, r, (*Task).dest, "select "+taskColumns+" from "+list+" tasks t on t.district = $1 and t.case_id = j.value order by t.opened_at, t.id", d.Code, arg)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		of[t.Case].tasks = append(of[t.Case].tasks, t)
	}
	rows, err := db.All(ctx, r, (*Entry).dest, "select "+entryColumns+" from "+list+" ledger l on l.district = $1 and l.case_id = j.value order by l.asked_at, l.id", d.Code, arg)
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		of[e.Case].rows = append(of[e.Case].rows, e)
	}
	return batch, nil
}

// again is what counting a case again changes.
type again struct {
	*stroke
	due   time.Time // as it was
	moved bool      // something of the case's own promise did
	tasks []*Task   // with a new date, or near at another time
	dated []*Task   // of these, with a new date
}

// again counts a case again: by the matter's limit and the calendars as they
// are now. ok is false where nothing moves.
func (s *stroke) again() (a again, ok bool) {
	c, was := s.c, *s.c
	before := slices.Clone(s.tasks)
	if m, there := s.d.Catalogue.Matter(c.Matter); there && !c.CountsFrom.IsZero() {
		if limit := limitFor(m, s.p, c.Danger); !limit.IsZero() && (c.Extended == 0 || limit.Unit == limitOf(c.Limit).Unit) {
			c.Limit = limit.String()
		}
	}
	s.countCase()
	a = again{stroke: s, due: was.Due}
	a.moved = !c.Due.Equal(was.Due) || !c.NearAt.Equal(was.NearAt) || c.Provisional != was.Provisional || c.Limit != was.Limit
	for i := range s.tasks {
		t := &s.tasks[i]
		if t.State != procedure.Open {
			continue
		}
		if t.Limit == "" {
			t.Due, t.NearAt = c.Due, c.NearAt
		} else {
			n, _ := s.ownCount(t)
			t.count(s.d, n)
		}
		if !t.Due.Equal(before[i].Due) || !t.NearAt.Equal(before[i].NearAt) {
			a.tasks = append(a.tasks, t)
		}
		if !t.Due.Equal(before[i].Due) && !t.Reporter {
			a.dated = append(a.dated, t)
		}
	}
	return a, a.moved || len(a.tasks) > 0
}

// write stores a batch, and says what comes next.
func (k *Reckoning) write(ctx context.Context, tx *db.Tx, d *district.District, moved []again, seen int, last string) error {
	if k.Units == nil {
		k.Units = map[string]int{}
	}
	stored, err := storeCases(ctx, tx, d.Code, moved)
	if err != nil {
		return err
	}
	for i := range moved {
		if stored[moved[i].c.ID] {
			continue
		}
		if moved[i], err = afresh(ctx, tx, d, moved[i].c.ID); err != nil {
			return err
		}
	}
	moved = slices.DeleteFunc(moved, func(a again) bool { return a.stroke == nil })
	if err := storeTasks(ctx, tx, d.Code, moved); err != nil {
		return err
	}
	if err := k.tell(ctx, tx, d, moved); err != nil {
		return err
	}
	units, err := encoded(k.Units)
	if err != nil {
		return err
	}
	err = tx.Exec(ctx, "update reckonings set cursor = $3, seen = seen + $4, moved = $5, units = $6 where district = $1 and id = $2",
		d.Code, k.ID, last, seen, k.Moved, units)
	if err != nil {
		return err
	}
	if len(moved) > 0 {
		tx.Wake(Topic)
	}
	return job.Add(ctx, tx, d.Code, ReckonJob, k.ID, k.ID, tx.Now)
}

// afresh counts a case that changed between the reading and the writing, as it
// is now; the zero again where nothing is left to move.
func afresh(ctx context.Context, tx *db.Tx, d *district.District, id ID) (again, error) {
	c, err := ByID(ctx, tx, d.Code, id)
	if err != nil || c.State != Running {
		return again{}, err
	}
	s, err := look(ctx, tx, d, c)
	if err != nil {
		return again{}, err
	}
	s.by = procedure.Actor{System: true}
	a, ok := s.again()
	if !ok {
		return again{}, nil
	}
	stored, err := storeCases(ctx, tx, d.Code, []again{a})
	if err == nil && !stored[id] {
		return again{}, stale()
	}
	return a, err
}

// finish tells each unit once how many of its dates moved, and why.
func (k *Reckoning) finish(ctx context.Context, tx *db.Tx, d *district.District) error {
	tx.Wake(Topic)
	for _, unit := range slices.Sorted(maps.Keys(k.Units)) {
		n := Notice{Template: "dates-moved", Unit: unit, Number: fmt.Sprint(k.Units[unit]), Subject: k.Cause.Text}
		if err := job.Add(ctx, tx, d.Code, NoticeJob, k.ID+" "+unit, n, tx.Now); err != nil {
			return err
		}
	}
	return tx.Exec(ctx, "update reckonings set done_at = $3 where district = $1 and id = $2", d.Code, k.ID, db.At(tx.Now))
}

// unitOf is who is to know that a task's date moved: its unit, or for one in an
// area the unit that serves it.
func unitOf(d *district.District, t *Task) string {
	if u, _, ok := d.Org.TerritoryUnit(t.Area, d.Day); ok && t.Unit == "" && t.Area != "" {
		return string(u.ID)
	}
	return t.Unit
}
