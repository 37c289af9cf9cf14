package evaluate_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/evaluate"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/setup"
	"linli/packs"
)

// world is the invented district, told in trails.
type world struct {
	*db.DB
	t     testing.TB
	d     *district.District
	book  *measure.Book
	clock *clock.Manual
	rows  []row
	cases []*tale
}

// row is a trail entry to be written.
type row struct {
	subject, act, step, post string
	seq                      int
	at                       time.Time
	detail                   map[string]string
}

var beijing = time.FixedZone("CST", 8*3600)

// on reads "11-23 10:20" of 2026.
func on(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+s, beijing)
	if err != nil {
		panic(err)
	}
	return t
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newWorld(t, address)) })
}

func newWorld(t testing.TB, address string) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(on("12-03 09:00")), book: book(t)}
	var err error
	if w.DB, err = db.Open(t.Context(), db.Config{URL: address, Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		t.Fatal(findings)
	}
	files, err := sample.New().Files()
	if err != nil {
		t.Fatal(err)
	}
	_, err = setup.Into(t.Context(), w.DB, sample.DistrictCode, setup.Source{Files: files, Pack: pack, Settings: &district.Settings{Name: "邻里区"}})
	if err != nil {
		t.Fatal(err)
	}
	w.reopen()
	return w
}

func (w *world) reopen() {
	d, err := district.Open(w.t.Context(), w.DB, sample.DistrictCode, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.d = d
}

// book is the book of formulas that linli ships.
func book(t testing.TB) *measure.Book {
	t.Helper()
	formulas, err := fs.ReadFile(packs.Base(), "evaluation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	marks, err := fs.ReadFile(packs.Base(), "marks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book, findings := measure.Parse(measure.Join(formulas, marks), "evaluation.yaml")
	if book == nil {
		for _, f := range findings {
			t.Error(f.In(lang.EN))
		}
		t.FailNow()
	}
	return book
}

// tale is one case as its trail tells it.
type tale struct {
	w                       *world
	id, number              string
	kind, channel           string
	street, community, grid string
	receiver, proc          string
	opened                  time.Time
	seq, tasks, round       int
	since                   time.Time
	due                     time.Time // of the case
}

const theGrid = "990101001004003"

// opened begins a case of an event procedure in a grid.
func (w *world) opened(at time.Time, kind, channel, grid string) *tale {
	c := &tale{
		w: w, id: fmt.Sprintf("00000000-0000-7000-8000-%012d", len(w.cases)+1), number: fmt.Sprintf("2611%07d", len(w.cases)+1), kind: kind, channel: channel,
		street: grid[:9], community: grid[:12], grid: grid, receiver: "u-centre", proc: "city-event", opened: at, round: 1, since: at, due: at.AddDate(0, 0, 7),
	}
	w.cases = append(w.cases, c)
	c.add(at, "opened", "", "", map[string]string{"channel": channel, "receiver": c.receiver, "number": c.number})
	return c
}

func (c *tale) add(at time.Time, act, step, post string, detail map[string]string) *tale {
	c.seq++
	c.w.rows = append(c.w.rows, row{subject: c.id, act: act, step: step, post: post, seq: c.seq, at: at, detail: detail})
	return c
}

// closes adds an entry that closes a task of a unit or area, due at an instant.
func (c *tale) closes(at time.Time, act, step, of, area string, due time.Time, more map[string]string) *tale {
	c.tasks++
	detail := map[string]string{
		"task": c.task(), "state": "done", "round": strconv.Itoa(c.round), "since": micros(c.since),
	}
	if of != "" {
		detail["of"] = of
	}
	if area != "" {
		detail["area"] = area
	}
	if !due.IsZero() {
		detail["due"] = micros(due)
		if at.After(due) {
			detail["late"] = "yes"
		}
	}
	for name, value := range more {
		detail[name] = value
	}
	c.since = at
	return c.add(at, act, step, "", detail)
}

func (c *tale) task() string { return c.id + "/" + strconv.Itoa(c.tasks) }

func micros(t time.Time) string { return strconv.FormatInt(db.At(t), 10) }

// file, send, done, pass and rate are the steps of an ordinary case.
func (c *tale) file(at time.Time) *tale {
	return c.closes(at, "file", "accept", c.receiver, "", c.since.Add(30*time.Minute), map[string]string{"to": "dispatch"})
}

func (c *tale) send(at time.Time, unit string) *tale {
	return c.closes(at, "send", "dispatch", c.receiver, "", c.since.Add(2*time.Hour), map[string]string{"to": "handle", "to-unit": unit, "unit": unit})
}

func (c *tale) done(at time.Time, unit string) *tale {
	return c.closes(at, "done", "handle", unit, "", c.due, map[string]string{"to": "verify"})
}

func (c *tale) pass(at time.Time) *tale {
	return c.closes(at, "pass", "verify", "", c.grid, c.since.Add(24*time.Hour), map[string]string{"to": "rate", "mark.answer-quality": "b"})
}

func (c *tale) fail(at time.Time) *tale {
	c.closes(at, "fail", "verify", "", c.grid, c.since.Add(24*time.Hour), map[string]string{"to": "handle"})
	c.round++
	return c
}

func (c *tale) rate(at time.Time, grade int) *tale {
	return c.closes(at, "content", "rate", "", "", time.Time{}, map[string]string{
		"rating": strconv.Itoa(grade), "ended": "closed", "on-time": yes(!at.After(c.due)), "case-due": micros(c.due),
	})
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// overdue is the sweep's note that the open task broke its promise.
func (c *tale) overdue(at time.Time, unit string) *tale {
	return c.add(at, "overdue", "handle", "", map[string]string{"task": c.id + "/" + strconv.Itoa(c.tasks+1), "of": unit, "due": micros(c.due)})
}

// told writes everything down as it was told.
func (w *world) told() {
	w.t.Helper()
	p, _ := w.d.Catalogue.Procedure("city-event", "")
	err := w.Write(w.t.Context(), func(tx *db.Tx) error {
		for _, c := range w.cases {
			err := tx.Exec(w.t.Context(), `insert into cases (district, id, number, matter, major, kind, procedure, version, title, text, address, lon, lat, placed,
				street, community, grid, channel, urgency, secret, danger, reachable, receiver, unit, co, proposed, proposal, no_owner,
				state, step, opened_at, near_at, due, due_text, provisional, closed_at, on_time, reports, returns, round, rating, merged_into, moved_at, revision)
				values ($1,$2,$3,'0101','01',$4,$5,$6,'','','',0,0,'none',$7,$8,$9,$10,'C',false,false,true,$11,'','','','[]',false,
				'open','',$12,0,0,'',false,0,false,1,0,1,0,'',0,1)`,
				w.d.Code, c.id, c.number, c.kind, c.proc, p.Version, c.street, c.community, c.grid, c.channel, c.receiver, db.At(c.opened))
			if err != nil {
				return err
			}
		}
		for _, r := range w.rows {
			detail, err := json.Marshal(r.detail)
			if err != nil {
				return err
			}
			err = tx.Exec(w.t.Context(), `insert into trail (district, subject, seq, at, person, post, unit, act, step, detail, before, hash)
				values ($1,$2,$3,$4,'',$5,'',$6,$7,$8,'','')`, w.d.Code, r.subject, r.seq, db.At(r.at), r.post, r.act, r.step, string(detail))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.rows, w.cases = nil, w.cases[:0:0]
}

// compute counts a period.
func (w *world) compute(p evaluate.Period) *evaluate.Result {
	w.t.Helper()
	res, err := evaluate.Compute(w.t.Context(), w.DB, w.d, w.book, p, w.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return res
}

// as is somebody with a role in a unit.
func (w *world) as(role, unit string) casework.Acting {
	return casework.Acting{District: w.d, By: procedure.Actor{Person: "p-" + role, Post: "post-" + role, Role: procedure.Role(role), Unit: unit}}
}

// do runs a verb in a transaction.
func (w *world) do(fn func(tx *db.Tx) error) error { return w.Write(w.t.Context(), fn) }
