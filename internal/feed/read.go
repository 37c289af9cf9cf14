package feed

import (
	"context"
	"slices"
	"strconv"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/trail"
)

// Most is how many events one reading gives at most.
const Most = 1000

// A reading looks at no more than lookMost places, so that a filter that
// nothing passes costs its reader many calls and not us one long one.
const (
	chunk    = 1000
	lookMost = 20_000
)

// Filter says of which events to tell. Its zero value is all. Bounds are of
// cases: what the district says about itself is for everybody.
type Filter struct {
	Kinds []Kind    // none: every kind
	Area  area.Code // only in this area
	Unit  string    // only what this unit has, or had until this change
}

// Passes reports whether an event passes.
func (f Filter) Passes(e Event) bool {
	if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, e.Kind) {
		return false
	}
	if e.area == "" {
		return true
	}
	return (f.Area == "" || e.area.In(f.Area)) && (f.Unit == "" || slices.Contains(e.units, f.Unit))
}

// Page is what one reading gave.
type Page struct {
	Events []Event
	Next   int64 // the cursor to go on from
	End    bool  // nothing more has come until now
}

// Read gives events after a cursor, at most most of them, in the order of the
// log. A cursor is a place in it: 0 is the beginning, any other the Next of a
// page or the place of an event. It is errs.Invalid for a cursor beyond the end,
// which a database brought back from a backup does not know any more.
func Read(ctx context.Context, r db.Reader, d *district.District, after int64, most int, f Filter) (p Page, err error) {
	defer errs.Wrap(&err, "feed.Read(%s, %d)", d.Code, after)
	size, err := trail.Size(ctx, r, d.Code)
	if err != nil {
		return Page{}, err
	}
	if after < 0 || after > size {
		return Page{}, errs.New(errs.Invalid, "游标在变更流的末尾以后：变更流只到 %d。", "The cursor lies beyond the end of the feed, which is %d.", size).At("after")
	}
	p.Next = after
	for until := min(size, after+lookMost); p.Next < until && len(p.Events) < most; {
		to := min(until, p.Next+min(chunk, max(100, int64(most-len(p.Events)))))
		events, err := Span(ctx, r, d, p.Next, to)
		if err != nil {
			return Page{}, err
		}
		p.Next = to
		for _, e := range events {
			if !f.Passes(e) {
				continue
			}
			if p.Events = append(p.Events, e); len(p.Events) == most {
				p.Next = e.Place
				break
			}
		}
	}
	p.End = p.Next == size
	return p, nil
}

// Span gives every event of the places after one, up to and with another.
func Span(ctx context.Context, r db.Reader, d *district.District, after, until int64) (all []Event, err error) {
	leaves, err := trail.Leaves(ctx, r, d.Code, after, until, trail.Setup)
	if err != nil || len(leaves) == 0 {
		return nil, err
	}
	var ids []string
	for _, l := range leaves {
		if l.Book == "" {
			ids = append(ids, l.Subject)
		}
	}
	slices.Sort(ids)
	faces, err := casework.Faces(ctx, r, d.Code, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	all = make([]Event, 0, len(leaves))
	for _, l := range leaves {
		if e, ok := eventOf(d, l, faces); ok {
			all = append(all, e)
		}
	}
	return all, nil
}

// ParseCursor reads a cursor: the next of a page, or the sequence of an event.
// Empty is the beginning.
func ParseCursor(text string) (place int64, err error) {
	if text == "" {
		return 0, nil
	}
	place, err = strconv.ParseInt(text, 10, 64)
	if err != nil || place < 0 || text[0] == '+' || text[0] == '-' {
		return 0, errs.New(errs.Invalid, "游标不对：请用上一页的 next，或事件的 sequence。", "This is no cursor: please give the next of a page, or the sequence of an event.").At("after")
	}
	return place, nil
}
