package paper

import (
	"image/color"
	"math"

	"github.com/signintech/gopdf"

	"linli/internal/chart"
	"linli/internal/paper/font"
)

// Chart draws a picture as wide as the text, or smaller where it would be larger
// than the drawing is on a screen or than a page. More than some forty bars are
// better printed as a table.
func (p *Paper) Chart(c *chart.Picture) {
	if c == nil || c.Width <= 0 || c.Height <= 0 {
		return
	}
	scale := min(width/max(c.Width-2*chart.Edge, 1), 0.75, (bottom-head)/c.Height)
	p.need(c.Height * scale)
	at := place{scale, side - chart.Edge*scale, p.y}
	for _, s := range c.Shapes {
		p.count(s.Text)
		p.shape(s, at)
	}
	p.y += c.Height*scale + 12
}

// place is where a drawing stands on the page.
type place struct{ scale, x, y float64 }

func (at place) to(x, y float64) (float64, float64) { return at.x + x*at.scale, at.y + y*at.scale }

// shape draws one shape of a chart.
func (p *Paper) shape(s chart.Shape, at place) {
	p.put(func(g *gopdf.GoPdf) error {
		c := over(s.Ink.Color(chart.Light), s.Tone)
		x, y := at.to(s.X, s.Y)
		switch s.Kind {
		case chart.Box:
			fill(g, c, at, []chart.Point{{X: s.X, Y: s.Y}, {X: s.X + s.W, Y: s.Y}, {X: s.X + s.W, Y: s.Y + s.H}, {X: s.X, Y: s.Y + s.H}})
		case chart.Area:
			fill(g, c, at, s.Points)
		case chart.Dot:
			fill(g, c, at, round(s.X, s.Y, s.W))
		case chart.Path:
			trace(g, c, at, s)
		case chart.Text:
			said, size := font.Shown(s.Text), s.Size*at.scale
			switch s.Anchor {
			case chart.Middle:
				x -= font.Width(said, size) / 2
			case chart.End:
				x -= font.Width(said, size)
			}
			return set(g, x, y, size, s.Ink, said)
		}
		return nil
	})
}

// over is a colour with white shining through where a tone is set.
func over(c color.RGBA, tone float64) color.RGBA {
	if tone <= 0 || tone >= 1 {
		return c
	}
	part := func(v uint8) uint8 { return uint8(math.Round(255 - (255-float64(v))*tone)) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), 0xFF}
}

func fill(g *gopdf.GoPdf, c color.RGBA, at place, points []chart.Point) {
	if len(points) < 3 {
		return
	}
	outline := make([]gopdf.Point, len(points))
	for i, p := range points {
		outline[i].X, outline[i].Y = at.to(p.X, p.Y)
	}
	g.SetFillColor(c.R, c.G, c.B)
	g.Polygon(outline, "F")
}

// round is a circle as a polygon: the dots of a trend are two points across.
func round(x, y, radius float64) []chart.Point {
	const corners = 24
	points := make([]chart.Point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = chart.Point{X: x + radius*cos, Y: y + radius*sin}
	}
	return points
}

func trace(g *gopdf.GoPdf, c color.RGBA, at place, s chart.Shape) {
	g.SetStrokeColor(c.R, c.G, c.B)
	g.SetLineWidth(s.Stroke * at.scale)
	if s.Dash > 0 {
		g.SetCustomLineType([]float64{s.Dash * at.scale, s.Dash * at.scale}, 0)
		defer g.SetLineType("solid")
	}
	for i := 1; i < len(s.Points); i++ {
		x1, y1 := at.to(s.Points[i-1].X, s.Points[i-1].Y)
		x2, y2 := at.to(s.Points[i].X, s.Points[i].Y)
		g.Line(x1, y1, x2, y2)
	}
}

// set writes a line of text that has been through font.Shown.
func set(g *gopdf.GoPdf, x, base, size float64, ink chart.Ink, line string) error {
	if line == "" {
		return nil
	}
	if err := g.SetFontSize(size); err != nil {
		return err
	}
	c := ink.Color(chart.Light)
	g.SetTextColor(c.R, c.G, c.B)
	g.SetXY(x, base)
	return g.Text(line)
}
