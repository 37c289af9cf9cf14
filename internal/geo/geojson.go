package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"linli/internal/errs"
)

// Bounds on a GeoJSON file. A district of 100,000 grids fits many times over.
const (
	MaxBytes    = 256 << 20
	MaxFeatures = 200_000
	MaxPoints   = 8_000_000
	maxProblems = 100
)

// Feature is an outline with what the file says about it.
type Feature struct {
	Properties map[string]any
	Outline    Outline
}

// Text is a property as text: codes are often written as numbers.
func (f Feature) Text(key string) string {
	switch v := f.Properties[key].(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// ParseFeatures reads a FeatureCollection, or one Feature, whose geometries are
// Polygons or MultiPolygons. It is strict, and says of each bad feature its
// number, its code where it has one, and what is wrong; all problems up to a
// hundred come in one error, beside the features that are good.
func ParseFeatures(data []byte) ([]Feature, error) {
	if len(data) > MaxBytes {
		return nil, errs.New(errs.TooLarge, "文件有 %d MB，最多 %d MB", "The file has %d MB; at most %d MB", len(data)>>20, MaxBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var file struct {
		Type     string
		Features []json.RawMessage
	}
	if err := decode(data, &file); err != nil {
		return nil, notJSON(data, err)
	}
	switch file.Type {
	case "Feature":
		file.Features = []json.RawMessage{data}
	case "FeatureCollection":
	default:
		return nil, errs.New(errs.Invalid, "这不是 GeoJSON 要素集：type 是 %q，应为 FeatureCollection", "This is no GeoJSON feature collection: its type is %q, it should be FeatureCollection", clip(file.Type)).At("type")
	}
	if len(file.Features) > MaxFeatures {
		return nil, errs.New(errs.TooLarge, "文件有 %d 个要素，最多 %d 个", "The file has %d features; at most %d", len(file.Features), MaxFeatures)
	}
	return parseAll(file.Features)
}

func parseAll(raw []json.RawMessage) ([]Feature, error) {
	var out []Feature
	var bad []error
	points := MaxPoints
	for i, one := range raw {
		f, err := parseFeature(one, &points)
		if err == nil {
			out = append(out, f)
			continue
		}
		bad = append(bad, nameFeature(err, i+1, f.Text("code")))
		if points < 0 || len(bad) == maxProblems {
			break
		}
	}
	return out, errors.Join(bad...)
}

// nameFeature puts the feature's number and code before what is wrong with it.
func nameFeature(err error, n int, code string) error {
	t, ok := errs.TextOf(err)
	if !ok {
		return err
	}
	var e *errs.Error
	errors.As(err, &e)
	zh, en := fmt.Sprintf("第 %d 个要素", n), fmt.Sprintf("Feature %d", n)
	if code != "" {
		zh, en = zh+"（"+clip(code)+"）", en+" ("+clip(code)+")"
	}
	return errs.New(e.Kind, "%[1]s：%[2]s", "%[3]s: %[4]s", zh, t.ZH, en, t.EN).At(e.Field)
}

func parseFeature(raw []byte, points *int) (Feature, error) {
	var in struct {
		Type       string
		Properties map[string]any
		Geometry   *struct {
			Type        string
			Coordinates json.RawMessage
		}
	}
	if err := decode(raw, &in); err != nil {
		return Feature{}, errs.New(errs.Invalid, "要素的结构不对", "The feature is not built as GeoJSON asks").Because(err)
	}
	f := Feature{Properties: in.Properties}
	if in.Type != "Feature" {
		return f, errs.New(errs.Invalid, "type 是 %q，应为 Feature", "Its type is %q; it should be Feature", clip(in.Type)).At("type")
	}
	if in.Geometry == nil {
		return f, errs.New(errs.Invalid, "没有 geometry", "It has no geometry").At("geometry")
	}
	var err error
	f.Outline, err = parseGeometry(in.Geometry.Type, in.Geometry.Coordinates, points)
	return f, err
}

func parseGeometry(kind string, coordinates json.RawMessage, points *int) (Outline, error) {
	var multi [][][]position
	var err error
	switch kind {
	case "Polygon":
		multi = make([][][]position, 1)
		err = decode(coordinates, &multi[0])
	case "MultiPolygon":
		err = decode(coordinates, &multi)
	default:
		return Outline{}, errs.New(errs.Invalid, "geometry 是 %q，应为 Polygon 或 MultiPolygon", "The geometry is a %q; it should be a Polygon or MultiPolygon", clip(kind)).At("geometry")
	}
	if err != nil {
		return Outline{}, errs.New(errs.Invalid, "%[1]s 的 coordinates 不对：每个点是 [经度, 纬度]", "The coordinates do not fit a %[1]s: each point is [longitude, latitude]", kind).At("coordinates").Because(err)
	}
	var polygons []Polygon
	for _, poly := range multi {
		var rings Polygon
		for _, ring := range poly {
			if *points -= len(ring); *points < 0 {
				return Outline{}, errs.New(errs.TooLarge, "文件里的点超过 %d 个", "The file has more than %d points", MaxPoints)
			}
			r := make(Ring, len(ring))
			for i, p := range ring {
				r[i] = Point(p)
			}
			rings = append(rings, r)
		}
		polygons = append(polygons, rings)
	}
	o, err := NewOutline(polygons...)
	var e *errs.Error
	if errors.As(err, &e) {
		return o, e.At("coordinates")
	}
	return o, err
}

// position is a point in GeoJSON: two numbers, or three with a height that is
// of no use here.
type position Point

func (p *position) UnmarshalJSON(b []byte) error {
	var n []*float64
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	if len(n) < 2 || len(n) > 3 || n[0] == nil || n[1] == nil {
		return fmt.Errorf("a position has %d numbers", len(n))
	}
	*p = position{*n[0], *n[1]}
	return nil
}

func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the value")
	}
	return nil
}

// notJSON says on which line and column the text stops being JSON.
func notJSON(data []byte, err error) error {
	at := int64(0)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset - 1 // the byte that did not fit
	case errors.As(err, &kind):
		at = kind.Offset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		at = int64(len(data))
	}
	before := data[:max(0, min(at, int64(len(data))))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return errs.New(errs.Invalid, "不是 GeoJSON：第 %d 行第 %d 列读不下去", "Not GeoJSON: it cannot be read at line %d, column %d", line, column).Because(err)
}

// MarshalJSON writes the outline as a GeoJSON geometry.
func (o Outline) MarshalJSON() ([]byte, error) {
	multi := make([][][][2]float64, len(o.polygons))
	for i, poly := range o.polygons {
		multi[i] = make([][][2]float64, len(poly))
		for j, ring := range poly {
			for _, p := range ring {
				multi[i][j] = append(multi[i][j], [2]float64{p.Lon, p.Lat})
			}
		}
	}
	if len(multi) == 1 {
		return json.Marshal(map[string]any{"type": "Polygon", "coordinates": multi[0]})
	}
	return json.Marshal(map[string]any{"type": "MultiPolygon", "coordinates": multi})
}

// UnmarshalJSON reads a GeoJSON geometry, as strictly as ParseFeatures.
func (o *Outline) UnmarshalJSON(b []byte) error {
	var g struct {
		Type        string
		Coordinates json.RawMessage
	}
	if err := decode(b, &g); err != nil {
		return notJSON(b, err)
	}
	points := MaxPoints
	got, err := parseGeometry(g.Type, g.Coordinates, &points)
	if err != nil {
		return err
	}
	*o = got
	return nil
}

// MarshalFeatures writes a FeatureCollection.
func MarshalFeatures(fs []Feature) ([]byte, error) {
	out := make([]map[string]any, len(fs))
	for i, f := range fs {
		out[i] = map[string]any{"type": "Feature", "properties": f.Properties, "geometry": f.Outline}
	}
	return json.Marshal(map[string]any{"type": "FeatureCollection", "features": out})
}

// clip keeps a message short whatever was sent.
func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "?"))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}
