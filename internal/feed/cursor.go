package feed

import (
	"fmt"
	"strconv"
	"strings"

	"linli/internal/errs"
)

// Cursor is how far somebody has read: everything up to and with a place of the
// log, or, where Sub is more than 0, everything before that place and so many of
// the events of its entry. The zero Cursor is the beginning.
type Cursor struct {
	Place int64
	Sub   int
}

// subMost is beyond what one entry makes events of.
const subMost = 999

// Whole is the last place of which everything was read.
func (c Cursor) Whole() int64 {
	if c.Sub > 0 {
		return c.Place - 1
	}
	return c.Place
}

// had reports whether an event, of those after the last whole place, was read.
func (c Cursor) had(e Event) bool { return e.Place == c.Place && e.Sub <= c.Sub }

// String is the cursor as people are given it: "12", or "12.3" within an entry.
func (c Cursor) String() string {
	if c.Sub > 0 {
		return fmt.Sprintf("%d.%d", c.Place, c.Sub)
	}
	return strconv.FormatInt(c.Place, 10)
}

// sequence is the cursor as text that sorts as the events do.
func (c Cursor) sequence() string {
	if c.Sub > 0 {
		return fmt.Sprintf("%019d.%03d", c.Place, c.Sub)
	}
	return fmt.Sprintf("%019d", c.Place)
}

// ParseCursor reads a cursor: the next of a page, or the sequence of an event.
// Empty is the beginning.
func ParseCursor(text string) (c Cursor, err error) {
	if text == "" {
		return Cursor{}, nil
	}
	wrong := errs.New(errs.Invalid, "游标不对：请用上一页的 next，或事件的 sequence。", "This is no cursor: please give the next of a page, or the sequence of an event.").At("after")
	place, sub, within := strings.Cut(text, ".")
	if c.Place, err = number(place); err != nil {
		return Cursor{}, wrong
	}
	if !within {
		return c, nil
	}
	n, err := number(sub)
	if err != nil || n < 1 || n > subMost || c.Place < 1 {
		return Cursor{}, wrong
	}
	c.Sub = int(n)
	return c, nil
}

// number reads digits alone.
func number(text string) (int64, error) {
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err
}
