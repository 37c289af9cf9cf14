package area_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/geo"
	"linli/internal/sheet"
)

const (
	district = area.Code("990101")
	today    = clock.Date("2026-11-23")
)

// areasCSV is a street of two communities, the second with an exclusive grid,
// and a street whose community has no grid.
const areasCSV = `code,name,name_en,tier,kind,members,valid_from,valid_to
990101000000,邻里区,Linli District,district,,,,
990101001,槐树街道,Huaishu Street,street,,,,
990101002,南湾街道,Nanwan Street,street,,,,
990101001001,桂香社区,Guixiang Community,community,,,,
990101001002,书院社区,Shuyuan Community,community,,,,
990101002001,渔港社区,Yugang Community,community,,,,
990101001001001,桂香01网格,Guixiang Grid 01,grid,basic,槐安路1-99号(单),,
990101001001002,桂香02网格,Guixiang Grid 02,grid,,槐安路2-98号(双),,
990101001002001,书院01网格,Shuyuan Grid 01,grid,basic,,,
990101001002901,槐树农贸市场,Huaishu Market,grid,exclusive,老张豆腐坊;水产一号摊;8号摊位,,
`

// square is a closed ring from a corner to the opposite one, in thousandths of
// a degree from the origin of the test district.
func square(x0, y0, x1, y1 int) string {
	p := func(x, y int) string { return fmt.Sprintf("[%.3f,%.3f]", 121+float64(x)/1000, 30+float64(y)/1000) }
	return `{"type":"Polygon","coordinates":[[` + strings.Join([]string{p(x0, y0), p(x1, y0), p(x1, y1), p(x0, y1), p(x0, y0)}, ",") + `]]}`
}

func at(x, y float64) geo.Point { return geo.Point{Lon: 121 + x/1000, Lat: 30 + y/1000} }

type shape struct{ code, from, geometry string }

func collection(shapes ...shape) string {
	parts := make([]string, len(shapes))
	for i, s := range shapes {
		parts[i] = fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"valid_from":%q},"geometry":%s}`, s.code, s.from, s.geometry)
	}
	return "{\"type\":\"FeatureCollection\",\"features\":[\n" + strings.Join(parts, ",\n") + "]}"
}

// outlines: two grids of 桂香 side by side, one of 书院 that leaves its
// community's east uncovered, and no outline of any street.
var outlines = collection(
	shape{"990101001001001", "", square(0, 0, 10, 10)},
	shape{"990101001001002", "", square(10, 0, 20, 10)},
	shape{"990101001002001", "", square(20, 0, 25, 10)},
	shape{"990101001001", "", square(0, 0, 20, 10)},
	shape{"990101001002", "", square(20, 0, 30, 10)},
)

// run imports areas and outlines and gives findings and counts.
func run(ctx context.Context, d *db.DB, p sheet.Policy, areas, shapes string) (string, error) {
	report := sheet.NewReport(p)
	load := func(s sheet.Schema, name, text string) []*sheet.Record {
		f, err := sheet.Load(name, strings.NewReader(text), sheet.Limits{})
		if err != nil || text == "" {
			return nil
		}
		return s.Map(nil, f, report)
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		report = sheet.NewReport(p)
		if err := area.Import(ctx, tx, district, load(area.Columns(), "areas.csv", areas), report); err != nil {
			return err
		}
		if shapes != "" {
			if err := area.ImportOutlines(ctx, tx, district, geo.CGCS2000, load(area.OutlineColumns(), "o.geojson", shapes), report); err != nil {
				return err
			}
		}
		return report.Settle()
	})
	var b strings.Builder
	for _, f := range report.Findings() {
		fmt.Fprintf(&b, "%s:%d %s %s\n", f.File, f.Line, f.Severity, f.Field)
		if strings.Contains(f.Text.ZH+f.Text.EN, "%!") {
			fmt.Fprintf(&b, "malformed text %+v\n", f.Text)
		}
	}
	for _, c := range report.Counts() {
		fmt.Fprintf(&b, "%s %d/%d/%d\n", c.What.EN, c.Added, c.Changed, c.Same)
	}
	return b.String(), err
}

func imported(t *testing.T, d *db.DB) {
	t.Helper()
	got, err := run(t.Context(), d, sheet.Policy{}, areasCSV, outlines)
	if want := "Areas 10/0/0\nOutlines 5/0/0\n"; err != nil || got != want {
		t.Fatalf("got %q, %v, want %q", got, err, want)
	}
}

func open(t *testing.T, d *db.DB, on clock.Date, placeholders ...geo.Point) *area.Map {
	t.Helper()
	m, err := area.Open(t.Context(), d, district, on, placeholders...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLocate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why         string
		point       geo.Point
		want        area.Code
		outside     bool
		placeholder bool
	}{
		{"within a grid", at(5, 5), "990101001001001", false, false},
		{"on a shared border, one side and always the same", at(10, 5), "990101001001002", false, false},
		{"on the outer edge of all grids", at(0, 5), "990101001001001", false, false},
		{"in the community, but in none of its grids", at(27, 5), "990101001002", true, false},
		{"outside everything the district still has it", at(50, 5), "990101", true, false},
		{"nothing at all is a placeholder", geo.Point{}, "990101", true, true},
		{"the district's own default, though it lies in a grid", at(6, 6), "990101", true, true},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		m := open(t, d, today, at(6, 6))
		for _, tt := range tests {
			got := m.Locate(tt.point)
			if got.Code() != tt.want || got.Outside != tt.outside || got.Placeholder != tt.placeholder || got.Outside != !got.Why.IsZero() {
				t.Errorf("%s: got %+v, want %s outside %v placeholder %v", tt.why, got, tt.want, tt.outside, tt.placeholder)
			}
		}
		near := m.Locate(at(27, 5))
		if near.Nearest != "990101001002001" || near.Metres < 150 || near.Metres > 250 {
			t.Errorf("nearest: got %s at %.0f m, want the grid 2/1000° to the west", near.Nearest, near.Metres)
		}
		if got := m.Locate(at(5, 5)); got.Street != "990101001" || got.Community != "990101001001" {
			t.Errorf("got %+v, want street and community too", got)
		}
	})
}

func TestMap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		m := open(t, d, today)
		if got, want := m.Path("990101001001002").EN, "Huaishu Street › Guixiang Community › Guixiang Grid 02"; got != want {
			t.Errorf("path: got %s, want %s", got, want)
		}
		if got := m.Path("990101").ZH; got != "邻里区" {
			t.Errorf("path of the district: got %s", got)
		}
		if len(m.Children("990101001")) != 2 || len(m.Tier(area.Grid)) != 4 || !m.Known("990101001") || m.Known("990101009") {
			t.Errorf("children %v, grids %v", m.Children("990101001"), m.Tier(area.Grid))
		}
		var gaps []string
		for _, g := range m.Gaps() {
			gaps = append(gaps, g.Text.EN)
		}
		want := []string{"Shuyuan Community: 50% of its ground belongs to no grid.", "Yugang Community has no grid."}
		if diff := cmp.Diff(want, gaps); diff != "" {
			t.Errorf("gaps: -want +got:\n%s", diff)
		}
	})
}

func TestBadAreas(t *testing.T) {
	t.Parallel()
	tests := []struct{ why, csv, want string }{
		{"a code of no tier", "code,name\n99010100,甲\n", "areas.csv:2 error code\n"},
		{"another district's code", "code,name\n990102,甲\n", "areas.csv:2 error code\n"},
		{"a tier the code does not have", "code,name,tier\n990101003,甲,community\n", "areas.csv:2 error tier\n"},
		{"without a parent, and what hangs below", "code,name\n990101004001,甲\n990101004001001,乙\n", "areas.csv:2 error code\nareas.csv:3 error code\n"},
		{"twice in one file, once padded", "code,name\n990101003,甲\n990101003000,乙\n", "areas.csv:3 error code\n"},
		{"the name of a neighbour already there", "code,name\n990101003,槐树街道\n", "areas.csv:2 error name\n"},
		{"the same name under another parent is fine", "code,name\n990101002002,桂香社区\n", "Areas 1/0/0\n"},
		{"the name of a neighbour that ended before", "code,name,valid_from,valid_to\n990101003,甲,,2026-01-01\n990101004,甲,2026-01-02,\n", "Areas 2/0/0\n"},
		{"an exclusive grid without members", "code,name\n990101001001901,菜场\n", "areas.csv:2 error members\n"},
		{"a basic number called exclusive", "code,name,kind,members\n990101001001003,菜场,exclusive,甲\n", "areas.csv:2 error kind\n"},
		{"only grids have kinds and members", "code,name,kind,members\n990101003,甲,basic,\n990101004,乙,,丙\n", "areas.csv:2 error kind\nareas.csv:3 error members\n"},
		{"an end before the beginning", "code,name,valid_from,valid_to\n990101003,甲,2026-02-01,2026-01-01\n", "areas.csv:2 error valid_to\n"},
		{"a parent that ends first is said", "code,name,valid_to\n990101003,甲,2026-12-31\n990101003001,乙,\n", "areas.csv:3 warning valid_to\nAreas 2/0/0\n"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		for _, tt := range tests {
			got, err := run(t.Context(), d, sheet.Policy{DryRun: true}, tt.csv, "")
			if err == nil {
				t.Errorf("%s: a dry run committed", tt.why)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tt.why, diff)
			}
		}
	})
}

func TestBadOutlines(t *testing.T) {
	t.Parallel()
	bow := `{"type":"Polygon","coordinates":[[[121.5,30],[121.51,30.01],[121.51,30],[121.5,30.01],[121.5,30]]]}`
	tests := []struct {
		why, shapes, want string
	}{
		{"an area nobody knows", collection(shape{"990101009", "", square(0, 0, 1, 1)}), "o.geojson:2 error code\nAreas 0/0/0\n"},
		{"an exclusive grid has none", collection(shape{"990101001002901", "", square(60, 0, 61, 1)}), "o.geojson:2 error code\nAreas 0/0/0\n"},
		{"no geometry", collection(shape{"990101002", "", "null"}), "o.geojson:2 error geometry\nAreas 0/0/0\n"},
		{"a ring left open", collection(shape{"990101002", "", `{"type":"Polygon","coordinates":[[[121,30],[121.1,30],[121.1,30.1]]]}`}), "o.geojson:2 error geometry\nAreas 0/0/0\n"},
		{"a border that crosses itself", collection(shape{"990101002", "", bow}), "o.geojson:2 error geometry\nAreas 0/0/0\n"},
		{"over the ground of a neighbour already there", collection(shape{"990101001002001", "", square(15, 0, 25, 10)}),
			"o.geojson:2 error geometry\no.geojson:2 warning geometry\nAreas 0/0/0\n"},
		{"out of the parent is a warning", collection(shape{"990101001002001", "", square(20, 0, 25, 12)}), "o.geojson:2 warning geometry\nAreas 0/0/0\nOutlines 0/1/0\n"},
		{"the same area twice from one day", collection(shape{"990101002", "", square(60, 0, 61, 1)}, shape{"990101002", "", square(60, 0, 61, 1)}),
			"o.geojson:3 error code\nAreas 0/0/0\n"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		for _, tt := range tests {
			got, err := run(t.Context(), d, sheet.Policy{DryRun: true}, "", tt.shapes)
			if err == nil {
				t.Errorf("%s: a dry run committed", tt.why)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tt.why, diff)
			}
		}
		skipped, err := run(t.Context(), d, sheet.Policy{SkipBad: true}, "",
			collection(shape{"990101001001001", "", square(0, 0, 10, 9)}, shape{"990101001002901", "", square(60, 0, 61, 1)}))
		if want := "o.geojson:3 error code\nAreas 0/0/0\nOutlines 0/1/0\n"; err != nil || skipped != want {
			t.Errorf("skipping the bad: got %q, %v, want %q", skipped, err, want)
		}
	})
}

// Borders redrawn from a day on leave the days before as they were.
func TestRedrawn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		redrawn := collection(
			shape{"990101001001001", "2027-01-01", square(0, 0, 5, 10)},
			shape{"990101001001002", "2027-01-01", square(5, 0, 20, 10)})
		if got, err := run(t.Context(), d, sheet.Policy{}, "", redrawn); err != nil || got != "Areas 0/0/0\nOutlines 2/0/0\n" {
			t.Fatal(got, err)
		}
		if got, err := run(t.Context(), d, sheet.Policy{}, "", redrawn); err != nil || got != "Areas 0/0/0\nOutlines 0/0/2\n" {
			t.Errorf("again: got %q, %v, want nothing changed", got, err)
		}
		ends, err := db.Value[string](t.Context(), d, "select valid_to from outlines where district = $1 and code = $2 and valid_from = ''", string(district), "990101001001001")
		if err != nil || ends != "2026-12-31" {
			t.Errorf("the outline before ends on %q, %v, want the day before the next", ends, err)
		}
		for on, want := range map[clock.Date]area.Code{"2026-12-31": "990101001001001", "2027-01-01": "990101001001002"} {
			if got := open(t, d, on).Locate(at(7, 5)).Grid; got != want {
				t.Errorf("on %s: got %s, want %s", on, got, want)
			}
		}
	})
}

// A file in the datum of public web maps is kept in CGCS2000.
func TestDatum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		report := sheet.NewReport(sheet.Policy{})
		f, err := sheet.Load("o.geojson", strings.NewReader(collection(shape{"990101002", "", square(100, 0, 110, 10)})), sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return area.ImportOutlines(t.Context(), tx, district, geo.GCJ02, area.OutlineColumns().Map(nil, f, report), report)
		})
		if err != nil || !report.MayWrite() {
			t.Fatal(err, report.Findings())
		}
		o, ok := open(t, d, today).Outline("990101002")
		shift := geo.Metres(o.Box().Min, at(100, 0))
		if !ok || shift < 100 || shift > 1000 {
			t.Errorf("the outline moved %.0f m, want the few hundred between the datums", shift)
		}
		if raw, err := json.Marshal(o); err != nil || !json.Valid(raw) {
			t.Error(err)
		}
	})
}
