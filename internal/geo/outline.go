package geo

import (
	"math"
	"sort"

	"linli/internal/errs"
)

// Ring is a closed line; its last point repeats its first.
type Ring []Point

// Polygon is an outer ring and the holes in it.
type Polygon []Ring

// Box is the smallest upright rectangle around something.
type Box struct{ Min, Max Point }

// Holds reports whether a point lies in the box or on its edge.
func (b Box) Holds(p Point) bool {
	return p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon && p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat
}

// Meets reports whether two boxes share a point.
func (b Box) Meets(o Box) bool {
	return b.Min.Lon <= o.Max.Lon && o.Min.Lon <= b.Max.Lon && b.Min.Lat <= o.Max.Lat && o.Min.Lat <= b.Max.Lat
}

// Join is the smallest box around both.
func (b Box) Join(o Box) Box {
	return Box{
		Point{math.Min(b.Min.Lon, o.Min.Lon), math.Min(b.Min.Lat, o.Min.Lat)},
		Point{math.Max(b.Max.Lon, o.Max.Lon), math.Max(b.Max.Lat, o.Max.Lat)},
	}
}

// Middle is the centre of the box.
func (b Box) Middle() Point {
	return Point{(b.Min.Lon + b.Max.Lon) / 2, (b.Min.Lat + b.Max.Lat) / 2}
}

// Outline is the shape of an area: one or more polygons. Its zero value is
// empty and contains nothing.
type Outline struct {
	polygons []Polygon
	box      Box
}

// NewOutline checks polygons and makes an outline of them. Every ring must be
// closed, of at least three different points, and on the globe.
func NewOutline(polygons ...Polygon) (Outline, error) {
	o := Outline{polygons: polygons, box: Box{Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}}}
	for _, poly := range polygons {
		if len(poly) == 0 {
			return Outline{}, errs.New(errs.Invalid, "多边形里没有环", "A polygon has no ring")
		}
		for _, ring := range poly {
			if err := ring.check(); err != nil {
				return Outline{}, err
			}
			for _, p := range ring {
				o.box = o.box.Join(Box{p, p})
			}
		}
	}
	if len(polygons) == 0 {
		return Outline{}, errs.New(errs.Invalid, "轮廓里没有多边形", "An outline has no polygon")
	}
	return o, nil
}

func (r Ring) check() error {
	if len(r) < 4 {
		return errs.New(errs.Invalid, "环只有 %d 个点，至少要 4 个（首尾相同）", "A ring has %d points; it needs at least 4, the last like the first", len(r))
	}
	different := map[Point]bool{}
	for _, p := range r {
		if err := p.Check(); err != nil {
			return err
		}
		if len(different) < 3 {
			different[p] = true
		}
	}
	if r[0] != r[len(r)-1] {
		return errs.New(errs.Invalid, "环没有合上：从 %v, %v 开始，到 %v, %v 结束", "A ring is not closed: it begins at %v, %v and ends at %v, %v", r[0].Lon, r[0].Lat, r[len(r)-1].Lon, r[len(r)-1].Lat)
	}
	if len(different) < 3 {
		return errs.New(errs.Invalid, "环里只有 %d 个不同的点，围不成面", "A ring of %d different points encloses nothing", len(different))
	}
	if r.area() == 0 {
		return errs.New(errs.Invalid, "环的点都在一条线上，围不成面", "The points of a ring lie on one line and enclose nothing")
	}
	return nil
}

// Polygons are the outline's parts; they must not be changed.
func (o Outline) Polygons() []Polygon { return o.polygons }

// Box is the rectangle around the outline.
func (o Outline) Box() Box { return o.box }

// IsZero reports whether there is no outline, as for a grid of members.
func (o Outline) IsZero() bool { return len(o.polygons) == 0 }

// Contains reports whether a point lies in the outline. The rule is half-open:
// of two outlines that share a border point for point, exactly one contains a
// point on it, whichever way round each was drawn.
func (o Outline) Contains(p Point) bool {
	if !o.box.Holds(p) {
		return false
	}
	in := false
	for _, poly := range o.polygons {
		for _, ring := range poly {
			in = in != ring.crossed(p)
		}
	}
	return in
}

// crossed reports whether a ray eastwards from p crosses the ring an odd number
// of times. The crossing is always computed from the lower end of an edge, so
// that both sides of a shared border get the very same number.
func (r Ring) crossed(p Point) bool {
	odd := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
			continue
		}
		if a.Lat > b.Lat {
			a, b = b, a
		}
		if p.Lon < crossing(a, b, p.Lat) {
			odd = !odd
		}
	}
	return odd
}

// crossing is the longitude at which an edge from low to high crosses a
// latitude between.
func crossing(low, high Point, lat float64) float64 {
	return low.Lon + (high.Lon-low.Lon)*((lat-low.Lat)/(high.Lat-low.Lat))
}

// each calls f with every edge until it answers false.
func (o Outline) each(f func(a, b Point) bool) {
	for _, poly := range o.polygons {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				if !f(ring[i-1], ring[i]) {
					return
				}
			}
		}
	}
}

// ToBorder is the distance in metres from a point to the nearest border.
func (o Outline) ToBorder(p Point) float64 {
	best, m := math.Inf(1), planeAt(p)
	o.each(func(a, b Point) bool {
		best = math.Min(best, m.toSegment(a, b))
		return true
	})
	return best
}

// Distance is zero for a point inside, else the metres to the border.
func (o Outline) Distance(p Point) float64 {
	if o.Contains(p) {
		return 0
	}
	return o.ToBorder(p)
}

// Area is the outline's size in square metres, holes taken off.
func (o Outline) Area() float64 {
	sum := 0.0
	for _, poly := range o.polygons {
		for i, ring := range poly {
			if a := math.Abs(ring.area()); i == 0 {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	return sum
}

// area is signed: positive where the ring runs anticlockwise.
func (r Ring) area() float64 {
	m, sum := planeAt(r[0]), 0.0
	lat := 0.0
	for i := 1; i < len(r); i++ {
		ax, ay := m.xy(r[i-1])
		bx, by := m.xy(r[i])
		sum += ax*by - bx*ay
		lat += r[i].Lat
	}
	// The plane is true at the first point; scale it to the middle of the ring.
	return sum / 2 * math.Cos(radians(lat/float64(len(r)-1))) / math.Cos(radians(r[0].Lat))
}

// Centroid is the outline's balance point, which may lie outside of it.
func (o Outline) Centroid() Point {
	var x, y, sum float64
	for _, poly := range o.polygons {
		for i, ring := range poly {
			rx, ry, a := ring.moment()
			if (a < 0) != (i > 0) { // outer rings add, holes take off, however they run
				rx, ry, a = -rx, -ry, -a
			}
			x, y, sum = x+rx, y+ry, sum+a
		}
	}
	if sum == 0 {
		return o.box.Middle()
	}
	return Point{x / sum, y / sum}
}

func (r Ring) moment() (x, y, area float64) {
	o := r[0]
	for i := 1; i < len(r); i++ {
		ax, ay, bx, by := r[i-1].Lon-o.Lon, r[i-1].Lat-o.Lat, r[i].Lon-o.Lon, r[i].Lat-o.Lat
		c := (ax*by - bx*ay) / 2
		x, y, area = x+c*(ax+bx)/3, y+c*(ay+by)/3, area+c
	}
	return x + area*o.Lon, y + area*o.Lat, area
}

// Label is a point well inside the outline, for its name on a map: the
// centroid, or where the shape bends around it, the middle of the widest
// stretch on one of a few lines across.
func (o Outline) Label() Point {
	if o.IsZero() {
		return Point{}
	}
	if c := o.Centroid(); o.Contains(c) {
		return c
	}
	best, width := o.box.Middle(), -1.0
	const lines = 15
	for i := 1; i < lines; i++ {
		lat := o.box.Min.Lat + (o.box.Max.Lat-o.box.Min.Lat)*float64(i)/lines
		xs := o.crossings(lat)
		for j := 1; j < len(xs); j += 2 {
			if w := xs[j] - xs[j-1]; w > width {
				best, width = Point{(xs[j] + xs[j-1]) / 2, lat}, w
			}
		}
	}
	return best
}

// crossings are the longitudes at which the outline crosses a latitude, in
// order; between the first and the second is inside, and so on.
func (o Outline) crossings(lat float64) []float64 {
	var xs []float64
	o.each(func(a, b Point) bool {
		if (a.Lat > lat) != (b.Lat > lat) {
			if a.Lat > b.Lat {
				a, b = b, a
			}
			xs = append(xs, crossing(a, b, lat))
		}
		return true
	})
	sort.Float64s(xs)
	return xs
}
