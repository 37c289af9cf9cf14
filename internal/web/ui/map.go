package ui

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
)

// Point is a place on the ground, in degrees (CGCS2000 or WGS84, which do not
// differ at the width of a grid).
type Point struct{ Lon, Lat float64 }

// Box is a part of the ground between four edges, in degrees.
type Box struct{ West, South, East, North float64 }

// metresPerDegree of latitude; of longitude, times the cosine of the latitude.
const metresPerDegree = 111_320.0

// BoxOf is the smallest box around some points.
func BoxOf(points ...Point) Box {
	if len(points) == 0 {
		return Box{}
	}
	b := Box{points[0].Lon, points[0].Lat, points[0].Lon, points[0].Lat}
	for _, p := range points[1:] {
		b.West, b.East = min(b.West, p.Lon), max(b.East, p.Lon)
		b.South, b.North = min(b.South, p.Lat), max(b.North, p.Lat)
	}
	return b
}

// Around is the box that reaches metres from a point to each side.
func Around(p Point, metres float64) Box {
	up := metres / metresPerDegree
	side := up / squeeze(p.Lat)
	return Box{p.Lon - side, p.Lat - up, p.Lon + side, p.Lat + up}
}

// Centre is the middle of b.
func (b Box) Centre() Point { return Point{(b.West + b.East) / 2, (b.South + b.North) / 2} }

// Scaled is b seen from the same middle, factor times as wide: 0.5 zooms in,
// 2 zooms out, 1.1 leaves a margin.
func (b Box) Scaled(factor float64) Box {
	c, w, h := b.Centre(), (b.East-b.West)/2*factor, (b.North-b.South)/2*factor
	return Box{c.Lon - w, c.Lat - h, c.Lon + w, c.Lat + h}
}

// squeeze is how much shorter a degree of longitude is than one of latitude.
func squeeze(lat float64) float64 { return max(math.Cos(lat*math.Pi/180), 0.01) }

// MapShape is an outline: a grid, a park, a lake, a building. Here marks the
// grid the map is about.
type MapShape struct {
	Name string
	Path []Point
	Here bool
}

// MapLine is a road; Width is 1 for a lane, 2 for a street, 3 for a main road.
type MapLine struct {
	Name  string
	Path  []Point
	Width int
}

// PinKind is the shape of a pin, each of its own outline.
type PinKind string

// PinPlace is the one place a page is about; PinReport is another report
// nearby; the others are cases by their signal.
const (
	PinPlace  PinKind = "place"
	PinReport PinKind = "report"
	PinOK     PinKind = "ok"
	PinNear   PinKind = "near"
	PinLate   PinKind = "late"
	PinHold   PinKind = "hold"
)

// Pin marks a place. One with an address is a link. A Quiet pin is named only
// to those who listen to the page: among many, their names would hide the map.
type Pin struct {
	At    Point
	Label string
	Kind  PinKind
	Href  string
	Quiet bool
}

// MapView is a map as plain data: what lies where, and which part is shown in
// which size. Alt says in words what is to be seen; the map is never the only
// way to say a place. Width and Height are the units of the drawing (zero is
// 358 by 300, a phone's column); text is 11 units high.
type MapView struct {
	Box                         Box
	Width, Height               int
	Alt                         string
	Parks, Water, Blocks, Grids []MapShape
	Roads                       []MapLine
	Pins                        []Pin
}

// size is the drawing's size in units.
func (v MapView) size() (w, h float64) {
	w, h = float64(v.Width), float64(v.Height)
	if w <= 0 {
		w = 358
	}
	if h <= 0 {
		h = 300
	}
	return w, h
}

// scale is how many units one degree of latitude takes: the largest at which
// the whole box is seen. A box without extent is shown at street scale.
func (v MapView) scale() float64 {
	w, h := v.size()
	dx := (v.Box.East - v.Box.West) * squeeze(v.Box.Centre().Lat)
	dy := v.Box.North - v.Box.South
	if !(dx > 0) && !(dy > 0) {
		return w / (400 / metresPerDegree)
	}
	return min(w/max(dx, 1e-9), h/max(dy, 1e-9))
}

// Project is where a place falls on the drawing; y grows downwards.
func (v MapView) Project(p Point) (x, y float64) {
	w, h := v.size()
	c, s := v.Box.Centre(), v.scale()
	return w/2 + (p.Lon-c.Lon)*squeeze(c.Lat)*s, h/2 - (p.Lat-c.Lat)*s
}

// Unproject is the place at a point of the drawing: the inverse of Project.
func Unproject(v MapView, x, y float64) Point {
	w, h := v.size()
	c, s := v.Box.Centre(), v.scale()
	return Point{c.Lon + (x-w/2)/(squeeze(c.Lat)*s), c.Lat - (y-h/2)/s}
}

// pickWidths are the widths, in CSS pixels, that a map to choose on is drawn
// at; looks.css shows the widest that fits. Each has its own image button,
// named after its width, because a browser sends where an image was clicked in
// pixels of the image as shown, and says nothing of its size.
var pickWidths = [...]int{288, 358, 608}

// pickName is the name an image button is sent under.
func pickName(width int) string { return fmt.Sprintf("map%d", width) }

// Picked reads from a form where the map was clicked. It is false where it was
// not: nothing sent, not a number, outside the drawing, or 0,0, which is what a
// browser sends when the keyboard presses the button.
func (v MapView) Picked(form url.Values) (Point, bool) {
	w, h := v.size()
	for _, width := range pickWidths {
		name := pickName(width)
		x, errX := strconv.Atoi(form.Get(name + ".x"))
		y, errY := strconv.Atoi(form.Get(name + ".y"))
		if errX != nil || errY != nil || (x == 0 && y == 0) {
			continue
		}
		k := w / float64(width)
		px, py := float64(x)*k, float64(y)*k
		if px < 0 || py < 0 || px > w || py > h+1 {
			continue
		}
		return Unproject(v, px, py), true
	}
	return Point{}, false
}

// viewBox is the drawing's own coordinate system.
func (v MapView) viewBox() string {
	w, h := v.size()
	return fmt.Sprintf("0 0 %g %g", w, h)
}

// path is the drawing of a line or, closed, an outline.
func (v MapView) path(points []Point, closed bool) string {
	var d strings.Builder
	for i, p := range points {
		x, y := v.Project(p)
		step := byte('L')
		if i == 0 {
			step = 'M'
		}
		d.WriteByte(step)
		d.WriteString(strconv.FormatFloat(x, 'f', 1, 64))
		d.WriteByte(' ')
		d.WriteString(strconv.FormatFloat(y, 'f', 1, 64))
	}
	if closed && len(points) > 0 {
		d.WriteByte('Z')
	}
	return d.String()
}

// frame is the part of an outline's box that is seen, in units, and whether
// any is. A map of one street does not carry the outlines of a district.
func (v MapView) frame(points []Point) (x0, y0, x1, y1 float64, seen bool) {
	if len(points) == 0 {
		return 0, 0, 0, 0, false
	}
	b := BoxOf(points...)
	x0, y0 = v.Project(Point{b.West, b.North})
	x1, y1 = v.Project(Point{b.East, b.South})
	w, h := v.size()
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, w), min(y1, h)
	return x0, y0, x1, y1, x0 <= x1 && y0 <= y1
}

// seen keeps the shapes of which some part may be on the drawing.
func (v MapView) seen(shapes []MapShape) []MapShape {
	var kept []MapShape
	for _, s := range shapes {
		if _, _, _, _, ok := v.frame(s.Path); ok {
			kept = append(kept, s)
		}
	}
	return kept
}

// at moves a pin's drawing to its place.
func (v MapView) at(p Pin) string {
	x, y := v.Project(p.At)
	return fmt.Sprintf("translate(%.1f %.1f)", x, y)
}

// linked reports whether any pin can be followed; then the drawing is a group
// of links, and not one picture.
func (v MapView) linked() bool {
	for _, p := range v.Pins {
		if p.Href != "" {
			return true
		}
	}
	return false
}

func (v MapView) role() string {
	if v.linked() {
		return "group"
	}
	return "img"
}
