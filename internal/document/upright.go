package document

import (
	"bytes"
	"encoding/binary"
	"image"
)

// turning is the EXIF orientation: how the camera was held, 1 for upright.
type turning int

// orientation finds how to turn a picture upright. What has no such note, or a
// broken one, is taken as it is.
func orientation(data []byte) turning {
	if tiff := exif(data); tiff != nil {
		return exifTurning(tiff)
	}
	return 1
}

// exif finds the camera's notes in a JPEG, PNG or WebP; nil where there are none.
func exif(data []byte) (tiff []byte) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return chunk(data[8:], binary.BigEndian, "eXIf")
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return bytes.TrimPrefix(chunk(data[12:], binary.LittleEndian, "EXIF"), []byte("Exif\x00\x00"))
	}
	segments(data, func(marker byte, body []byte) bool {
		if notes, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && marker == markerAPP1 {
			tiff = notes
			return false
		}
		return marker != markerSOS
	})
	return tiff
}

// chunk finds a chunk by its name. PNG writes length, name, body and a checksum;
// RIFF, of which WebP is one, name, length and body, filled up to an even length.
func chunk(data []byte, order binary.ByteOrder, name string) []byte {
	png := order == binary.ByteOrder(binary.BigEndian)
	for len(data) >= 8 {
		called, size := string(data[:4]), uint64(order.Uint32(data[4:]))
		if png {
			called, size = string(data[4:8]), uint64(order.Uint32(data))
		}
		if size > uint64(len(data)-8) {
			return nil
		}
		if called == name {
			return data[8 : 8+size]
		}
		next := 8 + size + size%2
		if png {
			next = 8 + size + 4
		}
		if next > uint64(len(data)) {
			return nil
		}
		data = data[next:]
	}
	return nil
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
