package page

import (
	"time"

	"linli/internal/casework"
	"linli/internal/procedure"
	"linli/internal/web/ui"
)

// Standing is the signal of a case in a list: its promise against the clock
// while somebody works on it, and otherwise what it waits for or how it ended.
func (v *View) Standing(c casework.Case) (ui.Tone, string) {
	p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	switch {
	case c.State == casework.Merged:
		return ui.Hold, v.Say("已并入别的件", "Joined another")
	case !ok:
	case c.State != casework.Running:
		if end := p.End(procedure.EndName(c.Step)); end != nil {
			return ui.Hold, end.Title.In(v.Lang)
		}
	default:
		if step := p.Step(c.Step); step != nil && step.By.Reporter {
			return ui.Hold, v.Say("等居民评价", "Waiting to be rated")
		}
	}
	return v.Promise(c.NearAt, c.Due, c.Limit)
}

// Promise is the signal of a due instant in a list, with the words of what is
// left by the limit's kind of time. The colour goes by the stored instants, as
// a filter by signal does: a task that runs on the case's own promise is near
// when the case is, however late it was handed on.
func (v *View) Promise(near, due time.Time, limit string) (ui.Tone, string) {
	tone, text := v.Signal(near, due, limit)
	switch {
	case due.IsZero():
		return tone, text
	case due.Before(v.Now):
		return ui.Late, text
	case !near.After(v.Now):
		return ui.Near, text
	}
	return ui.OK, text
}
