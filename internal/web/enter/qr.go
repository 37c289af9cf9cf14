package enter

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"
)

// drawing is a QR code as the path of an SVG: sharp at any size, and no file
// with a secret in it.
type drawing struct {
	Side int // in modules, with the white edge
	Path string
}

// draw makes the QR code of a text.
func draw(text string) (drawing, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return drawing{}, fmt.Errorf("qr code: %w", err)
	}
	dots := q.Bitmap()
	var path strings.Builder
	for y, row := range dots {
		for x := 0; x < len(row); x++ {
			run := x
			for run < len(row) && row[run] {
				run++
			}
			if run > x {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x, y, run-x, run-x)
				x = run
			}
		}
	}
	return drawing{Side: len(dots), Path: path.String()}, nil
}

// Box is the drawing's view box.
func (d drawing) Box() string { return fmt.Sprintf("0 0 %d %d", d.Side, d.Side) }
