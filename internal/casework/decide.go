package casework

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/procedure"
)

// Decide grants or refuses what was asked, with the reason. It is errs.Forbidden
// for anyone but the role the procedure names, and for whoever asked.
func Decide(ctx context.Context, tx *db.Tx, a Acting, id string, granted bool, reason string) (e Entry, err error) {
	defer errs.Wrap(&err, "casework.Decide(%s, %t)", id, granted)
	s, at, err := a.beginEntry(ctx, tx, id)
	if err != nil {
		return e, err
	}
	if err := at.May(s.d, *s.c, s.tasks, a.By, ActDecide); err != nil {
		return e, err
	}
	if strings.TrimSpace(reason) == "" {
		return e, errs.New(errs.Invalid, "请写明理由。", "Please give the reason.").At("reason")
	}
	at.DecidedBy, at.DecidedAt, at.Decision = a.By.Post, tx.Now, reason
	act := "refused-ask"
	switch {
	case !granted:
		at.State, at.EndedAt = Denied, tx.Now
	case at.IsPause():
		at.State, act = PauseRuns, "approved"
		s.c.OnAccount = s.c.OnAccount || at.OnAccount
	default:
		at.State, act = Granted, "extended"
		s.extend(at)
	}
	if at.State != PauseRuns {
		if err := job.Drop(ctx, tx, s.d.Code, LapseJob, id); err != nil {
			return e, err
		}
	}
	return *at, s.decided(at, Asked, act)
}

// decided settles the clocks after an entry changed, writes it all down, and
// tells whom it concerns.
func (s *stroke) decided(e *Entry, was EntryState, act string) error {
	s.touch(e.Task)
	s.c.MovedAt = s.tx.Now
	if err := s.settle(); err != nil {
		return err
	}
	if err := s.change(e, was); err != nil {
		return err
	}
	facts := s.entryFacts(e)
	facts["decision"], facts["case-due"] = e.Decision, micros(s.c.Due)
	if e.State == PauseEnded {
		facts["until"] = micros(e.EndedAt)
	}
	s.move = procedure.Move{Reason: e.Reason}
	if err := s.finish(act, e.Step, facts); err != nil {
		return err
	}
	switch act {
	case "approved":
		return s.notify(Notice{Template: "paused", Unit: s.c.Unit, Due: e.Until})
	case "extended":
		return s.tell("extended", "")
	case "resumed":
		return s.tell("resumed", "")
	}
	s.move.Reason = e.Decision
	return s.tellUnit("ask-refused", e.Unit)
}

// extend makes the limit longer that an extension is about. Where a step has a
// limit of its own, the case's promise moves with it if it counts the same.
func (s *stroke) extend(e *Entry) {
	t, ok := s.task(e.Task)
	if ok && t.Limit != "" {
		own := limitOf(t.Limit)
		own.N += e.Added
		t.Limit = own.String()
		n, _ := s.ownCount(t)
		t.count(s.d, n)
		if own.Unit != limitOf(s.c.Limit).Unit {
			return
		}
	}
	if !s.c.CountsFrom.IsZero() && s.c.limit().N+e.Added <= clock.MaxLimit {
		s.c.Extended += e.Added
		s.countCase()
	}
}

// beginEntry reads an entry with its case, for change.
func (a Acting) beginEntry(ctx context.Context, tx *db.Tx, id string) (*stroke, *Entry, error) {
	e, err := EntryByID(ctx, tx, a.District.Code, id)
	if err != nil {
		return nil, nil, err
	}
	s, err := a.beginLedger(ctx, tx, e.Case)
	if err != nil {
		return nil, nil, err
	}
	for i := range s.rows {
		if s.rows[i].ID == id {
			return s, &s.rows[i], nil
		}
	}
	return nil, nil, errs.New(errs.NotFound, "没有这个申请。", "There is no such request.")
}

// Resume lets the clock of a granted pause go on before its planned end. The
// unit that asked may, and whoever may grant it.
func Resume(ctx context.Context, tx *db.Tx, a Acting, id, reason string) (e Entry, err error) {
	defer errs.Wrap(&err, "casework.Resume(%s)", id)
	s, at, err := a.beginEntry(ctx, tx, id)
	if err != nil {
		return e, err
	}
	if err := at.May(s.d, *s.c, s.tasks, a.By, ActResume); err != nil {
		return e, err
	}
	at.State, at.EndedAt, at.Decision = PauseEnded, tx.Now, strings.TrimSpace(at.Decision+" "+reason)
	if err := job.Drop(ctx, tx, s.d.Code, LapseJob, id); err != nil {
		return e, err
	}
	return *at, s.decided(at, PauseRuns, "resumed")
}

// Withdraw takes back what was asked, before anybody has decided. Only the unit
// that asked may. The clock then never stood.
func Withdraw(ctx context.Context, tx *db.Tx, a Acting, id string) (e Entry, err error) {
	defer errs.Wrap(&err, "casework.Withdraw(%s)", id)
	s, at, err := a.beginEntry(ctx, tx, id)
	if err != nil {
		return e, err
	}
	if err := at.May(s.d, *s.c, s.tasks, a.By, ActWithdraw); err != nil {
		return e, err
	}
	at.State, at.EndedAt = Withdrawn, tx.Now
	if err := job.Drop(ctx, tx, s.d.Code, LapseJob, id); err != nil {
		return e, err
	}
	return *at, s.decided(at, Asked, "withdrawn")
}

// Lapse is the handler of LapseJob: a pause comes to its planned end, and a
// request that nobody decided on to nothing.
func Lapse(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) error {
	var id string
	if err := json.Unmarshal(j.Args, &id); err != nil {
		return err
	}
	a := Acting{District: d, By: procedure.Actor{System: true}}
	s, at, err := a.beginEntry(ctx, tx, id)
	if kind := errs.KindOf(err); kind == errs.Conflict || kind == errs.NotFound {
		return nil // the case has ended, and the entry with it
	}
	if err != nil {
		return err
	}
	switch at.State {
	case PauseRuns: // to its end, not to when this job came to run
		at.State, at.EndedAt = PauseEnded, at.Until
		if err := s.decided(at, PauseRuns, "resumed"); err != nil {
			return err
		}
		if err := s.tellUnit("review-due", s.c.Receiver); err != nil || at.Unit == s.c.Receiver {
			return err
		}
		return s.tellUnit("review-due", at.Unit)
	case Asked:
		at.State, at.EndedAt, at.Decision = Lapsed, tx.Now, ""
		return s.decided(at, Asked, "lapsed")
	}
	return nil
}

// touch has a task looked at again by settle, whatever else changes about it.
func (s *stroke) touch(id string) {
	if t, ok := s.task(id); ok {
		t.stale = true
	}
}
