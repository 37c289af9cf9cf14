package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/errs"
)

// What cameras and programs write beside the pixels: the owner's name, a serial
// number, a place, and a small copy of the picture as it was before it was cut.
const (
	owner  = "QIU WANSHAN 裘万山"
	serial = "SN-4711-0815"
	place  = "N30.0123 E121.0123"
)

// notes is a TIFF structure as cameras write it: an orientation, the owner, a
// directory of the place, maker's notes and a small copy after them.
func notes(t testing.TB, turn uint16) []byte {
	t.Helper()
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("II*\x00"), 8)
	b = le.AppendUint16(b, 3)
	entry := func(tag, kind uint16, n, value uint32) {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), n), value)
	}
	entry(0x0112, 3, 1, uint32(turn))
	entry(0x013b, 2, uint32(len(owner)), 60) // Artist
	entry(0x8825, 4, 1, 120)                 // the directory of the place
	b = append(b, owner+"\x00"+serial+"\x00"+place+"\x00MakerNote "+serial...)
	return append(b, asJPEG(t, corners(16, 16))...)
}

// noted are real pictures, 80 × 40, with all of that in every place their format
// has for it.
func noted(t testing.TB, turn uint16) map[string][]byte {
	t.Helper()
	segment := func(marker byte, body string) []byte {
		return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
	}
	xmp := "<x:xmpmeta>" + owner + place + "</x:xmpmeta>"
	j := asJPEG(t, corners(80, 40))
	j = bytes.Join([][]byte{j[:2], segment(0xe1, "Exif\x00\x00"+string(notes(t, turn))), segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+xmp),
		segment(0xe2, "MPF\x00"+serial), segment(0xed, "Photoshop 3.0\x008BIM"+owner), segment(0xfe, place), j[2:], asJPEG(t, corners(8, 8)), []byte(owner)}, nil)

	part := func(name, body string) []byte {
		b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), name+body...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	p := asPNG(t, corners(80, 40))
	p = bytes.Join([][]byte{p[:33], part("tEXt", "Author\x00"+owner), part("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp), part("eXIf", string(notes(t, turn))),
		part("tIME", "\x07\xea\x0b\x17\x0a\x1f\x00"), p[33:], []byte(serial)}, nil)

	piece := func(name, body string) string {
		b := string(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))) + body
		return b + strings.Repeat("\x00", len(body)%2)
	}
	pixels := string(unbase64(t, webpLossy)[12:])
	w := "WEBP" + piece("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00") + pixels + piece("EXIF", string(notes(t, turn))) + piece("XMP ", xmp)
	return map[string][]byte{"JPEG": j, "PNG": p, "WebP": append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(w))), w...)}
}

// Nothing that a camera writes beside the pixels is kept, of any format that is
// taken: neither in what is stored nor in its small copy nor beside them.
func TestNothingOfTheCameraIsKept(t *testing.T) {
	t.Parallel()
	for format, data := range noted(t, 1) {
		for _, hidden := range []string{owner, serial, place} {
			if !bytes.Contains(data, []byte(hidden)) {
				t.Fatalf("%s carries no %q: the test looks at nothing", format, hidden)
			}
		}
		dir := t.TempDir()
		s, err := NewStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Take(t.Context(), owner+".jpg", data); err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		files := 0
		err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			kept, err := os.ReadFile(path)
			for _, hidden := range []string{owner, serial, place, "Exif", "xmpmeta", "Photoshop", "MPF", "MakerNote", "tEXt", "eXIf", "ICC_PROFILE"} {
				if bytes.Contains(kept, []byte(hidden)) || strings.Contains(path, hidden) {
					t.Errorf("%s: %s holds %q", format, filepath.Base(path), hidden)
				}
			}
			if bytes.Equal(kept, data) {
				t.Errorf("%s: the file is kept as it was sent", format)
			}
			return err
		})
		if err != nil || files != 2 {
			t.Errorf("%s: %d files, %v; want the picture and its small copy", format, files, err)
		}
	}
}

// How the camera was held is a note too. It goes; the picture is turned.
func TestEveryFormatIsTurned(t *testing.T) {
	t.Parallel()
	for format, data := range noted(t, 6) {
		if got := orientation(data); got != 6 {
			t.Errorf("%s: orientation %d, want 6", format, got)
		}
		c, err := Check("a", data)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if format == "WebP" { // of one pixel: nothing to see
			continue
		}
		if got := clockwise(decode(t, c.full)); got != "BRGY" || c.Height != 80 {
			t.Errorf("%s: corners %s, height %d; want it turned right", format, got, c.Height)
		}
	}
}

// A picture that cannot be decoded cannot be cleaned, and is not taken.
func TestHEICIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, brand := range []string{"heic", "mif1", "avif"} {
		_, err := Check("IMG_0001.HEIC", []byte("\x00\x00\x00\x18ftyp"+brand+"\x00\x00\x00\x00"+owner))
		said, _ := errs.TextOf(err)
		if errs.KindOf(err) != errs.Invalid || !strings.Contains(said.ZH, "HEIC") || !strings.Contains(said.ZH, "兼容性最佳") {
			t.Errorf("%s: %v, want it refused with what to do", brand, err)
		}
	}
}

// A name says whose a picture is; without it, it is a picture.
func TestNameless(t *testing.T) {
	t.Parallel()
	if got := (Kept{name: owner + ".jpg", sha256: "a"}).Nameless(); got.Name() != "照片.jpg" || got.sha256 != "a" {
		t.Errorf("got %+v", got)
	}
}
