// Package photo draws the pictures that the invented district's residents and
// crews "took": what was wrong, and what it looks like after. They are drawn,
// so that no real place or person is ever in the demo.
//
// Each scene is a small file of a few SVG elements in scenes/, with a ground, a
// before and an after, in a space of 320 by 220. scene.go reads them, paint.go
// fills their shapes with soft edges, and this file holds the camera: every seed
// stands a little elsewhere, in another light, so that no two pictures of a
// broken manhole look the same.
//
// It knows nothing of cases and files.
package photo

import (
	"bytes"
	"embed"
	"image"
	"image/jpeg"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"linli/internal/errs"
)

//go:embed scenes/*.svg
var scenes embed.FS

// Stage says whether a picture was taken before or after the work.
type Stage string

// The two stages that every kind of picture has.
const (
	Before Stage = "before"
	After  Stage = "after"
)

// Width and Height are the size of every picture, in pixels.
const Width, Height = 640, 440

// Kinds lists the scenes there are, in the order of the alphabet.
func Kinds() []string {
	files, _ := fs.Glob(scenes, "scenes/*.svg") // the pattern is well formed
	var kinds []string
	for _, f := range files {
		if name := strings.TrimSuffix(strings.TrimPrefix(f, "scenes/"), ".svg"); name != "parts" {
			kinds = append(kinds, name)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// Draw gives the picture of a scene as JPEG, the same bytes for the same seed.
// An unknown kind or stage is NotFound.
func Draw(kind string, stage Stage, seed uint64) (picture []byte, err error) {
	defer errs.Wrap(&err, "photo.Draw(%s, %s)", kind, stage)
	if stage != Before && stage != After || !slices.Contains(Kinds(), kind) {
		return nil, errs.New(errs.NotFound, "没有这张照片", "There is no such picture")
	}
	parts, err := scenes.ReadFile("scenes/parts.svg")
	if err != nil {
		return nil, err
	}
	file, err := scenes.ReadFile("scenes/" + kind + ".svg")
	if err != nil {
		return nil, err
	}
	shapes, err := read([][]byte{parts, file}, "ground", string(stage))
	if err != nil {
		return nil, err
	}
	// The view hangs on the seed alone: whoever took the second picture stood
	// where the first was taken. The light and the hand are of the day.
	view := newView(rand.New(rand.NewPCG(seed, 1)))
	day := rand.New(rand.NewPCG(seed, uint64(len(stage))))
	canvas := image.NewRGBA(image.Rect(0, 0, Width, Height))
	for _, s := range shapes {
		paint(canvas, s, view)
	}
	develop(canvas, day)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, canvas, &jpeg.Options{Quality: 80}); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// newView is how the camera is held: mirrored or not, a little nearer, a little
// aslant. Grounds reach far enough over the edge for any of these.
func newView(r *rand.Rand) matrix {
	zoom := 1.03 + 0.1*r.Float64()
	turn := (r.Float64() - 0.5) * 0.04
	flip := 1.0
	if r.IntN(2) == 1 {
		flip = -1
	}
	scale := float64(Width) / 320 * zoom
	return matrix{1, 0, 0, 1, -160 + (r.Float64()-0.5)*10, -110 + (r.Float64()-0.5)*6}.
		then(matrix{flip * scale * math.Cos(turn), flip * scale * math.Sin(turn), -scale * math.Sin(turn), scale * math.Cos(turn), Width / 2, Height / 2})
}

// develop gives the drawing the light of a day, a darker rim and the grain of a
// cheap lens.
func develop(img *image.RGBA, r *rand.Rand) {
	bright := 0.94 + 0.12*r.Float64()
	warm := (r.Float64() - 0.5) * 0.07
	tint := [3]float64{bright * (1 + warm), bright, bright * (1 - warm)}
	slope := (r.Float64() - 0.5) * 0.16 // sun from the left or the right
	seed := r.Uint32() | 1
	for y := range Height {
		for x := range Width {
			u, v := float64(x)/Width-0.5, float64(y)/Height-0.5
			light := 1 + slope*u - 0.32*(u*u+v*v)
			seed ^= seed << 13
			seed ^= seed >> 17
			seed ^= seed << 5
			grain := float64(seed&15) - 7.5 + float64(seed>>8&7) - 3.5
			p := img.Pix[img.PixOffset(x, y):]
			for i := range 3 {
				p[i] = uint8(min(255, max(0, float64(p[i])*tint[i]*light+grain*0.55)))
			}
		}
	}
}
