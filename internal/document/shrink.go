package document

import (
	"image"
	"image/draw"
)

// shrink draws img anew on white with its longer side at most long pixels, each
// new pixel the mean of the area it covers. It reads one row at a time: the
// scalers of x/image hold some 32 bytes for every source row and new column,
// which for a large photo is more memory than the program may take.
func shrink(img image.Image, long int) *image.RGBA {
	from := img.Bounds()
	w, h := fit(from.Dx(), from.Dy(), long)
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	line := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	columns := spread(from.Dx(), w)
	rows := spread(from.Dy(), h)
	above := make([]float32, 3*w) // the sum of the new row being filled
	narrow := make([]float32, 3*w)
	how := draw.Over
	if opaque(img) {
		how = draw.Src
	}
	for y := range from.Dy() {
		if how == draw.Over {
			draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src)
		}
		draw.Draw(line, line.Rect, img, image.Pt(from.Min.X, from.Min.Y+y), how)
		columns.narrow(line.Pix, narrow)
		part := rows[y]
		for i, v := range narrow {
			above[i] += v * part.share
		}
		if part.last {
			put(to.Pix[to.PixOffset(0, part.to):], above)
			for i, v := range narrow {
				above[i] = v * part.rest
			}
		}
	}
	return to
}

// fit gives the size of w × h made to fit long, never larger than it was and
// never without a pixel.
func fit(w, h, long int) (int, int) {
	if w <= long && h <= long {
		return w, h
	}
	if w >= h {
		return long, max(1, (h*long+w/2)/w)
	}
	return max(1, (w*long+h/2)/h), long
}

// part says where one old pixel of a line goes: share of it to the new pixel
// to, which it fills up if last, and rest to the one after.
type part struct {
	to          int
	share, rest float32
	last        bool
}

// parts is a whole line; the shares that reach one new pixel add up to 1.
type parts []part

// spread lays from old pixels on to new ones, to ≤ from. It counts in units of
// 1/(from × to) of the line, in whole numbers, so that nothing is lost to
// rounding at the end.
func spread(from, to int) parts {
	line := make(parts, from)
	for i := range line {
		begin, end := i*to, (i+1)*to // the old pixel is to units wide, a new one from
		at := begin / from
		border := (at + 1) * from
		in := min(end, border) - begin
		line[i] = part{
			to:    at,
			share: float32(in) / float32(from),
			rest:  float32(to-in) / float32(from),
			last:  end >= border,
		}
	}
	return line
}

// narrow sums a row of RGBA pixels into the means of the new columns.
func (line parts) narrow(pix []uint8, into []float32) {
	clear(into)
	for i, p := range line {
		r, g, b := float32(pix[4*i]), float32(pix[4*i+1]), float32(pix[4*i+2])
		at := 3 * p.to
		into[at] += r * p.share
		into[at+1] += g * p.share
		into[at+2] += b * p.share
		if p.rest > 0 {
			into[at+3] += r * p.rest
			into[at+4] += g * p.rest
			into[at+5] += b * p.rest
		}
	}
}

func put(pix []uint8, sums []float32) {
	for i := 0; i < len(sums); i += 3 {
		at := i / 3 * 4
		pix[at], pix[at+1], pix[at+2], pix[at+3] = round(sums[i]), round(sums[i+1]), round(sums[i+2]), 255
	}
}

func round(v float32) uint8 { return uint8(min(255, v+0.5)) }

// opaque reports whether no pixel can be transparent, by the kind of image
// alone; drawing over white costs less than asking every pixel.
func opaque(img image.Image) bool {
	switch img.(type) {
	case *image.YCbCr, *image.Gray, *image.Gray16, *image.CMYK:
		return true
	}
	return false
}
