package area

import (
	"linli/internal/geo"
	"linli/internal/lang"
)

// Located is where a point belongs. Codes that are not known are "".
type Located struct {
	Grid, Community, Street, District Code

	Outside     bool      // in no grid: the territory's catch-all desk decides
	Placeholder bool      // not a place at all, but what a device sends when it does not know
	Nearest     Code      // the nearest grid where Outside, "" where none is outlined
	Metres      float64   // to Nearest
	Why         lang.Text // for the person who routes
}

// Code is the smallest area known.
func (l Located) Code() Code {
	for _, c := range []Code{l.Grid, l.Community, l.Street} {
		if c != "" {
			return c
		}
	}
	return l.District
}

// Locate finds the grid of a point, in CGCS2000. A border belongs to one side,
// always the same. Outside every grid the smallest area that holds the point
// is given, and in the end the district, so that nothing is lost. A placeholder
// is located nowhere but in the district, and marked.
func (m *Map) Locate(p geo.Point) Located {
	at := Located{District: m.District}
	if geo.Placeholder(p, m.placeholders) {
		at.Placeholder, at.Outside = true, true
		at.Why = lang.T("坐标是占位值，不能用来派遣", "the coordinates are a placeholder and cannot be used for routing")
		return at
	}
	for _, level := range m.levels {
		id, ok := level.index.Locate(p)
		if !ok {
			continue
		}
		code := Code(id)
		at.Grid, at.Community, at.Street = code.At(Grid), code.At(Community), code.At(Street)
		if level.tier == Grid {
			return at
		}
		return m.outside(at, p, lang.Text{ZH: "不在任何网格内，在" + m.Name(code).ZH + "范围内", EN: "in no grid, but within " + m.Name(code).In(lang.EN)})
	}
	return m.outside(at, p, lang.T("在本区所有轮廓之外", "outside every outline of the district"))
}

// outside marks a point that no grid holds and says which grid is nearest.
func (m *Map) outside(at Located, p geo.Point, why lang.Text) Located {
	at.Outside, at.Why = true, why
	if len(m.levels) == 0 || m.levels[0].tier != Grid {
		return at
	}
	if id, metres, ok := m.levels[0].index.Nearest(p); ok {
		at.Nearest, at.Metres = Code(id), metres
	}
	return at
}
