package area

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
)

// Map is what a district's territory is on one day. It never changes and is
// safe for many readers; open it again after an import or when the day turns.
type Map struct {
	District     Code
	On           clock.Date
	areas        map[Code]Area
	children     map[Code][]Area
	tiers        map[Tier][]Area
	outlines     map[Code]geo.Outline
	levels       []level // from grids up
	placeholders []geo.Point
	names        *gazetteer
}

// level finds the area of one tier that a point lies in.
type level struct {
	tier  Tier
	index *geo.Index
}

// Open reads the map of a district as it is on a day. Points in placeholders
// are what devices there send when they do not know, such as the city centre.
func Open(ctx context.Context, r db.Reader, district Code, on clock.Date, placeholders ...geo.Point) (_ *Map, err error) {
	defer errs.Wrap(&err, "area.Open(%s, %s)", district, on)
	areas, err := loadAreas(ctx, r, district)
	if err != nil {
		return nil, err
	}
	versions, err := loadOutlinesOn(ctx, r, district, on)
	if err != nil {
		return nil, err
	}
	outlines := make(map[Code]geo.Outline, len(versions))
	for _, v := range versions {
		var o geo.Outline
		if err := json.Unmarshal([]byte(v.geojson), &o); err != nil {
			return nil, fmt.Errorf("outline of %s: %w", v.code, err)
		}
		outlines[v.code] = o
	}
	return newMap(district, on, areas, outlines, placeholders)
}

func newMap(district Code, on clock.Date, areas []Area, outlines map[Code]geo.Outline, placeholders []geo.Point) (*Map, error) {
	m := &Map{
		District: district, On: on, areas: map[Code]Area{}, children: map[Code][]Area{}, tiers: map[Tier][]Area{},
		outlines: map[Code]geo.Outline{}, placeholders: placeholders,
	}
	drawn := map[Tier][]geo.Area{}
	slices.SortFunc(areas, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	for _, a := range areas {
		if !a.ValidOn(on) {
			continue
		}
		m.areas[a.Code] = a
		m.children[a.Code.Parent()] = append(m.children[a.Code.Parent()], a)
		m.tiers[a.Tier] = append(m.tiers[a.Tier], a)
		if o, ok := outlines[a.Code]; ok {
			m.outlines[a.Code] = o
			drawn[a.Tier] = append(drawn[a.Tier], geo.Area{ID: string(a.Code), Outline: o})
		}
	}
	for _, t := range []Tier{Grid, Community, Street, District} {
		if len(drawn[t]) == 0 {
			continue
		}
		index, err := geo.NewIndex(drawn[t])
		if err != nil {
			return nil, err
		}
		m.levels = append(m.levels, level{t, index})
	}
	m.names = newGazetteer(m)
	return m, nil
}

// Area finds an area by its code.
func (m *Map) Area(code Code) (Area, bool) { a, ok := m.areas[code]; return a, ok }

// Known reports whether there is such an area on the map's day.
func (m *Map) Known(code string) bool { _, ok := m.areas[Code(code)]; return ok }

// Children gives the areas directly below, by code.
func (m *Map) Children(code Code) []Area { return slices.Clone(m.children[code]) }

// Tier gives all areas of a tier, by code.
func (m *Map) Tier(t Tier) []Area { return slices.Clone(m.tiers[t]) }

// Outline is the outline of an area, if it has one.
func (m *Map) Outline(code Code) (geo.Outline, bool) { o, ok := m.outlines[code]; return o, ok }

// Name is the area's name, or its code where it is not on the map.
func (m *Map) Name(code Code) lang.Text {
	if a, ok := m.areas[code]; ok {
		return a.Name
	}
	return lang.Text{ZH: string(code), EN: string(code)}
}

// Path names the area from its street down: 槐树街道 › 桂香社区 › 桂香07网格.
func (m *Map) Path(code Code) lang.Text {
	var path lang.Text
	for _, t := range []Tier{Street, Community, Grid} {
		at := code.At(t)
		if at == "" {
			break
		}
		name := m.Name(at)
		if path.IsZero() {
			path = lang.Text{ZH: name.ZH, EN: name.In(lang.EN)}
			continue
		}
		path = lang.Text{ZH: path.ZH + " › " + name.ZH, EN: path.EN + " › " + name.In(lang.EN)}
	}
	if path.IsZero() {
		return m.Name(code)
	}
	return path
}

// Gap is something the map lacks.
type Gap struct {
	Code Code
	Text lang.Text
}

// Gaps looks for what should not be missing (YC-07, HC-25): a street without
// communities, a community without grids, a basic grid without an outline, an
// outlined community that its grids do not fill. Grids without a worker are
// package org's to find.
func (m *Map) Gaps() []Gap {
	var gaps []Gap
	add := func(c Code, zh, en string, args ...any) { gaps = append(gaps, Gap{c, lang.T(zh, en, args...)}) }
	for _, a := range m.areas {
		_, outlined := m.outlines[a.Code]
		switch {
		case a.Tier == Street && len(m.children[a.Code]) == 0:
			add(a.Code, "%[1]s没有社区。", "%[2]s has no community.", a.Name.ZH, a.Name.In(lang.EN))
		case a.Tier == Community && len(m.children[a.Code]) == 0:
			add(a.Code, "%[1]s没有网格。", "%[2]s has no grid.", a.Name.ZH, a.Name.In(lang.EN))
		case a.Kind == Basic && !outlined:
			add(a.Code, "%[1]s没有轮廓。", "%[2]s has no outline.", a.Name.ZH, a.Name.In(lang.EN))
		case a.Tier == Community && outlined:
			if share := m.filled(a.Code); share < 0.99 {
				add(a.Code, "%[1]s有 %.0[2]f%% 的面积不属于任何网格。", "%[3]s: %.0[2]f%% of its ground belongs to no grid.", a.Name.ZH, 100*(1-share), a.Name.In(lang.EN))
			}
		}
	}
	slices.SortFunc(gaps, func(a, b Gap) int { return cmp.Compare(a.Code, b.Code) })
	return gaps
}

// filled is the share of an area's ground that its children cover.
func (m *Map) filled(code Code) float64 {
	var sum float64
	for _, c := range m.children[code] {
		sum += m.outlines[c.Code].Area()
	}
	return sum / m.outlines[code].Area()
}
