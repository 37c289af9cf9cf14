package casework

import (
	"slices"

	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// EntryAct is something done about an entry of the ledger.
type EntryAct string

// What may be done about an entry.
const (
	ActDecide   EntryAct = "decide"   // grant it, or refuse it
	ActWithdraw EntryAct = "withdraw" // take it back before anybody has decided
	ActResume   EntryAct = "resume"   // let the clock go on before the planned end
)

// May says why somebody may not take an act about an entry of a case; nil where
// they may. Pages show a button where it is nil, and every verb asks it first.
func (e Entry) May(d *district.District, c Case, tasks []Task, by procedure.Actor, act EntryAct) error {
	asks := slices.ContainsFunc(tasks, func(t Task) bool { return t.ID == e.Task && t.concerns(by) })
	barred := barredFrom(d, e, &c, by)
	switch {
	case act == ActDecide && barred != nil:
		return barred
	case act == ActWithdraw && !asks:
		return errs.New(errs.Forbidden, "由申请的单位来撤回。", "The unit that asked takes it back.")
	case act == ActResume && !asks && barred != nil:
		return errs.New(errs.Forbidden, "由申请的单位或者批准的人来恢复计时。", "The unit that asked, or who granted it, lets the clock go on.")
	case act == ActResume && e.State != PauseRuns:
		return errs.New(errs.Conflict, "时钟没有停着。", "The clock does not stand.")
	case act != ActResume && e.State != Asked:
		return errs.New(errs.Conflict, "这个申请已经处理过了。", "This request has been dealt with.")
	case c.State != Running:
		return errs.New(errs.Conflict, "这件已经办结。", "This case has ended.")
	}
	return nil
}

// barredFrom says why somebody may not decide on an entry; nil where they may.
// It is for the role that the procedure names, over the place of the case, and
// never for whoever asked.
func barredFrom(d *district.District, e Entry, c *Case, by procedure.Actor) error {
	task := procedure.Task{Role: e.Approver, Area: c.Place.Area(d.Code)}
	if e.Approver == procedure.UnitLead || e.Approver == procedure.Handler {
		task.Unit = e.Unit
	}
	switch {
	case by.System || !task.Concerns(by):
		return errs.New(errs.Forbidden, "这个申请由%[1]s来批。", "The %[2]s decides on this.", e.Approver.Title().ZH, e.Approver.Title().EN)
	case by.Is(e.AskedPer) || by.Is(e.AskedFor):
		return errs.New(errs.Forbidden, "自己的申请要由别人来批。", "Somebody else decides on what you asked for.")
	}
	return nil
}
