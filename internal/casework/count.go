package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// reckon counts a promise; no limit is no promise.
func reckon(cal *clock.Calendar, n clock.Count) clock.Reckoning {
	if n.Limit.IsZero() || n.Start.IsZero() {
		return clock.Reckoning{}
	}
	return cal.Reckon(n)
}

// calendarOf names the calendar of a unit as a case keeps it: empty is the
// district's, so that a case says no more than it must.
func calendarOf(d *district.District, unit string) string {
	if name := d.CalendarName(unit); name != district.Standard {
		return name
	}
	return ""
}

// taskCalendar is the calendar a task counts by: its unit's, or where it is
// for whoever works in an area, that of the territory's unit.
func taskCalendar(d *district.District, t *Task) *clock.Calendar {
	if t.Unit != "" {
		return d.CalendarOf(t.Unit)
	}
	if u, _, ok := d.Org.TerritoryUnit(t.Area, d.Day); ok && t.Area != "" {
		return d.CalendarOf(string(u.ID))
	}
	return d.Calendar
}

// limitOf reads a limit as a case or task keeps it; empty and what cannot be
// read are none.
func limitOf(text string) clock.Limit {
	limit, err := clock.ParseLimit(text)
	if err != nil {
		return clock.Limit{}
	}
	return limit
}

// limit is what the case's own deadline is counted from, with its extensions.
func (c *Case) limit() clock.Limit {
	limit := limitOf(c.Limit)
	limit.N += c.Extended
	return limit
}

// promise is what the case's own deadline is counted from, as far as its clock
// has run: a clock that stands counts as it stood when it stopped.
func (s *stroke) promise() clock.Count {
	past, _ := s.stops()
	return clock.Count{Start: s.c.CountsFrom, Limit: s.c.limit(), Pauses: past, Held: s.c.HeldAt}
}

// held reports whether any clock of the case stands.
func (s *stroke) held() bool {
	return !s.c.HeldAt.IsZero() || slices.ContainsFunc(s.tasks, func(t Task) bool { return t.State == procedure.Open && !t.HeldAt.IsZero() })
}

// stops are the times for which the clock of the case's promise stood, and
// since when it stands now; zero where it runs. It stands while a pause of the
// ledger runs, while a step waits for the applicant, and while the only thing
// left is the reporter's word.
func (s *stroke) stops() (past []clock.Span, since time.Time) { return split(s.stood()) }

// stood are these times, each with its reason; one that still runs has no end.
func (s *stroke) stood() []clock.Span {
	all := s.spansOf(func(*Entry) bool { return true })
	for i := range s.tasks {
		t := &s.tasks[i]
		switch step := s.p.Step(t.Step); {
		case step != nil && step.Pause.Mode == procedure.Always && t.Part == procedure.Lead:
			span := t.span()
			span.Why = step.Title
			all = append(all, span)
		case t.Reporter:
			all = append(all, s.aloneOf(t)...)
		}
	}
	return all
}

// span is how long a task was or is open; To is zero while it is.
func (t *Task) span() clock.Span {
	if t.State == procedure.Open {
		return clock.Span{From: t.OpenedAt}
	}
	return clock.Span{From: t.OpenedAt, To: t.DoneAt}
}

// aloneOf are the times in which a task of the reporter's was all there was.
func (s *stroke) aloneOf(t *Task) []clock.Span {
	pieces := []clock.Span{t.span()}
	pieces[0].Why = lang.T("等上报人评价", "Waiting for the reporter to rate")
	for i := range s.tasks {
		if other := &s.tasks[i]; !other.Reporter {
			var left []clock.Span
			for _, piece := range pieces {
				left = append(left, without(piece, other.span())...)
			}
			pieces = left
		}
	}
	return pieces
}

// without takes a span out of another; a zero To is an open end.
func without(a, b clock.Span) (left []clock.Span) {
	before := func(x, y time.Time) bool { return !x.IsZero() && (y.IsZero() || x.Before(y)) } // of ends
	if !b.To.IsZero() && !b.To.After(a.From) || !a.To.IsZero() && !b.From.Before(a.To) {
		return []clock.Span{a}
	}
	if a.From.Before(b.From) {
		left = append(left, clock.Span{From: a.From, To: b.From, Why: a.Why})
	}
	if before(b.To, a.To) {
		left = append(left, clock.Span{From: b.To, To: a.To, Why: a.Why})
	}
	return left
}

// split parts spans that are over from those that still run, and gives when
// the first of these began.
func split(all []clock.Span) (past []clock.Span, since time.Time) {
	for _, span := range all {
		switch {
		case !span.To.IsZero():
			past = append(past, span)
		case since.IsZero() || span.From.Before(since):
			since = span.From
		}
	}
	return past, since
}

// spansOf are the times that pauses of the ledger take up. One that is asked
// for stands from then, so that nobody is late for an approver's slowness; one
// that is not granted in the end never was.
func (s *stroke) spansOf(of func(*Entry) bool) (all []clock.Span) {
	for i := range s.rows {
		e := &s.rows[i]
		if e.FromAt.IsZero() || !of(e) {
			continue
		}
		switch e.State {
		case Asked, PauseRuns:
			all = append(all, clock.Span{From: e.FromAt, Why: e.KindTitle(s.d)})
		case PauseEnded:
			all = append(all, clock.Span{From: e.FromAt, To: e.EndedAt, Why: e.KindTitle(s.d)})
		}
	}
	return all
}

// ownCount is what a task's own limit is counted from, and since when that
// clock stands. Where the step's limit runs across rounds, the time used in
// earlier rounds counts and the gaps between them are pauses.
func (s *stroke) ownCount(t *Task) (n clock.Count, since time.Time) {
	past, since := split(s.spansOf(func(e *Entry) bool { return e.Step == t.Step }))
	n = clock.Count{Start: t.OpenedAt, Limit: limitOf(t.Limit), Pauses: past, Held: t.HeldAt}
	if step := s.p.Step(t.Step); step != nil && step.Across == procedure.Rounds {
		n.Start, n.Pauses = s.across(t, past)
	}
	return n, since
}

func elsewhere() lang.Text { return lang.T("在别的环节", "At another step") }

// across is the start of the first task of a step since the promise began, and
// the gaps until t.
func (s *stroke) across(t *Task, past []clock.Span) (time.Time, []clock.Span) {
	start, end := t.OpenedAt, time.Time{}
	for i := range s.tasks {
		o := &s.tasks[i]
		if o.Step != t.Step || o.Part != procedure.Lead || o.ID == t.ID || o.OpenedAt.Before(s.c.CountsFrom) || o.OpenedAt.After(t.OpenedAt) {
			continue
		}
		if end.IsZero() {
			start = o.OpenedAt
		} else if end.Before(o.OpenedAt) {
			past = append(past, clock.Span{From: end, To: o.OpenedAt, Why: elsewhere()})
		}
		end = o.DoneAt
	}
	if !end.IsZero() && end.Before(t.OpenedAt) {
		past = append(past, clock.Span{From: end, To: t.OpenedAt, Why: elsewhere()})
	}
	return start, past
}

// Why says how the date of a case came about: every day counted or skipped,
// with the pauses of its ledger.
func Why(ctx context.Context, r db.Reader, d *district.District, c Case) (why clock.Explanation, err error) {
	defer errs.Wrap(&err, "casework.Why(%s)", c.ID)
	if c.CountsFrom.IsZero() || c.limit().IsZero() {
		return clock.Explanation{Reckoning: clock.Reckoning{Due: c.Due, Near: c.NearAt, Provisional: c.Provisional}}, nil
	}
	s, err := look(ctx, r, d, c)
	if err != nil {
		return why, err
	}
	return d.CalendarNamed(c.Calendar).Explain(s.promise()), nil
}

// look reads what belongs to a case, to ask about it.
func look(ctx context.Context, r db.Reader, d *district.District, c Case) (*stroke, error) {
	p, ok := d.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return nil, fmt.Errorf("case %s runs on procedure %s %s, which is not installed", c.Number, c.Procedure, c.Version)
	}
	s := &stroke{ctx: ctx, d: d, c: &c, p: p}
	var err error
	if s.tasks, err = Tasks(ctx, r, d.Code, c.ID); err != nil {
		return nil, err
	}
	s.rows, err = entriesOf(ctx, r, d.Code, c.ID)
	return s, err
}

// settle stops or starts the clocks of a case as it now stands, counts again
// what goes on, and writes down which tasks that changes.
func (s *stroke) settle() error {
	before := slices.Clone(s.tasks)
	s.settleCase()
	for i := range s.tasks {
		if s.tasks[i].State == procedure.Open {
			s.settleTask(&s.tasks[i])
		}
	}
	for i := range s.tasks {
		if t := &s.tasks[i]; t.State == procedure.Open && !t.fresh && *t != before[i] {
			if err := s.moved(t, before[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *stroke) settleCase() {
	c := s.c
	if c.State != Running {
		c.HeldAt = time.Time{}
		return
	}
	_, since := s.stops()
	switch {
	case since.IsZero() && !c.HeldAt.IsZero():
		c.HeldAt = time.Time{}
		s.countCase()
	case !since.IsZero() && c.HeldAt.IsZero() && since.Before(c.Due): // a clock that is late cannot be stopped
		c.HeldAt = since
	}
}

// countCase counts the case's promise again. One that was given elsewhere stands.
func (s *stroke) countCase() {
	if c := s.c; !c.CountsFrom.IsZero() {
		r := reckon(s.d.CalendarNamed(c.Calendar), s.promise())
		c.Due, c.NearAt, c.Provisional = r.Due, r.Near, r.Provisional
	}
}

// countEnd counts a promise for the last time, where its clock stands as the
// case ends: what stood before the work was done counts, the wait for a rating
// after it does not.
func (s *stroke) countEnd() {
	c := s.c
	if c.HeldAt.IsZero() || c.CountsFrom.IsZero() {
		return
	}
	done := s.finishedAt()
	n := s.promise()
	n.Held = time.Time{}
	n.Pauses = slices.DeleteFunc(n.Pauses, func(p clock.Span) bool { return !p.From.Before(done) })
	r := reckon(s.d.CalendarNamed(c.Calendar), n)
	c.Due, c.NearAt, c.Provisional = r.Due, r.Near, r.Provisional
}

func (s *stroke) settleTask(t *Task) {
	was := *t
	if t.Limit == "" {
		t.HeldAt, t.Due, t.NearAt = s.c.HeldAt, s.c.Due, s.c.NearAt
	} else if n, since := s.ownCount(t); since.IsZero() && !t.HeldAt.IsZero() {
		n.Held, t.HeldAt = time.Time{}, time.Time{}
		t.count(s.d, n)
	} else if !since.IsZero() && t.HeldAt.IsZero() && since.Before(t.Due) {
		t.HeldAt = since
	}
	if *t != was || t.fresh || t.stale {
		t.RungAt = s.nextRung(t)
	}
	t.stale = false
}

// count counts a task's own limit.
func (t *Task) count(d *district.District, n clock.Count) {
	r := reckon(taskCalendar(d, t), n)
	t.Due, t.NearAt = r.Due, r.Near
}

// nextRung is when supervision looks at a task next: when it is near, or where
// it has taken rungs already, at once, to see what the new date changes. While
// somebody has asked for more time it waits for the answer.
func (s *stroke) nextRung(t *Task) time.Time {
	waits := slices.ContainsFunc(s.rows, func(e Entry) bool { return e.State == Asked && e.Task == t.ID })
	switch {
	case !t.watched() || waits:
		return time.Time{}
	case t.Rung == 0 && !t.Overdue:
		return t.NearAt
	}
	return s.tx.Now
}

// moved stores a task whose clock changed, and moves what happens by itself
// when its time is up.
func (s *stroke) moved(t *Task, before Task) error {
	err := s.tx.Exec(s.ctx, "update tasks set limit_text = $3, near_at = $4, due = $5, held_at = $6, rung_at = $7 where district = $1 and id = $2",
		s.d.Code, t.ID, t.Limit, db.Due(t.NearAt), db.Due(t.Due), db.At(t.HeldAt), db.Due(t.RungAt))
	if err != nil || t.Due.Equal(before.Due) && t.HeldAt.Equal(before.HeldAt) && !before.stale {
		return err
	}
	return s.expires(t)
}
