package ui

import (
	"math"
	"slices"
	"strconv"
)

// mapText is a name on the map, in the drawing's units. Anchor is where X falls
// in the text: "start", "middle" or "end".
type mapText struct {
	x, y                float64
	Anchor, Class, Text string
}

// X and Y are the coordinates as SVG writes them.
func (t mapText) X() string { return strconv.FormatFloat(t.x, 'f', 1, 64) }
func (t mapText) Y() string { return strconv.FormatFloat(t.y, 'f', 1, 64) }

// area is the room a piece of the drawing takes, in units.
type area struct{ x0, y0, x1, y1 float64 }

func (a area) meets(b area) bool {
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

func (t mapText) area() area {
	w, left := nameWidth(t.Text)+4, t.x
	switch t.Anchor {
	case "middle":
		left -= w / 2
	case "end":
		left -= w
	}
	return area{left, t.y - 11, left + w, t.y + 4}
}

// names places the words of the map, the important first, each where it covers
// no other and no pin; a name for which there is no room is left out. Labels of
// pins are always written.
func (v MapView) names() []mapText {
	w, h := v.size()
	var texts []mapText
	var taken []area
	for _, p := range v.Pins {
		x, y := v.Project(p.At)
		taken = append(taken, area{x - 13, y - 38, x + 13, y + 12})
		if p.Label != "" && !p.Quiet {
			t := v.pinLabel(p)
			texts, taken = append(texts, t), append(taken, t.area())
		}
	}
	for _, places := range v.wanted() {
		for _, t := range places {
			a := t.area()
			free := a.x0 >= 0 && a.y0 >= 0 && a.x1 <= w && a.y1 <= h
			for _, other := range taken {
				free = free && !a.meets(other)
			}
			if free {
				texts, taken = append(texts, t), append(taken, a)
				break
			}
		}
	}
	return texts
}

// wanted lists, for each name, the places it could stand, the best first: the
// page's own grid, the roads, the grids around, the parks.
func (v MapView) wanted() [][]mapText {
	var own, roads, grids, parks [][]mapText
	for _, g := range v.seen(v.Grids) {
		if g.Here {
			own = append(own, v.nameInside(g, "m-g", .9, .12, .5))
		} else {
			grids = append(grids, v.nameInside(g, "m-g", .5, .3, .7, .9, .12))
		}
	}
	for _, r := range v.Roads {
		roads = append(roads, v.nameAlong(r))
	}
	for _, p := range v.seen(v.Parks) {
		parks = append(parks, v.nameInside(p, "m-t", .5, .25, .8))
	}
	return slices.Concat(own, roads, grids, parks)
}

// nameInside puts a name in the seen part of a shape, down its height by one of
// the shares.
func (v MapView) nameInside(s MapShape, class string, shares ...float64) []mapText {
	x0, y0, x1, y1, _ := v.frame(s.Path)
	if s.Name == "" || x1-x0 < nameWidth(s.Name) || y1-y0 < 18 {
		return nil
	}
	var places []mapText
	for _, share := range shares {
		places = append(places, mapText{(x0 + x1) / 2, y0 + (y1-y0)*share + 4, "middle", class, s.Name})
	}
	return places
}

// nameAlong puts a road's name on its longest seen stretch.
func (v MapView) nameAlong(road MapLine) []mapText {
	var best, x0, y0, x1, y1 float64
	for i := 1; i < len(road.Path); i++ {
		ax, ay, bx, by, ok := v.stretch(road.Path[i-1], road.Path[i])
		if long := math.Hypot(bx-ax, by-ay); ok && long > best {
			best, x0, y0, x1, y1 = long, ax, ay, bx, by
		}
	}
	if road.Name == "" || best < nameWidth(road.Name)+16 {
		return nil
	}
	var places []mapText
	for _, share := range []float64{.5, .25, .75, .12, .88} {
		places = append(places, mapText{x0 + (x1-x0)*share, y0 + (y1-y0)*share + 4, "middle", "m-t", road.Name})
	}
	return places
}

// stretch is the part of a straight piece of road that lies on the drawing
// (Liang and Barsky's clipping).
func (v MapView) stretch(a, b Point) (x0, y0, x1, y1 float64, ok bool) {
	w, h := v.size()
	ax, ay := v.Project(a)
	bx, by := v.Project(b)
	dx, dy := bx-ax, by-ay
	from, to := 0.0, 1.0
	for _, edge := range [4][2]float64{{-dx, ax}, {dx, w - ax}, {-dy, ay}, {dy, h - ay}} {
		p, q := edge[0], edge[1]
		switch {
		case p == 0 && q < 0:
			return 0, 0, 0, 0, false
		case p < 0:
			from = max(from, q/p)
		case p > 0:
			to = min(to, q/p)
		}
	}
	return ax + from*dx, ay + from*dy, ax + to*dx, ay + to*dy, from < to
}

// nameWidth is about how wide a name is in units: a Chinese character takes 11,
// a Latin letter or figure 6.
func nameWidth(name string) float64 {
	var w float64
	for _, r := range name {
		if r < 0x2E80 {
			w += 6
		} else {
			w += 11
		}
	}
	return w
}

// pinLabel stands at the right of its pin, or at the left near the right edge.
func (v MapView) pinLabel(p Pin) mapText {
	w, _ := v.size()
	x, y := v.Project(p.At)
	up := 4.0
	if p.Kind == PinPlace {
		up = -20
	}
	if x+16+nameWidth(p.Label)*1.1 > w {
		return mapText{x - 16, y + up, "end", "m-pt", p.Label}
	}
	return mapText{x + 16, y + up, "start", "m-pt", p.Label}
}
