package casework

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
)

// publicKinds are things in the street, which anybody may read that they were
// reported; what somebody asked, complained of or told in confidence is not.
var publicKinds = []catalogue.Kind{catalogue.Component, catalogue.Event, catalogue.Hazard}

// Public reports whether anybody may read that there is this case: what it is
// about, in which community, and how it stands. Its words are never public.
func (c Case) Public() bool {
	return !c.Secret && slices.Contains(publicKinds, catalogue.Kind(c.Kind))
}

// PublicPoint is where a public case is, as anybody may read it: of a component
// the thing's own place, of anything else to a thousandth of a degree, about a
// hundred metres, since it may be at somebody's door. False where there is none.
func (c Case) PublicPoint() (geo.Point, bool) {
	if c.Place.Placed != ByPoint {
		return geo.Point{}, false
	}
	if catalogue.Kind(c.Kind) == catalogue.Component {
		return c.Place.Point, true
	}
	return geo.Point{Lon: math.Round(c.Place.Point.Lon*1000) / 1000, Lat: math.Round(c.Place.Point.Lat*1000) / 1000}, true
}

// PublicFilter narrows a list of public cases. Running and Ended ask for one of
// the two; a case that was merged stands as the one it was merged into.
type PublicFilter struct {
	Matters  []string
	Area     area.Code // in this area; empty or the district: anywhere
	Running  bool
	Ended    bool
	From, To time.Time // opened at or after, before
	Since    time.Time // changed at or after
	Around   geo.Point // zero: anywhere
	Metres   float64
}

// mergedRuns is the condition that what a merged case was merged into runs, as
// [Joined] finds it: directly or through one more.
const mergedRuns = `c.state = 'merged' and exists (select 1 from cases m left join cases n on n.district = m.district and n.id = m.merged_into
	and m.merged_into <> '' where m.district = c.district and m.id = c.merged_into and (m.state = 'open' or n.state = 'open'))`

// PublicList lists public cases, the newest first: at most most of them, after
// skip others. What lies around a point is measured from where a case is shown
// to be, or whoever asks often enough would learn where it is.
func PublicList(ctx context.Context, r db.Reader, d *district.District, f PublicFilter, skip, most int) (all []Case, err error) {
	defer errs.Wrap(&err, "casework.PublicList(%s)", d.Code)
	w := &where{engine: r.Engine()}
	w.put(d.Code)
	var kinds []string
	for _, k := range publicKinds {
		kinds = append(kinds, "'"+string(k)+"'")
	}
	// Most cases are of these kinds: found by their kind they would all have to be
	// put in order, so the kind is written in a way that no index is taken for it.
	w.conds = append(w.conds, "c.district = $1", "not c.secret", "c.kind || '' in ("+strings.Join(kinds, ", ")+")")
	f.add(w)
	limit := fmt.Sprintf("limit %d offset %d", most, skip)
	if f.Around != (geo.Point{}) {
		limit = fmt.Sprintf("limit %d", aroundMost)
	}
	found := "(select c.id as id, c.opened_at as sort from cases c where " + strings.Join(w.conds, " and ") + " order by 2 desc, 1 desc " + limit + ") as p"
	all, err = db.All(ctx, r, (*Case).dest, "select "+columns+" from "+found+" join cases c on c.district = $1 and c.id = p.id order by p.sort desc, p.id desc", w.args...)
	if err != nil || f.Around == (geo.Point{}) {
		return all, err
	}
	all = slices.DeleteFunc(all, func(c Case) bool {
		p, ok := c.PublicPoint()
		return !ok || geo.Metres(p, f.Around) > f.Metres
	})
	skip = min(skip, len(all))
	return all[skip:min(skip+most, len(all))], nil
}

// aroundMost is how many of the newest are looked at around a point.
const aroundMost = 1000

// add narrows to what the filter says.
func (f PublicFilter) add(w *where) {
	switch f.Area.Tier() {
	case area.Street:
		w.add("c.street = ?", string(f.Area))
	case area.Community:
		w.add("c.community = ?", string(f.Area))
	case area.Grid:
		w.add("c.grid = ?", string(f.Area))
	}
	if len(f.Matters) > 0 {
		var marks []string
		for _, m := range f.Matters {
			marks = append(marks, w.put(m))
		}
		w.conds = append(w.conds, "c.matter in ("+strings.Join(marks, ", ")+")")
	}
	const runs = "(c.state = 'open' or " + mergedRuns + ")"
	switch {
	case f.Running && !f.Ended:
		w.conds = append(w.conds, runs)
	case f.Ended && !f.Running:
		w.conds = append(w.conds, "c.state <> 'open' and not ("+mergedRuns+")")
	}
	if !f.From.IsZero() {
		w.add("c.opened_at >= ?", db.At(f.From))
	}
	if !f.To.IsZero() {
		w.add("c.opened_at < ?", db.At(f.To))
	}
	if !f.Since.IsZero() {
		w.add("c.moved_at >= ?", db.At(f.Since))
	}
	if f.Around != (geo.Point{}) {
		box := geo.Around(f.Around, f.Metres+100) // the exact points of what is shown within
		w.add("c.placed = 'point' and c.lat between ? and ?", box.Min.Lat, box.Max.Lat)
		w.add("c.lon between ? and ?", box.Min.Lon, box.Max.Lon)
	}
}

// ByNumbers reads the cases of some numbers, in no order. A number that is none
// is left out.
func ByNumbers(ctx context.Context, r db.Reader, district string, numbers []string) (all []Case, err error) {
	defer errs.Wrap(&err, "casework.ByNumbers(%s, %d)", district, len(numbers))
	return listed(ctx, r, district, "c.number", numbers)
}

func listed(ctx context.Context, r db.Reader, district, column string, values []string) ([]Case, error) {
	if len(values) == 0 {
		return nil, nil
	}
	list, arg, err := db.FromList(r.Engine(), "$2", values)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, (*Case).dest, "select "+columns+" from "+list+" cases c on c.district = $1 and "+column+" = j.value", district, arg)
}

// Joined finds, for those of some cases that were merged, the case in which they
// go on, directly or through one more.
func Joined(ctx context.Context, r db.Reader, district string, cases []Case) (into map[ID]Case, err error) {
	defer errs.Wrap(&err, "casework.Joined(%s, %d)", district, len(cases))
	into = map[ID]Case{}
	next := map[ID][]ID{} // by the case they go on in, who waits for it
	for _, c := range cases {
		if c.MergedInto != "" {
			next[c.MergedInto] = append(next[c.MergedInto], c.ID)
		}
	}
	for range 2 {
		var ids []string
		for id := range next {
			ids = append(ids, string(id))
		}
		found, err := listed(ctx, r, district, "c.id", ids)
		if err != nil {
			return nil, err
		}
		further := map[ID][]ID{}
		for _, c := range found {
			for _, id := range next[c.ID] {
				into[id] = c
			}
			if c.MergedInto != "" {
				further[c.MergedInto] = append(further[c.MergedInto], next[c.ID]...)
			}
		}
		next = further
	}
	return into, nil
}

// SentIn gives, for some cases, the report that a channel sent under a reference
// that begins with prefix: what of them is a sender's own.
func SentIn(ctx context.Context, r db.Reader, district, channel, prefix string, cases []Case) (own map[ID]Report, err error) {
	defer errs.Wrap(&err, "casework.SentIn(%s, %d)", district, len(cases))
	own = map[ID]Report{}
	if len(cases) == 0 || prefix == "" {
		return own, nil
	}
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = string(c.ID)
	}
	list, arg, err := db.FromList(r.Engine(), "$2", ids)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, r, (*Report).dest, "select "+reportColumns+" from "+list+` reports r on r.district = $1 and r.case_id = j.value
		where r.channel = $3 and substr(r.sender, 1, $4) = $5 order by r.at desc, r.id desc`, district, arg, channel, len([]rune(prefix)), prefix)
	for _, one := range all {
		own[one.Case] = one // the first that was sent stays last
	}
	return own, err
}

// Beyond lists running cases opened since an instant whose point lies outside
// every grid, the newest first.
func Beyond(ctx context.Context, r db.Reader, district string, since time.Time, most int) (all []Case, err error) {
	defer errs.Wrap(&err, "casework.Beyond(%s)", district)
	return db.All(ctx, r, (*Case).dest, "select "+columns+` from cases c where c.district = $1 and c.street = '' and c.opened_at >= $2
		and c.placed = 'point' and c.state = 'open' order by c.opened_at desc limit $3`, district, db.At(since), most)
}
