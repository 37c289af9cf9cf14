package api

import (
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
)

// Named is a code with what it is called.
type Named struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}

// Place is where a case is: its areas, and the point where one is known. The
// address is personal and stays inside.
type Place struct {
	Known     string   `json:"known" enum:"point,address,area,none" doc:"怎么知道的 · How it is known"`
	Lon       *float64 `json:"lon,omitempty" doc:"CGCS2000"`
	Lat       *float64 `json:"lat,omitempty" doc:"CGCS2000"`
	Street    string   `json:"street,omitempty"`
	Community string   `json:"community,omitempty"`
	Grid      string   `json:"grid,omitempty"`
	Path      Text     `json:"path" doc:"街道 › 社区 › 网格 · Street › community › grid"`
}

func placeOf(d *district.District, p casework.Place) Place {
	out := Place{Known: string(p.Placed), Street: p.Street, Community: p.Community, Grid: p.Grid, Path: textOf(d.Areas.Path(area.Code(p.Area(d.Code))))}
	if p.Placed == casework.ByPoint {
		out.Lon, out.Lat = &p.Point.Lon, &p.Point.Lat
	}
	return out
}

func unitOf(d *district.District, id string) *Named {
	if id == "" {
		return nil
	}
	return &Named{id, textOf(d.Org.UnitName(org.UnitID(id)))}
}

// statusOf says where a case stands in the words a resident reads.
func statusOf(d *district.District, c casework.Case) Text {
	if p, ok := d.Catalogue.Procedure(c.Procedure, c.Version); ok {
		if s := p.Step(c.Step); s != nil && !s.Public.IsZero() {
			return textOf(s.Public)
		}
		if e := p.End(procedure.EndName(c.Step)); e != nil && !e.Public.IsZero() {
			return textOf(e.Public)
		}
	}
	if c.State == casework.Merged {
		return textOf(lang.T("已并入另一件", "joined with another case"))
	}
	return textOf(stepTitle(d, c, c.Step))
}

func stepTitle(d *district.District, c casework.Case, step procedure.StepName) lang.Text {
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

// at is an instant that may be missing.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// communityOf is the community of a case, or the smallest area above it that is
// known: how exactly the public is told where it lies.
func communityOf(c *caller, one casework.Case) area.Code {
	for _, code := range []string{one.Place.Community, one.Place.Street} {
		if code != "" {
			return area.Code(code)
		}
	}
	return area.Code(c.District.Code)
}
