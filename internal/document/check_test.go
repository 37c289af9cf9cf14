package document

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"linli/internal/errs"
)

// Two pictures of one pixel, since the standard library writes no WebP.
const (
	webpLossy    = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA="
	webpLossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

// corners is a picture with a colour in each quarter, so that a turn shows.
func corners(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 0, 255}}[x*2/w+2*(y*2/h)]
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF puts an orientation and a text that must not survive into a JPEG.
func withEXIF(data []byte, orientation uint16, order binary.AppendByteOrder) []byte {
	tiff := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = append(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, 0x010f), 2), 4), "cam\x00"...)
	tiff = append(order.AppendUint16(order.AppendUint32(order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3), 1), orientation), 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	body = append(body, "GPSLatitude 31.2304"...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, markerAPP1}, uint16(len(body)+2))
	return bytes.Join([][]byte{data[:2], segment, body, data[2:]}, nil)
}

// hugePNG claims w × h pixels in a header of a few bytes.
func hugePNG(w, h uint32, depth, colour byte) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	header = append(header, depth, colour, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header))
}

// manyScans repeats the scan of a progressive picture, which the decoder walks
// over each time.
func manyScans(n int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	b = append(b, bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xff, markerSOF2, 0, 11, 8, 0x10, 0, 0x10, 0, 1, 1, 0x11, 0)
	b = append(b, 0xff, 0xc4, 0, 20, 0, 1)
	b = append(b, make([]byte, 16)...)
	for range n {
		b = append(b, 0xff, markerSOS, 0, 8, 1, 1, 0, 0, 0, 0, 0x55)
	}
	return append(b, 0xff, markerEOI)
}

func decode(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func unbase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCheckLetsPicturesThrough(t *testing.T) {
	t.Parallel()
	clear := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for _, row := range []struct {
		why  string
		data []byte
		w, h int
	}{
		{"a small picture keeps its size", asJPEG(t, corners(64, 32)), 64, 32},
		{"a screenshot", asPNG(t, corners(30, 40)), 30, 40},
		{"a large picture is made smaller", asJPEG(t, corners(2600, 1300)), 2000, 1000},
		{"a tall one as well", asJPEG(t, corners(300, 3000)), 200, 2000},
		{"a thread does not vanish", asPNG(t, corners(9000, 2)), 2000, 1},
		{"transparent", asPNG(t, clear), 8, 8},
		{"sixteen bits", asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 8, 8))), 8, 8},
		{"a palette", asPNG(t, image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black})), 8, 8},
		{"grey", asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8))), 8, 8},
		{"WebP of a phone", unbase64(t, webpLossy), 1, 1},
		{"WebP of a drawing", unbase64(t, webpLossless), 1, 1},
	} {
		c, err := Check("a", row.data)
		if err != nil {
			t.Errorf("%s: %v", row.why, err)
			continue
		}
		full, thumb := decode(t, c.full).Bounds().Size(), decode(t, c.thumb).Bounds().Size()
		if want := (image.Point{row.w, row.h}); full != want || c.Width != row.w || c.Height != row.h {
			t.Errorf("%s: got %v, said %d × %d, want %v", row.why, full, c.Width, c.Height, want)
		}
		if thumb.X > ThumbSide || thumb.Y > ThumbSide {
			t.Errorf("%s: small copy is %v", row.why, thumb)
		}
	}
	c, err := Check("a", asPNG(t, clear))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := decode(t, c.full).At(4, 4).RGBA(); r>>8 < 250 {
		t.Errorf("what is transparent became %d, want white", r>>8)
	}
}

// ASVS 1.3.4, 5.2.1, 5.2.2
func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	photo := asJPEG(t, corners(64, 64))
	var animation bytes.Buffer
	if err := gif.Encode(&animation, corners(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why  string
		data []byte
		kind errs.Kind
	}{
		{"nothing", nil, errs.Invalid},
		{"a text with a picture's name", []byte("hello"), errs.Invalid},
		{"a web page", []byte("<html><script>alert(1)</script>"), errs.Invalid},
		{"drawings that run script", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), errs.Invalid},
		{"GIF that is JavaScript", []byte("GIF89a=1;alert(1)//"), errs.Invalid},
		{"a whole GIF: moving pictures are not taken", animation.Bytes(), errs.Invalid},
		{"a zip, bomb or not", []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), errs.Invalid},
		{"a program", []byte("\x7fELF\x02\x01\x01"), errs.Invalid},
		{"half a photo", photo[:len(photo)/2], errs.Invalid},
		{"only the first bytes of a photo", photo[:4], errs.Invalid},
		{"only the name of the format", []byte("RIFF\x04\x00\x00\x00WEBPVP8 "), errs.Invalid},
		{"no pixels", hugePNG(0, 10, 8, 2), errs.Invalid},
		{"a header that would need 4 GB", hugePNG(32_000, 32_000, 8, 2), errs.TooLarge},
		{"a header whose size overflows", hugePNG(1<<31-1, 1<<31-1, 8, 2), errs.Invalid},
		{"one pixel row over", hugePNG(8000, 5001, 8, 2), errs.TooLarge},
		{"within the limit, were it not 16 bits", hugePNG(8000, 2501, 16, 6), errs.TooLarge},
		{"a header alone", hugePNG(8000, 5000, 8, 2), errs.Invalid},
		{"a scan for every few bytes", manyScans(100_000), errs.Invalid},
		{"over the size", append(bytes.Clone(photo), make([]byte, MaxBytes)...), errs.TooLarge},
	} {
		_, err := Check("照片.jpg", row.data)
		if !errors.Is(err, row.kind) {
			t.Errorf("%s: got %v, want %s", row.why, err, row.kind)
			continue
		}
		text, _ := errs.TextOf(err)
		if !strings.Contains(text.ZH, "照片.jpg") || !strings.Contains(text.EN, "照片.jpg") {
			t.Errorf("%s: %q does not name the file", row.why, text)
		}
	}
}

// The decoder must not see a picture of too many scans: it would take minutes.
//
// ASVS 15.2.2
func TestScansAreCountedBeforeDecoding(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		data []byte
		want int
	}{
		{"an ordinary photo", asJPEG(t, corners(64, 64)), 1},
		{"filling before a marker counts once", bytes.ReplaceAll(manyScans(3), []byte{0xff, markerSOS}, []byte{0xff, 0xff, 0xff, markerSOS}), 3},
		{"as many as are let through", manyScans(scansMost), scansMost},
		{"counting ends where it is enough", manyScans(100_000), scansMost + 1},
		{"a film behind the photo is not counted", append(manyScans(2), bytes.Repeat([]byte{0xff, markerSOS, 0, 2}, 500)...), 2},
		{"no JPEG", asPNG(t, corners(8, 8)), 0},
		{"cut in a marker", manyScans(2)[:90], 0},
	} {
		if got := scans(row.data); got != row.want {
			t.Errorf("%s: got %d, want %d", row.why, got, row.want)
		}
	}
	if _, err := admit("a", manyScans(scansMost+1)); !errors.Is(err, errs.Invalid) {
		t.Errorf("got %v, want it refused before decoding", err)
	}
	if a, err := admit("a", manyScans(1)); err != nil || a.cost != 2*4096*4096 {
		t.Errorf("a progressive picture: cost %d, %v; want it to count double", a.cost, err)
	}
}

// What hides in a picture does not reach the store.
func TestCheckLeavesEverythingElseBehind(t *testing.T) {
	t.Parallel()
	hidden := append(withEXIF(asJPEG(t, corners(64, 64)), 1, binary.LittleEndian), "<script>alert(1)</script>PK\x03\x04"...)
	c, err := Check("a.jpg.php", hidden)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{c.full, c.thumb} {
		for _, word := range []string{"Exif", "GPS", "cam", "script", "PK\x03\x04"} {
			if bytes.Contains(file, []byte(word)) {
				t.Errorf("%q is still there", word)
			}
		}
	}
}

// A phone held upright writes the picture lying and a note how to turn it.
func TestCheckTurnsUpright(t *testing.T) {
	t.Parallel()
	// The colours of the corners clockwise from top left, as letters.
	want := map[uint16]string{1: "RGYB", 2: "GRBY", 3: "YBRG", 4: "BYGR", 5: "RBYG", 6: "BRGY", 7: "YGRB", 8: "GYBR", 9: "RGYB", 0: "RGYB"}
	for turn, corner := range want {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			c, err := Check("a", withEXIF(asJPEG(t, corners(80, 40)), turn, order))
			if err != nil {
				t.Fatal(err)
			}
			if got := clockwise(decode(t, c.full)); got != corner {
				t.Errorf("orientation %d %v: corners %s, want %s", turn, order, got, corner)
			}
			if lying := turn >= 5 && turn <= 8; lying != (c.Height > c.Width) {
				t.Errorf("orientation %d: %d × %d", turn, c.Width, c.Height)
			}
		}
	}
}

func clockwise(img image.Image) (letters string) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	for _, at := range []image.Point{{4, 4}, {w - 5, 4}, {w - 5, h - 5}, {4, h - 5}} {
		r, g, b, _ := img.At(at.X, at.Y).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			letters += "Y"
		case r > 0x8000:
			letters += "R"
		case g > 0x8000:
			letters += "G"
		case b > 0x8000:
			letters += "B"
		}
	}
	return letters
}

func TestShrinkKeepsTheMean(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 997, 701)) // primes, so that no pixel falls whole
	for i := range img.Pix {
		img.Pix[i] = uint8(255 * (i % 2))
	}
	small := shrink(img, 100)
	for i, v := range small.Pix {
		if i%4 != 3 && (v < 110 || v > 145) {
			t.Fatalf("pixel %d is %d, want about the mean 127", i/4, v)
		}
	}
	if small.Rect.Dx() != 100 || small.Rect.Dy() != 70 {
		t.Errorf("got %v", small.Rect)
	}
}

func TestShrinkLosesNoLight(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 997, 701))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	for i, v := range shrink(img, 100).Pix {
		if i%4 != 3 && v != 200 {
			t.Fatalf("pixel %d of an even grey became %d, want 200", i/4, v)
		}
	}
}

func TestCheckCount(t *testing.T) {
	t.Parallel()
	if err := CheckCount(MaxFiles); err != nil {
		t.Errorf("%d files: %v", MaxFiles, err)
	}
	if err := CheckCount(MaxFiles + 1); !errors.Is(err, errs.TooLarge) {
		t.Errorf("%d files: got %v, want too large", MaxFiles+1, err)
	}
}

// ASVS 1.3.3, 5.4.1
func TestCleanName(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, name, want string }{
		{"ordinary", "井盖.JPG", "井盖.jpg"},
		{"path of Unix", "../../etc/passwd", "passwd.jpg"},
		{"path of Windows", `C:\fake path\照片 1.png`, "照片 1.jpg"},
		{"only a path", "../..", "照片.jpg"},
		{"nothing", "", "照片.jpg"},
		{"hidden file", ".htaccess", "照片.jpg"},
		{"program behind a picture", "a.jpg.exe", "a.jpg.jpg"},
		{"written backwards", "photo\u202egpj.exe", "photogpj.jpg"},
		{"isolates and zero width", "a\u2066b\u200bc\ufeff.png", "abc.jpg"},
		{"line feeds for a header", "a\r\nSet-Cookie: x.png", "aSet-Cookie_ x.jpg"},
		{"NUL", "a\x00.png", "a.jpg"},
		{"not UTF-8", "\xff\xfea.png", "a.jpg"},
		{"markup", `<img src="x">.png`, "_img src=_x__.jpg"},
		{"over-long", strings.Repeat("长", 500) + ".png", strings.Repeat("长", 60) + ".jpg"},
		{"two spellings of one letter", "e\u0301.png", "\u00e9.jpg"},
	} {
		if got := cleanName(row.name); got != row.want {
			t.Errorf("%s: %q became %q, want %q", row.why, row.name, got, row.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	photo := asJPEG(f, corners(16, 16))
	f.Add("a.jpg", photo)
	f.Add("a.png", asPNG(f, corners(16, 16)))
	f.Add("a.webp", unbase64(f, webpLossy))
	f.Add("b.webp", unbase64(f, webpLossless))
	f.Add("half.jpg", photo[:len(photo)/2])
	f.Add("turn.jpg", withEXIF(photo, 6, binary.BigEndian))
	for format, data := range noted(f, 6) {
		f.Add(format, data)
	}
	f.Add("huge.png", hugePNG(1<<31-1, 1<<31-1, 8, 2))
	f.Add("scans.jpg", manyScans(70))
	f.Add("../x\u202e.gif", []byte("GIF89a=1;alert(1)//"))
	f.Add("bomb.zip", []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		c, err := Check(name, data)
		if err != nil {
			if kind := errs.KindOf(err); kind != errs.Invalid && kind != errs.TooLarge {
				t.Errorf("no clear answer: %v", err)
			}
			return
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(c.full))
		if err != nil || config.Width != c.Width || config.Height != c.Height || max(c.Width, c.Height) > LongSide {
			t.Errorf("let through %+v: %v", config, err)
		}
		if strings.ContainsAny(c.Name, "/\\\x00\n\u202e") || len([]rune(c.Name)) > nameMost+4 {
			t.Errorf("let the name %q through", c.Name)
		}
	})
}

func BenchmarkCheck12Megapixels(b *testing.B) {
	img := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = uint8(i * 7)
	}
	data := asJPEG(b, img)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Check("a", data); err != nil {
			b.Fatal(err)
		}
	}
}
