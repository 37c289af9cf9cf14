// Package geo knows points, outlines and which outline a point lies in.
//
// Everything inside linli is CGCS2000 in degrees of longitude and latitude,
// which for a street corner equals WGS84; maps and phones in China speak GCJ-02
// or BD-09, and [Convert] changes at the edge. Outlines arrive as GeoJSON
// through [ParseFeatures], which is strict because a district's tables are
// checked before they are believed; [Overlaps], [Outside] and
// [SelfIntersections] find what a parser cannot. An [Index] then answers a
// point in well under a microsecond: grids share borders, and a shared border
// belongs to exactly one side, the same one every time.
//
// The package is pure: it knows no areas, no database and no map service.
package geo

import (
	"math"

	"linli/internal/errs"
)

// Point is a place in degrees.
type Point struct{ Lon, Lat float64 }

// Valid reports whether the point is on the globe at all.
func (p Point) Valid() bool {
	return p.Lon >= -180 && p.Lon <= 180 && p.Lat >= -90 && p.Lat <= 90
}

// Check refuses a point that is not on the globe; NaN is not.
func (p Point) Check() error {
	if !p.Valid() {
		return errs.New(errs.Invalid, "坐标 %v, %v 不在地球上：先经度后纬度，单位是度", "The place %v, %v is not on the globe: longitude first, then latitude, in degrees", p.Lon, p.Lat).At("point")
	}
	return nil
}

const earth = 6371008.8 // mean radius in metres

// Metres is the distance between two points along the ground.
func Metres(a, b Point) float64 {
	la, lb := radians(a.Lat), radians(b.Lat)
	s, u := math.Sin((lb-la)/2), math.Sin(radians(b.Lon-a.Lon)/2)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(s*s+math.Cos(la)*math.Cos(lb)*u*u)))
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }

// Placeholder reports whether a point is what a device or a desk sends when it
// knows no place: (0,0), something off the globe, or one of a district's own
// defaults such as the middle of the city. Such a point routes nothing.
func Placeholder(p Point, defaults []Point) bool {
	if !p.Valid() || same(p, Point{}) {
		return true
	}
	for _, d := range defaults {
		if same(p, d) {
			return true
		}
	}
	return false
}

// same is equality to a decimetre, more than any rounding on the way.
func same(a, b Point) bool {
	return math.Abs(a.Lon-b.Lon) <= 1e-6 && math.Abs(a.Lat-b.Lat) <= 1e-6
}

// plane maps degrees near a latitude to metres, for distances and sizes of at
// most a few hundred kilometres.
type plane struct {
	at     Point
	kx, ky float64
}

func planeAt(p Point) plane {
	ky := earth * math.Pi / 180
	return plane{p, ky * math.Cos(radians(p.Lat)), ky}
}

// xy is a point in metres from the middle of the plane.
func (m plane) xy(p Point) (x, y float64) {
	return (p.Lon - m.at.Lon) * m.kx, (p.Lat - m.at.Lat) * m.ky
}

// toSegment is the distance in metres from the middle of the plane to a
// segment.
func (m plane) toSegment(a, b Point) float64 {
	ax, ay := m.xy(a)
	bx, by := m.xy(b)
	dx, dy := bx-ax, by-ay
	t := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		t = math.Max(0, math.Min(1, -(ax*dx+ay*dy)/d))
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}
