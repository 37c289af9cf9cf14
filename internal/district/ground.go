package district

import (
	"context"
	"encoding/json"
	"errors"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
)

// Ground is what maps are drawn on. Nothing is routed by it.
type Ground struct {
	Roads  []Line
	Shapes []Shape
	Spots  []Spot
}

// Line is a named road.
type Line struct {
	Name   lang.Text
	Class  string // main, street, lane
	Points []geo.Point
}

// Shape is water, a park or a house.
type Shape struct {
	Kind  string
	Name  lang.Text
	Rings [][]geo.Point
}

// Spot is a place with a name.
type Spot struct {
	Kind string
	Name lang.Text
	At   geo.Point
}

type feature struct {
	Properties struct {
		Kind, Name, Class string
		NameEN            string `json:"name_en"`
	}
	Geometry struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// SaveGround stores a GeoJSON collection to draw on; errs.Invalid for what is
// none.
func SaveGround(ctx context.Context, tx *db.Tx, code, name string, data []byte) error {
	if err := new(Ground).read(data); err != nil {
		return err
	}
	return tx.Exec(ctx, `insert into ground (district, name, geojson) values ($1, $2, $3)
		on conflict (district, name) do update set geojson = excluded.geojson`, code, name, string(data))
}

func openGround(ctx context.Context, r db.Reader, code string) (g Ground, err error) {
	all, err := db.All(ctx, r, func(s *string) []any { return []any{s} }, "select geojson from ground where district = $1 order by name", code)
	if err != nil {
		return g, err
	}
	for _, data := range all {
		if err := g.read([]byte(data)); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g *Ground) read(data []byte) error {
	var collection struct{ Features []feature }
	if err := json.Unmarshal(data, &collection); err != nil {
		return errs.New(errs.Invalid, "底图文件不是 GeoJSON。", "The ground file is not GeoJSON.").Because(err)
	}
	for i, f := range collection.Features {
		if err := g.add(f); err != nil {
			return errs.New(errs.Invalid, "底图文件的第 %d 个要素读不出来。", "Feature %d of the ground file cannot be read.", i+1).Because(err)
		}
	}
	return nil
}

func (g *Ground) add(f feature) error {
	name := lang.Text{ZH: f.Properties.Name, EN: f.Properties.NameEN}
	switch f.Geometry.Type {
	case "LineString":
		var line [][2]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &line); err != nil {
			return err
		}
		g.Roads = append(g.Roads, Line{name, f.Properties.Class, points(line)})
	case "Polygon":
		var rings [][][2]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &rings); err != nil {
			return err
		}
		g.addShape(f.Properties.Kind, name, rings)
	case "MultiPolygon":
		var polygons [][][][2]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			return err
		}
		for _, rings := range polygons {
			g.addShape(f.Properties.Kind, name, rings)
		}
	case "Point":
		var at [2]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &at); err != nil {
			return err
		}
		g.Spots = append(g.Spots, Spot{f.Properties.Kind, name, geo.Point{Lon: at[0], Lat: at[1]}})
	default:
		return errors.New("unknown geometry " + f.Geometry.Type)
	}
	return nil
}

func (g *Ground) addShape(kind string, name lang.Text, rings [][][2]float64) {
	s := Shape{Kind: kind, Name: name}
	for _, ring := range rings {
		s.Rings = append(s.Rings, points(ring))
	}
	g.Shapes = append(g.Shapes, s)
}

func points(line [][2]float64) []geo.Point {
	all := make([]geo.Point, len(line))
	for i, p := range line {
		all[i] = geo.Point{Lon: p[0], Lat: p[1]}
	}
	return all
}
