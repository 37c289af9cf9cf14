package geo

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/errs"
)

func TestConvert(t *testing.T) {
	t.Parallel()
	tiananmen := Point{116.397428, 39.90923} // a pair published with GCJ-02 libraries
	if d := Metres(Convert(tiananmen, WGS84, GCJ02), Point{116.403672, 39.910633}); d > 1 {
		t.Errorf("to GCJ-02 is %.2f m off the published point", d)
	}
	if d := Metres(Convert(Point{116.404, 39.915}, GCJ02, BD09), Point{116.41036949371029, 39.92133699351021}); d > 0.1 {
		t.Errorf("to BD-09 is %.2f m off the published point", d)
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := []Datum{CGCS2000, WGS84, GCJ02, BD09}
	for range 5000 {
		p := Point{75 + r.Float64()*58, 4 + r.Float64()*49}
		for _, from := range all {
			for _, to := range all {
				if d := Metres(p, Convert(Convert(p, from, to), to, from)); d > 0.01 {
					t.Fatalf("%v from %s to %s and back is %.3f m off", p, from, to, d)
				}
			}
		}
		if d := Metres(p, Convert(p, WGS84, GCJ02)); d < 20 || d > 2000 {
			t.Fatalf("%v is shifted by %.0f m", p, d)
		}
	}
	if p := (Point{-76.6, 39.3}); Convert(p, WGS84, GCJ02) != p {
		t.Error("a point in Baltimore was shifted")
	}
}

func TestParseDatum(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Datum{"": CGCS2000, "WGS-84": WGS84, "EPSG:4326": WGS84, "gcj02": GCJ02, "百度": BD09, "mars": "", strings.Repeat("x", 100): ""} {
		if got, err := ParseDatum(in); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseDatum(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestMetres(t *testing.T) {
	t.Parallel()
	if d := Metres(Point{0, 0}, Point{0, 1}); math.Abs(d-111195) > 1 {
		t.Errorf("one degree north is %.0f m", d)
	}
	if d := Metres(Point{117, 60}, Point{118, 60}); math.Abs(d-55597) > 10 {
		t.Errorf("one degree east at 60° is %.0f m", d)
	}
}

func TestPlaceholder(t *testing.T) {
	t.Parallel()
	defaults := []Point{{-77.0, 39.0}}
	for _, row := range []struct {
		why  string
		p    Point
		want bool
	}{
		{"nothing was sent", Point{0, 0}, true},
		{"nothing, rounded on the way", Point{1e-7, -1e-7}, true},
		{"not a number", Point{math.NaN(), 39}, true},
		{"latitude and longitude swapped", Point{39, 117}, true},
		{"the city's default", Point{-77.0, 39.0}, true},
		{"the city's default, rounded", Point{-77.0000004, 39.0000004}, true},
		{"a place near the default is a place", Point{-77.0001, 39.0}, false},
		{"a place on the equator is a place", Point{100, 0}, false},
	} {
		if got := Placeholder(row.p, defaults); got != row.want {
			t.Errorf("%s: Placeholder(%v) = %v", row.why, row.p, got)
		}
	}
}

func TestShape(t *testing.T) {
	t.Parallel()
	o := square(t, 117, 31, 117.01, 31.01)
	want := 0.01 * 111195 * 0.01 * 111195 * math.Cos(31.005*math.Pi/180)
	if a := o.Area(); math.Abs(a-want)/want > 1e-4 {
		t.Errorf("area %.0f m², want %.0f", a, want)
	}
	if c := o.Centroid(); Metres(c, Point{117.005, 31.005}) > 0.1 {
		t.Errorf("centroid %v", c)
	}
	holed := outline(t, Ring{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, Ring{{2, 1}, {3, 1}, {3, 3}, {2, 3}, {2, 1}})
	if c := holed.Centroid(); math.Abs(c.Lon-(16*2-2*2.5)/14.0) > 1e-9 || math.Abs(c.Lat-2) > 1e-9 {
		t.Errorf("centroid of a holed square %v", c)
	}
	bend := outline(t, Ring{{0, 0}, {10, 0}, {10, 10}, {9, 10}, {9, 1}, {1, 1}, {1, 10}, {0, 10}, {0, 0}})
	if c := bend.Centroid(); bend.Contains(c) {
		t.Fatalf("the bend holds its centroid %v; the test asks nothing", c)
	}
	if l := bend.Label(); !bend.Contains(l) {
		t.Errorf("label %v lies outside", l)
	}
}

func TestSimplify(t *testing.T) {
	t.Parallel()
	var ring Ring
	for i := range 360 {
		a := float64(i) * math.Pi / 180
		ring = append(ring, Point{117 + 0.01*math.Cos(a), 31 + 0.01*math.Sin(a)})
	}
	o := outline(t, append(ring, ring[0]))
	slim := o.Simplify(20)
	n := len(slim.Polygons()[0][0])
	if n < 8 || n > 60 {
		t.Errorf("360 points became %d", n)
	}
	for _, p := range ring {
		if d := slim.ToBorder(p); d > 20.1 {
			t.Errorf("a point is %.1f m off", d)
		}
	}
	if s := square(t, 0, 0, 1, 1).Simplify(1e9); len(s.Polygons()[0][0]) < 4 {
		t.Error("a square was simplified away")
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	a, b := Area{"a", square(t, 0, 0, 1, 1)}, Area{"b", square(t, 1, 0, 2, 1)}
	long := Area{"long", outline(t, Ring{{1, 0}, {1, 0.4}, {1, 1}, {0, 1}, {0, 0}, {1, 0}})}
	for _, row := range []struct {
		why  string
		set  []Area
		want string
	}{
		{"neighbours share a border", []Area{a, b}, ""},
		{"neighbours share a border with a corner in between", []Area{long, b}, ""},
		{"borders that miss each other by less than a metre", []Area{a, {"c", square(t, 0.999995, 0, 2, 1)}}, ""},
		{"a strip of a hundred metres", []Area{a, {"c", square(t, 0.999, 0, 2, 1)}}, "a c"},
		{"the same outline twice", []Area{a, {"c", a.Outline}}, "a c"},
		{"one inside the other", []Area{a, {"c", square(t, 0.4, 0.4, 0.6, 0.6)}}, "a c"},
		{"a cross has no corner inside", []Area{{"h", square(t, 0, 1, 3, 2)}, {"v", square(t, 1, 0, 2, 3)}}, "h v"},
		{"an island in a hole is no overlap", []Area{{"r", outline(t, Ring{{0, 0}, {3, 0}, {3, 3}, {0, 3}, {0, 0}}, Ring{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}})}, {"i", square(t, 1, 1, 2, 2)}}, ""},
	} {
		var got []string
		for _, f := range Overlaps(row.set) {
			got = append(got, strings.Join(f.IDs, " "))
			if f.Text.EN == "" || strings.Contains(f.Text.ZH+f.Text.EN, "%!") {
				t.Errorf("%s: says %v", row.why, f.Text)
			}
		}
		if strings.Join(got, ", ") != row.want {
			t.Errorf("%s: overlaps %q, want %q", row.why, got, row.want)
		}
	}
	if got := Overlaps(patchwork(t, 8)); len(got) != 0 {
		t.Errorf("a patchwork overlaps itself: %v", got)
	}
}

func TestOutside(t *testing.T) {
	t.Parallel()
	parent := Area{"p", outline(t, Ring{{0, 0}, {3, 0}, {3, 3}, {0, 3}, {0, 0}}, Ring{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}})}
	for _, row := range []struct {
		why  string
		o    Outline
		want bool
	}{
		{"along the parent's border", square(t, 0, 0, 1, 1), false},
		{"through the outer border", square(t, 2.5, 0, 3.1, 1), true},
		{"far away", square(t, 7, 7, 8, 8), true},
		{"into the hole", square(t, 0.5, 0.5, 1.5, 1.5), true},
		{"over the whole hole", square(t, 0.5, 0.5, 2.5, 2.5), true},
		{"by less than a metre", square(t, 2, 0, 3.000005, 1), false},
	} {
		got := Outside(parent, []Area{{"c", row.o}})
		if (len(got) > 0) != row.want {
			t.Errorf("%s: %v, want a finding: %v", row.why, got, row.want)
		}
	}
}

func TestSelfIntersections(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why  string
		ring Ring
		want bool
	}{
		{"a square", Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, false},
		{"a bow tie", Ring{{0, 0}, {1, 1}, {1, 0}, {0, 3}, {0, 0}}, true},
		{"a spike there and back", Ring{{0, 0}, {1, 0}, {1, 1}, {1, 2}, {1, 1}, {0, 1}, {0, 0}}, true},
		{"a corner on another edge", Ring{{0, 0}, {2, 0}, {2, 2}, {1, 0}, {0, 2}, {0, 0}}, true},
		{"a point repeated", Ring{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, false},
	} {
		if got := SelfIntersections(Area{"x", outline(t, row.ring)}); (len(got) > 0) != row.want {
			t.Errorf("%s: %v, want a finding: %v", row.why, got, row.want)
		}
	}
}

func TestParseFeatures(t *testing.T) {
	t.Parallel()
	one := func(geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":990101001},"geometry":` + geometry + `}]}`
	}
	poly := func(ring string) string { return one(`{"type":"Polygon","coordinates":[` + ring + `]}`) }
	for _, row := range []struct{ why, in, want string }{
		{"a square", poly(`[[0,0],[1,0],[1,1],[0,0]]`), ""},
		{"with heights", poly(`[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]`), ""},
		{"several parts", one(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}`), ""},
		{"a byte order mark", "\ufeff" + poly(`[[0,0],[1,0],[1,1],[0,0]]`), ""},
		{"not closed", poly(`[[0,0],[1,0],[1,1],[0,1]]`), "第 1 个要素（990101001）：环没有合上"},
		{"too few points", poly(`[[0,0],[1,0],[0,0]]`), "至少要 4 个"},
		{"the same point over again", poly(`[[0,0],[1,0],[1,0],[0,0]]`), "围不成面"},
		{"on one line", poly(`[[0,0],[1,1],[2,2],[0,0]]`), "围不成面"},
		{"off the globe", poly(`[[0,0],[181,0],[1,1],[0,0]]`), "不在地球上"},
		{"metres for degrees", poly(`[[500000,3500000],[500001,3500000],[500001,3500001],[500000,3500000]]`), "不在地球上"},
		{"a number too large", poly(`[[0,0],[1e999,0],[1,1],[0,0]]`), "coordinates 不对"},
		{"null in a point", poly(`[[0,null],[1,0],[1,1],[0,0]]`), "coordinates 不对"},
		{"text in a point", poly(`[["0",0],[1,0],[1,1],[0,0]]`), "coordinates 不对"},
		{"one number", poly(`[[0],[1,0],[1,1],[0,0]]`), "coordinates 不对"},
		{"NaN is not JSON", "{\n" + `"type":"FeatureCollection", "features":[NaN]}`, "第 2 行第 41 列"},
		{"cut off", `{"type":"FeatureCollection","features":[`, "不是 GeoJSON"},
		{"something after", poly(`[[0,0],[1,0],[1,1],[0,0]]`) + "x", "不是 GeoJSON"},
		{"a line", one(`{"type":"LineString","coordinates":[[0,0],[1,1]]}`), "应为 Polygon"},
		{"no geometry", one(`null`), "没有 geometry"},
		{"no ring", one(`{"type":"Polygon","coordinates":[]}`), "没有环"},
		{"no polygon", one(`{"type":"MultiPolygon","coordinates":[]}`), "没有多边形"},
		{"no coordinates", one(`{"type":"Polygon"}`), "coordinates 不对"},
		{"another kind of file", `{"type":"Topology"}`, "应为 FeatureCollection"},
		{"an empty file", ``, "不是 GeoJSON"},
		{"a feature that is none", `{"type":"FeatureCollection","features":[7]}`, "要素的结构不对"},
	} {
		fs, err := ParseFeatures([]byte(row.in))
		if row.want == "" {
			if err != nil || len(fs) != 1 || fs[0].Text("code") != "990101001" {
				t.Errorf("%s: %v, %v", row.why, fs, err)
			}
			continue
		}
		if !errors.Is(err, errs.Invalid) || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: %v, want %q", row.why, err, row.want)
		}
	}
}

// Every bad feature is told, and the good ones are there beside.
func TestParseFeaturesTellsAll(t *testing.T) {
	t.Parallel()
	good := `{"type":"Feature","properties":{"code":"a"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}`
	bad := `{"type":"Feature","properties":{"code":"b"},"geometry":null}`
	fs, err := ParseFeatures([]byte(`{"type":"FeatureCollection","features":[` + strings.Join([]string{bad, good, bad}, ",") + `]}`))
	if len(fs) != 1 || len(errs.Each(err)) != 2 {
		t.Errorf("%d good, problems %v", len(fs), err)
	}
	out, err := MarshalFeatures(fs)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParseFeatures(out); err != nil || len(back) != 1 || back[0].Outline.Area() != fs[0].Outline.Area() {
		t.Errorf("written and read again: %v, %v", back, err)
	}
	var o Outline
	if err := json.Unmarshal([]byte(`{"type":"Polygon","coordinates":[[[0,0]]]}`), &o); !errors.Is(err, errs.Invalid) {
		t.Errorf("a bad geometry was taken: %v", err)
	}
}

// Nine real districts parse, and lie where they are said to be.
func TestRealDistricts(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "boundaries", "districts9.geojson"))
	if err != nil {
		t.Skip("needs ../shared/data/boundaries beside the checkout")
	}
	fs, err := ParseFeatures(data)
	if err != nil || len(fs) != 9 {
		t.Fatalf("%d districts, %v", len(fs), err)
	}
	var areas []Area
	for _, f := range fs {
		areas = append(areas, Area{f.Text("code"), f.Outline})
		if km2 := f.Outline.Area() / 1e6; km2 < 30 || km2 > 5000 {
			t.Errorf("%s has %.0f km²", f.Text("name"), km2)
		}
	}
	x := index(t, areas)
	for _, a := range areas {
		if id, _ := x.Locate(a.Outline.Label()); id != a.ID {
			t.Errorf("the label of %s lies in %q", a.ID, id)
		}
	}
}

func FuzzParseFeatures(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"a"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}`))
	f.Add([]byte(`{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fs, err := ParseFeatures(data)
		if err != nil && errs.KindOf(err) == "" {
			t.Fatalf("an error without a kind: %v", err)
		}
		for i, one := range fs {
			x, err := NewIndex([]Area{{"a", one.Outline}})
			if err != nil {
				t.Fatal(err)
			}
			b := one.Outline.Box()
			if p := b.Middle(); one.Outline.Contains(p) {
				if _, ok := x.Locate(p); !ok {
					t.Errorf("feature %d contains %v, the index does not find it", i, p)
				}
			}
			one.Outline.Simplify(10)
			one.Outline.Label()
			SelfIntersections(Area{"a", one.Outline})
		}
	})
}

func FuzzParseDatum(f *testing.F) {
	f.Add("EPSG:4490")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDatum(s); err == nil {
			if again, err := ParseDatum(string(d)); err != nil || again != d {
				t.Errorf("%q reads as %q, back as %q, %v", s, d, again, err)
			}
		}
	})
}
