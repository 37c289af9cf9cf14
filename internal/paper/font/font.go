// Package font is the one type that linli draws and prints with: a subset of
// WenQuanYi Micro Hei (FONT.md says from where, scripts/font how), kept in the
// program so that a chart looks the same in a page, in a picture and on paper,
// and so that a machine without Chinese type prints Chinese.
//
// It measures text ([Width], [Clip]), breaks it into lines as Chinese
// typesetting wants ([Wrap]), traces it into a raster ([Trace]) and gives the
// bytes to whoever embeds them ([Data]). Text comes from people, so all of it
// goes through [Line] or [Shown] first: control characters and marks that turn
// the direction of writing go, and a character the type does not have becomes
// 〓, which printers have always put for a missing sort. Nothing here fails:
// any string can be drawn.
//
// All sizes and widths are in the unit of the size asked for, points or pixels.
package font

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Name is the family as its name table has it.
const Name = "WenQuanYi Micro Hei"

// Missing stands for a character that the type does not have.
const Missing = '〓'

// Ascent and Descent are how far Chinese characters reach above and below the
// line of writing, in parts of the size.
const (
	Ascent  = 0.86
	Descent = 0.14
)

//go:embed microhei.ttf
var data []byte

// Data is the type as a TrueType file. The caller must not change it.
func Data() []byte { return data }

// face is parsed once, on first use; it is never changed.
var face = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic("font: the embedded type cannot be read: " + err.Error())
	}
	return f
})

// glyph is 0 for what the type does not have.
func glyph(buf *sfnt.Buffer, r rune) sfnt.GlyphIndex {
	g, err := face().GlyphIndex(buf, r)
	if err != nil {
		return 0
	}
	return g
}

// Has reports whether the type can draw r.
func Has(r rune) bool {
	var buf sfnt.Buffer
	return glyph(&buf, r) != 0
}

// Line makes s one line that is safe to draw anywhere: every run of white space
// and control characters becomes one space, and what turns, joins or hides text
// is dropped, so that a name cannot rewrite the line it stands in.
func Line(s string) string {
	var out strings.Builder
	gap := false
	for _, r := range strings.ToValidUTF8(s, string(unicode.ReplacementChar)) {
		switch {
		case unicode.IsSpace(r) && r != '\u3000' || unicode.IsControl(r):
			gap = true
			continue
		case hidden(r):
			continue
		}
		if gap && out.Len() > 0 {
			out.WriteByte(' ')
		}
		gap = false
		out.WriteRune(r)
	}
	return out.String()
}

// hidden are characters without a shape of their own: format marks (direction,
// joining), variation selectors, private and unassigned places, noncharacters.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Co) || r&0xFFFE == 0xFFFE
}

// Shown is Line with 〓 for each character the type does not have: what is
// traced and printed.
func Shown(s string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if glyph(&buf, r) == 0 {
			return Missing
		}
		return r
	}, Line(s))
}

// Width is how long s becomes at a size. A missing character counts as 〓.
func Width(s string, size float64) float64 {
	var buf sfnt.Buffer
	units := 0
	for _, r := range s {
		units += advance(&buf, r)
	}
	return float64(units) * size / float64(face().UnitsPerEm())
}

// advance is the width of a character in units of the type.
func advance(buf *sfnt.Buffer, r rune) int {
	g := glyph(buf, r)
	if g == 0 {
		g = glyph(buf, Missing)
	}
	f := face()
	n, err := f.GlyphAdvance(buf, g, fixed.Int26_6(f.UnitsPerEm())<<6, 0)
	if err != nil {
		return 0
	}
	return int(n >> 6)
}

// Clip shortens s to a width, ending it with … where something was left out.
func Clip(s string, size, width float64) string {
	if Width(s, size) <= width {
		return s
	}
	var buf sfnt.Buffer
	scale := size / float64(face().UnitsPerEm())
	used := float64(advance(&buf, '…')) * scale
	for i, r := range s {
		used += float64(advance(&buf, r)) * scale
		if used > width {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// Trace adds the outlines of a character to a raster, its left end at x on the
// line of writing y, and returns how far the next one stands.
func Trace(to *vector.Rasterizer, r rune, size, x, y float64) float64 {
	var buf sfnt.Buffer
	g := glyph(&buf, r)
	if g == 0 {
		g = glyph(&buf, Missing)
	}
	far := Width(string(r), size)
	shape, err := face().LoadGlyph(&buf, g, fixed.Int26_6(size*64), nil)
	if err != nil {
		return far
	}
	at := func(p fixed.Point26_6) (float32, float32) {
		return float32(x + float64(p.X)/64), float32(y + float64(p.Y)/64)
	}
	for _, s := range shape {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			to.ClosePath()
			to.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			to.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			to.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			to.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	to.ClosePath()
	return far
}
