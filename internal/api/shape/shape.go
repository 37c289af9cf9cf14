package shape

import (
	"linli/internal/api/frame"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
)

// UnitOf is a unit with its name; nil for none.
func UnitOf(d *district.District, id string) *frame.Named {
	return frame.NameIf(id, d.Org.UnitName(org.UnitID(id)))
}

// PersonOf is a member of staff by name, which is the same in both languages.
func PersonOf(p org.Person) frame.Named {
	return frame.Name(p.ID, lang.Text{ZH: p.Name, EN: p.Name})
}

// StatusOf says where a case stands in the words a resident reads.
func StatusOf(d *district.District, c casework.Case) frame.Text {
	if p, ok := d.Catalogue.Procedure(c.Procedure, c.Version); ok {
		if s := p.Step(c.Step); s != nil && !s.Public.IsZero() {
			return frame.TextOf(s.Public)
		}
		if e := p.End(procedure.EndName(c.Step)); e != nil && !e.Public.IsZero() {
			return frame.TextOf(e.Public)
		}
	}
	if c.State == casework.Merged {
		return frame.TextOf(lang.T("已并入另一件", "joined with another case"))
	}
	return frame.TextOf(StepTitle(d, c, c.Step))
}

// StepTitle is what the procedure of a case calls a step, or an end; its name where
// the procedure has none such.
func StepTitle(d *district.District, c casework.Case, step procedure.StepName) lang.Text {
	if p, ok := d.Catalogue.Procedure(c.Procedure, c.Version); ok {
		if s := p.Step(step); s != nil {
			return s.Title
		}
		if e := p.End(procedure.EndName(step)); e != nil {
			return e.Title
		}
	}
	return lang.Text{ZH: string(step), EN: string(step)}
}

// Reason is why something is taken back or ended.
type Reason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
}
