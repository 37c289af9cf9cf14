package photo

import (
	"bytes"
	"errors"
	"image/jpeg"
	"testing"

	"linli/internal/errs"
)

// TestPictures draws every kind at both stages and holds that each is a picture
// of the promised size, small enough for a phone, and unlike the other stage.
func TestPictures(t *testing.T) {
	t.Parallel()
	kinds := Kinds()
	if len(kinds) < 12 {
		t.Fatalf("got %d kinds, want at least 12", len(kinds))
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			before := draw(t, kind, Before, 1)
			if after := draw(t, kind, After, 1); bytes.Equal(before, after) {
				t.Error("before and after are the same picture")
			}
			if other := draw(t, kind, Before, 2); bytes.Equal(before, other) {
				t.Error("two seeds give the same picture")
			}
			if again := draw(t, kind, Before, 1); !bytes.Equal(before, again) {
				t.Error("one seed gives two pictures")
			}
		})
	}
}

func draw(t *testing.T, kind string, stage Stage, seed uint64) []byte {
	t.Helper()
	data, err := Draw(kind, stage, seed)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != Width || b.Dy() != Height {
		t.Errorf("%s %s: got %v, want %d by %d", kind, stage, b, Width, Height)
	}
	if len(data) < 12<<10 || len(data) > 48<<10 {
		t.Errorf("%s %s: %d bytes, want 12 to 48 KB", kind, stage, len(data))
	}
	for _, corner := range [4][2]int{{0, 0}, {Width - 1, 0}, {0, Height - 1}, {Width - 1, Height - 1}} {
		if r, g, b, _ := img.At(corner[0], corner[1]).RGBA(); r+g+b < 0x0900 {
			t.Errorf("%s %s: the corner at %v is bare: the ground does not reach it", kind, stage, corner)
		}
	}
	return data
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for name, draw := range map[string]func() ([]byte, error){
		"a kind that is not drawn":    func() ([]byte, error) { return Draw("castle", Before, 1) },
		"a stage that is not":         func() ([]byte, error) { return Draw("manhole", "during", 1) },
		"the parts are no picture":    func() ([]byte, error) { return Draw("parts", Before, 1) },
		"a path out of the folder":    func() ([]byte, error) { return Draw("../photo", Before, 1) },
		"nothing is no kind of scene": func() ([]byte, error) { return Draw("", Before, 1) },
	} {
		if _, err := draw(); !errors.Is(err, errs.NotFound) {
			t.Errorf("%s: got %v, want not-found", name, err)
		}
	}
}

// FuzzRead holds that no scene file, however broken, makes the reader fall over
// or go on without end.
func FuzzRead(f *testing.F) {
	for _, kind := range Kinds() {
		file, err := scenes.ReadFile("scenes/" + kind + ".svg")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add([]byte(`<svg><g id="ground"><use href="#ground"/></g></svg>`))
	f.Add([]byte(`<svg><g id="ground"><path d="M0 0s1 2 3-4.5.5z9"/></g></svg>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		shapes, err := read([][]byte{file}, "ground")
		if err != nil {
			return
		}
		if len(shapes) > most+1 {
			t.Errorf("%d shapes, more than %d", len(shapes), most)
		}
	})
}
