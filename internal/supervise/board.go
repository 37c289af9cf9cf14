package supervise

import (
	"cmp"
	"context"
	"slices"
	"time"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/org"
)

// Board is the colour board (分色预警): how every unit, street and grid stands.
type Board struct {
	At      time.Time
	Tiers   []Tier // the units
	Streets []Tile
	Grids   []Tile
	Total   ladder.Tally // of all open tasks of units
}

// Tier is units of like kind, the red ones first.
type Tier struct {
	Title lang.Text
	Tiles []Tile
}

// Signals counts the tiles of each signal.
func (t Tier) Signals() (red, blue, green int) {
	for _, tile := range t.Tiles {
		switch tile.Signal {
		case clock.Late:
			red++
		case clock.Near:
			blue++
		default:
			green++
		}
	}
	return red, blue, green
}

// Tile is how one unit, street or grid stands. A unit's tally is of its tasks,
// a street's and a grid's of the cases that lie there.
type Tile struct {
	Code   string // of the unit or the area
	Name   lang.Text
	Tally  ladder.Tally
	Level  int // the highest level of supervision among what is open
	Signal clock.Signal
	Why    lang.Text
}

// Promised tells how many promises a unit or area kept and broke in the running
// month, by its code. Package evaluate knows.
type Promised func(code string) (kept, broken int)

// tierKinds says which kinds of unit stand together on the board, in order.
func tierKinds() []struct {
	title lang.Text
	kinds []org.UnitKind
} {
	return []struct {
		title lang.Text
		kinds []org.UnitKind
	}{
		{lang.T("区级部门", "Departments"), []org.UnitKind{org.Centre, org.Department}},
		{lang.T("街道", "Street offices"), []org.UnitKind{org.StreetOffice}},
		{lang.T("社区", "Community stations"), []org.UnitKind{org.CommunityStation}},
		{lang.T("企业和协作单位", "Companies and partners"), []org.UnitKind{org.Company, org.Partner}},
	}
}

// ReadBoard counts everything that is open now, once. It reads all open tasks
// and cases, so a page that many read asks a Watcher.
func ReadBoard(ctx context.Context, r db.Reader, d *district.District, now time.Time, promised Promised) (b *Board, err error) {
	defer errs.Wrap(&err, "supervise.ReadBoard(%s)", d.Code)
	units, total, err := tallyUnits(ctx, r, d, now)
	if err != nil {
		return nil, err
	}
	areas, err := tallyAreas(ctx, r, d, now)
	if err != nil {
		return nil, err
	}
	b = &Board{At: now, Total: total}
	for _, kinds := range tierKinds() {
		tier := Tier{Title: kinds.title}
		for _, u := range d.Org.Units() {
			if slices.Contains(kinds.kinds, u.Kind) && u.ValidOn(d.Day) {
				tier.Tiles = append(tier.Tiles, judged(d, string(u.ID), u.Name, units[string(u.ID)], promised))
			}
		}
		if len(tier.Tiles) > 0 {
			sortTiles(tier.Tiles)
			b.Tiers = append(b.Tiers, tier)
		}
	}
	for _, a := range d.Areas.Tier(area.Street) {
		b.Streets = append(b.Streets, judged(d, string(a.Code), a.Name, areas[string(a.Code)], promised))
	}
	for _, a := range d.Areas.Tier(area.Grid) {
		b.Grids = append(b.Grids, judged(d, string(a.Code), a.Name, areas[string(a.Code)], promised))
	}
	sortTiles(b.Streets)
	sortTiles(b.Grids)
	return b, nil
}

// found is what was counted of one unit or area.
type found struct {
	ladder.Tally
	rung int // the most rungs taken of one open task
}

func (f *found) dest() []any { return []any{&f.Open, &f.Near, &f.Late, &f.Held} }

// counted is the part of a query that counts by signal, as casework's filter
// and clock.Judge have it. The instant is $2.
const counted = `count(*), coalesce(sum(case when x.near_at <= $2 and x.due >= $2 and x.held_at = 0 then 1 else 0 end), 0),
	coalesce(sum(case when x.due < $2 and x.held_at = 0 then 1 else 0 end), 0), coalesce(sum(case when x.held_at > 0 then 1 else 0 end), 0)`

// tallyUnits counts open tasks by unit; a grid worker's task is the territory's.
func tallyUnits(ctx context.Context, r db.Reader, d *district.District, now time.Time) (of map[string]found, total ladder.Tally, err error) {
	of = map[string]found{}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var unit, place string
		var f found
		if err := rows.Scan(append([]any{&unit, &place, &f.rung}, f.dest()...)...); err != nil {
			return err
		}
		if unit == "" {
			u, _, _ := d.Org.TerritoryUnit(cmp.Or(place, d.Code), d.Day)
			unit = string(u.ID)
		}
		sum := of[unit]
		of[unit] = found{sum.Tally.Add(f.Tally), max(sum.rung, f.rung)}
		total = total.Add(f.Tally)
		return nil
	}, "select x.unit, x.area, max(x.rung), "+counted+` from tasks x where x.district = $1 and x.state = 'open' and not x.reporter
		group by x.unit, x.area`, d.Code, db.At(now))
	return of, total, err
}

// tallyAreas counts open cases by street and by grid.
func tallyAreas(ctx context.Context, r db.Reader, d *district.District, now time.Time) (of map[string]found, err error) {
	of = map[string]found{}
	return of, db.Scan(ctx, r, func(rows db.Rows) error {
		var street, grid string
		var f found
		if err := rows.Scan(append([]any{&street, &grid}, f.dest()...)...); err != nil {
			return err
		}
		for _, code := range []string{street, grid} {
			if code != "" {
				of[code] = found{Tally: of[code].Tally.Add(f.Tally)}
			}
		}
		return nil
	}, "select x.street, x.grid, "+counted+` from cases x where x.district = $1 and x.state = 'open' group by x.street, x.grid`, d.Code, db.At(now))
}

// judged makes the tile of what was counted.
func judged(d *district.District, code string, name lang.Text, f found, promised Promised) Tile {
	t := Tile{Code: code, Name: name, Tally: f.Tally, Level: d.Catalogue.Ladder().Level(f.rung)}
	if promised != nil {
		t.Tally.Kept, t.Tally.Broken = promised(code)
	}
	t.Signal, t.Why = d.Catalogue.Ladder().Judge(t.Tally)
	return t
}

// sortTiles puts red first, then blue; within a signal what is later and less
// often on time comes first.
func sortTiles(all []Tile) {
	loud := map[clock.Signal]int{clock.Late: 0, clock.Near: 1}
	rank := func(t Tile) int {
		if n, ok := loud[t.Signal]; ok {
			return n
		}
		return len(loud)
	}
	rate := func(t Tile) float64 {
		if percent, ok := t.Tally.Rate(); ok {
			return percent
		}
		return 100
	}
	slices.SortStableFunc(all, func(a, b Tile) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Level, a.Level), cmp.Compare(rate(a), rate(b)),
			cmp.Compare(b.Tally.Late, a.Tally.Late), cmp.Compare(b.Tally.Open, a.Tally.Open), cmp.Compare(a.Code, b.Code))
	})
}
