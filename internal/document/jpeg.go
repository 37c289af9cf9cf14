package document

import (
	"bytes"
	"encoding/binary"
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
