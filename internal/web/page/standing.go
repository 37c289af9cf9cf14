package page

import (
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
	return v.Signal(c.OpenedAt, c.Due, c.Limit)
}
