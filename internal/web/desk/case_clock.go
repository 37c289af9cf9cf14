package desk

import (
	"fmt"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// clockView is how the clock of a case has run: its ledger, the times it stood,
// and what the reader may ask for or decide.
type clockView struct {
	Entries []entryView
	Stood   []clock.Span
	Ahead   casework.Foresight // once the pause that runs is over as planned
	Asks    []askForm
	Barred  []casework.AskOption // what cannot be asked now, with why
}

// entryView is an entry of the ledger with what the reader may do about it.
type entryView struct {
	casework.Entry
	Decide, Withdraw, Resume bool
	Then                     casework.Foresight // what follows where it is granted
}

// running is the pause that stops the clock now, asked for or granted.
func (c clockView) running() (e casework.Entry, ok bool) {
	for _, e := range c.Entries {
		if e.IsPause() && (e.State == casework.Asked || e.State == casework.PauseRuns) {
			return e.Entry, true
		}
	}
	return e, false
}

// readClock reads the ledger and what may be asked.
func (s *caseView) readClock(v *page.View) error {
	ctx, r, d := v.Context(), v.House.DB, v.District
	rows, err := casework.Ledger(ctx, r, d, s.Case.ID)
	if err != nil {
		return err
	}
	for _, e := range rows {
		view, err := s.entry(v, e)
		if err != nil {
			return err
		}
		s.Clock.Entries = append(s.Clock.Entries, view)
	}
	if s.Clock.Stood, err = casework.Stood(ctx, r, d, s.Case); err != nil {
		return err
	}
	if e, ok := s.Clock.running(); ok {
		if s.Clock.Ahead, err = casework.Foreseen(ctx, r, d, s.Case, e); err != nil {
			return err
		}
	}
	return s.readAsks(v)
}

// entry asks the functions that guard the verbs what the reader may do.
func (s *caseView) entry(v *page.View, e casework.Entry) (view entryView, err error) {
	view.Entry = e
	may := func(act casework.EntryAct) bool { _, ok := whoMay(v, s, e, act); return ok }
	view.Decide, view.Withdraw, view.Resume = may(casework.ActDecide), may(casework.ActWithdraw), may(casework.ActResume)
	if e.State == casework.Asked {
		view.Then, err = casework.Foreseen(v.Context(), v.House.DB, v.District, s.Case, e)
	}
	return view, err
}

// whoMay finds the reader's post that may take an act about an entry; else the
// first, whose refusal the verb words.
func whoMay(v *page.View, s *caseView, e casework.Entry, act casework.EntryAct) (by procedure.Actor, ok bool) {
	for i, a := range v.Actors() {
		if e.May(v.District, s.Case, s.Tasks, a, act) == nil {
			return a, true
		}
		if i == 0 {
			by = a
		}
	}
	return by, false
}

// thenText says what date follows from something granted: the one that was
// promised, and where it moves alone, the step's own.
func (s *caseView) thenText(v *page.View, f casework.Foresight) string {
	moved := func(r clock.Reckoning, was time.Time) bool { return !r.Due.IsZero() && !r.Due.Equal(was) }
	text := ""
	if moved(f.Case, s.Case.Due) {
		text = v.Say("批准后，答应的日期变为 %s。", "If granted, the promised date becomes %s.", v.DateText(f.Case.Due))
	} else {
		text = v.Say("批准后，答应的日期不变，还是 %s。", "If granted, the promised date stays %s.", v.DateText(s.Case.Due))
	}
	if !f.Task.Due.IsZero() {
		text += v.Say("这一步的期限是 %s。", " This step is then due %s.", v.DateText(f.Task.Due))
	}
	if f.Case.Provisional && !s.Case.Provisional {
		text += v.Say("日期是暂定的：那一年的放假安排还没公布。", " The date is provisional: the days off of that year are not published yet.")
	}
	return text
}

// heldText says since when the clock stands, why, and how it goes on; empty
// where it runs.
func (s *caseView) heldText(v *page.View) string {
	if s.Case.HeldAt.IsZero() {
		return ""
	}
	since := v.MomentText(s.Case.HeldAt)
	e, ok := s.Clock.running()
	if !ok {
		for _, span := range s.Clock.Stood {
			if span.To.IsZero() {
				return v.Say("%[1]s 起停着计时：%[2]s。这段时间不算，接着办的时候重新算日期。", "The clock has stood since %[1]s: %[3]s. The wait is not counted; the date is counted again when it goes on.",
					since, span.Why.ZH, span.Why.EN)
			}
		}
		return ""
	}
	kind, until := e.KindTitle(v.District), v.UntilText(e.Until)
	if e.State == casework.Asked {
		return v.Say("%[1]s 起停着计时：%[2]s，在等批。最晚停到 %[4]s；没有批准的话，等于没有停过。", "The clock has stood since %[1]s: %[3]s, waiting for a decision. Until %[4]s at the latest; if it is not granted, the clock never stood.",
			since, kind.ZH, kind.EN, until)
	}
	text := v.Say("%[1]s 起停着计时：%[2]s。最晚停到 %[4]s。", "The clock has stood since %[1]s: %[3]s. It goes on at %[4]s at the latest.", since, kind.ZH, kind.EN, until)
	if due := s.Clock.Ahead.Case.Due; !due.IsZero() {
		text += v.Say("停满的话，日期是 %s。", " If it stands as long as planned, the date is %s.", v.DateText(due))
	}
	return text
}

// line draws the time of the case's promise.
func (s *caseView) line(v *page.View) (line ui.ClockLine, ok bool) {
	c := s.Case
	begin := c.CountsFrom
	if begin.IsZero() || c.Due.IsZero() || !c.Due.After(begin) {
		return line, false
	}
	now, due := v.Now, c.Due
	if !c.ClosedAt.IsZero() {
		now = c.ClosedAt
	}
	dueText := v.Say("期限 %s", "due %s", v.DateText(due))
	if ahead := s.Clock.Ahead.Case.Due; ahead.After(due) {
		due, dueText = ahead, v.Say("停满的话，期限 %s", "due %s, if it stands as long as planned", v.DateText(ahead))
	}
	end := due
	if now.After(end) {
		end = now
	}
	at := func(t time.Time) float64 {
		if t.IsZero() || t.After(end) {
			t = end
		}
		return max(0, float64(t.Sub(begin))/float64(end.Sub(begin)))
	}
	line = ui.ClockLine{
		Begin: v.Say("%s 起算", "from %s", began(v, c, begin)), End: v.MomentText(end), Now: at(now), Due: at(due),
		NowText: v.Say("现在", "now"), DueText: dueText, Late: now.After(due) && c.HeldAt.IsZero(),
	}
	if !c.ClosedAt.IsZero() {
		line.NowText = v.Say("办结 %s", "ended %s", v.MomentText(c.ClosedAt))
	}
	for _, span := range s.Clock.Stood {
		if span.From.Before(begin) || !span.From.Before(end) {
			continue // of a promise before a reopening
		}
		to, until := span.To, v.MomentText(span.To)
		if to.IsZero() {
			to, until = now, v.Say("现在", "now")
		}
		line.Held = append(line.Held, ui.Stretch{From: at(span.From), To: at(to), Text: v.Say("停着：%[1]s，%[3]s 到 %[4]s", "stood: %[2]s, %[3]s to %[4]s", span.Why.ZH, span.Why.EN, v.MomentText(span.From), until)})
	}
	return line, true
}

// askedFor says what an entry asks for, with how long.
func (s *caseView) askedFor(v *page.View, e casework.Entry) string {
	kind := e.KindTitle(v.District).In(v.Lang)
	switch {
	case !e.IsPause():
		return kind + v.Say("：", ": ") + s.moreText(v, e)
	case !e.EndedAt.IsZero() && e.State == casework.PauseEnded:
		return v.Say("%[1]s：%[2]s 到 %[3]s", "%[1]s: %[2]s to %[3]s", kind, v.MomentText(e.FromAt), v.MomentText(e.EndedAt))
	}
	return v.Say("%[1]s：%[2]s 起，最晚停到 %[3]s", "%[1]s: from %[2]s, until %[3]s at the latest", kind, v.MomentText(e.FromAt), v.UntilText(e.Until))
}

// moreText is how much longer an extension makes the limit.
func (s *caseView) moreText(v *page.View, e casework.Entry) string {
	limit := s.Case.Limit
	for _, t := range s.Tasks {
		if t.ID == e.Task && t.Limit != "" {
			limit = t.Limit
		}
	}
	l, err := clock.ParseLimit(limit)
	if err != nil {
		return v.Say("%d", "%d", e.Added)
	}
	return clock.Limit{N: e.Added, Unit: l.Unit}.Text().In(v.Lang)
}

// byPost is who held a post, with the unit.
func byPost(v *page.View, unit, post string) string {
	name := ""
	if p, ok := v.District.Org.Post(org.PostID(post)); ok {
		if person, ok := v.District.Org.Person(p.Person); ok {
			name = person.Name
		}
		if unit == "" {
			unit = string(p.Unit)
		}
	}
	switch {
	case unit == "":
		return name
	case name == "":
		return v.UnitName(unit)
	}
	return v.UnitName(unit) + " " + name
}

// entryID is the id of the i-th entry on the page, with which those of its
// fields begin.
func entryID(i int) string { return fmt.Sprintf("l%d", i) }

// decided says how an entry was decided.
func decided(v *page.View, e casework.Entry) string {
	if e.State == casework.Denied {
		return v.Say("没有批准", "not granted")
	}
	return v.Say("批准", "granted")
}

// decision is the reason given with a decision.
func decision(v *page.View, e casework.Entry) string {
	if e.Decision == "" {
		return ""
	}
	return v.Say("：", ": ") + e.Decision
}

// typedID is what the ids of the form's fields begin with that came back; the
// card of actions where that form has gone.
func (s *caseView) typedID() string {
	for _, f := range s.Clock.Asks {
		if s.Typed.is(f.which()) {
			return f.ID
		}
	}
	for i, e := range s.Clock.Entries {
		if s.Typed.is(e.ID) {
			return entryID(i)
		}
	}
	for i, o := range s.Orders {
		if s.Typed.is(string(o.ID)) {
			return orderID(i)
		}
	}
	for _, t := range s.Tasks {
		if s.Typed.is(holdWhich(t.ID)) {
			return holdID(t.ID)
		}
	}
	if s.MayOrder && (s.Typed.is("urge") || s.Typed.is("order")) {
		return s.Typed.Which
	}
	return "do"
}

// mistakes are those of whichever form came back.
func (s *caseView) mistakes(v *page.View) []ui.FieldError {
	return append(s.Again.mistakes(v, s.Offers), s.Typed.mistakes(v, s.typedID())...)
}

// began is when a count began, as exactly as the reader may know.
func began(v *page.View, c casework.Case, at time.Time) string {
	if at.Equal(c.OpenedAt) {
		return v.CameIn(c, at)
	}
	return v.MomentText(at)
}
