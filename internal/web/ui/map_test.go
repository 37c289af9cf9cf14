package ui_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"linli/internal/web/ui"
)

func TestProjectAndBack(t *testing.T) {
	t.Parallel()
	here := ui.Point{Lon: 118.5, Lat: 30.5}
	for _, c := range []struct {
		why  string
		view ui.MapView
	}{
		{"a street on a phone", ui.MapView{Box: ui.Around(here, 200)}},
		{"a wide box in a tall drawing", ui.MapView{Box: ui.Box{West: 118, South: 30, East: 119, North: 30.1}, Width: 300, Height: 500}},
		{"a box without extent is shown at street scale", ui.MapView{Box: ui.BoxOf(here)}},
		{"no box at all does not divide by nothing", ui.MapView{}},
		{"near the pole a degree of longitude is short", ui.MapView{Box: ui.Around(ui.Point{Lon: 10, Lat: 89.9}, 500)}},
	} {
		for _, at := range [][2]float64{{0, 0}, {179, 150}, {100.5, 20.25}} {
			p := ui.Unproject(c.view, at[0], at[1])
			x, y := c.view.Project(p)
			if math.Abs(x-at[0]) > .01 || math.Abs(y-at[1]) > .01 {
				t.Errorf("%s: %v goes to %v and comes back as %.3f,%.3f", c.why, at, p, x, y)
			}
		}
	}
}

func TestWholeBoxIsSeen(t *testing.T) {
	t.Parallel()
	box := ui.Around(ui.Point{Lon: 118.5, Lat: 30.5}, 300)
	view := ui.MapView{Box: box, Width: 358, Height: 200}
	for _, corner := range []ui.Point{{Lon: box.West, Lat: box.North}, {Lon: box.East, Lat: box.South}} {
		x, y := view.Project(corner)
		if x < -.01 || x > 358.01 || y < -.01 || y > 200.01 {
			t.Errorf("the corner %v falls at %.1f,%.1f, outside 358 by 200", corner, x, y)
		}
	}
	north, south := ui.Point{Lon: 118.5, Lat: 30.501}, ui.Point{Lon: 118.5, Lat: 30.499}
	if _, up := view.Project(north); up > 100 {
		t.Errorf("north of the middle falls at y=%.1f, below it", up)
	}
	if _, down := view.Project(south); down < 100 {
		t.Errorf("south of the middle falls at y=%.1f, above it", down)
	}
	if got := box.Scaled(.5).Centre(); math.Abs(got.Lon-118.5)+math.Abs(got.Lat-30.5) > 1e-9 {
		t.Errorf("zooming in moved the middle to %v", got)
	}
}

func TestPicked(t *testing.T) {
	t.Parallel()
	view := ui.MapView{Box: ui.Around(ui.Point{Lon: 118.5, Lat: 30.5}, 200), Width: 358, Height: 300}
	for _, c := range []struct {
		why, query string
		x, y       float64
		ok         bool
	}{
		{"drawn at its own size, pixels are units", "map358.x=179&map358.y=150", 179, 150, true},
		{"drawn wider, pixels are smaller", "map608.x=304&map608.y=100", 179, 100 * 358 / 608.0, true},
		{"drawn narrower, pixels are larger", "map288.x=144&map288.y=10", 179, 10 * 358 / 288.0, true},
		{"the keyboard sends 0,0, which is no choice", "map358.x=0&map358.y=0", 0, 0, false},
		{"nothing sent", "", 0, 0, false},
		{"only one of two", "map358.x=10", 0, 0, false},
		{"not a number", "map358.x=1e3&map358.y=2", 0, 0, false},
		{"outside to the right", "map358.x=359&map358.y=2", 0, 0, false},
		{"outside above", "map358.x=9&map358.y=-2", 0, 0, false},
		{"a width that is never drawn", "map999.x=9&map999.y=9", 0, 0, false},
		{"larger than any integer", "map358.x=99999999999999999999&map358.y=1", 0, 0, false},
	} {
		form, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := view.Picked(form)
		if ok != c.ok {
			t.Errorf("%s: %q: got %v, want %v", c.why, c.query, ok, c.ok)
			continue
		}
		if x, y := view.Project(p); ok && (math.Abs(x-c.x) > .01 || math.Abs(y-c.y) > .01) {
			t.Errorf("%s: %q: got %.2f,%.2f, want %.2f,%.2f", c.why, c.query, x, y, c.x, c.y)
		}
	}
}

// FuzzPicked holds that whatever a form says, a picked place lies in the
// drawing.
func FuzzPicked(f *testing.F) {
	for _, seed := range []string{"map358.x=179&map358.y=150", "map608.x=1&map608.y=-1", "map288.x=99999999999&map288.y=NaN"} {
		f.Add(seed, 358, 300)
	}
	f.Fuzz(func(t *testing.T, query string, width, height int) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		view := ui.MapView{Box: ui.Around(ui.Point{Lon: 118.5, Lat: 30.5}, 200), Width: width % 5000, Height: height % 5000}
		p, ok := view.Picked(form)
		if math.IsNaN(p.Lon) || math.IsNaN(p.Lat) || ok && math.Abs(p.Lat-30.5) > 1 {
			t.Errorf("%q picked %v", query, p)
		}
	})
}

// TestMapDraws holds what a map of a street must and must not carry.
func TestMapDraws(t *testing.T) {
	t.Parallel()
	near, far := ui.Point{Lon: 118.5, Lat: 30.5}, ui.Point{Lon: 118.9, Lat: 30.9}
	square := func(p ui.Point) []ui.Point {
		b := ui.Around(p, 150)
		return []ui.Point{{Lon: b.West, Lat: b.South}, {Lon: b.East, Lat: b.South}, {Lon: b.East, Lat: b.North}, {Lon: b.West, Lat: b.North}}
	}
	draw := func(v ui.MapView) string {
		var out bytes.Buffer
		if err := ui.Map(v, "").Render(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	svg := draw(ui.MapView{
		Box: ui.Around(near, 200), Alt: `<桂香>"路"`,
		Grids: []ui.MapShape{{Name: "桂香07网格", Path: square(near), Here: true}, {Name: "远处", Path: square(far)}},
		Roads: []ui.MapLine{{Name: "一", Path: []ui.Point{near}, Width: 99}},
		Pins:  []ui.Pin{{At: near, Kind: ui.PinPlace, Label: "<script>"}},
	})
	for _, c := range []struct {
		why, part string
		want      bool
	}{
		{"the page's own grid is drawn solid", `class="m-here"`, true},
		{"and named", "桂香07网格", true},
		{"a grid out of sight costs nothing", "远处", false},
		{"a road of one point has no room for a name and breaks nothing", "m-road r3", true},
		{"a label is text, not markup", "<script>", false},
		{"no inline style", "style=", false},
		{"no number that is none", "NaN", false},
	} {
		if got := strings.Contains(svg, c.part); got != c.want {
			t.Errorf("%s: %q in the drawing: got %v, want %v", c.why, c.part, got, c.want)
		}
	}
	if empty := draw(ui.MapView{}); strings.Contains(empty, "NaN") || strings.Contains(empty, "Inf") {
		t.Errorf("a map of nothing writes a number that is none: %s", empty)
	}
}

// TestNamesDoNotCover holds that no two names of a crowded map overlap.
func TestNamesDoNotCover(t *testing.T) {
	t.Parallel()
	view := ui.MapView{Box: ui.Around(ui.Point{Lon: 118.5, Lat: 30.5}, 300)}
	for i := range 12 {
		p := ui.Unproject(view, float64(30*i), float64(25*i))
		b := ui.Around(p, 90)
		view.Grids = append(view.Grids, ui.MapShape{Name: fmt.Sprintf("网格%02d", i), Path: []ui.Point{{Lon: b.West, Lat: b.South}, {Lon: b.East, Lat: b.North}, {Lon: b.West, Lat: b.North}}})
	}
	places := view.NamePlaces()
	if len(places) < 3 {
		t.Fatalf("got %d names, want some", len(places))
	}
	for i, a := range places {
		for _, b := range places[:i] {
			if a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3] {
				t.Errorf("the names at %v and %v cover each other", a, b)
			}
		}
	}
}
