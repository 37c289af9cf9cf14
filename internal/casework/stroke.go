package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/job"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Topic is what a transaction that changes cases wakes; pages that are open
// listen to it.
const Topic = "cases"

// The kinds of job that casework writes.
const (
	NoticeJob = "notice" // Notice: tell people
	ExpireJob = "expire" // Expiry: a task's time is up
)

// Notice asks to tell people about a case as it stood then. Who they are and in
// which words is for the package notice. It holds no personal data.
type Notice struct {
	Case     ID        `json:"case"`
	Report   string    `json:"report,omitempty"` // only this one; empty: everyone concerned
	Template string    `json:"template"`
	Unit     string    `json:"unit,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Answer   string    `json:"answer,omitempty"`
	Number   string    `json:"number"`
	Matter   string    `json:"matter"`
	Kind     string    `json:"kind"`
	State    State     `json:"state"`
	Address  string    `json:"address,omitempty"`
	Area     string    `json:"area,omitempty"`
	Due      time.Time `json:"due,omitzero"`
}

// Expiry names a task whose time may be up.
type Expiry struct {
	Case ID     `json:"case"`
	Task string `json:"task"`
}

// stroke is one verb at work on one case: what it writes down shares its
// transaction.
type stroke struct {
	ctx   context.Context
	tx    *db.Tx
	d     *district.District
	c     *Case
	p     *procedure.Procedure
	by    procedure.Actor
	move  procedure.Move // what is done, zero at the opening
	tasks []Task
	told  int
}

// apply writes down an outcome of the procedure: tasks closed and opened, and
// the case itself in memory; the caller stores the case.
func (s *stroke) apply(out procedure.Outcome) error {
	c := s.c
	for _, closing := range out.Close {
		if err := s.close(closing); err != nil {
			return err
		}
	}
	if grade, ok := out.Facts["grade"].(int); ok {
		c.Rating = grade
	}
	if out.Reopened {
		c.State, c.ClosedAt, c.OnTime = Running, time.Time{}, false
		c.Due, c.NearAt, c.Provisional = due(s.d, s.tx.Now, s.limit())
	}
	for _, opening := range out.Open {
		if err := s.open(opening); err != nil {
			return err
		}
	}
	c.Co = out.Ground.Co
	if out.End != "" {
		end := s.p.End(out.End)
		c.State, c.ClosedAt = State(end.Outcome), s.tx.Now
		c.OnTime = c.Due.IsZero() || !s.finishedAt().After(c.Due)
	}
	c.Step = s.stands(out.End)
	c.MovedAt = s.tx.Now
	s.tx.Wake(Topic)
	if out.Reopened {
		if err := s.tell("reopened", ""); err != nil {
			return err
		}
	}
	for _, template := range out.Notify {
		if err := s.tell(template, ""); err != nil {
			return err
		}
	}
	return nil
}

// limit is what the case's own deadline is counted from.
func (s *stroke) limit() clock.Limit {
	limit, err := clock.ParseLimit(s.c.Limit)
	if err != nil {
		return clock.Limit{} // the case has none
	}
	return limit
}

// finishedAt is when the work was done that the promise was about: the last
// time the handler called it done, not when the resident got round to rating.
func (s *stroke) finishedAt() time.Time {
	at := time.Time{}
	for _, t := range s.tasks {
		step := s.p.Step(t.Step)
		if step != nil && step.Kind == procedure.Work && !t.Reporter && t.State == procedure.Finished && t.DoneAt.After(at) {
			at = t.DoneAt
		}
	}
	if at.IsZero() {
		return s.tx.Now
	}
	return at
}

func (s *stroke) close(closing procedure.Closing) error {
	i := slices.IndexFunc(s.tasks, func(t Task) bool { return t.ID == closing.Task })
	if i < 0 {
		return fmt.Errorf("procedure closes task %s, which the case does not have", closing.Task)
	}
	t := &s.tasks[i]
	t.State, t.Action, t.DoneAt = closing.State, closing.Action, s.tx.Now
	if closing.Task == s.move.Task {
		t.DoneBy, t.DonePost = s.by.Person, s.by.Post
	}
	if closing.State == procedure.Returned {
		s.c.Returns++
	}
	if step := s.p.Step(t.Step); step != nil && step.OnExpiry != "" {
		if err := job.Drop(s.ctx, s.tx, s.d.Code, ExpireJob, t.ID); err != nil {
			return err
		}
	}
	return s.tx.Exec(s.ctx, `update tasks set state = $3, action = $4, done_at = $5, done_by = $6, done_post = $7 where district = $1 and id = $2`,
		s.d.Code, t.ID, string(t.State), string(t.Action), db.At(t.DoneAt), t.DoneBy, t.DonePost)
}

func (s *stroke) open(o procedure.Opening) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	t := Task{
		ID: id.String(), Case: s.c.ID, Step: o.Step, Part: o.Part, Unit: o.Owner.Unit, Role: o.Owner.Role, Area: o.Owner.Area,
		State: procedure.Open, Round: o.Round, Final: o.Final, Reporter: o.Owner.Reporter, OpenedAt: s.tx.Now,
		Due: s.c.Due, NearAt: s.c.NearAt,
	}
	if o.Limit != nil {
		t.Due, t.NearAt, _ = due(s.d, s.tx.Now, *o.Limit)
	}
	step := s.p.Step(o.Step)
	if step.By.At == procedure.Routed && o.Part == procedure.Lead {
		s.c.Unit = t.Unit
	}
	s.c.Round = max(s.c.Round, o.Round)
	s.tasks = append(s.tasks, t)
	err = s.tx.Exec(s.ctx, `insert into tasks (district, id, case_id, step, part, unit, role, area, person, state, action, done_by, done_post,
		round, final, reporter, opened_at, near_at, due, done_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)`,
		s.d.Code, t.ID, string(t.Case), string(t.Step), string(t.Part), t.Unit, string(t.Role), t.Area, "", string(t.State), "", "", "",
		t.Round, t.Final, t.Reporter, db.At(t.OpenedAt), db.Due(t.NearAt), db.Due(t.Due), int64(0))
	if err == nil && step.By.At == procedure.Routed && t.Unit != "" {
		template := "new-task"
		if t.Final {
			template = "ruling"
		}
		err = s.tellUnit(template, t.Unit)
	}
	if err != nil || step.OnExpiry == "" || o.Part != procedure.Lead || t.Due.IsZero() {
		return err
	}
	return job.Add(s.ctx, s.tx, s.d.Code, ExpireJob, t.ID, Expiry{Case: s.c.ID, Task: t.ID}, t.Due)
}

// stands is the step the case is shown at: the earliest of the procedure that
// is open with a lead, or the end it reached.
func (s *stroke) stands(end procedure.EndName) procedure.StepName {
	if end != "" {
		return procedure.StepName(end)
	}
	for _, step := range s.p.Steps {
		if slices.ContainsFunc(s.tasks, func(t Task) bool {
			return t.Step == step.Name && t.State == procedure.Open && t.Part == procedure.Lead
		}) {
			return step.Name
		}
	}
	return s.c.Step
}

// record adds what was done to the case's trail.
func (s *stroke) record(head trail.Head, act string, step procedure.StepName, detail map[string]string) error {
	for name, value := range detail {
		if value == "" {
			delete(detail, name)
		}
	}
	_, err := trail.Add(s.ctx, s.tx, s.d.Code, string(s.c.ID), head, trail.Entry{
		Person: s.by.Person, Post: s.by.Post, Unit: s.by.Unit, Act: act, Step: string(step), Detail: detail,
	})
	return err
}

// tell asks, in this transaction, for people to be told, with the words of
// the move. report names one of the reports; empty is everyone concerned.
func (s *stroke) tell(template, report string) error {
	unit := s.move.Unit
	if unit == "" {
		unit = s.c.Unit
	}
	return s.notify(Notice{Report: report, Template: template, Unit: unit})
}

func (s *stroke) tellUnit(template, unit string) error {
	return s.notify(Notice{Template: template, Unit: unit})
}

func (s *stroke) notify(n Notice) error {
	c := s.c
	n.Case, n.Number, n.Matter, n.Kind, n.State = c.ID, c.Number, c.Matter, c.Kind, c.State
	n.Address, n.Area, n.Due = c.Place.Address, c.Place.Area(s.d.Code), c.Due
	if !s.by.Reporter { // what one neighbour wrote is not for the others to read
		n.Reason, n.Answer = s.move.Reason, s.move.Answer
	}
	s.told++
	key := fmt.Sprintf("%s %d %d", n.Case, c.Revision, s.told) // an act has its revision, a notice its place in it
	return job.Add(s.ctx, s.tx, s.d.Code, NoticeJob, key, n, s.tx.Now)
}
