package sheet

import (
	"bytes"
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

// decode turns the file into UTF-8 without a byte order mark. It guesses only
// where the mapping does not say.
func (f File) decode(from From, report *Report) ([]byte, bool) {
	data := f.data
	enc := from.Encoding
	if enc == "" || enc == "auto" {
		enc = guess(data)
	}
	switch enc {
	case UTF16:
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
			report.add(Fatal, Place{File: f.Name}, "", "不是有效的 UTF-16 文本。", "This is not valid UTF-16 text.")
			return nil, false
		}
		return bytes.TrimPrefix(out, byteOrderMark), true
	case GB18030:
		return f.decodeGB(data, report)
	}
	data = bytes.TrimPrefix(data, byteOrderMark)
	if at := firstInvalid(data); at >= 0 {
		p := f.position(data, at)
		report.add(Fatal, p, "", "此处不是 UTF-8 文字（字节 0x%02X）；请另存为 UTF-8，或在映射文件中写明 encoding。",
			"The text is not UTF-8 here (byte 0x%02X); save the file as UTF-8, or name the encoding in the mapping file.", data[at])
		return nil, false
	}
	return data, true
}

func (f File) decodeGB(data []byte, report *Report) ([]byte, bool) {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	at := bytes.IndexRune(out, utf8.RuneError)
	if err != nil || at >= 0 {
		p := Place{File: f.Name}
		if at >= 0 {
			p = f.position(out, at)
		}
		report.add(Fatal, p, "", "此处既不是 UTF-8 也不是 GB18030 文字。", "The text here is neither UTF-8 nor GB18030.")
		return nil, false
	}
	report.add(Note, Place{File: f.Name}, "", "按 GB18030 读取。", "Read as GB18030.")
	return out, true
}

// guess looks at the bytes. A file with more whole UTF-8 characters than
// broken bytes is damaged UTF-8 and must not be read as GB18030, which would
// turn it into other characters without complaint.
func guess(data []byte) Encoding {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return UTF16
	}
	whole, broken := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			broken++
		} else {
			whole++
		}
		i += size
	}
	if broken > 0 && whole <= broken {
		return GB18030
	}
	return UTF8
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// position is the line and character of an offset.
func (f File) position(data []byte, offset int) Place {
	before := data[:min(offset, len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Place{File: f.Name, Line: bytes.Count(before, []byte{'\n'}) + 1, Column: utf8.RuneCount(before[start:]) + 1}
}
