package ogc

import (
	"testing"
	"time"

	"linli/internal/geo"
)

func FuzzParameters(f *testing.F) {
	for _, s := range []string{"1,2,3,4", "170,-10,-170,10", "1,2,3,4,5,6", "2026-01-01/..", "../2026-01-01T00:00:00Z", "/", "../.."} {
		f.Add(s)
	}
	zone := time.FixedZone("CST", 8*3600)
	f.Fuzz(func(t *testing.T, s string) {
		boxes, err := parseBox(s)
		for _, b := range boxes {
			if err != nil || b.Min.Lat > b.Max.Lat || b.Min.Lon > b.Max.Lon {
				t.Errorf("%q: %v %v", s, b, err)
			}
		}
		if d, err := parseDays(s, zone); err == nil && d.last != "" && d.last < d.first {
			t.Errorf("%q: %v", s, d)
		}
	})
}

// TestCrosses cuts lines at a box from 0,0 to 2,1.
func TestCrosses(t *testing.T) {
	t.Parallel()
	box := geo.Box{Max: geo.Point{Lon: 2, Lat: 1}}
	for _, row := range []struct {
		p, q geo.Point
		want bool
		why  string
	}{
		{geo.Point{Lon: -1, Lat: .5}, geo.Point{Lon: 3, Lat: .5}, true, "right through, with both ends outside"},
		{geo.Point{Lon: -1, Lat: 0}, geo.Point{Lon: 0, Lat: 5}, false, "past the corner, though the boxes meet"},
		{geo.Point{Lon: 1, Lat: .5}, geo.Point{Lon: 1.5, Lat: .6}, true, "wholly inside"},
		{geo.Point{Lon: 2, Lat: 1}, geo.Point{Lon: 4, Lat: 3}, true, "from the corner on"},
		{geo.Point{Lon: -1, Lat: 2}, geo.Point{Lon: 3, Lat: 2}, false, "along the side, but above"},
		{geo.Point{Lon: 5, Lat: 5}, geo.Point{Lon: 5, Lat: 5}, false, "a point outside"},
		{geo.Point{Lon: 1, Lat: 1}, geo.Point{Lon: 1, Lat: 1}, true, "a point on the edge"},
	} {
		if got := crosses(box, row.p, row.q); got != row.want {
			t.Errorf("%v to %v (%s): got %v", row.p, row.q, row.why, got)
		}
	}
}
