package ogc

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/geo"
)

// asking is what a page of features is narrowed by.
type asking struct {
	box           []geo.Box // two where the box crosses the line of dates; nil is everywhere
	days          days
	limit, offset int
	given         url.Values // what stays the same from page to page
}

// days is a span of days, both counted; empty is without end.
type days struct{ first, last clock.Date }

// crs84 is the one system of coordinates.
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

func (c *call) asked() (a asking, err error) {
	if err := c.onlyCRS84(); err != nil {
		return a, err
	}
	if a.box, err = parseBox(c.q.Get("bbox")); err != nil {
		return a, err
	}
	if a.days, err = parseDays(c.q.Get("datetime"), c.Zone()); err != nil {
		return a, err
	}
	if c.q.Get("datetime") == "" {
		a.days = days{c.District.Day, c.District.Day}
	}
	if a.limit, err = whole(c.q, "limit", limitUnasked, 1, math.MaxInt32); err != nil {
		return a, err
	}
	a.limit = min(a.limit, limitMost) // the standard has more be cut, not refused
	if a.offset, err = whole(c.q, "offset", 0, 0, math.MaxInt32); err != nil {
		return a, err
	}
	a.given = url.Values{}
	for _, name := range []string{"bbox", "datetime", "lang"} {
		if s := c.q.Get(name); s != "" {
			a.given.Set(name, s)
		}
	}
	return a, nil
}

// onlyCRS84 refuses coordinates in any other system.
func (c *call) onlyCRS84() error {
	for _, name := range []string{"crs", "bbox-crs"} {
		if s := c.q.Get(name); s != "" && s != crs84 {
			return errs.New(errs.Invalid, "坐标系只有 %[1]s。", "The only coordinates are %[1]s.", crs84).At(name)
		}
	}
	return nil
}

func whole(q url.Values, name string, unasked, least, most int) (int, error) {
	s := q.Get(name)
	if s == "" {
		return unasked, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, errs.New(errs.Invalid, "%[1]s 应是从 %[2]d 起的整数。", "%[1]s is a whole number from %[2]d on.", name, least).At(name)
	}
	return n, nil
}

// parseBox reads west,south,east,north, or the six numbers with heights, which
// are left out. A west beyond the east crosses the line of dates.
func parseBox(s string) ([]geo.Box, error) {
	if s == "" {
		return nil, nil
	}
	bad := errs.New(errs.Invalid, "bbox 写成 西,南,东,北，用度数。", "bbox is west,south,east,north, in degrees.").At("bbox")
	parts := strings.Split(s, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return nil, bad
	}
	n := make([]float64, len(parts))
	for i, part := range parts {
		var err error
		if n[i], err = strconv.ParseFloat(strings.TrimSpace(part), 64); err != nil || math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return nil, bad
		}
	}
	half := len(n) / 2
	west, south, east, north := n[0], n[1], n[half], n[half+1]
	if math.Abs(west) > 180 || math.Abs(east) > 180 || math.Abs(south) > 90 || math.Abs(north) > 90 || south > north {
		return nil, bad
	}
	if west > east {
		return []geo.Box{{Min: geo.Point{Lon: west, Lat: south}, Max: geo.Point{Lon: 180, Lat: north}}, {Min: geo.Point{Lon: -180, Lat: south}, Max: geo.Point{Lon: east, Lat: north}}}, nil
	}
	return []geo.Box{{Min: geo.Point{Lon: west, Lat: south}, Max: geo.Point{Lon: east, Lat: north}}}, nil
}

// parseDays reads an instant, a day, or two of them with a slash between, of
// which one may be .. or nothing. Of an instant the day counts, in the district.
func parseDays(s string, zone *time.Location) (d days, err error) {
	if s == "" {
		return days{}, nil
	}
	first, last, span := strings.Cut(s, "/")
	if d.first, err = parseDay(first, zone, span); err != nil {
		return days{}, err
	}
	if !span {
		return days{d.first, d.first}, nil
	}
	if d.last, err = parseDay(last, zone, true); err != nil {
		return days{}, err
	}
	if d.first == "" && d.last == "" && first == "" && last == "" || d.last != "" && d.last < d.first {
		return days{}, badDays()
	}
	return d, nil
}

func parseDay(s string, zone *time.Location, open bool) (clock.Date, error) {
	if open && (s == "" || s == "..") {
		return "", nil
	}
	if d, err := clock.ParseDate(s); err == nil {
		return d, nil
	}
	at, err := time.Parse(time.RFC3339, strings.ToUpper(s))
	if err != nil || at.Year() < 1 {
		return "", badDays()
	}
	return clock.DateOf(at, zone), nil
}

func badDays() error {
	return errs.New(errs.Invalid, "datetime 写成 2026-01-01、2026-01-01T00:00:00Z，或中间加 / 的一段；一头可以写 ..。", "datetime is 2026-01-01, 2026-01-01T00:00:00Z, or a span with / between; one end may be ...").At("datetime")
}

// meets reports whether an outline shares ground with the box that is asked for:
// the boxes must, and then a corner or the border of one lies in the other.
func (a asking) meets(o geo.Outline) bool {
	for _, b := range a.box {
		if b.Meets(o.Box()) && touches(b, o) {
			return true
		}
	}
	return false
}

func touches(b geo.Box, o geo.Outline) bool {
	for _, corner := range []geo.Point{b.Min, b.Max, {Lon: b.Min.Lon, Lat: b.Max.Lat}, {Lon: b.Max.Lon, Lat: b.Min.Lat}} {
		if o.Contains(corner) {
			return true
		}
	}
	for _, polygon := range o.Polygons() {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if crosses(b, ring[i-1], ring[i]) {
					return true
				}
			}
		}
	}
	return false
}

// crosses reports whether the line from p to q has a point in the box, by
// cutting off what lies beyond each side (Liang and Barsky).
func crosses(b geo.Box, p, q geo.Point) bool {
	dx, dy := q.Lon-p.Lon, q.Lat-p.Lat
	from, to := 0.0, 1.0
	for _, side := range [][2]float64{{-dx, p.Lon - b.Min.Lon}, {dx, b.Max.Lon - p.Lon}, {-dy, p.Lat - b.Min.Lat}, {dy, b.Max.Lat - p.Lat}} {
		switch move, room := side[0], side[1]; {
		case move == 0 && room < 0:
			return false
		case move < 0:
			from = max(from, room/move)
		case move > 0:
			to = min(to, room/move)
		}
	}
	return from <= to
}
