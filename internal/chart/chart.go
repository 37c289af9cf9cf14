// Package chart draws the figures of scorecards: a trend ([Line]), a league
// table ([Bars]), shares of a whole ([Stack]) and a trend as small as a word
// ([Spark]).
//
// Each is a description with the figures and the words in it, already in the
// reader's language. Draw turns it into a [Picture], a list of a few kinds of
// shapes, and the Picture into an SVG for the page ([Picture.SVG]) or a PNG to
// take away ([Picture.PNG]); paper prints the same shapes. So the three are one
// picture, measured once with one type.
//
// What the drawings keep to: late is seen first; colour is never alone, a late
// bar carries a triangle and the words stand below; bars begin at zero; grey
// hairlines, a label where it can stand instead of a legend; no pies. A figure
// that is not there (math.NaN) is left out and never drawn as zero. A page
// shows the figures as a table beside the drawing; the drawing's description
// says the main ones.
//
// The package is pure: equal descriptions give equal bytes. Labels may be
// anything people write. Too much to read is refused: see [MostBars].
package chart

import (
	"math"
	"strings"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper/font"
)

// What one drawing holds at most; more is refused as TooLarge.
const (
	MostBars    = 600
	MostPeriods = 120
	MostSeries  = 8
	MostParts   = 5
)

// Frame is what every chart has.
type Frame struct {
	Title  string
	Desc   string // for those who cannot see the drawing; made from the figures where empty
	Unit   string // written after each figure, such as % or 件
	Digits int    // behind the decimal point
	Lang   lang.Lang
	Width  int  // pixels; 720 where 0, at least 240, at most 1600
	Bare   bool // the page has the title as its own heading: do not draw it
}

// Picture is a drawing: shapes in the order they are painted, on a ground of
// Width by Height pixels.
type Picture struct {
	Width, Height float64
	Title, Desc   string
	Lang          lang.Lang
	Shapes        []Shape
}

// Kind is what a shape is.
type Kind string

// The shapes.
const (
	Box  Kind = "box"  // a filled rectangle: X, Y, W, H
	Path Kind = "path" // lines through Points, Stroke wide; dashed where Dash is set
	Area Kind = "area" // the filled outline of Points
	Dot  Kind = "dot"  // a filled circle: X, Y, radius W
	Text Kind = "text" // one line written at X on the line of writing Y, Size high
)

// Anchor says which end of a text stands at its X.
type Anchor string

// The anchors.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Point is a place in a picture, from its top left corner.
type Point struct{ X, Y float64 }

// Shape is one thing painted.
type Shape struct {
	Kind         Kind
	Ink          Ink
	Tone         float64 // how much of the ink covers the ground; all of it where 0
	X, Y, W, H   float64
	Points       []Point
	Stroke, Dash float64
	Text         string // one line, safe to write; characters may be missing in the type
	Size         float64
	Anchor       Anchor
}

// Edge is the free margin around a drawing, so that whoever prints it can put its
// figures flush with the text.
const Edge = 4.0

// Sizes of type.
const (
	titleSize = 16.0
	labelSize = 13.0
	smallSize = 12.0
)

// begin makes the ground with the title and returns where the figures start.
func (f Frame) begin() (*Picture, float64) {
	width := f.Width
	if width == 0 {
		width = 720
	}
	p := &Picture{Width: float64(min(max(width, 240), 1600)), Title: font.Line(f.Title), Desc: font.Line(f.Desc), Lang: f.Lang}
	top := Edge
	if !f.Bare && p.Title != "" {
		for _, line := range p.lines(p.Title, titleSize, 2) {
			p.text(Edge, top+titleSize, titleSize, Start, Strong, line)
			top += titleSize * 1.4
		}
		top += 8
	}
	return p, top
}

// end closes a picture below its last shape, with a description if none was given.
func (p *Picture) end(bottom float64, desc string) *Picture {
	p.Height = math.Ceil(bottom + Edge)
	if p.Desc == "" {
		p.Desc = font.Line(desc)
	}
	return p
}

// none is the drawing of no figures at all: it says so.
func (f Frame) none() *Picture {
	p, top := f.begin()
	said := f.Lang.Pick("还没有数据", "No figures yet")
	p.text(Edge, top+24, labelSize, Start, Faint, said)
	return p.end(top+40, said)
}

// lines breaks a title into at most most lines of the picture's width.
func (p *Picture) lines(s string, size float64, most int) []string {
	lines := font.Wrap(s, size, p.Width-2*Edge)
	if len(lines) > most {
		last := font.Clip(strings.Join(lines[most-1:], ""), size, p.Width-2*Edge)
		lines = append(lines[:most-1:most-1], last)
	}
	return lines
}

func (p *Picture) text(x, y, size float64, anchor Anchor, ink Ink, s string) {
	if s = font.Line(s); s != "" {
		p.Shapes = append(p.Shapes, Shape{Kind: Text, X: x, Y: y, Size: size, Anchor: anchor, Ink: ink, Text: s})
	}
}

func (p *Picture) box(x, y, w, h float64, ink Ink) {
	if w > 0 && h > 0 {
		p.Shapes = append(p.Shapes, Shape{Kind: Box, X: x, Y: y, W: w, H: h, Ink: ink})
	}
}

func (p *Picture) path(ink Ink, stroke, dash float64, points ...Point) {
	p.Shapes = append(p.Shapes, Shape{Kind: Path, Points: points, Stroke: stroke, Dash: dash, Ink: ink})
}

func (p *Picture) area(ink Ink, points ...Point) {
	p.Shapes = append(p.Shapes, Shape{Kind: Area, Points: points, Ink: ink})
}

func (p *Picture) dot(x, y, radius float64, ink Ink) {
	p.Shapes = append(p.Shapes, Shape{Kind: Dot, X: x, Y: y, W: radius, Ink: ink})
}

// refuse is why a chart is too large to be read.
func refuse(what lang.Text, n, most int) error {
	return errs.New(errs.TooLarge, "一张图最多画 %[3]d %[1]s，这里有 %[4]d", "a chart holds at most %[3]d %[2]s, here are %[4]d", what.ZH, what.EN, most, n)
}

// there reports whether a figure is one: not NaN, and of a size that adds and
// prints exactly.
func there(v float64) bool { return math.Abs(v) <= 1e15 }
