package casework

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
)

// CountMost is how far Count counts exactly. Beyond it a page says "over".
const CountMost = 10_000

// Row is one line of a list: a case, and in a queue the task it waits for.
type Row struct {
	Case
	Task Task // zero outside a queue
}

// Page is some rows, and where the next ones begin; Next is empty at the end.
type Page struct {
	Rows []Row
	Next string
	Over bool // a search found more than HitsMost; older ones were not looked at
}

// List returns up to most cases after a cursor that an earlier Page gave. Rows
// that are there throughout are listed once, whatever is written meanwhile; only
// one whose date moves may be met at both dates.
func List(ctx context.Context, r db.Reader, d *district.District, f Filter, now time.Time, after string, most int) (p Page, err error) {
	defer errs.Wrap(&err, "casework.List")
	sort, id, than, order := "c.due", "c.id", ">", ""
	if f.Queue != nil { // a case may wait for several tasks at once
		sort, id = "t.due", "t.id"
	}
	if f.Newest {
		sort, than, order = "c.opened_at", "<", " desc"
	}
	q, err := f.query(ctx, r, d, sort, now)
	if err != nil {
		return Page{}, err
	}
	from, args := q.from, q.args
	p.Over = q.over
	if after != "" {
		value, key, err := parseCursor(after)
		if err != nil {
			return Page{}, err
		}
		from += fmt.Sprintf(" and (%s, %s) %s ($%d, $%d)", sort, id, than, len(args)+1, len(args)+2)
		args = append(args, value, key)
	}
	// The rows are found by what orders them, and only those shown are read whole.
	found := fmt.Sprintf("(select %s as id, %s as sort from %s order by 2%s, 1%s limit %d) as p", id, sort, from, order, order, most+1)
	cols, dest, whole := columns, func(r *Row) []any { return r.Case.dest() }, "cases c on c.district = $1 and c.id = p.id"
	if f.Queue != nil {
		cols, dest = columns+", "+taskColumns, func(r *Row) []any { return append(r.Case.dest(), r.Task.dest()...) }
		whole = "tasks t on t.district = $1 and t.id = p.id join cases c on c.district = $1 and c.id = t.case_id"
	}
	rows, err := db.All(ctx, r, dest, fmt.Sprintf("select %s from %s join %s order by p.sort%s, p.id%s", cols, found, whole, order, order), args...)
	if err != nil {
		return Page{}, err
	}
	if len(rows) > most {
		rows = rows[:most]
		p.Next = rows[most-1].cursor(f)
	}
	p.Rows = rows
	return p, nil
}

func (r *Row) cursor(f Filter) string {
	value, key := db.Due(r.Due), string(r.Case.ID)
	if f.Queue != nil {
		value, key = db.Due(r.Task.Due), r.Task.ID
	}
	if f.Newest {
		value = db.At(r.OpenedAt)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(value, 10) + " " + key))
}

func parseCursor(s string) (int64, string, error) {
	data, err := base64.RawURLEncoding.DecodeString(s)
	value, key, ok := strings.Cut(string(data), " ")
	n, numErr := strconv.ParseInt(value, 10, 64)
	if err != nil || !ok || numErr != nil || uuid.Validate(key) != nil {
		return 0, "", errs.New(errs.Invalid, "这个翻页地址不对，请从第一页看起。", "This page address is not valid; please begin at the first page.").At("after")
	}
	return n, key, nil
}

// Tally is a count that is exact up to CountMost.
type Tally struct {
	N    int
	Over bool // there are more than N
}

// Count counts the cases, or in a queue the tasks, that List would list.
func Count(ctx context.Context, r db.Reader, d *district.District, f Filter, now time.Time) (t Tally, err error) {
	defer errs.Wrap(&err, "casework.Count")
	q, err := f.query(ctx, r, d, "", now)
	if err != nil {
		return Tally{}, err
	}
	if q.alone && !f.through { // counted by what it is made of, not by going through all cases
		if t, ok, err := f.Scope.count(ctx, r, d.Code); ok || err != nil {
			return t, err
		}
	}
	n, err := db.Value[int](ctx, r, fmt.Sprintf("select count(*) from (select 1 from %s limit %d) as few", q.from, CountMost+1), q.args...)
	if n > CountMost {
		return Tally{N: CountMost, Over: true}, err
	}
	return Tally{N: n, Over: q.over}, err
}

// CountAll counts them however many there are, for whoever is about to read
// them all.
func CountAll(ctx context.Context, r db.Reader, d *district.District, f Filter, now time.Time) (n int, err error) {
	defer errs.Wrap(&err, "casework.CountAll")
	q, err := f.query(ctx, r, d, "", now)
	if err != nil {
		return 0, err
	}
	return db.Value[int](ctx, r, "select count(*) from "+q.from, q.args...)
}

// By names what Groups may group by.
type By string

// What cases can be grouped by.
const (
	ByStreet    By = "c.street"
	ByCommunity By = "c.community"
	ByChannel   By = "c.channel"
	ByUnit      By = "c.unit"
	ByMajor     By = "c.major"
	ByKind      By = "c.kind"
	ByTaskStep  By = "t.step" // of a queue
)

// Groups counts the cases of a filter for each value. It reads all of them, so
// it is for filters over running cases.
func Groups(ctx context.Context, r db.Reader, d *district.District, f Filter, by By, now time.Time) (counts map[string]int, err error) {
	defer errs.Wrap(&err, "casework.Groups(%s)", by)
	q, err := f.query(ctx, r, d, string(by), now)
	if err != nil {
		return nil, err
	}
	counts = map[string]int{}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var value string
		var n int
		if err := rows.Scan(&value, &n); err != nil {
			return err
		}
		counts[value] = n
		return nil
	}, fmt.Sprintf("select %[1]s, count(*) from %[2]s group by %[1]s", by, q.from), q.args...)
	return counts, err
}

// Each calls fn for every case of a filter in the order of List, in batches,
// for exports of any size.
func Each(ctx context.Context, r db.Reader, d *district.District, f Filter, now time.Time, fn func(Row) error) error {
	for after := ""; ; {
		p, err := List(ctx, r, d, f, now, after, 500)
		if err != nil {
			return err
		}
		for _, row := range p.Rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		if after = p.Next; after == "" {
			return nil
		}
	}
}

// Near returns running cases within metres of a point, nearest first.
func Near(ctx context.Context, r db.Reader, d *district.District, p geo.Point, metres float64) (near []Case, err error) {
	defer errs.Wrap(&err, "casework.Near")
	box := geo.Around(p, metres)
	all, err := db.All(ctx, r, (*Case).dest, "select "+columns+` from cases c where c.district = $1 and c.state = 'open' and c.placed = 'point'
		and c.lat between $2 and $3 and c.lon between $4 and $5 limit 200`, d.Code, box.Min.Lat, box.Max.Lat, box.Min.Lon, box.Max.Lon)
	if err != nil {
		return nil, err
	}
	return within(all, p, metres), nil
}

// Around returns the cases opened since an instant within metres of a point,
// whatever their state, nearest first.
func Around(ctx context.Context, r db.Reader, d *district.District, c Case, metres float64, since time.Time) (near []Case, err error) {
	defer errs.Wrap(&err, "casework.Around")
	all, err := db.All(ctx, r, (*Case).dest, "select "+columns+` from cases c where c.district = $1 and c.community = $2 and c.opened_at >= $3
		and c.placed = 'point' and c.id <> $4 order by c.opened_at desc limit 500`, d.Code, c.Place.Community, db.At(since), string(c.ID))
	if err != nil {
		return nil, err
	}
	return within(all, c.Place.Point, metres), nil
}

func within(all []Case, p geo.Point, metres float64) []Case {
	all = slices.DeleteFunc(all, func(c Case) bool { return geo.Metres(p, c.Place.Point) > metres })
	slices.SortFunc(all, func(a, b Case) int {
		return cmp.Or(cmp.Compare(geo.Metres(p, a.Place.Point), geo.Metres(p, b.Place.Point)), cmp.Compare(b.ID, a.ID))
	})
	return all
}
