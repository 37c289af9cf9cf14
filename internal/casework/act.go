package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
)

// Acting is who acts, and in which district.
type Acting struct {
	District *district.District
	By       procedure.Actor
	// Revision is the case's revision the actor looked at; 0 takes it as it is.
	Revision int
}

// begin reads a case for change.
func (a Acting) begin(ctx context.Context, tx *db.Tx, id ID) (*stroke, error) {
	c, err := ByID(ctx, tx, a.District.Code, id)
	if err != nil {
		return nil, err
	}
	if a.Revision != 0 && a.Revision != c.Revision {
		return nil, stale()
	}
	p, ok := a.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return nil, fmt.Errorf("case %s runs on procedure %s %s, which is not installed", c.Number, c.Procedure, c.Version)
	}
	tasks, err := Tasks(ctx, tx, a.District.Code, id)
	if err != nil {
		return nil, err
	}
	s := &stroke{ctx: ctx, tx: tx, d: a.District, c: &c, p: p, by: a.By, tasks: tasks}
	if s.held() { // only then does what was asked and granted bear on an act
		s.rows, err = entriesOf(ctx, tx, a.District.Code, id)
	}
	return s, err
}

func stale() error {
	return errs.New(errs.Conflict, "没办成：这件刚被别人动过，请再看看。", "Not done: somebody has just changed this case. Please look again.")
}

// finish stores the case, compares its revision, and records what was done.
func (s *stroke) finish(act string, step procedure.StepName, detail map[string]string) error {
	c := s.c
	proposal, err := encoded(c.Proposal)
	if err != nil {
		return err
	}
	n, err := s.tx.Change(s.ctx, `update cases set unit = $4, co = $5, proposed = $6, proposal = $7, no_owner = $8, state = $9, step = $10, near_at = $11,
		due = $12, provisional = $13, closed_at = $14, on_time = $15, reports = $16, returns = $17, round = $18, rating = $19, merged_into = $20,
		moved_at = $21, reachable = $22, danger = $23, counts_from = $24, held_at = $25, extended = $26, bounces = $27, on_account = $28, due_text = $29,
		revision = revision + 1 where district = $1 and id = $2 and revision = $3`,
		s.d.Code, string(c.ID), c.Revision, c.Unit, joined(c.Co), c.Proposed, proposal, c.NoOwner, string(c.State), string(c.Step), db.Due(c.NearAt),
		db.Due(c.Due), c.Provisional, db.At(c.ClosedAt), c.OnTime, c.Reports, c.Returns, c.Round, c.Rating, string(c.MergedInto),
		db.At(c.MovedAt), c.Reachable, c.Danger, db.At(c.CountsFrom), db.At(c.HeldAt), c.Extended, c.Bounces, c.OnAccount, c.Limit)
	if err != nil {
		return err
	}
	if n == 0 {
		return stale()
	}
	c.Revision++
	s.tx.Wake(Topic)
	head, err := trail.HeadOf(s.ctx, s.tx, s.d.Code, string(c.ID))
	if err != nil {
		return err
	}
	return s.record(head, act, step, s.now(s.facts(detail)))
}

// Act moves a case along its procedure. It is errs.Forbidden where the
// procedure does not offer the action to the actor, errs.Invalid without what
// the action needs, and errs.Conflict where somebody was faster.
func Act(ctx context.Context, tx *db.Tx, a Acting, id ID, m procedure.Move) (c Case, err error) {
	defer errs.Wrap(&err, "casework.Act(%s, %s)", id, m.Action)
	s, err := a.begin(ctx, tx, id)
	if err != nil {
		return Case{}, err
	}
	m.By = a.By
	if m.Unit != "" {
		if err := s.knows(append([]string{m.Unit}, m.Co...)); err != nil {
			return Case{}, err
		}
	}
	if m.Action == procedure.Reopen && !reopens(s.d, s.p, s.c, tx.Now) {
		return Case{}, errs.New(errs.Forbidden, "办结已经太久，不能再打开，请另外上报。", "It ended too long ago to be opened again; please report anew.")
	}
	state, err := stateOf(ctx, tx, s.d, s.p, s.c, s.tasks)
	if err != nil {
		return Case{}, err
	}
	out, err := s.p.Next(state, m)
	if err != nil {
		return Case{}, err
	}
	if err := s.marked(m); err != nil {
		return Case{}, err
	}
	step := s.stepOf(m.Task)
	s.move = m
	if err := s.apply(out); err != nil {
		return Case{}, err
	}
	if m.Unit != "" && rules(s.d, a.By) {
		s.c.NoOwner = false
	}
	if m.Rating > 0 {
		if err := s.rate(m); err != nil {
			return Case{}, err
		}
	}
	if m.By.Reporter && strings.TrimSpace(m.Answer) != "" {
		if err := s.supply(m); err != nil {
			return Case{}, err
		}
	}
	return *s.c, s.finish(string(m.Action), step, detailOf(m))
}

// rules reports whether a post may say whose job something is. A dispatcher
// who sends what is nobody's to the territory has not settled that.
func rules(d *district.District, by procedure.Actor) bool {
	return d.Can(rights.OwnerName, string(by.Role))
}

func (s *stroke) knows(units []string) error {
	for _, unit := range units {
		if _, ok := s.d.Org.Unit(org.UnitID(unit)); !ok && unit != "" {
			return errs.New(errs.Invalid, "没有这个单位：%s", "there is no such unit: %s", unit).At("unit")
		}
	}
	return nil
}

func (s *stroke) stepOf(task string) procedure.StepName {
	for _, t := range s.tasks {
		if t.ID == task {
			return t.Step
		}
	}
	return s.c.Step
}

func (s *stroke) rate(m procedure.Move) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return s.tx.Exec(s.ctx, "insert into ratings (district, id, case_id, report, round, grade, text, at, contacted) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
		s.d.Code, id.String(), string(s.c.ID), s.by.Report, s.c.Round, m.Rating, m.Reason, db.At(s.tx.Now), m.Marks["contacted"])
}

// detailOf is what of a move goes into the trail: facts of the act. What a
// resident wrote may name people and stays out.
func detailOf(m procedure.Move) map[string]string {
	detail := map[string]string{"unit": m.Unit, "co": strings.Join(m.Co, ",")}
	if !m.By.Reporter {
		detail["reason"], detail["answer"] = m.Reason, m.Answer
	}
	if m.Photos > 0 {
		detail["photos"] = strconv.Itoa(m.Photos)
	}
	if m.Rating > 0 {
		detail["rating"] = strconv.Itoa(m.Rating)
	}
	return detail
}

// Available lists what the actor may do with the case now, from the function
// that guards Act.
func Available(ctx context.Context, r db.Reader, a Acting, c Case, now time.Time) ([]procedure.Offer, error) {
	p, ok := a.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return nil, fmt.Errorf("case %s runs on procedure %s %s, which is not installed", c.Number, c.Procedure, c.Version)
	}
	if c.State == Merged {
		return nil, nil
	}
	if c.State != Running && !reopens(a.District, p, &c, now) {
		return nil, nil
	}
	tasks, err := Tasks(ctx, r, a.District.Code, c.ID)
	if err != nil {
		return nil, err
	}
	state, err := stateOf(ctx, r, a.District, p, &c, tasks)
	if err != nil {
		return nil, err
	}
	return p.Available(state, a.By), nil
}

// reopens reports whether an ended case may still be opened again: within the
// time its end allows, counted from the stored instant of the end.
func reopens(d *district.District, p *procedure.Procedure, c *Case, now time.Time) bool {
	end := p.End(procedure.EndName(c.Step))
	return end != nil && end.Reopen != nil && !now.After(d.CalendarNamed(c.Calendar).Deadline(c.ClosedAt, end.Reopen.Within, nil).At)
}

// NameOwner rules whose job a case without owner is. The case stays in the
// list of cases without owner until someone with the right to rule has.
func NameOwner(ctx context.Context, tx *db.Tx, a Acting, id ID, unit, reason string) (c Case, err error) {
	defer errs.Wrap(&err, "casework.NameOwner(%s, %s)", id, unit)
	s, err := a.begin(ctx, tx, id)
	if err != nil {
		return Case{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return Case{}, errs.New(errs.Invalid, "请写明理由。", "Please give the reason.").At("reason")
	}
	if unit == "" {
		return Case{}, errs.New(errs.Invalid, "请选承办单位。", "Please choose the unit.").At("unit")
	}
	if err := s.knows([]string{unit}); err != nil {
		return Case{}, err
	}
	if !s.c.NoOwner {
		return Case{}, errs.New(errs.Conflict, "这件已经定了归谁管。", "It is already settled whose job this is.")
	}
	s.c.NoOwner, s.c.Proposed, s.c.MovedAt = false, unit, tx.Now
	s.c.Proposal = append([]Choice{{Unit: unit, ZH: "裁定：" + reason, EN: "Ruled: " + reason, Sure: true}}, s.c.Proposal...)
	s.move = procedure.Move{Unit: unit, Reason: reason}
	if err := s.handOver(unit); err != nil {
		return Case{}, err
	}
	return *s.c, s.finish("owner-named", s.c.Step, map[string]string{"unit": unit, "reason": reason})
}

// handOver gives what the territory is still working on to the unit that the
// ruling names. It cannot return it.
func (s *stroke) handOver(unit string) error {
	var all []procedure.Opening
	for _, t := range s.tasks {
		if t.State != procedure.Open || !s.leads(&t) || t.Unit == unit {
			continue
		}
		if err := s.close(procedure.Closing{Task: t.ID, State: procedure.Cancelled}); err != nil {
			return err
		}
		all = append(all, procedure.Opening{Step: t.Step, Part: t.Part, Owner: procedure.Owner{Unit: unit, Role: t.Role, Area: t.Area},
			Limit: s.p.Step(t.Step).Limit, Round: t.Round, Final: true})
	}
	return s.openAll(all)
}

// Expire is the handler of ExpireJob: a task whose time is up moves by itself
// where its step says so.
func Expire(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) error {
	var e Expiry
	if err := json.Unmarshal(j.Args, &e); err != nil {
		return err
	}
	t, err := TaskByID(ctx, tx, d.Code, e.Task)
	if err == nil && t.State == procedure.Open && (t.Due.After(tx.Now) || !t.HeldAt.IsZero()) {
		return nil // its date has moved; a job of that date waits, or comes when the clock goes on
	}
	_, err = Act(ctx, tx, Acting{District: d, By: procedure.Actor{System: true}}, e.Case, procedure.Move{Task: e.Task, Action: procedure.Expire})
	if kind := errs.KindOf(err); kind == errs.Conflict || kind == errs.Forbidden || kind == errs.NotFound {
		return nil // it was done in time, or the case has moved on
	}
	return err
}
