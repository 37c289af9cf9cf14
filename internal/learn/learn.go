// Package learn reads how a district has sent its cases before and writes
// that down as routing rules: for this matter in this area, these units, with
// what share, because of these earlier cases.
//
// A district that has no routing table yet, or one that nobody trusts, brings
// its closed cases instead. Learn counts, for every matter and every area
// that contains a case, which units dealt with it; then it lets each count
// lean on the wider ones around it, so that two cases in a small community do
// not outvote two hundred in its street. The result is a Table of Rows. A row
// has the shape of a line of routes.csv plus a weight, so an administrator
// reads, corrects and installs it like any rule written by hand, and the
// catalogue routes by it.
//
// The arithmetic, in one line: the share of a unit at a place and matter is
// (its cases here + Lean × its share one step wider) ÷ (all cases here +
// Lean). "Wider" goes one step up at a time, the area before the matter:
// community, street, the wider matter in the community, the district, and so
// on. Nothing else is fitted; every choice can be recounted by hand, and says
// which cases speak for it.
//
// It is pure: it opens no file and no database, and keeps nothing but what it
// returns. It never learns from a case without unit, matter or area, and it
// never learns anything about persons.
package learn

import (
	"cmp"
	"slices"
)

// Lean is how many cases the next wider table counts for. It was chosen on
// the older history alone (train on three quarters, try on the fourth); any
// value from 3 to 6 does nearly as well, so it is no knob.
const Lean = 4

// Keep is how many units a matter and area keep: the proposal and the next
// two, which is what a dispatcher is shown.
const Keep = 3

// Example is one case of the past: where it belonged and who dealt with it.
// Both paths go from the widest to the narrowest code, such as district,
// street, community. A place known only to the district is a path of one.
type Example struct {
	Matter []string
	Area   []string
	Unit   string
}

// Key names what a rule is about: a matter or everything below it, in an area
// or everything below it.
type Key struct {
	Matter string
	Area   string
}

// tally is what happened at one key: how many cases, and by whom.
type tally struct {
	matter, area []string // the paths that end in the key
	above        int      // how many levels below the matter its cases lie, at least
	cases        int
	by           map[string]int
}

// Learn makes a table of the history. Examples lacking a unit, a matter or an
// area teach nothing and are passed over; Table.Cases tells how many were
// used. The order of the examples makes no difference.
func Learn(history []Example) *Table {
	tallies := map[Key]*tally{}
	used := 0
	for _, e := range history {
		if e.Unit == "" || len(e.Matter) == 0 || len(e.Area) == 0 {
			continue
		}
		used++
		for _, step := range widening(e.Matter, e.Area) {
			count(tallies, step, len(e.Matter), e.Unit)
		}
	}
	t := &Table{cases: used, rows: make(map[Key][]Row, len(tallies))}
	for key, own := range tallies {
		t.rows[key] = own.rank(tallies)
	}
	return t
}

// count adds one case of unit, filed at depth of the matter tree, to a key.
func count(tallies map[Key]*tally, s step, depth int, unit string) {
	own := tallies[s.key()]
	if own == nil {
		own = &tally{matter: s.matter, area: s.area, above: depth, by: map[string]int{}}
		tallies[s.key()] = own
	}
	own.above = min(own.above, depth-len(s.matter))
	own.cases++
	own.by[unit]++
}

// step is one place of the way from a matter in an area to everything.
type step struct {
	matter, area []string
	up           int // steps taken so far, up either tree
}

func (s step) key() Key {
	return Key{Matter: s.matter[len(s.matter)-1], Area: s.area[len(s.area)-1]}
}

// widening lists the keys that contain a matter in an area, the narrowest
// first: by the number of steps up, and among equals those that keep the
// matter narrow, because who does what changes more from matter to matter
// than from street to street.
func widening(matter, area []string) []step {
	steps := make([]step, 0, len(matter)*len(area))
	for m := len(matter); m > 0; m-- {
		for a := len(area); a > 0; a-- {
			steps = append(steps, step{matter[:m], area[:a], len(matter) - m + len(area) - a})
		}
	}
	// Stable: the loop above already runs from the narrow matter upwards.
	slices.SortStableFunc(steps, func(x, y step) int { return cmp.Compare(x.up, y.up) })
	return steps
}

// rank gives the units of a key by their share, the best first, each with the
// narrowest count that speaks for it.
func (t *tally) rank(all map[Key]*tally) []Row {
	steps := widening(t.matter, t.area)
	shares := shares(all, steps)
	rows := make([]Row, 0, len(shares))
	for unit, share := range shares {
		rows = append(rows, Row{Key: steps[0].key(), Unit: unit, Share: share})
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Unit, b.Unit))
	})
	rows = slices.Clone(rows[:min(Keep, len(rows))])
	for i := range rows {
		rows[i].Here = t.evidence(rows[i].Unit)
		rows[i].Best = best(all, steps, rows[i].Unit)
	}
	return rows
}

// shares adds up the counts from the narrowest step to the widest. Each step
// takes its part of what the narrower ones left, and leaves Lean cases' worth
// to the next; the widest has nothing to lean on and takes all the rest.
func shares(all map[Key]*tally, steps []step) map[string]float64 {
	shares, left := map[string]float64{}, 1.0
	for i, s := range steps {
		t := all[s.key()]
		total := float64(t.cases)
		if i < len(steps)-1 {
			total += Lean
		}
		for unit, n := range t.by {
			shares[unit] += left * float64(n) / total
		}
		left *= Lean / total
	}
	return shares
}

// best is the narrowest count in which a unit appears at all.
func best(all map[Key]*tally, steps []step, unit string) Evidence {
	for _, s := range steps {
		if t := all[s.key()]; t.by[unit] > 0 {
			return t.evidence(unit)
		}
	}
	return Evidence{}
}

func (t *tally) evidence(unit string) Evidence {
	return Evidence{
		Key:   step{matter: t.matter, area: t.area}.key(),
		Above: t.above, Count: t.by[unit], Of: t.cases,
	}
}
