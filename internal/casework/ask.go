package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// Asking is what a unit asks for: that its clock stands, or a longer limit.
type Asking struct {
	Task   string
	Kind   string    // procedure.Extension, or a kind of pause
	Until  time.Time // planned end of a pause
	More   int       // of an extension, in the unit of the limit
	Reason string
}

// AskOption is something the actor may ask for now, or is told why not.
type AskOption struct {
	Task     string
	Step     procedure.StepName
	Kind     string
	Title    lang.Text
	Latest   time.Time   // the latest planned end of a pause
	Limit    clock.Limit // that an extension makes longer
	Approver procedure.Role
	Allowed  bool
	Why      lang.Text // set where it is not allowed

	onAccount bool
}

// Asks lists what the actor may ask for now, by the rule that guards Ask.
func Asks(ctx context.Context, r db.Reader, a Acting, c Case, now time.Time) (all []AskOption, err error) {
	defer errs.Wrap(&err, "casework.Asks(%s)", c.ID)
	if c.State != Running || a.By.Reporter || a.By.System {
		return nil, nil
	}
	s, err := look(ctx, r, a.District, c)
	if err != nil {
		return nil, err
	}
	s.by = a.By
	return s.options(now), nil
}

func (s *stroke) options(now time.Time) (all []AskOption) {
	for i := range s.tasks {
		t := &s.tasks[i]
		step := s.p.Step(t.Step)
		if t.State != procedure.Open || t.Part != procedure.Lead || step == nil || !t.concerns(s.by) || t.Reporter {
			continue
		}
		if step.Pause.Mode == procedure.Approved {
			for _, k := range s.d.Catalogue.Pauses().All() {
				o := AskOption{Task: t.ID, Step: t.Step, Kind: k.Name, Title: k.Title, Approver: step.Pause.By, onAccount: k.OnAccount,
					Latest: s.taskCalendar(t).Deadline(now, k.Most, nil).At, Why: s.cannotPause(t, now)}
				all = append(all, o)
			}
		}
		if step.Extend.Times > 0 {
			all = append(all, AskOption{Task: t.ID, Step: t.Step, Kind: procedure.Extension, Title: kindTitle(s.d, procedure.Extension),
				Approver: step.Extend.By, Limit: s.limitOf(t), Why: s.cannotExtend(t, step, now)})
		}
	}
	for i := range all {
		all[i].Allowed = all[i].Why.IsZero()
	}
	return all
}

// limitOf is the limit that a task's date is counted from: its own or the case's.
func (s *stroke) limitOf(t *Task) clock.Limit {
	if t.Limit != "" {
		return limitOf(t.Limit)
	}
	return s.c.limit()
}

// taskCalendar is the calendar of a task's date: its own limit's or the case's.
func (s *stroke) taskCalendar(t *Task) *clock.Calendar {
	if t.Limit != "" {
		return taskCalendar(s.d, t)
	}
	return s.d.CalendarNamed(s.c.Calendar)
}

// expired says why nothing can be asked any more; zero where it can.
func (s *stroke) expired(t *Task, now time.Time) lang.Text {
	switch {
	case t.Due.IsZero():
		return lang.T("这一步没有期限。", "This step has no date.")
	case t.Limit == "" && s.c.CountsFrom.IsZero():
		return lang.T("期限是原系统定的，这里不能改。", "The date was given by the former system and cannot be changed here.")
	case t.HeldAt.IsZero() && now.After(t.Due):
		return lang.T("已经过期，不能再申请；要在到期之前提。", "The date has passed; this has to be asked for before it does.")
	case slices.ContainsFunc(s.rows, func(e Entry) bool { return e.Task == t.ID && e.State == Asked }):
		return lang.T("已经有一个申请在等批。", "A request already waits for a decision.")
	}
	return lang.Text{}
}

func (s *stroke) cannotPause(t *Task, now time.Time) lang.Text {
	if why := s.expired(t, now); !why.IsZero() {
		return why
	}
	if slices.ContainsFunc(s.rows, func(e Entry) bool { return e.Task == t.ID && e.State == PauseRuns }) {
		return lang.T("时钟已经停着，先恢复计时。", "The clock already stands; let it go on first.")
	}
	return lang.Text{}
}

func (s *stroke) cannotExtend(t *Task, step *procedure.Step, now time.Time) lang.Text {
	if why := s.expired(t, now); !why.IsZero() {
		return why
	}
	n := 0
	for _, e := range s.rows {
		if e.Kind == procedure.Extension && e.Step == t.Step && e.State == Granted && !e.AskedAt.Before(s.c.CountsFrom) {
			n++
		}
	}
	if n >= step.Extend.Times {
		return lang.T("已经延期 %d 次，不能再延。", "It was extended %d time(s) already; that is all there is.", n)
	}
	return lang.Text{}
}

// Ask asks for a pause or for a longer limit. The clock stands from this
// moment, so that nobody is late for an approver's slowness; where the answer is
// no, it never stood. It is errs.Forbidden where Asks would not offer it, and
// errs.Invalid for a time that is past, too long or nothing at all.
func Ask(ctx context.Context, tx *db.Tx, a Acting, id ID, q Asking) (e Entry, err error) {
	defer errs.Wrap(&err, "casework.Ask(%s, %s)", id, q.Kind)
	s, err := a.beginLedger(ctx, tx, id)
	if err != nil {
		return e, err
	}
	if e, err = s.entryOf(q, tx.Now); err != nil {
		return e, err
	}
	key, err := uuid.NewV7()
	if err != nil {
		return e, err
	}
	e.ID = key.String()
	if err := insertEntry(ctx, tx, s.d.Code, &e); err != nil {
		return e, err
	}
	s.rows = append(s.rows, e)
	s.touch(e.Task)
	s.c.MovedAt = tx.Now
	if err := s.settle(); err != nil {
		return e, err
	}
	if err := job.Add(ctx, tx, s.d.Code, LapseJob, e.ID, e.ID, e.Until); err != nil {
		return e, err
	}
	s.move = procedure.Move{Reason: q.Reason}
	if err := s.finish("asked", e.Step, s.entryFacts(&e)); err != nil {
		return e, err
	}
	return e, s.tellUnit("asked", s.c.Receiver)
}

// beginLedger reads a case with its whole ledger, for change.
func (a Acting) beginLedger(ctx context.Context, tx *db.Tx, id ID) (*stroke, error) {
	s, err := a.begin(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if s.c.State != Running {
		return nil, errs.New(errs.Conflict, "这件已经办结。", "This case has ended.")
	}
	s.rows, err = entriesOf(ctx, tx, a.District.Code, id)
	return s, err
}

// entryOf is the entry that an asking makes, if it may be asked now.
func (s *stroke) entryOf(q Asking, now time.Time) (e Entry, err error) {
	o, err := s.option(q, now)
	if err != nil {
		return e, err
	}
	if strings.TrimSpace(q.Reason) == "" {
		return e, errs.New(errs.Invalid, "请写明理由。", "Please give the reason.").At("reason")
	}
	e = Entry{Case: s.c.ID, Task: q.Task, Step: o.Step, Kind: q.Kind, State: Asked, OnAccount: o.onAccount, Reason: q.Reason,
		Unit: s.by.Unit, Approver: o.Approver, AskedBy: s.by.Post, AskedPer: s.by.Person, AskedFor: s.by.For, AskedAt: now}
	return e, s.howLong(&e, o, q)
}

// option finds what is asked among what may be.
func (s *stroke) option(q Asking, now time.Time) (AskOption, error) {
	for _, o := range s.options(now) {
		if o.Task != q.Task || o.Kind != q.Kind {
			continue
		}
		if !o.Allowed {
			return o, &errs.Error{Kind: errs.Conflict, Text: o.Why}
		}
		return o, nil
	}
	return AskOption{}, errs.New(errs.Forbidden, "这一步现在不能由您申请这个。", "This is not yours to ask for at this step.")
}

// howLong checks how long is asked for.
func (s *stroke) howLong(e *Entry, o AskOption, q Asking) error {
	now := e.AskedAt
	if e.IsPause() {
		e.FromAt, e.Until = now, q.Until.UTC().Truncate(time.Microsecond)
		switch {
		case !e.Until.After(now):
			return errs.New(errs.Invalid, "请写停到什么时候，要在今天以后。", "Please say until when; it lies after today.").At("until")
		case e.Until.After(o.Latest):
			last := clock.DateText(o.Latest, now, s.d.Calendar.Zone())
			return errs.New(errs.Invalid, "停得太久：“%[1]s”最多停到 %[2]s。", "Too long: “%[3]s” ends %[4]s at the latest.", o.Title.ZH, last.ZH, o.Title.EN, last.EN).At("until")
		}
		return nil
	}
	more := clock.Limit{N: q.More, Unit: o.Limit.Unit}
	longer := clock.Limit{N: o.Limit.N + q.More, Unit: o.Limit.Unit}
	if q.More < 1 || more.Check() != nil || longer.Check() != nil {
		return errs.New(errs.Invalid, "延长多少要在 1 到 %d 之间。", "More time is from 1 to %d.", clock.MaxLimit).At("more")
	}
	e.Added = q.More
	task, _ := s.task(q.Task)
	n := s.countOf(task)
	n.Limit, n.Held = longer, time.Time{}
	e.Until = reckon(s.taskCalendar(task), n).Due // after that the answer would change nothing
	return nil
}

// task finds a task of the case.
func (s *stroke) task(id string) (*Task, bool) {
	i := slices.IndexFunc(s.tasks, func(t Task) bool { return t.ID == id })
	if i < 0 {
		return nil, false
	}
	return &s.tasks[i], true
}

// countOf is what a task's date is counted from: its own limit or the case's.
func (s *stroke) countOf(t *Task) clock.Count {
	if t.Limit == "" {
		return s.promise()
	}
	n, _ := s.ownCount(t)
	return n
}

// entryFacts are what the trail says of an entry.
func (s *stroke) entryFacts(e *Entry) map[string]string {
	detail := map[string]string{"ask": e.ID, "ask-kind": e.Kind, "task": e.Task, "reason": e.Reason, "approver": string(e.Approver)}
	if t, ok := s.task(e.Task); ok {
		detail["of"], detail["area"] = t.Unit, t.Area
	}
	if e.IsPause() {
		detail["from"], detail["until"], detail["on-account"] = micros(e.FromAt), micros(e.Until), ""
		if e.OnAccount {
			detail["on-account"] = yes
		}
		return detail
	}
	detail["more"] = s.more(e).String()
	return detail
}

// more is how much longer an extension makes a limit.
func (s *stroke) more(e *Entry) clock.Limit {
	limit := s.c.limit()
	if t, ok := s.task(e.Task); ok {
		limit = s.limitOf(t)
	}
	return clock.Limit{N: e.Added, Unit: limit.Unit}
}
