package geo

import (
	"cmp"
	"math"
)

// edge is one straight piece of a border.
type edge struct {
	a, b Point
	box  Box
}

func edgesOf(o Outline) []edge {
	var out []edge
	o.each(func(a, b Point) bool {
		if a != b {
			out = append(out, edge{a, b, Box{a, a}.Join(Box{b, b})})
		}
		return true
	})
	return out
}

func cmpFloat(a, b float64) int { return cmp.Compare(a, b) }

// at is the point a share t of the way along the edge.
func (e edge) at(t float64) Point {
	return Point{e.a.Lon + t*(e.b.Lon-e.a.Lon), e.a.Lat + t*(e.b.Lat-e.a.Lat)}
}

// side is positive where p lies left of the edge, in square degrees.
func (e edge) side(p Point) float64 {
	return (e.b.Lon-e.a.Lon)*(p.Lat-e.a.Lat) - (e.b.Lat-e.a.Lat)*(p.Lon-e.a.Lon)
}

// share is how far along the edge p lies, for p on its line.
func (e edge) share(p Point) float64 {
	dx, dy := e.b.Lon-e.a.Lon, e.b.Lat-e.a.Lat
	return ((p.Lon-e.a.Lon)*dx + (p.Lat-e.a.Lat)*dy) / (dx*dx + dy*dy)
}

// on reports whether p lies on the edge, to a hair.
func (e edge) on(p Point) bool { return planeAt(p).toSegment(e.a, e.b) <= hair }

// cutBy adds where f crosses e or ends on it.
func (e edge) cutBy(f edge, cuts []float64) []float64 {
	for _, p := range []Point{f.a, f.b} {
		if e.on(p) {
			cuts = append(cuts, math.Max(0, math.Min(1, e.share(p))))
		}
	}
	if t, ok := e.meets(f); ok {
		cuts = append(cuts, t)
	}
	return cuts
}

// meets is where the two edges cross, each within its length.
func (e edge) meets(f edge) (t float64, ok bool) {
	s1, s2 := e.side(f.a), e.side(f.b)
	r1, r2 := f.side(e.a), f.side(e.b)
	if (s1 > 0) == (s2 > 0) || (r1 > 0) == (r2 > 0) || r1 == r2 {
		return 0, false
	}
	return r1 / (r1 - r2), true
}

// crosses reports whether two edges of one outline meet anywhere but in a
// corner of both.
func (e edge) crosses(f edge) (Point, bool) {
	if !e.box.Meets(f.box) {
		return Point{}, false
	}
	corner := e.a == f.a || e.a == f.b || e.b == f.a || e.b == f.b
	if t, ok := e.meets(f); ok && !corner {
		return e.at(t), true
	}
	for _, p := range []Point{f.a, f.b} {
		if p != e.a && p != e.b && e.on(p) {
			return p, true
		}
	}
	for _, p := range []Point{e.a, e.b} {
		if p != f.a && p != f.b && f.on(p) {
			return p, true
		}
	}
	return e.a, (e.a == f.a && e.b == f.b) || (e.a == f.b && e.b == f.a)
}
