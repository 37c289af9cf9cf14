package ogc

import (
	"net/url"
	"strings"
	"testing"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/geo"
	"linli/internal/web/page"
)

// What a box shares with an outline is ground, and not only the box around it.
func TestABoxMeetsGround(t *testing.T) {
	t.Parallel()
	at := func(lon, lat float64) geo.Point { return geo.Point{Lon: lon, Lat: lat} }
	triangle, err := geo.NewOutline(geo.Polygon{{at(0, 0), at(10, 0), at(0, 10), at(0, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why, box string
		want     bool
	}{
		{"within the box around it, beyond its long side", "8,8,9,9", false},
		{"wholly inside it", "1,1,2,2", true},
		{"all around it", "-1,-1,11,11", true},
		{"across the long side, with no corner inside", "4.9,-1,5.5,11", true},
		{"elsewhere", "20,20,21,21", false},
		{"a point within", "2,2,2,2", true},
		{"across the line of dates, on its far half", "170,1,2,2", true},
	} {
		box, err := parseBox(row.box)
		if err != nil {
			t.Fatal(err)
		}
		if got := (asking{box: box}).meets(triangle); got != row.want {
			t.Errorf("%s (%s): %v, want %v", row.why, row.box, got, row.want)
		}
	}
}

// What holds today goes by its code; what does not has its first day behind it,
// so that no two features of a collection have one name.
func TestNamesOfFeatures(t *testing.T) {
	t.Parallel()
	c := &call{View: &page.View{District: &district.District{Day: "2026-11-23"}}}
	for _, row := range []struct {
		why      string
		from, to clock.Date
		want     string
	}{
		{"it holds today", "2026-01-01", "", "990101001"},
		{"its last day is today", "", "2026-11-23", "990101001"},
		{"it has ended", "2026-01-01", "2026-11-22", "990101001@2026-01-01"},
		{"it is still to come", "2026-11-24", "", "990101001@2026-11-24"},
		{"it has ended and was there from ever", "", "2026-11-22", "990101001@ever"},
	} {
		if got := c.id(area.Stretch{Area: area.Area{Code: "990101001"}, From: row.from, To: row.to}); got != row.want {
			t.Errorf("%s: %s, want %s", row.why, got, row.want)
		}
	}
}

// The next page and the one before are of what was asked for.
func TestPagesKeepWhatWasAsked(t *testing.T) {
	t.Parallel()
	q := url.Values{"bbox": {"1,2,3,4"}, "datetime": {"2026-01-01/.."}, "lang": {"en"}, "limit": {"10"}, "offset": {"20"}}
	c := &call{View: &page.View{District: &district.District{Day: "2026-11-23", Calendar: clock.China()}}, q: q, base: "http://linli.test/ogc"}
	ask, err := c.asked()
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{"next": "30", "prev": "10", "self": "20"}
	for _, l := range c.pageLinks(collection{id: "grids"}, ask, 20, 30, 45) {
		u, err := url.Parse(l.Href)
		if err != nil {
			t.Fatal(err)
		}
		want, page := pages[l.Rel]
		if !page {
			continue
		}
		delete(pages, l.Rel)
		got := u.Query()
		if got.Get("offset") != want || got.Get("limit") != "10" || got.Get("bbox") != "1,2,3,4" || got.Get("datetime") != "2026-01-01/.." || got.Get("lang") != "en" || !strings.HasPrefix(l.Href, "http://linli.test/ogc/collections/grids/items?") {
			t.Errorf("%s is %s", l.Rel, l.Href)
		}
	}
	if len(pages) > 0 {
		t.Errorf("no link to %v", pages)
	}
}
