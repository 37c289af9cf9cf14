package tables

import (
	"context"
	"math"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/area"
)

type locateInput struct {
	Lon   float64 `query:"lon" required:"true" minimum:"-180" maximum:"180"`
	Lat   float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
	Datum string  `query:"datum" maxLength:"20" doc:"坐标系：cgcs2000（不写就是它）、wgs84、gcj02、bd09 · The datum of lon and lat; cgcs2000 where empty"`
}

// Located is where a point lies.
type Located struct {
	Lon         float64      `json:"lon" doc:"CGCS2000"`
	Lat         float64      `json:"lat" doc:"CGCS2000"`
	District    frame.Named  `json:"district"`
	Street      *frame.Named `json:"street,omitempty"`
	Community   *frame.Named `json:"community,omitempty"`
	Grid        *frame.Named `json:"grid,omitempty"`
	Outside     bool         `json:"outside" doc:"不在任何网格内 · In no grid"`
	Placeholder bool         `json:"placeholder" doc:"占位坐标，不能用来派遣 · A placeholder, not to be routed by"`
	Nearest     *frame.Named `json:"nearest,omitempty" doc:"最近的网格 · The nearest grid"`
	Metres      *float64     `json:"metres,omitempty" doc:"到最近网格的距离 · The distance to it"`
	Why         *frame.Text  `json:"why,omitempty"`
}

func locate(_ context.Context, c *frame.Caller, in *locateInput) (*frame.Output[Located], error) {
	p, err := shape.PointOf(c.District, in.Lon, in.Lat, in.Datum)
	if err != nil {
		return nil, err
	}
	found := c.District.Areas.Locate(p)
	out := Located{
		Lon: p.Lon, Lat: p.Lat, District: *areaOf(c, found.District), Street: areaOf(c, found.Street), Community: areaOf(c, found.Community),
		Grid: areaOf(c, found.Grid), Outside: found.Outside, Placeholder: found.Placeholder, Nearest: areaOf(c, found.Nearest),
		Why: frame.TextIf(found.Why),
	}
	if out.Nearest != nil {
		metres := math.Round(found.Metres)
		out.Metres = &metres
	}
	return frame.Reply(out, nil)
}

func areaOf(c *frame.Caller, code area.Code) *frame.Named {
	return frame.NameIf(code, c.District.Areas.Name(code))
}
