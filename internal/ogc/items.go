package ogc

import (
	"cmp"
	"slices"
	"strings"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/geo"
)

// limits of a page of features.
const (
	limitUnasked = 100
	limitMost    = 10_000
)

// feature is one area as GeoJSON.
type feature struct {
	Type       string       `json:"type"`
	ID         string       `json:"id"`
	Geometry   *geo.Outline `json:"geometry"` // null where none is drawn
	Properties properties   `json:"properties"`
	Links      []link       `json:"links,omitempty"`
}

// properties are what is told of an area. Dates are days, both counted; empty is
// without end.
type properties struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	NameEN    string `json:"name_en"`
	Tier      string `json:"tier"`
	Kind      string `json:"kind"`
	Parent    string `json:"parent"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
}

// featureCollection is a page of features.
type featureCollection struct {
	Type      string    `json:"type"`
	Features  []feature `json:"features"`
	Links     []link    `json:"links"`
	TimeStamp string    `json:"timeStamp"`
	Matched   int       `json:"numberMatched"`
	Returned  int       `json:"numberReturned"`
}

// items answers with a page of a collection.
func items(c *call) (answer, error) {
	col, err := c.collection()
	if err != nil {
		return answer{}, err
	}
	ask, err := c.asked()
	if err != nil {
		return answer{}, err
	}
	all, err := c.stretches(col, ask.days)
	if err != nil {
		return answer{}, err
	}
	if ask.box != nil {
		all = slices.DeleteFunc(all, func(s area.Stretch) bool { return s.Outline.IsZero() || !ask.meets(s.Outline) })
	}
	first := min(ask.offset, len(all))
	last := min(first+ask.limit, len(all))
	out := featureCollection{
		Type: "FeatureCollection", Features: []feature{}, Matched: len(all), Returned: last - first,
		TimeStamp: c.Now.UTC().Format("2006-01-02T15:04:05Z"), Links: c.pageLinks(col, ask, first, last, len(all)),
	}
	for _, s := range all[first:last] {
		out.Features = append(out.Features, c.feature(s))
	}
	return answer{typeGeoJSON, out, func(c *call) error { return c.showItems(col, out) }}, nil
}

// item answers with one feature.
func item(c *call) (answer, error) {
	col, err := c.collection()
	if err != nil {
		return answer{}, err
	}
	if err := c.onlyCRS84(); err != nil {
		return answer{}, err
	}
	id := c.R.PathValue("feature")
	within := days{first: c.District.Day, last: c.District.Day}
	if strings.Contains(id, "@") {
		within = days{}
	}
	all, err := c.stretches(col, within)
	if err != nil {
		return answer{}, err
	}
	for _, s := range all {
		if c.id(s) != id {
			continue
		}
		f, at := c.feature(s), "/collections/"+col.id+"/items/"+id
		f.Links = append(c.links(at, typeGeoJSON, ""), c.link("collection", "/collections/"+col.id, typeJSON, col.title))
		return answer{typeGeoJSON, f, func(c *call) error { return c.showItem(col, f) }}, nil
	}
	return answer{}, errs.New(errs.NotFound, "这个集合里没有这个要素。", "The collection has no such feature.")
}

// stretches are the areas of a collection that hold within some days, by code
// and time. Those of today are in memory.
func (c *call) stretches(col collection, d days) (all []area.Stretch, err error) {
	today := c.District.Day
	if d.first != today || d.last != today {
		all, err = area.History(c.Context(), c.House.DB, area.Code(c.District.Code), d.first, d.last)
		return slices.DeleteFunc(all, func(s area.Stretch) bool { return s.Tier != col.tier }), err
	}
	for _, a := range c.District.Areas.Tier(col.tier) {
		o, _ := c.District.Areas.Outline(a.Code)
		all = append(all, area.Stretch{Area: a, Outline: o, From: a.From, To: a.To})
	}
	slices.SortFunc(all, func(a, b area.Stretch) int { return cmp.Compare(a.Code, b.Code) })
	return all, nil
}

// id names a stretch within its collection: the code of what holds today, with
// the first day behind it for what does not.
func (c *call) id(s area.Stretch) string {
	if today := c.District.Day; s.From <= today && (s.To == "" || today <= s.To) {
		return string(s.Code)
	}
	return string(s.Code) + "@" + string(cmp.Or(s.From, clock.Date("ever")))
}

// feature shapes a stretch.
func (c *call) feature(s area.Stretch) feature {
	f := feature{Type: "Feature", ID: c.id(s), Properties: properties{
		Code: string(s.Code), Name: s.Name.ZH, NameEN: s.Name.EN, Tier: string(s.Tier), Kind: string(s.Kind), Parent: string(s.Code.Parent()),
		ValidFrom: string(s.From), ValidTo: string(s.To),
	}}
	if !s.Outline.IsZero() {
		f.Geometry = &s.Outline
	}
	return f
}
