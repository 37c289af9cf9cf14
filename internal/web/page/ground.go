package page

import (
	"slices"

	"linli/internal/area"
	"linli/internal/geo"
	"linli/internal/web/ui"
)

// Map draws the district's ground and grids within a box. here are the grids
// the map is about, if any.
func (v *View) Map(box ui.Box, here ...string) ui.MapView {
	m := ui.MapView{Box: box}
	wide := box.Scaled(1.6)
	g := v.District.Ground
	for _, s := range g.Shapes {
		shape := ui.MapShape{Name: s.Name.In(v.Lang), Path: path(s.Rings[0])}
		if !touches(wide, shape.Path) {
			continue
		}
		switch s.Kind {
		case "river", "water", "pond":
			m.Water = append(m.Water, shape)
		case "park", "green":
			m.Parks = append(m.Parks, shape)
		default:
			m.Blocks = append(m.Blocks, shape)
		}
	}
	for _, r := range g.Roads {
		line := ui.MapLine{Name: r.Name.In(v.Lang), Path: path(r.Points), Width: 2}
		switch r.Class {
		case "main":
			line.Width = 3
		case "lane":
			line.Width = 1
		}
		if touches(wide, line.Path) {
			m.Roads = append(m.Roads, line)
		}
	}
	for _, a := range v.District.Areas.Tier(area.Grid) {
		outline, ok := v.District.Areas.Outline(a.Code)
		if !ok {
			continue
		}
		for _, polygon := range outline.Polygons() {
			shape := ui.MapShape{Name: a.Name.In(v.Lang), Path: path(polygon[0]), Here: slices.Contains(here, string(a.Code))}
			if touches(wide, shape.Path) {
				m.Grids = append(m.Grids, shape)
			}
		}
	}
	return m
}

// DistrictBox is the box around all that the district has drawn.
func (v *View) DistrictBox() ui.Box {
	var all []ui.Point
	for a := range v.District.Areas.All() {
		if o, ok := v.District.Areas.Outline(a.Code); ok {
			b := o.Box()
			all = append(all, ui.Point(b.Min), ui.Point(b.Max))
		}
	}
	return ui.BoxOf(all...)
}

func path(points []geo.Point) []ui.Point {
	all := make([]ui.Point, len(points))
	for i, p := range points {
		all[i] = ui.Point(p)
	}
	return all
}

// touches reports whether any of the points' box meets the box.
func touches(box ui.Box, points []ui.Point) bool {
	b := ui.BoxOf(points...)
	return b.West <= box.East && b.East >= box.West && b.South <= box.North && b.North >= box.South
}
