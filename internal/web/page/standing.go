package page

import (
	"linli/internal/casework"
	"linli/internal/clock"
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
			if step.Kind == procedure.Rate {
				return ui.Hold, v.Say("等居民评价", "Waiting to be rated")
			}
			return ui.Hold, v.Say("等居民补充", "Waiting for the resident")
		}
	}
	return v.CaseSignal(c)
}

// CaseSignal is the signal of a case's promise, in words, on its own calendar.
func (v *View) CaseSignal(c casework.Case) (ui.Tone, string) {
	return v.shown(c.Judge(v.District, v.Now))
}

// TaskSignal is the signal of one task of a case.
func (v *View) TaskSignal(c casework.Case, t casework.Task) (ui.Tone, string) {
	return v.shown(t.Judge(v.District, c, v.Now))
}

// shown puts a verdict into a tone and words.
func (v *View) shown(verdict clock.Verdict) (ui.Tone, string) {
	if verdict.Signal == "" {
		return ui.Hold, verdict.Text().In(v.Lang)
	}
	return ui.Tone(verdict.Signal), verdict.Text().In(v.Lang)
}
