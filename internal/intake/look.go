package intake

import (
	"cmp"
	"context"
	"math"
	"slices"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
)

// Flag is what is odd about the place of a report.
type Flag string

// The flags.
const (
	Plain       Flag = ""
	Placeholder Flag = "placeholder" // coordinates that a machine fills in when it has none
	Outside     Flag = "outside"     // outside every grid of the district
)

// OtherMatter is the code of the matter for what fits nowhere else; a
// dispatcher names the right one.
const OtherMatter = "s99"

// alike is how far apart, in metres, two reports may be and still be
// likely about one thing; around is what a dispatcher is shown.
const (
	alike  = 100.0
	around = 200.0
)

// Sight is what a person sees before sending.
type Sight struct {
	Place   casework.Place
	Flag    Flag
	Areas   []area.Candidate // what the address may mean, best first
	Matters []catalogue.Suggestion
	Likely  []Likely
}

// Likely is an open case that may be about the same thing.
type Likely struct {
	Case   casework.Case
	Metres int
}

// Look tells where a place lies, what a text may mean, and what is open nearby.
func (k *Desk) Look(ctx context.Context, d *district.District, s Sending) (v Sight, err error) {
	defer errs.Wrap(&err, "intake.Look")
	if s.Text == "" {
		s.Text = s.Address
	}
	if s.Text != "" {
		if err := s.clean(); err != nil {
			return Sight{}, err
		}
	}
	v.Place, v.Flag = locate(d, s)
	v.Areas = d.Areas.FromAddress(s.Address)
	if s.Matter == "" {
		v.Matters = d.Catalogue.Suggest(s.Text)
	}
	if v.Place.Placed == casework.ByPoint {
		v.Likely, err = k.likely(ctx, d, s, v)
	}
	return v, err
}

// likely finds open cases within reach, of the same matter first.
func (k *Desk) likely(ctx context.Context, d *district.District, s Sending, v Sight) ([]Likely, error) {
	near, err := casework.Near(ctx, k.DB, d, v.Place.Point, alike)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{s.Matter: s.Matter != ""}
	for _, m := range v.Matters {
		wanted[m.Matter.Code] = true
	}
	var all []Likely
	for _, c := range near {
		if c.Secret || len(wanted) > 0 && !wanted[c.Matter] && d.Catalogue.Major(c.Matter) != d.Catalogue.Major(s.Matter) {
			continue
		}
		all = append(all, Likely{Case: c, Metres: int(math.Round(geo.Metres(v.Place.Point, c.Place.Point)))})
	}
	slices.SortStableFunc(all, func(a, b Likely) int {
		if wanted[a.Case.Matter] != wanted[b.Case.Matter] {
			return cmp.Compare(0, btoi(wanted[a.Case.Matter])*2-1)
		}
		return cmp.Compare(a.Metres, b.Metres)
	})
	return all[:min(3, len(all))], nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// locate puts a sending into the district's areas: by its point, else by the
// area it names, else by its address. What lies outside, or nowhere, keeps the
// district alone and goes to the catch-all desk: nothing is lost.
func locate(d *district.District, s Sending) (p casework.Place, flag Flag) {
	p = casework.Place{Address: s.Address, Placed: casework.Nowhere}
	if s.Point != (geo.Point{}) {
		at := d.Areas.Locate(s.Point)
		switch {
		case at.Placeholder:
			flag = Placeholder
		case at.Outside:
			flag = Outside
			p.Point, p.Placed = s.Point, casework.ByPoint
			return p, flag
		default:
			p.Point, p.Placed = s.Point, casework.ByPoint
			p.Street, p.Community, p.Grid = string(at.Street), string(at.Community), string(at.Grid)
			return p, flag
		}
	}
	if s.Area != "" && d.Areas.Known(s.Area) {
		put(&p, area.Code(s.Area), casework.ByArea)
		return p, flag
	}
	if found := d.Areas.FromAddress(s.Address); len(found) > 0 && sure(found) {
		put(&p, found[0].Code, casework.ByAddress)
	}
	return p, flag
}

// put fills in the areas down to code.
func put(p *casework.Place, code area.Code, how casework.Placed) {
	p.Placed = how
	p.Street, p.Community, p.Grid = string(code.At(area.Street)), string(code.At(area.Community)), string(code.At(area.Grid))
}

// sure reports whether the best candidate is ahead of whatever else an
// address may mean; areas that lie in each other do not contradict.
func sure(found []area.Candidate) bool {
	if len(found) == 1 {
		return true
	}
	best, next := found[0], found[1]
	return best.Score > next.Score || best.Code.In(next.Code)
}

// suggestedMost is how likely a suggestion must be to be taken without asking.
const suggestedMost = 0.3

// Suggested is the matter taken down for a text that names none: the likeliest,
// or the district's matter for what fits nowhere else.
func Suggested(d *district.District, text string) string {
	if found := d.Catalogue.Suggest(text); len(found) > 0 && found[0].Score >= suggestedMost {
		return found[0].Matter.Code
	}
	return OtherMatter
}
