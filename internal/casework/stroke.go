package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/job"
	"linli/internal/lang"
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
	LapseJob  = "lapse"  // the id of an entry of the ledger whose time is up
	ReckonJob = "reckon" // the id of a counting again of all open dates
)

// Notice asks to tell people about a case as it stood then. Who they are and in
// which words is for the package notice. It holds no personal data.
type Notice struct {
	Case     ID        `json:"case"`
	Report   string    `json:"report,omitempty"` // only this one; empty: everyone concerned
	Template string    `json:"template"`
	Unit     string    `json:"unit,omitempty"`
	Post     string    `json:"post,omitempty"` // in place of a unit
	Reason   string    `json:"reason,omitempty"`
	Answer   string    `json:"answer,omitempty"`
	Number   string    `json:"number"`
	Matter   string    `json:"matter"`
	Kind     string    `json:"kind"`
	State    State     `json:"state"`
	Address  string    `json:"address,omitempty"`
	Area     string    `json:"area,omitempty"`
	Due      time.Time `json:"due,omitzero"`
	Subject  lang.Text `json:"subject,omitzero"` // in place of the matter's title; then it may be about no case
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
	rows  []Entry // of the ledger, read where a clock stands
	told  int
	deed  map[string]string // facts for the trail of what was closed, opened and ended
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
	if out.Reopened { // a new promise, from this moment
		c.State, c.ClosedAt, c.OnTime = Running, time.Time{}, false
		c.CountsFrom, c.HeldAt, c.Extended, c.OnAccount = s.tx.Now, time.Time{}, 0, false
		s.countCase()
	}
	if out.End != "" {
		end := s.p.End(out.End)
		s.countEnd()
		c.State, c.ClosedAt = State(end.Outcome), s.tx.Now
		c.OnTime = c.Due.IsZero() || !s.finishedAt().After(c.Due)
		s.endDeed()
	}
	if err := s.openAll(out.Open); err != nil {
		return err
	}
	c.Co = out.Ground.Co
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

// openAll opens tasks. Clocks are settled with all of them in view, and before
// anybody is told a date.
func (s *stroke) openAll(all []procedure.Opening) error {
	first := len(s.tasks)
	for _, o := range all {
		if err := s.begin(o); err != nil {
			return err
		}
	}
	if err := s.settle(); err != nil {
		return err
	}
	var to []string
	for i := first; i < len(s.tasks); i++ {
		if err := s.insert(&s.tasks[i]); err != nil {
			return err
		}
		if s.tasks[i].Part == procedure.Lead {
			to = append(to, string(s.tasks[i].Step))
		}
	}
	s.note("to", strings.Join(to, ","))
	return nil
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
		t.DoneBy, t.DonePost, t.Hands = s.by.Person, s.by.Post, joined(s.by.Hands(t.Person, t.hands()))
		s.closeDeed(t)
	}
	if closing.State == procedure.Returned {
		s.c.Returns++
	}
	if closing.State == procedure.Returned || closing.State == procedure.Refused {
		s.c.Bounces++
	}
	if step := s.p.Step(t.Step); step != nil {
		if step.OnExpiry != "" {
			if err := job.Drop(s.ctx, s.tx, s.d.Code, ExpireJob, t.ID); err != nil {
				return err
			}
		}
		if step.Pause.Mode == procedure.Approved || step.Extend.Times > 0 {
			if err := s.closeEntries(t.ID); err != nil {
				return err
			}
		}
	}
	return s.tx.Exec(s.ctx, `update tasks set state = $3, action = $4, done_at = $5, done_by = $6, done_post = $7, hands = $8 where district = $1 and id = $2`,
		s.d.Code, t.ID, string(t.State), string(t.Action), db.At(t.DoneAt), t.DoneBy, t.DonePost, t.Hands)
}

// begin adds a task to those of the case, with its promise.
func (s *stroke) begin(o procedure.Opening) error {
	id, err := NewID(s.c.Secret)
	if err != nil {
		return err
	}
	t := Task{
		ID: id, Case: s.c.ID, Step: o.Step, Part: o.Part, Unit: o.Owner.Unit, Role: o.Owner.Role, Area: o.Owner.Area,
		State: procedure.Open, Round: o.Round, Final: o.Final, Reporter: o.Owner.Reporter, OpenedAt: s.tx.Now, fresh: true,
	}
	if s.leads(&t) {
		if was := s.lastLead(o.Step); was != nil && was.Unit != t.Unit && was.State != procedure.Returned && was.State != procedure.Refused {
			s.c.Bounces++
			s.note("redispatched", "yes")
		}
		s.c.Unit = t.Unit
		s.note("to-unit", t.Unit)
	}
	s.c.Round = max(s.c.Round, o.Round)
	s.tasks = append(s.tasks, t)
	if o.Limit != nil {
		last := &s.tasks[len(s.tasks)-1]
		last.Limit = o.Limit.String()
		n, _ := s.ownCount(last)
		last.count(s.d, n)
	}
	return nil
}

// leads reports whether a task is the leading one of the unit that the case
// was sent to.
func (s *stroke) leads(t *Task) bool {
	step := s.p.Step(t.Step)
	return step != nil && step.By.At == procedure.Routed && t.Part == procedure.Lead
}

// lastLead is the last task that the leading unit of a step had; nil for none.
func (s *stroke) lastLead(step procedure.StepName) *Task {
	for i := len(s.tasks) - 1; i >= 0; i-- {
		if t := &s.tasks[i]; t.Step == step && t.Part == procedure.Lead {
			return t
		}
	}
	return nil
}

// insert stores a task that was begun, and tells its unit.
func (s *stroke) insert(t *Task) error {
	t.fresh = false
	err := s.tx.Exec(s.ctx, `insert into tasks (district, id, case_id, step, part, unit, role, area, person, state, action, done_by, done_post,
		round, final, reporter, opened_at, near_at, due, done_at, limit_text, held_at, rung, rung_at, overdue, hands)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26)`,
		s.d.Code, t.ID, string(t.Case), string(t.Step), string(t.Part), t.Unit, string(t.Role), t.Area, "", string(t.State), "", "", "",
		t.Round, t.Final, t.Reporter, db.At(t.OpenedAt), db.Due(t.NearAt), db.Due(t.Due), int64(0), t.Limit, db.At(t.HeldAt), t.Rung, db.Due(t.RungAt), t.Overdue, "")
	if err != nil {
		return err
	}
	if err := s.tellWhoActs(t); err != nil {
		return err
	}
	return s.expires(t)
}

// tellWhoActs tells the unit that a case is sent to of its task, and of one that is
// done on the spot those who hold the place: a grid's workers are out of doors, and
// no unit of theirs is there to call them.
func (s *stroke) tellWhoActs(t *Task) error {
	template := "new-task"
	if t.Final {
		template = "ruling"
	}
	switch {
	case t.Reporter:
	case t.Unit == "" && t.Area != "":
		for _, p := range s.d.HoldersOf(t.Role, t.Area, s.tx.Now) {
			if err := s.notify(Notice{Template: template, Post: string(p.ID)}); err != nil {
				return err
			}
		}
	case t.Unit != "" && s.p.Step(t.Step).By.At == procedure.Routed:
		return s.tellUnit(template, t.Unit)
	}
	return nil
}

// expires has a task move by itself when its time is up, where its step says
// so and its clock runs.
func (s *stroke) expires(t *Task) error {
	step := s.p.Step(t.Step)
	if step == nil || step.OnExpiry == "" || t.Part != procedure.Lead {
		return nil
	}
	if t.OpenedAt.Before(s.tx.Now) { // it may wait for another date
		if err := job.Drop(s.ctx, s.tx, s.d.Code, ExpireJob, t.ID); err != nil {
			return err
		}
	}
	if t.Due.IsZero() || !t.HeldAt.IsZero() {
		return nil
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
	if s.by.For != "" {
		if detail == nil {
			detail = map[string]string{}
		}
		detail["for"] = s.by.For
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

// notice fills in what a notice says of the case.
func (s *stroke) notice(n Notice) Notice {
	c := s.c
	n.Case, n.Number, n.Matter, n.Kind, n.State = c.ID, c.Number, c.Matter, c.Kind, c.State
	n.Address, n.Area = c.Place.Address, c.Place.Area(s.d.Code)
	if n.Due.IsZero() {
		n.Due = c.Due
	}
	return n
}

func (s *stroke) notify(n Notice) error {
	n = s.notice(n)
	if !s.by.Reporter { // what one neighbour wrote is not for the others to read
		n.Reason, n.Answer = s.move.Reason, s.move.Answer
	}
	s.told++
	key := fmt.Sprintf("%s %d %d", n.Case, s.c.Revision, s.told) // an act has its revision, a notice its place in it
	return job.Add(s.ctx, s.tx, s.d.Code, NoticeJob, key, n, s.tx.Now)
}
