package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"linli/internal/lang"
)

// delimited reads CSV and TSV. It is a reader of our own because a finding
// needs the line and column of each fault, and a bad row must not end the file.
func (f File) delimited(text *bufio.Reader, format Format, from From, report *Report, yield func(Row) bool) {
	comma := byte(',')
	if format == TSV {
		comma = '\t'
	}
	if len(from.Delimiter) == 1 {
		comma = from.Delimiter[0]
	}
	c := &cutter{file: f, in: text, comma: comma, line: 1, report: report}
	var h *head
	for n := 0; ; {
		fields, line, ok := c.next()
		if !ok {
			break
		}
		if fields == nil || h == nil && line < from.Header {
			continue
		}
		if h == nil {
			if h, ok = f.heading(fields, line, report); !ok {
				return
			}
			continue
		}
		n++
		if f.tooMany(n, f.limits.Rows, line, report) || !f.deliver(h, fields, line, report, yield) {
			return
		}
	}
	if h == nil && !c.broken {
		report.add(Fatal, Place{File: f.Name}, "", "没有找到列名行。", "No line of column names was found.")
	}
}

// deliver hands on a row that has as many fields as there are columns. Empty
// fields beyond the last column are what spreadsheets leave behind.
func (f File) deliver(h *head, fields []string, line int, report *Report, yield func(Row) bool) bool {
	for len(fields) > len(h.names) && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) != len(h.names) {
		report.add(Error, Place{File: f.Name, Line: line, Column: min(len(fields), len(h.names)) + 1}, "",
			"这一行有 %d 列，应有 %d 列。", "This row has %d columns where %d are expected.", len(fields), len(h.names))
		return true
	}
	return yield(Row{Place: Place{File: f.Name, Line: line}, head: h, values: fields})
}

// heading checks the line of column names.
func (f File) heading(fields []string, line int, report *Report) (*head, bool) {
	for len(fields) > 0 && trim(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) > f.limits.Columns {
		report.add(Fatal, Place{File: f.Name, Line: line}, "", "超过 %d 列。", "More than %d columns.", f.limits.Columns)
		return nil, false
	}
	seen := map[string]int{}
	ok := len(fields) > 0
	if !ok {
		report.add(Fatal, Place{File: f.Name, Line: line}, "", "列名行是空的。", "The line of column names is empty.")
	}
	for i, raw := range fields {
		name := trim(raw)
		fields[i] = name
		if first, twice := seen[name]; twice && name != "" {
			report.add(Fatal, Place{File: f.Name, Line: line, Column: i + 1}, name,
				"列名与第 %d 列重复。", "This column has the same name as column %d.", first)
			ok = false
		}
		seen[name] = i + 1
	}
	return newHead(fields), ok
}

// cutter cuts text into records and keeps the count of lines.
type cutter struct {
	file   File
	in     *bufio.Reader
	comma  byte
	line   int
	value  []byte // of the field being cut, up to one byte more than it may have
	broken bool
	report *Report
}

// ahead is what of the text is at hand; nothing at its end, and where it cannot be
// read on, which is told.
func (c *cutter) ahead() []byte {
	if c.in.Buffered() == 0 {
		if _, err := c.in.Peek(1); err != nil && err != io.EOF && !c.broken {
			c.broken = true
			c.file.lost(c.report)
		}
	}
	piece, _ := c.in.Peek(c.in.Buffered()) // what is buffered can be looked at
	return piece
}

// pass goes over n bytes that are at hand.
func (c *cutter) pass(n int) { _, _ = c.in.Discard(n) }

// keep adds to the field. What is over its bound only has to show that it is.
func (c *cutter) keep(part []byte) {
	room := c.file.limits.Field + 2 - len(c.value) // a carriage return at the end is taken off
	c.value = append(c.value, part[:min(len(part), max(room, 0))]...)
}

// next cuts one record. A record with a fault, or an empty line, comes back
// with nil fields; ok is false at the end and where reading cannot go on.
func (c *cutter) next() (fields []string, line int, ok bool) {
	if c.broken || len(c.ahead()) == 0 {
		return nil, c.line, false
	}
	line = c.line
	good := true
	for {
		value, end, fine := c.field(len(fields) + 1)
		if c.broken {
			return nil, line, false
		}
		good = good && fine
		if len(fields) <= c.file.limits.Columns {
			fields = append(fields, value)
		}
		if end {
			break
		}
	}
	if !good || len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
		return nil, line, true
	}
	return fields, line, true
}

// field cuts one field; end says that the record ends with it.
func (c *cutter) field(column int) (value string, end, fine bool) {
	at := Place{File: c.file.Name, Line: c.line, Column: column}
	c.value, fine = c.value[:0], true
	if piece := c.ahead(); len(piece) > 0 && piece[0] == '"' {
		if fine = c.quoted(at); c.broken {
			return "", true, false
		}
	} else {
		c.plain(c.keep)
		c.value = bytes.TrimSuffix(c.value, []byte{'\r'})
	}
	if fine {
		value = string(c.value)
	}
	if text, bad := faulty(value, c.file.limits.Field); bad {
		c.report.Add(Finding{Place: at, Severity: Error, Text: text})
		value, fine = "", false
	}
	piece := c.ahead()
	if len(piece) > 0 {
		end = piece[0] != c.comma
		c.pass(1)
	}
	if len(piece) > 0 && end {
		c.line++
	}
	return value, end || len(piece) == 0, fine
}

// quoted cuts a field in quotes, in which a doubled quote is one and line
// breaks are text. A quote never closed would swallow the rest of the file, so
// reading stops there.
func (c *cutter) quoted(at Place) (fine bool) {
	c.pass(1)
	for {
		piece := c.ahead()
		if len(piece) == 0 {
			if !c.broken {
				c.broken = true
				c.report.add(Fatal, at, "", "引号没有收尾。", "The quote is never closed.")
			}
			return false
		}
		n := bytes.IndexByte(piece, '"')
		part := piece[:max(n, 0)]
		if n < 0 {
			part = piece
		}
		c.line += bytes.Count(part, []byte{'\n'})
		c.keep(part)
		if n < 0 {
			c.pass(len(piece))
			continue
		}
		c.pass(n + 1)
		if piece = c.ahead(); len(piece) == 0 || piece[0] != '"' {
			break
		}
		c.keep(piece[:1])
		c.pass(1)
	}
	follows := false
	c.plain(func(part []byte) { follows = follows || len(bytes.TrimSpace(part)) > 0 })
	if follows {
		c.report.add(Error, at, "", "引号之后还有文字；字段里的引号要写两遍。", "Text follows the closing quote; a quote within a field is written twice.")
	}
	return !follows
}

// plain hands on what stands before the next separator or line break.
func (c *cutter) plain(each func(part []byte)) {
	for piece := c.ahead(); len(piece) > 0; piece = c.ahead() {
		n := c.fieldEnd(piece)
		each(piece[:n])
		c.pass(n)
		if n < len(piece) {
			return
		}
	}
}

// fieldEnd is where the next separator or line break stands in rest.
func (c *cutter) fieldEnd(rest []byte) int {
	for i, b := range rest {
		if b == c.comma || b == '\n' {
			return i
		}
	}
	return len(rest)
}

// faulty reports what no field may hold.
func faulty(value string, limit int) (lang.Text, bool) {
	switch {
	case len(value) > limit:
		return lang.T("字段太长，最多 %d 字节。", "The field is too long; %d bytes are the most.", limit), true
	case strings.IndexByte(value, 0) >= 0:
		return lang.T("字段里有空字节。", "The field holds a NUL byte."), true
	case !utf8.ValidString(value):
		return lang.T("字段里有无效文字。", "The field holds invalid text."), true
	}
	return lang.Text{}, false
}

// trim takes off the white space that tables carry, the full-width and
// zero-width kinds included.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r <= ' ' || r == '\u00a0' || r == '\u3000' || r == '\u200b' || r == '\ufeff' || r == '\u2028'
	})
}
