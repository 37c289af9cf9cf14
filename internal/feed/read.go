package feed

import (
	"context"
	"slices"

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
	Next   Cursor // to go on from
	End    bool   // nothing more has come until now
}

// Read gives events after a cursor, at most most of them, in the order of the
// log. The cursor is the Next of a page or that of an event. It is errs.Invalid
// for one beyond the end, which a database brought back from a backup does not
// know any more.
func Read(ctx context.Context, r db.Reader, d *district.District, after Cursor, most int, f Filter) (p Page, err error) {
	defer errs.Wrap(&err, "feed.Read(%s, %s)", d.Code, after)
	size, err := trail.Size(ctx, r, d.Code)
	if err != nil {
		return Page{}, err
	}
	if after.Place < 0 || after.Place > size {
		return Page{}, errs.New(errs.Invalid, "游标在变更流的末尾以后：变更流只到 %d。", "The cursor lies beyond the end of the feed, which is %d.", size).At("after")
	}
	from := after.Whole()
	for until := min(size, from+lookMost); from < until && len(p.Events) < most; {
		to := min(until, from+min(chunk, max(100, int64(most-len(p.Events)))))
		err := walk(ctx, r, d, from, to, func(events []Event) bool {
			for i, e := range events {
				if after.had(e) || !f.Passes(e) {
					continue
				}
				if p.Events = append(p.Events, e); len(p.Events) == most {
					if p.Next = (Cursor{Place: e.Place}); i < len(events)-1 {
						p.Next.Sub = e.Sub
					}
					return false
				}
			}
			return true
		})
		if err != nil {
			return Page{}, err
		}
		from = to
	}
	if len(p.Events) < most {
		p.Next = Cursor{Place: from}
	}
	p.End = p.Next == Cursor{Place: size}
	return p, nil
}

// Span gives every event of the places after one, up to and with another.
func Span(ctx context.Context, r db.Reader, d *district.District, after, until int64) (all []Event, err error) {
	err = walk(ctx, r, d, after, until, func(events []Event) bool {
		all = append(all, events...)
		return true
	})
	return all, err
}

// walk gives the events of the places after one, up to and with another, place by
// place until told to stop: an entry of an import makes many.
func walk(ctx context.Context, r db.Reader, d *district.District, after, until int64, give func([]Event) bool) error {
	leaves, err := trail.Leaves(ctx, r, d.Code, after, until, trail.Setup)
	if err != nil || len(leaves) == 0 {
		return err
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
		return err
	}
	for _, l := range leaves {
		events, err := eventsOf(d, l, faces)
		if err != nil {
			return err
		}
		if len(events) > 0 && !give(events) {
			break
		}
	}
	return nil
}
