package sheet

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Encoding names how a file's characters are written.
type Encoding string

// The encodings that district tables come in.
const (
	UTF8    Encoding = "utf-8"
	GB18030 Encoding = "gb18030"
	UTF16   Encoding = "utf-16"
)

var byteOrderMark = []byte("\ufeff")

// pieceSize is how much of a file is in memory at a time.
const pieceSize = 256 << 10

// settle says how the file's characters are written, by the mapping or by looking
// at the bytes, and that all of them are. It reads the whole file before the
// first row is given, so that a fault at its end leaves nothing behind.
func (f File) settle(from From, report *Report) (Encoding, bool) {
	enc := from.Encoding
	seen, ok := survey{}, true
	if enc == "" || enc == "auto" || enc == UTF8 {
		if seen, ok = f.survey(UTF8, report); !ok {
			return enc, false
		}
	}
	if enc == "" || enc == "auto" {
		enc = f.guess(seen)
	}
	switch {
	case enc == UTF16:
		if seen, ok = f.survey(enc, report); ok && seen.bad {
			report.add(Fatal, Place{File: f.Name}, "", "不是有效的 UTF-16 文本。", "This is not valid UTF-16 text.")
		}
	case enc == GB18030:
		if seen, ok = f.survey(enc, report); ok && seen.bad {
			report.add(Fatal, seen.place(f.Name), "", "此处既不是 UTF-8 也不是 GB18030 文字。", "The text here is neither UTF-8 nor GB18030.")
		} else if ok {
			report.add(Note, Place{File: f.Name}, "", "按 GB18030 读取。", "Read as GB18030.")
		}
	case seen.bad:
		report.add(Fatal, seen.place(f.Name), "", "此处不是 UTF-8 文字（字节 0x%02X）；请另存为 UTF-8，或在映射文件中写明 encoding。",
			"The text is not UTF-8 here (byte 0x%02X); save the file as UTF-8, or name the encoding in the mapping file.", seen.what)
	}
	return enc, ok && !seen.bad
}

// guess goes by what was seen when the file was read as UTF-8. A file with more
// whole UTF-8 characters than broken bytes is damaged UTF-8 and must not be read
// as GB18030, which would turn it into other characters without complaint.
func (f File) guess(seen survey) Encoding {
	if mark := f.first(2); bytes.Equal(mark, []byte{0xFF, 0xFE}) || bytes.Equal(mark, []byte{0xFE, 0xFF}) {
		return UTF16
	}
	if seen.broken > 0 && seen.whole <= seen.broken {
		return GB18030
	}
	return UTF8
}

// text is the file as UTF-8 without a byte order mark, from its beginning.
func (f File) text(enc Encoding) *bufio.Reader {
	var r io.Reader = io.NewSectionReader(f.src, 0, f.size)
	switch enc {
	case UTF16:
		r = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
	case GB18030:
		r = simplifiedchinese.GB18030.NewDecoder().Reader(r)
	}
	in := bufio.NewReaderSize(r, pieceSize)
	if mark, err := in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(mark, byteOrderMark) {
		_, _ = in.Discard(len(mark))
	}
	return in
}

// survey is what reading a file through found out about its characters.
type survey struct {
	whole, broken int // characters of several bytes, and bytes that belong to none
	line, column  int // of the character last looked at, from 0
	bad           bool
	what          byte // the first that is none
	badLine       int
	badColumn     int
}

// place is where the first bad character stands.
func (s survey) place(name string) Place {
	return Place{File: name, Line: s.badLine + 1, Column: s.badColumn + 1}
}

// survey reads the file through. A decoder of another encoding puts the
// replacement character where it fails, which text that was whole does not hold.
func (f File) survey(enc Encoding, report *Report) (s survey, ok bool) {
	in := f.text(enc)
	for {
		piece, err := in.Peek(pieceSize)
		if err != nil && err != io.EOF {
			f.lost(report)
			return s, false
		}
		used := s.look(piece, err == io.EOF, enc != UTF8)
		if _, err := in.Discard(used); err != nil || len(piece) == 0 {
			return s, err == nil
		}
	}
}

// look takes the characters of a piece into account and says how many bytes of it
// they were: one that is cut off at the end waits for the next piece.
func (s *survey) look(piece []byte, last, replaced bool) (used int) {
	for used < len(piece) {
		b := piece[used]
		if b < utf8.RuneSelf {
			used++
			if s.column++; b == '\n' {
				s.line, s.column = s.line+1, 0
			}
			continue
		}
		if !last && !utf8.FullRune(piece[used:]) {
			return used
		}
		r, size := utf8.DecodeRune(piece[used:])
		if r == utf8.RuneError && (size == 1 || replaced) {
			s.broken++
			if !s.bad {
				s.bad, s.what, s.badLine, s.badColumn = true, b, s.line, s.column
			}
		} else {
			s.whole++
		}
		s.column++
		used += size
	}
	return used
}

// lost says that the file could not be read to its end, as when a disk fails.
func (f File) lost(report *Report) {
	report.add(Fatal, Place{File: f.Name}, "", "文件没有读完。", "The file could not be read to its end.")
}
