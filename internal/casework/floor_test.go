package casework_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// eachFloor runs a test on the invented district without any case.
func eachFloor(t *testing.T, fn func(t *testing.T, c *crowd)) {
	t.Helper()
	eachCrowd(t, 0, fn)
}

// resident is whoever reported a case.
var resident = procedure.Actor{Reporter: true}

// as is the post of a person with a role; of a grid worker that in 桂香07网格.
func (c *crowd) as(login string, role procedure.Role) procedure.Actor {
	c.t.Helper()
	all := c.actors(login)
	i := slices.IndexFunc(all, func(a procedure.Actor) bool {
		return a.Role == role && (role != procedure.GridWorker || a.Area == c.grid07())
	})
	if i < 0 {
		c.t.Fatalf("%s is no %s", login, role)
	}
	return all[i]
}

// grid07 is a grid of 桂香.
func (c *crowd) grid07() string {
	for _, g := range c.d.Areas.Tier(area.Grid) {
		if g.Name.ZH == "桂香07网格" {
			return string(g.Code)
		}
	}
	c.t.Fatal("there is no 桂香07网格")
	return ""
}

// report opens a case about a matter in 桂香07网格.
func (c *crowd) report(matter string) casework.ID {
	c.t.Helper()
	r, err := c.Desk.Receive(c.t.Context(), c.d, intake.Sending{Channel: "portal", Matter: matter, Text: "有人报的事", Area: c.grid07(), Phone: "13800000013"})
	if err != nil {
		c.t.Fatal(err)
	}
	return r.Case.ID
}

// do takes an action of a case that is open to somebody.
func (c *crowd) do(by procedure.Actor, id casework.ID, action procedure.ActionName, with procedure.Move) {
	c.t.Helper()
	if err := c.try(by, id, action, with); err != nil {
		c.t.Fatalf("%s by %s: %v", action, by.Person, err)
	}
}

func (c *crowd) try(by procedure.Actor, id casework.ID, action procedure.ActionName, with procedure.Move) error {
	c.t.Helper()
	now, _ := c.read(id)
	a := casework.Acting{District: c.d, By: by}
	offers, err := casework.Available(c.t.Context(), c.DB, a, now, c.Clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	with.Action = action
	_, tasks := c.read(id)
	for _, t := range tasks {
		if t.State == procedure.Open {
			with.Task = t.ID
		}
	}
	for _, o := range offers {
		if o.Action == action {
			with.Task = o.Task
		}
	}
	return c.DB.Write(c.t.Context(), func(tx *db.Tx) error { _, err := casework.Act(c.t.Context(), tx, a, id, with); return err })
}

// sent brings a case to the unit that is to handle it.
func (c *crowd) sent(matter, unit string) casework.ID {
	c.t.Helper()
	id := c.report(matter)
	c.do(c.as("guoyan", procedure.Acceptor), id, "file", procedure.Move{})
	c.do(c.as("chenli", procedure.Dispatcher), id, "send", procedure.Move{Unit: unit})
	return id
}

// open is the open leading task of a step.
func (c *crowd) open1(id casework.ID, step procedure.StepName) casework.Task {
	c.t.Helper()
	_, tasks := c.read(id)
	for _, t := range tasks {
		if t.State == procedure.Open && t.Step == step && t.Part == procedure.Lead {
			return t
		}
	}
	c.t.Fatalf("no open task at %s: %+v", step, tasks)
	return casework.Task{}
}

// at is an instant on the wall of the district.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	zone := time.FixedZone("CST", 8*3600)
	v, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// ask asks for something at a step.
func (c *crowd) ask(by procedure.Actor, id casework.ID, step procedure.StepName, q casework.Asking) (e casework.Entry, err error) {
	c.t.Helper()
	q.Task = c.open1(id, step).ID
	return c.asked(by, id, q)
}

func (c *crowd) asked(by procedure.Actor, id casework.ID, q casework.Asking) (e casework.Entry, err error) {
	err = c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		e, err = casework.Ask(c.t.Context(), tx, casework.Acting{District: c.d, By: by}, id, q)
		return err
	})
	return e, err
}

func (c *crowd) decide(by procedure.Actor, entry string, granted bool, reason string) (err error) {
	return c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		_, err = casework.Decide(c.t.Context(), tx, casework.Acting{District: c.d, By: by}, entry, granted, reason)
		return err
	})
}

func (c *crowd) resume(by procedure.Actor, entry string) error {
	return c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		_, err := casework.Resume(c.t.Context(), tx, casework.Acting{District: c.d, By: by}, entry, "条件有了")
		return err
	})
}

// run runs the jobs of casework that are due now.
func (c *crowd) run() {
	c.t.Helper()
	of := func(do func(*db.Tx, *district.District, job.Job) error) job.Handler {
		return func(_ context.Context, tx *db.Tx, j job.Job) error { return do(tx, c.d, j) }
	}
	ctx := c.t.Context()
	r := job.New(c.DB, map[string]job.Handler{
		casework.ExpireJob: of(func(tx *db.Tx, d *district.District, j job.Job) error { return casework.Expire(ctx, tx, d, j) }),
		casework.LapseJob:  of(func(tx *db.Tx, d *district.District, j job.Job) error { return casework.Lapse(ctx, tx, d, j) }),
		casework.NoticeJob: of(func(tx *db.Tx, d *district.District, j job.Job) error { return c.Notices.Tell(ctx, tx, d, j) }),
	}, c.Log)
	r.Prepare(casework.ReckonJob, func(ctx context.Context, rd db.Reader, j job.Job) (job.Handler, error) {
		return casework.Reckon(ctx, rd, c.d, j)
	})
	if _, err := r.Due(ctx); err != nil {
		c.t.Fatal(err)
	}
}

// entry is the last entry of a case's trail with an act.
func (c *crowd) entry(id casework.ID, act string) trail.Entry {
	c.t.Helper()
	all, err := trail.Of(c.t.Context(), c.DB, c.d.Code, string(id))
	if err != nil {
		c.t.Fatal(err)
	}
	if err := trail.Verify(c.d.Code, string(id), all); err != nil {
		c.t.Error(err)
	}
	for _, e := range slices.Backward(all) {
		if e.Act == act {
			return e
		}
	}
	c.t.Fatalf("the trail has no %q", act)
	return trail.Entry{}
}

// wantKind holds that something was refused, in both languages.
func wantKind(t testing.TB, err error, kind errs.Kind, why string) {
	t.Helper()
	text, _ := errs.TextOf(err)
	if !errors.Is(err, kind) || text.ZH == "" || text.EN == "" {
		t.Errorf("%s: got %v, want %v in both languages", why, err, kind)
	}
}

// micros is an instant as the trail holds it.
func micros(t time.Time) string { return strconv.FormatInt(db.At(t), 10) }

// limits gives a matter limits by urgency, as an import would.
func (c *crowd) limits(matter, limits string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		tx.Wake(district.Topic)
		return tx.Exec(c.t.Context(), "update matters set limits = $3 where district = $1 and code = $2", c.d.Code, matter, limits)
	})
	c.again()
}

// again reads the district anew.
func (c *crowd) again() {
	c.t.Helper()
	var err error
	if c.d, err = district.Open(c.t.Context(), c.DB, c.d.Code, c.Clock.Now()); err != nil {
		c.t.Fatal(err)
	}
}

// danger reports something in which people may come to harm.
func (c *crowd) danger(matter string) (intake.Receipt, error) {
	return c.Desk.Receive(c.t.Context(), c.d, intake.Sending{Channel: "portal", Matter: matter, Text: "很危险", Area: c.grid07(), Danger: true})
}

// prepared is the next batch of a counting, read and not yet written.
func (c *crowd) prepared() func(*db.Tx) error {
	c.t.Helper()
	all, err := db.All(c.t.Context(), c.DB, func(j *job.Job) []any { return []any{&j.District, &j.Kind, &j.Key, (*[]byte)(&j.Args)} },
		"select district, kind, key, args from jobs where kind = $1", casework.ReckonJob)
	if err != nil || len(all) != 1 {
		c.t.Fatalf("%d countings wait, %v", len(all), err)
	}
	write, err := casework.Reckon(c.t.Context(), c.DB, c.d, all[0])
	if err != nil {
		c.t.Fatal(err)
	}
	return func(tx *db.Tx) error { return write(c.t.Context(), tx, all[0]) }
}

// historic brings in an open case that another system had.
func (c *crowd) historic(external string) {
	c.t.Helper()
	err := c.DB.Write(c.t.Context(), func(tx *db.Tx) error {
		_, err := casework.Take(c.t.Context(), tx, c.d, []casework.Historic{{Channel: "machine", External: external, Matter: "c02010", Text: "标线磨没了",
			Place: casework.Place{Placed: casework.ByArea, Street: c.grid07()[:9], Community: c.grid07()[:12], Grid: c.grid07()}, Unit: "u-shizheng",
			Opened: c.Clock.Now(), State: casework.Running}})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}
