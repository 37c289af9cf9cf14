package sheet

import (
	"errors"
	"io"
	"unicode/utf8"
)

var errLong = errors.New("sheet: one element is too long")

// trace reads text for a decoder and remembers what the decoder has not finished
// with, so that an offset in the text has a line and a column.
type trace struct {
	in           io.Reader
	held         []byte // from at on
	at           int64  // offset of the first byte of held
	given        int    // bytes of held that the decoder was given
	line, column int    // of at: the line from 1, the characters before it in the line
	most         int    // bytes of held: one element may not have more
	err          error  // that ended the text too early
}

// Read gives the decoder what was looked at already, then more.
func (t *trace) Read(p []byte) (int, error) {
	if t.given == len(t.held) {
		if err := t.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, t.held[t.given:])
	t.given += n
	return n, nil
}

// more reads a piece.
func (t *trace) more() error {
	if len(t.held) > t.most {
		t.err = errLong
		return errLong
	}
	if cap(t.held)-len(t.held) < pieceSize/4 {
		t.held = append(make([]byte, 0, 2*len(t.held)+pieceSize), t.held...)
	}
	n, err := t.in.Read(t.held[len(t.held):min(cap(t.held), len(t.held)+pieceSize)])
	t.held = t.held[:len(t.held)+n]
	switch {
	case n > 0:
		return nil
	case err == nil:
		return io.ErrNoProgress
	case err != io.EOF:
		t.err = err
	}
	return err
}

// byte is the one so far ahead; NUL beyond the end of the text.
func (t *trace) byte(ahead int) byte {
	for ahead >= len(t.held) {
		if t.more() != nil {
			return 0
		}
	}
	return t.held[ahead]
}

// place is the line and column so far ahead.
func (t *trace) place(ahead int) (line, column int) {
	line, column = t.line, t.column
	for i := 0; i < min(ahead, len(t.held)); {
		size := 1
		if t.held[i] >= utf8.RuneSelf {
			_, size = utf8.DecodeRune(t.held[i:])
		}
		if column++; t.held[i] == '\n' {
			line, column = line+1, 0
		}
		i += size
	}
	return line, column
}

// to goes on to an offset that the decoder has reached, and lets go of what is
// before it.
func (t *trace) to(offset int64) {
	n := int(offset - t.at)
	t.line, t.column = t.place(n)
	t.at, t.held, t.given = offset, t.held[n:], t.given-n
}
