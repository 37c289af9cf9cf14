package transfer

import (
	"encoding/json"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/geo"
	"linli/internal/sheet"
)

// What is odd about the place of an imported case, besides the flags that any
// report may have.
const (
	placeholder = "placeholder"
	outside     = "outside"
	missing     = "missing" // the table has coordinates, this row has none
)

// place says where a case was. The area that the source gives was somebody's
// word and stands; a point makes it finer, or stands in where there is none.
// A point that means nothing is kept in the report and places nothing. What has
// no place at all belongs to the district: flagged, never lost.
func (k *reader) place(r *sheet.Record, h *casework.Historic) {
	p := casework.Place{Address: r.Text("address"), Placed: casework.Nowhere}
	given, err := area.ParseCode(r.Text("area")) // none, or one that was checked
	if err == nil && given.Tier() != area.District {
		put(&p, given, casework.ByArea)
	}
	k.point(r, h, &p, given)
	if p.Placed == casework.Nowhere || p.Placed == casework.ByPoint && p.Street == "" {
		k.byAddress(&p)
	}
	h.Place = p
}

func (k *reader) point(r *sheet.Record, h *casework.Historic, p *casework.Place, given area.Code) {
	raw, has := pointOf(r)
	if !has {
		if r.At("lon").Column > 0 {
			h.Flag = missing
			k.caution(r, missing, "lon", "没有坐标。", "There are no coordinates.")
		}
		return
	}
	at := k.to.Areas.Locate(raw)
	if !at.Placeholder { // defaults are given as machines send them, before any shift
		h.Point = geo.Convert(raw, k.datum, geo.CGCS2000)
		at = k.to.Areas.Locate(h.Point)
	}
	switch {
	case at.Placeholder:
		h.Flag = placeholder
		if raw.Valid() {
			h.Point = raw
		}
		k.caution(r, placeholder, "lon", "坐标 %.6f, %.6f 是占位值，不能用来派遣。", "The coordinates %.6f, %.6f are a placeholder and route nothing.", raw.Lon, raw.Lat)
		return
	case at.Outside && k.drawn && at.Street == "":
		h.Flag = outside
		k.caution(r, outside, "lon", "坐标在本区所有轮廓之外。", "The coordinates lie outside every outline of the district.")
	}
	p.Point, p.Placed = h.Point, casework.ByPoint
	if found := at.Code(); p.Street == "" || found.In(given) {
		if found.Tier() != area.District {
			put(p, found, casework.ByPoint)
		}
	}
}

// byAddress fills in the areas that the address names without doubt.
func (k *reader) byAddress(p *casework.Place) {
	found := k.to.Areas.FromAddress(p.Address)
	if len(found) == 0 || len(found) > 1 && found[0].Score <= found[1].Score && !found[0].Code.In(found[1].Code) {
		return
	}
	how := p.Placed
	if how == casework.Nowhere {
		how = casework.ByAddress
	}
	put(p, found[0].Code, how)
}

// put fills in the areas down to code.
func put(p *casework.Place, code area.Code, how casework.Placed) {
	p.Placed = how
	p.Street, p.Community, p.Grid = string(code.At(area.Street)), string(code.At(area.Community)), string(code.At(area.Grid))
}

// pointOf is where a record says it is: its coordinates, or the point of a GeoJSON
// feature.
func pointOf(r *sheet.Record) (p geo.Point, has bool) {
	if r.Has("lon") && r.Has("lat") {
		return geo.Point{Lon: r.Number("lon"), Lat: r.Number("lat")}, true
	}
	var g struct {
		Type        string    `json:"type"`
		Coordinates []float64 `json:"coordinates"`
	}
	if len(r.Geometry) == 0 || json.Unmarshal(r.Geometry, &g) != nil || g.Type != "Point" || len(g.Coordinates) < 2 {
		return geo.Point{}, false
	}
	return geo.Point{Lon: g.Coordinates[0], Lat: g.Coordinates[1]}, true
}
