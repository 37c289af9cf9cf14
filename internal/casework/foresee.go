package casework

import (
	"context"
	"slices"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

// Foresight is what dates would be, were something granted.
type Foresight struct {
	Case clock.Reckoning // zero without a promise
	Task clock.Reckoning // of a step with a limit of its own; else zero
}

// Foresee says what dates would follow from what somebody is about to ask for;
// of a pause, if it lasts as long as planned. It refuses what Ask would refuse,
// and changes nothing.
func Foresee(ctx context.Context, r db.Reader, a Acting, c Case, q Asking, now time.Time) (f Foresight, err error) {
	defer errs.Wrap(&err, "casework.Foresee(%s, %s)", c.ID, q.Kind)
	s, err := look(ctx, r, a.District, c)
	if err != nil {
		return f, err
	}
	s.by = a.By
	e, err := s.entryOf(q, now)
	if err != nil {
		return f, err
	}
	return s.foresee(e), nil
}

// Foreseen says what dates would follow if an entry that waits for a decision
// were granted, and of one that runs, if it lasts as long as planned.
func Foreseen(ctx context.Context, r db.Reader, d *district.District, c Case, e Entry) (f Foresight, err error) {
	defer errs.Wrap(&err, "casework.Foreseen(%s)", e.ID)
	s, err := look(ctx, r, d, c)
	if err != nil {
		return f, err
	}
	return s.foresee(e), nil
}

// foresee counts on copies: a stroke that only looks writes nothing down.
func (s *stroke) foresee(e Entry) (f Foresight) {
	t, ok := s.task(e.Task)
	if !ok {
		return f
	}
	s.rows = slices.DeleteFunc(s.rows, func(had Entry) bool { return had.ID == e.ID })
	if e.IsPause() {
		e.State, e.EndedAt = PauseEnded, e.Until
		s.rows = append(s.rows, e)
		if _, since := s.stops(); since.IsZero() {
			s.c.HeldAt = time.Time{}
			s.countCase()
		}
		if t.Limit != "" {
			t.HeldAt = time.Time{}
			n, _ := s.ownCount(t)
			t.count(s.d, n)
		}
	} else {
		s.extend(&e)
	}
	if !s.c.CountsFrom.IsZero() {
		f.Case = clock.Reckoning{Due: s.c.Due, Near: s.c.NearAt, Provisional: s.c.Provisional}
	}
	if t.Limit != "" {
		f.Task = clock.Reckoning{Due: t.Due, Near: t.NearAt}
	}
	return f
}

// Stood lists the times for which the clock of a case stood, oldest first, each
// with its reason. One that still runs has no end.
func Stood(ctx context.Context, r db.Reader, d *district.District, c Case) (all []clock.Span, err error) {
	defer errs.Wrap(&err, "casework.Stood(%s)", c.ID)
	s, err := look(ctx, r, d, c)
	if err != nil {
		return nil, err
	}
	all = s.stood()
	slices.SortStableFunc(all, func(a, b clock.Span) int { return a.From.Compare(b.From) })
	return all, nil
}

// WhyTask says how the date of a step came about, as Why does for the case: the
// step's own limit has its own count, any other stands on the case's.
func WhyTask(ctx context.Context, r db.Reader, d *district.District, c Case, task string) (why clock.Explanation, err error) {
	defer errs.Wrap(&err, "casework.WhyTask(%s, %s)", c.ID, task)
	s, err := look(ctx, r, d, c)
	if err != nil {
		return why, err
	}
	t, ok := s.task(task)
	switch {
	case !ok:
		return why, errs.New(errs.NotFound, "没有这个任务。", "There is no such task.")
	case t.Limit == "":
		return Why(ctx, r, d, c)
	}
	n, _ := s.ownCount(t)
	return taskCalendar(d, t).Explain(n), nil
}

// Judge says how the promise of a case stands, in the time its limit is counted
// in and on the calendar it keeps.
func (c Case) Judge(d *district.District, now time.Time) clock.Verdict {
	return judge(d.CalendarNamed(c.Calendar), c.Limit, now, c.NearAt, c.Due, c.HeldAt)
}

// Judge says how a task of a case stands.
func (t Task) Judge(d *district.District, c Case, now time.Time) clock.Verdict {
	if t.Limit == "" {
		return judge(d.CalendarNamed(c.Calendar), c.Limit, now, t.NearAt, t.Due, t.HeldAt)
	}
	return judge(taskCalendar(d, &t), t.Limit, now, t.NearAt, t.Due, t.HeldAt)
}

func judge(cal *clock.Calendar, limit string, now, near, due, held time.Time) clock.Verdict {
	if l := limitOf(limit); !l.IsZero() {
		cal = cal.For(l.Unit)
	}
	return cal.Judge(now, near, due, held)
}
