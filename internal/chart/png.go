package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"

	"linli/internal/errs"
	"linli/internal/paper/font"
)

// mostPixels bounds a PNG; a longer picture is drawn smaller.
const mostPixels = 8e6

// PNG draws the picture with scale dots to a pixel (2 where 0, at most 4), on its
// ground. Of a very long picture the scale is lowered.
func (p *Picture) PNG(theme Theme, scale float64) (_ []byte, err error) {
	defer errs.Wrap(&err, "chart.PNG(%s)", p.Title)
	if !(scale > 0) {
		scale = 2
	}
	scale = min(scale, 4, math.Sqrt(mostPixels/max(p.Width*p.Height, 1)))
	c := canvas{
		RGBA:  image.NewRGBA(image.Rect(0, 0, int(math.Ceil(p.Width*scale)), int(math.Ceil(p.Height*scale)))),
		scale: scale, theme: theme, masks: map[sort]*mask{},
	}
	draw.Draw(c.RGBA, c.Bounds(), image.NewUniform(Ground.Color(theme)), image.Point{}, draw.Src)
	for _, s := range p.Shapes {
		c.shape(s)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err = encoder.Encode(&out, few(c.RGBA))
	return out.Bytes(), err
}

// few is the picture with a palette, which makes the file a quarter and the
// writing four times as fast; or the picture itself where 256 colours are not enough.
func few(from *image.RGBA) image.Image {
	to := image.NewPaletted(from.Bounds(), nil)
	known := map[color.RGBA]uint8{}
	var last color.RGBA // neighbours are mostly equal; no dot is quite clear, as this is
	var index uint8
	for i := range to.Pix {
		dot := from.Pix[4*i : 4*i+4 : 4*i+4]
		if c := (color.RGBA{dot[0], dot[1], dot[2], dot[3]}); c != last {
			n, ok := known[c]
			if !ok {
				if len(to.Palette) == 256 {
					return from
				}
				n = uint8(len(to.Palette))
				known[c], to.Palette = n, append(to.Palette, c)
			}
			last, index = c, n
		}
		to.Pix[i] = index
	}
	return to
}

// canvas is a PNG being painted.
type canvas struct {
	*image.RGBA
	scale float64
	theme Theme
	masks map[sort]*mask
}

// sort is a printer's sort: a character at a size, a quarter of a dot exact.
type sort struct {
	r       rune
	size    float64
	quarter int
}

// mask is how much a character covers, its first dot off from the place of writing.
type mask struct {
	*image.Alpha
	off image.Point
}

func (c *canvas) shape(s Shape) {
	ink := image.NewUniform(fade(s.Ink.Color(c.theme), s.Tone))
	switch s.Kind {
	case Box:
		at := func(v float64) int { return int(math.Round(v * c.scale)) }
		box := image.Rect(at(s.X), at(s.Y), max(at(s.X+s.W), at(s.X)+1), max(at(s.Y+s.H), at(s.Y)+1))
		draw.Draw(c.RGBA, box, ink, image.Point{}, draw.Over)
	case Dot:
		c.fill(ink, circle(Point{s.X, s.Y}, s.W))
	case Area:
		c.fill(ink, s.Points)
	case Path:
		c.fill(ink, stroke(dashes(s.Points, s.Dash), s.Stroke/2)...)
	case Text:
		c.text(ink, s)
	}
}

// fade lets the ground through where a tone is set.
func fade(c color.RGBA, tone float64) color.RGBA {
	if tone <= 0 || tone >= 1 {
		return c
	}
	part := func(v uint8) uint8 { return uint8(math.Round(float64(v) * tone)) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), part(c.A)} // alpha is multiplied in
}

// fill paints outlines that all turn the same way; where they overlap they are one.
func (c *canvas) fill(ink image.Image, outlines ...[]Point) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, o := range outlines {
		for _, p := range o {
			left, right = min(left, p.X*c.scale), max(right, p.X*c.scale)
			top, bottom = min(top, p.Y*c.scale), max(bottom, p.Y*c.scale)
		}
	}
	if !(right >= left) {
		return
	}
	box := image.Rect(int(left)-1, int(top)-1, int(right)+2, int(bottom)+2).Intersect(c.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, o := range outlines {
		for i, p := range o {
			x, y := float32(p.X*c.scale)-float32(box.Min.X), float32(p.Y*c.scale)-float32(box.Min.Y)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	draw.DrawMask(c.RGBA, box, ink, image.Point{}, cover(r), image.Point{}, draw.Over)
}

// cover is what a raster covers, in sixteen steps: enough for the eye, and few
// enough colours for a palette.
func cover(r *vector.Rasterizer) *image.Alpha {
	m := image.NewAlpha(r.Bounds())
	r.DrawOp = draw.Src
	r.Draw(m, m.Bounds(), image.Opaque, image.Point{})
	for i, v := range m.Pix {
		m.Pix[i] = uint8((int(v) + 8) / 17 * 17)
	}
	return m
}

// text writes a line, each character painted once a size and quarter of a dot.
func (c *canvas) text(ink image.Image, s Shape) {
	said, size := font.Shown(s.Text), s.Size*c.scale
	x, y := s.X*c.scale, int(math.Round(s.Y*c.scale))
	switch s.Anchor {
	case Middle:
		x -= font.Width(said, size) / 2
	case End:
		x -= font.Width(said, size)
	}
	for _, r := range said {
		dot := math.Floor(x)
		m := c.mask(sort{r, size, int((x - dot) * 4)})
		if m.Alpha != nil {
			at := m.Bounds().Add(m.off).Add(image.Pt(int(dot), y))
			draw.DrawMask(c.RGBA, at, ink, image.Point{}, m.Alpha, image.Point{}, draw.Over)
		}
		x += font.Width(string(r), size)
	}
}

func (c *canvas) mask(s sort) *mask {
	if m := c.masks[s]; m != nil {
		return m
	}
	m := &mask{}
	c.masks[s] = m
	if s.r == ' ' || s.r == '\u3000' {
		return m
	}
	edge, wide := int(s.size/4)+2, int(font.Width(string(s.r), s.size))+1
	box := image.Rect(0, 0, wide+2*edge, int(s.size)+2*edge)
	up := int(s.size*font.Ascent) + edge
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	font.Trace(r, s.r, s.size, float64(edge)+float64(s.quarter)/4, float64(up))
	m.Alpha = cover(r)
	m.off = image.Pt(-edge, -up)
	return m
}
