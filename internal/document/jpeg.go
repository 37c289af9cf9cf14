package document

import (
	"bytes"
	"encoding/binary"
	"image"
)

// scansMost is far above what cameras and editors write (about ten). A
// progressive JPEG of a few hundred bytes a scan makes the decoder walk over
// the whole picture again for each.
const scansMost = 64

const (
	markerSOF2 = 0xc2 // begins a progressive picture
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerAPP1 = 0xe1
)

// segments calls each for every marker segment of a JPEG up to its end or to
// the first thing that is not one, until each says no. Like the decoder it
// passes over filling, and over picture data, in which a marker cannot occur.
func segments(data []byte, each func(marker byte, body []byte) bool) {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return
	}
	for rest := data[2:]; ; {
		at := bytes.IndexByte(rest, 0xff)
		if at < 0 {
			return
		}
		for rest = rest[at:]; len(rest) > 0 && rest[0] == 0xff; {
			rest = rest[1:]
		}
		if len(rest) == 0 || rest[0] == markerEOI {
			return
		}
		marker := rest[0]
		rest = rest[1:]
		if marker == 0 || marker >= 0xd0 && marker <= 0xd7 {
			continue // a stuffed byte or a restart within picture data
		}
		if len(rest) < 2 {
			return
		}
		size := int(binary.BigEndian.Uint16(rest))
		if size < 2 || size > len(rest) || !each(marker, rest[2:size]) {
			return
		}
		rest = rest[size:]
	}
}

// scans counts the scans of a JPEG, as far as one over the limit. Other formats
// have none.
func scans(data []byte) (n int) {
	segments(data, func(marker byte, _ []byte) bool {
		if marker == markerSOS {
			n++
		}
		return n <= scansMost
	})
	return n
}

func progressive(data []byte) (yes bool) {
	segments(data, func(marker byte, _ []byte) bool {
		yes = marker == markerSOF2
		return !yes && marker != markerSOS
	})
	return yes
}

// turning is the EXIF orientation: how the camera was held, 1 for upright.
type turning int

// orientation finds how to turn a JPEG upright. What has no such note, or a
// broken one, is taken as it is.
func orientation(data []byte) turning {
	turn := turning(1)
	segments(data, func(marker byte, body []byte) bool {
		if exif, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == markerAPP1 {
			turn = exifTurning(exif)
			return false
		}
		return marker != markerSOS
	})
	return turn
}

// exifTurning reads tag 0x0112 of the first directory of a TIFF structure
// (Exif 2.3, 4.6.4).
func exifTurning(tiff []byte) turning {
	const header, entry = 8, 12
	if len(tiff) < header {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := int(order.Uint16(tiff[at:]))
	for dir := tiff[at+2:]; entries > 0 && len(dir) >= entry; entries-- {
		if order.Uint16(dir) == 0x0112 {
			if turn := turning(order.Uint16(dir[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
		dir = dir[entry:]
	}
	return 1
}

// apply turns a picture upright. Orientations 5 to 8 lie on their side; each
// is a flip of the ones before.
func (o turning) apply(img *image.RGBA) *image.RGBA {
	if o == 1 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if o >= 5 {
		w, h = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := o.from(x, y, w, h)
			copy(to.Pix[to.PixOffset(x, y):][:4], img.Pix[img.PixOffset(fx, fy):][:4])
		}
	}
	return to
}

// from says which pixel of the picture as stored belongs at x, y of the
// upright one, which is w × h.
func (o turning) from(x, y, w, h int) (int, int) {
	switch o {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored upside down
		return x, h - 1 - y
	case 5: // mirrored on its side
		return y, x
	case 6: // to be turned right
		return y, w - 1 - x
	case 7: // mirrored on its other side
		return h - 1 - y, w - 1 - x
	case 8: // to be turned left
		return h - 1 - y, x
	}
	return x, y
}
