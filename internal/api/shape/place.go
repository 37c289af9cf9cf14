package shape

import (
	"linli/internal/api/frame"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
)

// Place is where a case is: its areas, and the point where one is known. The
// address is personal and stays inside.
type Place struct {
	Known     string     `json:"known" enum:"point,address,area,none" doc:"怎么知道的 · How it is known"`
	Lon       *float64   `json:"lon,omitempty" doc:"CGCS2000"`
	Lat       *float64   `json:"lat,omitempty" doc:"CGCS2000"`
	Street    string     `json:"street,omitempty"`
	Community string     `json:"community,omitempty"`
	Grid      string     `json:"grid,omitempty"`
	Path      frame.Text `json:"path" doc:"街道 › 社区 › 网格 · Street › community › grid"`
}

// PlaceOf says where a case is.
func PlaceOf(d *district.District, p casework.Place) Place {
	out := Place{Known: string(p.Placed), Street: p.Street, Community: p.Community, Grid: p.Grid, Path: frame.TextOf(d.Areas.Path(area.Code(p.Area(d.Code))))}
	if p.Placed == casework.ByPoint {
		out.Lon, out.Lat = &p.Point.Lon, &p.Point.Lat
	}
	return out
}

// speck is a hair beside 0,0, in degrees. Inside, the zero point means that none
// was sent; a machine that sends 0,0 has sent a placeholder, and is told so.
const speck = 1e-9

// PointOf is a point in our own datum. A placeholder is no place and is kept as
// it came, so that intake knows it.
func PointOf(d *district.District, lon, lat float64, datum string) (geo.Point, error) {
	p := geo.Point{Lon: lon, Lat: lat}
	from, err := geo.ParseDatum(datum)
	if err != nil {
		return p, err
	}
	if err := p.Check(); err != nil { // NaN is a number to whoever parses it
		return geo.Point{}, errs.Each(err)[0].At("lon")
	}
	if p == (geo.Point{}) {
		return geo.Point{Lon: speck}, nil
	}
	if geo.Placeholder(p, d.Settings.Placeholders) {
		return p, nil
	}
	return geo.Convert(p, from, geo.CGCS2000), nil
}
