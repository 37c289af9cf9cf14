package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/pieces"
)

// HitsMost is how many cases a search by words or by number looks at, the last
// ones taken in first. A page says so where there are more.
const HitsMost = 5_000

// index makes a case findable by every word of its title, place and text, and
// by the marks of what never changes about it.
//
// Differs because FTS5 and tsvector are different features; the pieces are
// the same, so both find the same cases.
func index(ctx context.Context, tx *db.Tx, district string, c *Case) error {
	text := c.Title + "\n" + c.Place.Address + "\n" + c.Text
	marks := append(marksOf(c.Place.Street, c.Place.Community, c.Kind, c.Channel, c.Matter), monthMark(c.OpenedAt))
	if tx.Engine() == db.Postgres {
		return tx.Exec(ctx, "insert into case_text (district, case_id, pieces) values ($1, $2, cast($3 as tsvector))", district, string(c.ID), pieces.Vector(text, marks...))
	}
	if err := tx.Exec(ctx, "insert into case_docs (district, case_id) values ($1, $2)", district, string(c.ID)); err != nil {
		return err
	}
	return tx.Exec(ctx, "insert into case_text (rowid, pieces) values (last_insert_rowid(), $1)", pieces.Of(text, marks...))
}

// marksOf are the marks of what never changes about a case. A search that is
// also a filter by one of these looks for the mark beside the words, so that a
// common word in one street does not read the whole district's.
func marksOf(street, community, kind, channel, matter string) []string {
	var marks []string
	for _, m := range []struct{ prefix, value string }{{"street", street}, {"community", community}, {"kind", kind}, {"channel", channel}, {"matter", matter}} {
		if m.value != "" {
			marks = append(marks, m.prefix+plain(m.value))
		}
	}
	return marks
}

// monthMark is the mark of the month, in UTC, in which a case was opened.
func monthMark(at time.Time) string { return "month" + at.UTC().Format("200601") }

// monthsMost bounds how many months a search names; a longer time is not named.
const monthsMost = 40

// monthsOf is the mark of the months of a filter's dates; empty for none.
func (f Filter) monthsOf(now time.Time) string {
	end := f.To
	if end.IsZero() {
		end = now.AddDate(0, 1, 0) // clocks of two copies may differ by a little
	}
	if f.From.IsZero() || end.Sub(f.From) > monthsMost*28*24*time.Hour || end.Before(f.From) {
		return ""
	}
	var months []string
	from, last := f.From.UTC(), monthMark(end)
	for at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); ; at = at.AddDate(0, 1, 0) {
		months = append(months, monthMark(at))
		if monthMark(at) == last {
			return strings.Join(months, "|")
		}
	}
}

// plain keeps what both engines take as one piece.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// search finds the cases whose text holds every word of the filter and whose
// reports came from its number, the last ones taken in first. over tells that
// there are more than HitsMost; ok that the filter searches at all.
func (f Filter) search(ctx context.Context, r db.Reader, district string, now time.Time) (ids []string, over, ok bool, err error) {
	defer errs.Wrap(&err, "search")
	for _, one := range f.searches(r.Engine(), now) {
		if one.arg == "" {
			return nil, false, true, nil // nothing in it that a text could hold
		}
		hits, err := db.All(ctx, r, func(id *string) []any { return []any{id} }, one.sql, district, one.arg, HitsMost+1)
		if err != nil {
			return nil, false, true, err
		}
		over = over || len(hits) > HitsMost
		hits = hits[:min(len(hits), HitsMost)]
		slices.Sort(hits) // several reports of one number may be one case
		hits = slices.Compact(hits)
		if ok {
			hits = slices.DeleteFunc(hits, func(id string) bool { _, both := slices.BinarySearch(ids, id); return !both })
		}
		ids, ok = hits, true
	}
	return ids, over, ok, nil
}

// oneSearch finds ids of cases; an empty argument finds none.
type oneSearch struct{ sql, arg string }

// searches are all that the filter looks for: a case must be found by each.
//
// Differs because FTS5 and tsvector are different features; the pieces need no
// parser of the server's, which would split what it does not know.
func (f Filter) searches(engine db.Engine, now time.Time) (all []oneSearch) {
	if f.Phone != "" {
		all = append(all, oneSearch{"select r.case_id from reports r where r.district = $1 and r.phone_index = $2 and r.phone_index <> '' order by r.at desc limit $3", f.Phone})
	}
	if f.Tail != "" {
		all = append(all, oneSearch{"select r.case_id from reports r where r.district = $1 and r.tail_index = $2 and r.tail_index <> '' order by r.at desc limit $3", f.Tail})
	}
	community := f.Community
	if community == "" && len(f.Grid) > 12 {
		community = f.Grid[:12]
	}
	marks := marksOf(f.Street, community, f.Kind, f.Channel, f.Matter)
	if months := f.monthsOf(now); months != "" {
		marks = append(marks, months)
	}
	switch {
	case strings.TrimSpace(f.Text) == "":
	case engine == db.Postgres:
		all = append(all, oneSearch{"select x.case_id from case_text x where x.district = $1 and x.pieces @@ cast($2 as tsquery) order by x.case_id desc limit $3", pieces.TSQuery(f.Text, marks...)})
	default:
		all = append(all, oneSearch{"select d.case_id from case_text x join case_docs d on d.doc = x.rowid where d.district = $1 and x.pieces match $2 order by x.rowid desc limit $3", pieces.FTS5(f.Text, marks...)})
	}
	return all
}
