package photo

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// paint lays one shape on the canvas: first its fill, then its stroke.
func paint(canvas *image.RGBA, s shape, view matrix) {
	lines := make([][]point, len(s.lines))
	for i, l := range s.lines {
		lines[i] = make([]point, len(l))
		for j, p := range l {
			lines[i][j] = view.apply(p)
		}
	}
	size := math.Sqrt(math.Abs(s.move[0]*s.move[3]-s.move[1]*s.move[2])) *
		math.Sqrt(math.Abs(view[0]*view[3]-view[1]*view[2]))
	soft := s.soft * size
	if s.fill.A > 0 {
		fill(canvas, lines, s.fill, s.foot, s.opacity, soft)
	}
	if s.stroke.A > 0 && s.width > 0 {
		fill(canvas, strokes(lines, s.width*size/2), s.stroke, s.stroke, s.opacity, soft)
	}
}

// strokes turns lines into the bands that a round pen of that radius draws. All
// pieces turn the same way, so that where they overlap they add up and do not
// cancel.
func strokes(lines [][]point, radius float64) [][]point {
	var bands [][]point
	for _, l := range lines {
		for i := range l {
			bands = append(bands, oval(l[i].x, l[i].y, radius, radius, 0, 2*math.Pi))
			if i == 0 {
				continue
			}
			a, b := l[i-1], l[i]
			long := math.Hypot(b.x-a.x, b.y-a.y)
			if long == 0 {
				continue
			}
			nx, ny := -(b.y-a.y)/long*radius, (b.x-a.x)/long*radius
			bands = append(bands, []point{{a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}})
		}
	}
	return bands
}

// fill covers the lines' inside with a colour that runs from head at the upper
// edge to foot at the lower.
func fill(canvas *image.RGBA, lines [][]point, head, foot color.NRGBA, opacity, soft float64) {
	box, top, bottom := bounds(lines, soft)
	if box.Empty() {
		return
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, l := range lines {
		for i, p := range l {
			x, y := float32(p.x-float64(box.Min.X)), float32(p.y-float64(box.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	if soft >= 1 {
		for range 2 {
			blur(mask, int(soft))
		}
	}
	for y := range box.Dy() {
		t := 0.0
		if bottom > top {
			t = min(1, max(0, (float64(y+box.Min.Y)-top)/(bottom-top)))
		}
		c := [3]float64{mix(head.R, foot.R, t), mix(head.G, foot.G, t), mix(head.B, foot.B, t)}
		blend(canvas, mask, box.Min, y, c, opacity/255)
	}
}

func mix(a, b uint8, t float64) float64 { return float64(a) + (float64(b)-float64(a))*t }

// blend lays one row of the mask over the canvas.
func blend(canvas *image.RGBA, mask *image.Alpha, at image.Point, y int, c [3]float64, opacity float64) {
	row := mask.Pix[y*mask.Stride:][:mask.Rect.Dx()]
	pix := canvas.Pix[canvas.PixOffset(at.X, at.Y+y):]
	for x, m := range row {
		if m == 0 {
			continue
		}
		a := float64(m) * opacity
		p := pix[x*4 : x*4+4]
		for i := range 3 {
			p[i] = uint8(float64(p[i]) + (c[i]-float64(p[i]))*a)
		}
		p[3] = 255
	}
}

// bounds is the part of the canvas that the lines touch, with room for the soft
// edge, and their own upper and lower edge.
func bounds(lines [][]point, soft float64) (box image.Rectangle, top, bottom float64) {
	left, right := math.Inf(1), math.Inf(-1)
	top, bottom = math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		for _, p := range l {
			left, right = min(left, p.x), max(right, p.x)
			top, bottom = min(top, p.y), max(bottom, p.y)
		}
	}
	if !(left <= right) {
		return image.Rectangle{}, 0, 0
	}
	room := 2*soft + 1
	clip := func(v float64) int { return int(min(4000, max(-4000, v))) }
	box = image.Rect(clip(left-room), clip(top-room), clip(right+room)+1, clip(bottom+room)+1)
	return box.Intersect(image.Rect(0, 0, Width, Height)), top, bottom
}

// blur softens the mask with a box of that radius, along rows and columns.
func blur(m *image.Alpha, radius int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	line := make([]uint8, max(w, h))
	for y := range h {
		smear(m.Pix[y*m.Stride:], 1, w, radius, line)
	}
	for x := range w {
		smear(m.Pix[x:], m.Stride, h, radius, line)
	}
}

// smear replaces each of n values by the mean of those within the radius.
func smear(pix []uint8, stride, n, radius int, line []uint8) {
	for i := range n {
		line[i] = pix[i*stride]
	}
	sum := 0
	for i := -radius; i < n+radius; i++ {
		if i+radius < n && i+radius >= 0 {
			sum += int(line[i+radius])
		}
		if i-radius-1 >= 0 && i-radius-1 < n {
			sum -= int(line[i-radius-1])
		}
		if i >= 0 && i < n {
			pix[i*stride] = uint8(sum / (2*radius + 1))
		}
	}
}
