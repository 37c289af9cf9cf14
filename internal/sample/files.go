package sample

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"linli/internal/errs"
	"linli/internal/geo"
)

// Files gives what a district would bring to be set up, as a folder:
//
//	areas.csv  outlines.geojson  units.csv  people.csv  posts.csv  routes.csv
//	roads.geojson   the named streets        (name, name_en, class)
//	ground.geojson  river, parks and houses  (kind, name, name_en)
//	calendars/*.yaml  hours of units that keep their own
//
// The folder is held in memory, as an archive: the standard library reads those
// as file systems.
func (d *District) Files() (folder fs.FS, err error) {
	defer errs.Wrap(&err, "sample.Files")
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	add := func(name string, text []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	}
	for _, f := range []struct {
		name  string
		write func() ([]byte, error)
	}{
		{"areas.csv", d.areasCSV}, {"outlines.geojson", d.outlines}, {"units.csv", d.unitsCSV},
		{"people.csv", d.peopleCSV}, {"posts.csv", d.postsCSV}, {"routes.csv", routesCSV},
		{"roads.geojson", d.roads}, {"ground.geojson", d.ground},
	} {
		text, err := f.write()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if err := add(f.name, text); err != nil {
			return nil, err
		}
	}
	all := calendars()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := add(name, []byte(all[name])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
}

// table writes rows as CSV below a line of column names.
func table(columns string, rows [][]string) ([]byte, error) {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	if err := w.Write(strings.Split(columns, ",")); err != nil {
		return nil, err
	}
	err := w.WriteAll(rows)
	return buf.Bytes(), err
}

func (d *District) areasCSV() ([]byte, error) {
	var rows [][]string
	for _, a := range d.areas {
		rows = append(rows, []string{a.code, a.name, a.nameEN, a.tier, a.kind, strings.Join(a.members, ";"), "2024-01-01", ""})
	}
	return table("code,name,name_en,tier,kind,members,valid_from,valid_to", rows)
}

func (d *District) unitsCSV() ([]byte, error) {
	code := map[string]string{DistrictCode: DistrictCode}
	for _, a := range d.areas {
		if a.tier != "grid" {
			code[a.stem()] = a.code
		}
	}
	var rows [][]string
	for i, u := range d.units {
		var areas []string
		for _, stem := range u.areas {
			areas = append(areas, code[stem])
		}
		rows = append(rows, []string{u.code, u.name, u.nameEN, u.kind, u.parent,
			strings.Join(areas, ";"), fmt.Sprintf("1380000%04d", 101+i), hours(u.code)})
	}
	return table("code,name,name_en,kind,parent,areas,phone,calendar", rows)
}

func (d *District) peopleCSV() ([]byte, error) {
	var rows [][]string
	for _, p := range d.people {
		rows = append(rows, []string{p.login, p.name, p.phone})
	}
	return table("login,name,phone", rows)
}

func (d *District) postsCSV() ([]byte, error) {
	var rows [][]string
	for _, p := range d.posts {
		rows = append(rows, []string{p.login, p.role, p.unit, p.area, p.from, p.to})
	}
	return table("login,role,unit,area,from,to", rows)
}

// feature is one feature of a GeoJSON file.
type feature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   geometry          `json:"geometry"`
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

// line writes points as GeoJSON does: longitude first.
func line(points []geo.Point) [][2]float64 {
	list := make([][2]float64, len(points))
	for i, p := range points {
		list[i] = [2]float64{p.Lon, p.Lat}
	}
	return list
}

// polygon writes a ring, or several that make one polygon.
func polygon(rings ...ring) [][][2]float64 {
	list := make([][][2]float64, len(rings))
	for i, r := range rings {
		list[i] = line(r)
	}
	return list
}

// collection writes features one a line, so that a difference can be read.
func collection(features []feature) ([]byte, error) {
	var buf bytes.Buffer
	buf.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, f := range features {
		f.Type = "Feature"
		line, err := json.Marshal(f)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.WriteByte('\n')
		buf.Write(line)
	}
	buf.WriteString("\n]}\n")
	return buf.Bytes(), nil
}

func (d *District) outlines() ([]byte, error) {
	var list []feature
	for _, a := range d.areas {
		if len(a.cells) > 0 {
			list = append(list, feature{Properties: map[string]string{"code": a.code},
				Geometry: geometry{"Polygon", polygon(d.lattice.outline(a.cells)...)}})
		}
	}
	return collection(list)
}

func (d *District) roads() ([]byte, error) {
	var list []feature
	for _, r := range d.streets.roads {
		list = append(list, feature{Properties: map[string]string{"kind": "road", "name": r.name, "name_en": r.nameEN, "class": r.class},
			Geometry: geometry{"LineString", line(r.line)}})
	}
	return collection(list)
}

func (d *District) ground() ([]byte, error) {
	var list []feature
	for _, s := range d.shapes {
		polygons := make([][][][2]float64, len(s.rings))
		for i, r := range s.rings {
			polygons[i] = polygon(r)
		}
		list = append(list, feature{Properties: map[string]string{"kind": s.kind, "name": s.name, "name_en": s.nameEN},
			Geometry: geometry{"MultiPolygon", polygons}})
	}
	for _, s := range d.spots {
		list = append(list, feature{Properties: map[string]string{"kind": s.kind, "name": s.name, "name_en": s.nameEN},
			Geometry: geometry{"Point", line([]geo.Point{s.at})[0]}})
	}
	return collection(list)
}
