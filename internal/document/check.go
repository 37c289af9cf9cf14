package document

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"slices"

	"golang.org/x/image/webp"

	"linli/internal/errs"
)

// quality of the stored JPEG: no loss the eye sees, about 500 KB a photo.
const quality = 85

// Checked is a picture that was let through and drawn anew. Only Check makes
// one that holds anything.
type Checked struct {
	Name          string
	Width, Height int // of the stored picture
	full, thumb   []byte
}

// Size is the number of bytes of the stored picture.
func (c Checked) Size() int { return len(c.full) }

// format is a kind of picture that can be decoded.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formatOf(data []byte) (format, bool) {
	switch http.DetectContentType(data) {
	case "image/jpeg":
		return format{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/png":
		return format{png.DecodeConfig, png.Decode}, true
	case "image/webp":
		return format{webp.DecodeConfig, webp.Decode}, true
	}
	return format{}, false
}

// heic reports whether a file is one of those that newer telephones write. They
// cannot be decoded here, so what hides in them could not be left behind.
func heic(data []byte) bool {
	return len(data) >= 12 && string(data[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"}, string(data[8:12]))
}

// Check lets a picture through or says why not: errs.TooLarge over a limit,
// errs.Invalid for what is not a whole JPEG, PNG or WebP picture.
func Check(name string, data []byte) (Checked, error) {
	a, err := admit(name, data)
	if err != nil {
		return Checked{}, err
	}
	return a.draw()
}

// CheckCount refuses more pictures than one report or act may bring.
func CheckCount(n int) error {
	if n > MaxFiles {
		return errs.New(errs.TooLarge, "一次最多传 %d 张照片，现在有 %d 张，请去掉几张", "at most %d photos at a time; there are %d, please remove some", MaxFiles, n).At("photos")
	}
	return nil
}

// admitted is a picture that may be decoded.
type admitted struct {
	name   string
	data   []byte
	decode func(io.Reader) (image.Image, error)
	cost   int64 // pixels, weighed by the memory that decoding takes, at most MaxPixels
}

// admit decides from size, first bytes and claimed dimensions, before anything
// is decoded.
func admit(name string, data []byte) (admitted, error) {
	name = cleanName(name)
	if len(data) == 0 {
		return admitted{}, errs.New(errs.Invalid, "“%s”是空文件，请重新选一张", "“%s” is an empty file, please choose again", name).At("photos")
	}
	if len(data) > MaxBytes {
		return admitted{}, errs.New(errs.TooLarge, "“%s”超过 %d MB，请换小一点的照片", "“%s” is over %d MB, please choose a smaller photo", name, MaxBytes>>20).At("photos")
	}
	f, ok := formatOf(data)
	if !ok && heic(data) {
		return admitted{}, errs.New(errs.Invalid, "“%s”是 HEIC 照片，现在收不了：请在手机相机的设置里选“兼容性最佳”再拍，或者截一张图", "“%s” is an HEIC photo, which cannot be taken yet: choose “most compatible” in the settings of the camera, or send a screenshot of it", name).At("photos")
	}
	if !ok {
		return admitted{}, errs.New(errs.Invalid, "“%s”不是照片：只收 JPEG、PNG、WebP", "“%s” is not a photo: only JPEG, PNG and WebP are taken", name).At("photos")
	}
	config, err := f.config(bytes.NewReader(data))
	if err != nil {
		return admitted{}, broken(name, err)
	}
	if config.Width <= 0 || config.Height <= 0 {
		return admitted{}, broken(name, fmt.Errorf("%d × %d pixels", config.Width, config.Height))
	}
	most := MaxPixels / memory(config, data)
	if config.Width > most/config.Height {
		return admitted{}, errs.New(errs.TooLarge, "“%s”有 %d × %d 像素，最多 %d 万像素，请换小一点的照片", "“%s” has %d × %d pixels, more than %d × 10,000; please choose a smaller photo",
			name, config.Width, config.Height, most/10_000).At("photos")
	}
	if n := scans(data); n > scansMost {
		return admitted{}, broken(name, fmt.Errorf("over %d scans", scansMost))
	}
	return admitted{name, data, f.decode, int64(config.Width) * int64(config.Height) * int64(memory(config, data))}, nil
}

// memory is 2 for pictures that take more memory a pixel than others while
// they are decoded (progressive JPEG up to 15 bytes, 16-bit colour 8), else 1.
func memory(config image.Config, data []byte) int {
	deep := config.ColorModel == color.RGBA64Model || config.ColorModel == color.NRGBA64Model
	if deep || progressive(data) {
		return 2
	}
	return 1
}

// draw decodes a picture and draws it anew.
func (a admitted) draw() (Checked, error) {
	img, err := a.decode(bytes.NewReader(a.data))
	if err != nil {
		return Checked{}, broken(a.name, err)
	}
	full := orientation(a.data).apply(shrink(img, LongSide))
	c := Checked{Name: a.name, Width: full.Rect.Dx(), Height: full.Rect.Dy()}
	if c.full, err = encode(full); err != nil {
		return Checked{}, err
	}
	c.thumb, err = encode(shrink(full, ThumbSide))
	return c, err
}

func broken(name string, cause error) error {
	return errs.New(errs.Invalid, "“%s”打不开，可能没传完整，请重新拍一张或换一张", "“%s” cannot be opened, perhaps it is incomplete; please take or choose another", name).
		At("photos").Because(fmt.Errorf("decode: %w", cause))
}

func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
