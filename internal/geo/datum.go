package geo

import (
	"math"
	"strings"

	"linli/internal/errs"
)

// Datum says in which system a point's degrees were given.
type Datum string

// The datums that reports and maps come in.
const (
	CGCS2000 Datum = "cgcs2000" // the official one, and linli's own
	WGS84    Datum = "wgs84"    // satellite receivers; equal here to within decimetres
	GCJ02    Datum = "gcj02"    // public web maps in China, shifted by 300–500 m
	BD09     Datum = "bd09"     // Baidu's, shifted again
)

// ParseDatum reads the usual spellings; empty is CGCS2000.
func ParseDatum(s string) (Datum, error) {
	if len(s) > 20 {
		s = s[:20]
	}
	switch strings.NewReplacer("-", "", " ", "", ":", "", "_", "").Replace(strings.ToLower(strings.ToValidUTF8(s, "?"))) {
	case "", "cgcs2000", "epsg4490", "4490":
		return CGCS2000, nil
	case "wgs84", "epsg4326", "4326", "gps":
		return WGS84, nil
	case "gcj02", "amap", "高德":
		return GCJ02, nil
	case "bd09", "bd09ll", "baidu", "百度":
		return BD09, nil
	}
	return "", errs.New(errs.Invalid, "不认识的坐标系 %q，可用 cgcs2000、wgs84、gcj02、bd09", "Unknown datum %q; use cgcs2000, wgs84, gcj02 or bd09", s).At("datum")
}

// Convert changes a point between datums. There and back is the same point to
// within a centimetre. Outside China GCJ-02 is not shifted.
func Convert(p Point, from, to Datum) Point {
	if from == to {
		return p
	}
	switch from {
	case GCJ02:
		p = invert(p, shift)
	case BD09:
		p = invert(invert(p, baidu), shift)
	}
	switch to {
	case GCJ02:
		p = shift(p)
	case BD09:
		p = baidu(shift(p))
	}
	return p
}

// invert finds the point that f moves to p. The shifts change by millimetres
// over their own length, so a few steps are plenty.
func invert(p Point, f func(Point) Point) Point {
	q := p
	for range 12 {
		r := f(q)
		d := Point{p.Lon - r.Lon, p.Lat - r.Lat}
		q = Point{q.Lon + d.Lon, q.Lat + d.Lat}
		if math.Abs(d.Lon) < 1e-11 && math.Abs(d.Lat) < 1e-11 {
			break
		}
	}
	return q
}

// Constants of the Krasovsky ellipsoid, on which GCJ-02 is defined.
const (
	krasovskyA  = 6378245.0
	krasovskyEE = 0.00669342162296594323
)

// shift moves a WGS84 point to GCJ-02.
func shift(p Point) Point {
	if p.Lon < 72.004 || p.Lon > 137.8347 || p.Lat < 0.8293 || p.Lat > 55.8271 {
		return p
	}
	x, y := p.Lon-105, p.Lat-35
	common := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + common +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dLon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + common +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	rad := radians(p.Lat)
	magic := 1 - krasovskyEE*math.Sin(rad)*math.Sin(rad)
	root := math.Sqrt(magic)
	dLat = dLat * 180 / ((krasovskyA * (1 - krasovskyEE)) / (magic * root) * math.Pi)
	dLon = dLon * 180 / (krasovskyA / root * math.Cos(rad) * math.Pi)
	return Point{p.Lon + dLon, p.Lat + dLat}
}

// baidu moves a GCJ-02 point to BD-09.
func baidu(p Point) Point {
	const k = math.Pi * 3000 / 180
	z := math.Hypot(p.Lon, p.Lat) + 0.00002*math.Sin(p.Lat*k)
	theta := math.Atan2(p.Lat, p.Lon) + 0.000003*math.Cos(p.Lon*k)
	return Point{z*math.Cos(theta) + 0.0065, z*math.Sin(theta) + 0.006}
}
