package ogc

import (
	"net/url"
	"strconv"

	"linli/internal/area"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
)

// collection is one tier of the district.
type collection struct {
	id    string
	tier  area.Tier
	title lang.Text
	about lang.Text
}

// collections are all there are.
func collections() []collection {
	return []collection{
		{"districts", area.District, lang.T("区", "District"), lang.T("本区和它的边界。", "The district and its outline.")},
		{"streets", area.Street, lang.T("街道、乡镇", "Streets and towns"), lang.T("街道和乡镇的边界。", "The outlines of streets and towns.")},
		{"communities", area.Community, lang.T("社区、村", "Communities and villages"), lang.T("社区和村的边界。", "The outlines of communities and villages.")},
		{"grids", area.Grid, lang.T("网格", "Grids"), lang.T("网格的边界；专属网格没有边界。", "The outlines of grids; exclusive grids have none.")},
	}
}

func (c *call) collection() (collection, error) {
	for _, one := range collections() {
		if one.id == c.R.PathValue("collection") {
			return one, nil
		}
	}
	return collection{}, errs.New(errs.NotFound, "没有这个集合。", "There is no such collection.")
}

// link leads to another resource.
type link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

// at is the whole address of a resource in a form; query may be empty.
func (c *call) at(path, form string, query url.Values) string {
	q := url.Values{}
	for name, values := range query {
		q[name] = values
	}
	if form != "" {
		q.Set("f", form)
	}
	if len(q) == 0 {
		return c.base + path
	}
	return c.base + path + "?" + q.Encode()
}

func (c *call) link(rel, path, kind string, title lang.Text) link {
	form := formJSON
	if kind == typeHTML {
		form = formHTML
	}
	return link{c.at(path, form, nil), rel, kind, title.In(c.Lang)}
}

// links are to a resource itself, in both forms.
func (c *call) links(path, kind, title string) []link {
	return []link{
		{c.at(path, formJSON, nil), "self", kind, title},
		{c.at(path, formHTML, nil), "alternate", typeHTML, title},
	}
}

// pageLinks are those of a page of features.
func (c *call) pageLinks(col collection, a asking, first, last, all int) []link {
	at := func(offset int) url.Values {
		q := url.Values{"limit": {strconv.Itoa(a.limit)}}
		for name, values := range a.given {
			q[name] = values
		}
		if offset > 0 {
			q.Set("offset", strconv.Itoa(offset))
		}
		return q
	}
	path := "/collections/" + col.id + "/items"
	out := []link{
		{c.at(path, formJSON, at(first)), "self", typeGeoJSON, ""},
		{c.at(path, formHTML, at(first)), "alternate", typeHTML, ""},
		c.link("collection", "/collections/"+col.id, typeJSON, col.title),
	}
	if last < all {
		out = append(out, link{c.at(path, formJSON, at(last)), "next", typeGeoJSON, c.Say("下一页", "Next page")})
	}
	if first > 0 {
		out = append(out, link{c.at(path, formJSON, at(max(0, first-a.limit))), "prev", typeGeoJSON, c.Say("上一页", "Previous page")})
	}
	return out
}

// landingPage is where a program begins.
type landingPage struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Links       []link `json:"links"`
}

func landing(c *call) (answer, error) {
	name := c.District.Areas.Name(area.Code(c.District.Code))
	out := landingPage{
		Title:       c.Say("%[1]s的区域", "The areas of %[2]s", name.ZH, name.EN),
		Description: c.Say("区、街道、社区和网格的边界，OGC API – Features，GeoJSON。", "The outlines of district, streets, communities and grids, as OGC API – Features in GeoJSON."),
		Links:       c.links("", typeJSON, c.Say("本页", "This page")),
	}
	out.Links = append(out.Links,
		c.link("service-desc", "/api", typeOpenAPI, lang.T("接口说明 OpenAPI", "The interface as OpenAPI")),
		c.link("service-doc", "/api", typeHTML, lang.T("接口说明", "The interface in words")),
		c.link("conformance", "/conformance", typeJSON, lang.T("符合哪些要求", "What it conforms to")),
		c.link("data", "/collections", typeJSON, lang.T("集合", "Collections")),
	)
	return answer{typeJSON, out, func(c *call) error { return c.showLanding(out) }}, nil
}

// conformsTo are the classes of requirements that the door keeps.
type conformsTo struct {
	ConformsTo []string `json:"conformsTo"`
}

func conformance(*call) (answer, error) {
	const classes = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
	out := conformsTo{[]string{classes + "core", classes + "oas30", classes + "html", classes + "geojson"}}
	return answer{typeJSON, out, func(c *call) error { return c.showConformance(out) }}, nil
}

// described is a collection as programs read it.
type described struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Extent      *extent  `json:"extent,omitempty"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs"`
	Links       []link   `json:"links"`
}

type extent struct {
	Spatial struct {
		BBox [][]float64 `json:"bbox"`
		CRS  string      `json:"crs"`
	} `json:"spatial"`
}

type describedList struct {
	Links       []link      `json:"links"`
	Collections []described `json:"collections"`
}

func (c *call) describe(col collection) described {
	path := "/collections/" + col.id
	d := described{ID: col.id, Title: col.title.In(c.Lang), Description: col.about.In(c.Lang), ItemType: "feature", CRS: []string{crs84}, Links: c.links(path, typeJSON, col.title.In(c.Lang))}
	d.Links = append(d.Links, c.link("items", path+"/items", typeGeoJSON, col.title), c.link("items", path+"/items", typeHTML, col.title))
	if b, ok := c.extent(col); ok {
		d.Extent = &extent{}
		d.Extent.Spatial.CRS, d.Extent.Spatial.BBox = crs84, [][]float64{{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat}}
	}
	return d
}

// extent is the box around all that is drawn of a collection today.
func (c *call) extent(col collection) (box geo.Box, ok bool) {
	for _, a := range c.District.Areas.Tier(col.tier) {
		o, drawn := c.District.Areas.Outline(a.Code)
		switch {
		case !drawn:
		case !ok:
			box, ok = o.Box(), true
		default:
			box = box.Join(o.Box())
		}
	}
	return box, ok
}

func collectionList(c *call) (answer, error) {
	out := describedList{Links: c.links("/collections", typeJSON, c.Say("集合", "Collections"))}
	for _, col := range collections() {
		out.Collections = append(out.Collections, c.describe(col))
	}
	return answer{typeJSON, out, func(c *call) error { return c.showCollections(out) }}, nil
}

func collectionOne(c *call) (answer, error) {
	col, err := c.collection()
	if err != nil {
		return answer{}, err
	}
	d := c.describe(col)
	return answer{typeJSON, d, func(c *call) error { return c.showCollections(describedList{Collections: []described{d}}) }}, nil
}
