package retain

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/fields"
)

// Line is what one sweep would do tonight.
type Line struct {
	Rule   *fields.Keep
	What   string    // the table
	Before time.Time // what was over before this goes; zero where it is kept for good
	Goes   int
	Held   map[HoldID]int // how many things each hold keeps
	More   bool           // there is more than was counted
}

// previewMost bounds how much a preview counts of one sweep.
const previewMost = 20_000

// Preview says what would go if the night were now, and what holds keep.
func Preview(ctx context.Context, r db.Reader, d *district.District, now time.Time) (lines []Line, err error) {
	defer errs.Wrap(&err, "retain.Preview(%s)", d.Code)
	kept, err := standing(ctx, r, d.Code, now)
	if err != nil {
		return nil, err
	}
	for _, s := range sweeps() {
		keep, before, ok := s.cut(d, now)
		if keep == nil {
			continue
		}
		line := Line{Rule: keep, What: s.What, Before: before, Held: map[HoldID]int{}}
		if ok {
			if err := s.count(ctx, r, d, kept, &line); err != nil {
				return nil, err
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func (s *Sweep) count(ctx context.Context, r db.Reader, d *district.District, kept held, line *Line) error {
	after, seen := "", 0
	for {
		page, err := s.page(ctx, r, d, line.Before, after)
		if err != nil || len(page) == 0 {
			return err
		}
		if seen += len(page); seen > previewMost {
			line.More = true
			return nil
		}
		for _, p := range page {
			if id := kept.of(p); id != "" {
				line.Held[id]++
			} else {
				line.Goes++
			}
		}
		after = page[len(page)-1].id
	}
}

// Removal is one batch that went.
type Removal struct {
	ID      string
	At      time.Time
	Rule    string
	Version string // of the rulebook
	Span    string
	Before  time.Time
	What    string // the table
	Many    int
	IDs     string // between commas
}

// Removals lists what went in a time, the latest first.
func Removals(ctx context.Context, r db.Reader, district string, from, to time.Time, most int) (all []Removal, err error) {
	defer errs.Wrap(&err, "retain.Removals(%s)", district)
	return db.All(ctx, r, func(m *Removal) []any {
		return []any{&m.ID, db.Time(&m.At), &m.Rule, &m.Version, &m.Span, db.Time(&m.Before), &m.What, &m.Many, &m.IDs}
	}, `select id, at, rule, version, span, before_at, what, many, ids from removals
		where district = $1 and at >= $2 and at < $3 order by at desc, id desc limit $4`, district, db.At(from), db.At(to), most)
}
