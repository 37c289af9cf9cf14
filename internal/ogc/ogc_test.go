package ogc_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/geo"
)

// fetched is an answer as a program reads it.
type fetched struct {
	status int
	kind   string
	body   []byte
}

func fetch(t *testing.T, address, accept string) fetched {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fetched{got.StatusCode, got.Header.Get("Content-Type"), data}
}

type page struct {
	Type     string
	Features []struct {
		Type, ID   string
		Geometry   *geo.Outline
		Properties map[string]string
	}
	Links          []struct{ Href, Rel, Type string }
	TimeStamp      string
	NumberMatched  int
	NumberReturned int
}

func pageOf(t *testing.T, address string) (p page) {
	t.Helper()
	got := fetch(t, address, "")
	if got.status != http.StatusOK || got.kind != "application/geo+json" {
		t.Fatalf("%s: %d %s %.300s", address, got.status, got.kind, got.body)
	}
	if err := json.Unmarshal(got.body, &p); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return p
}

func (p page) link(rel string) string {
	for _, l := range p.Links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// TestConformance goes through what the abstract test suite of OGC 17-069r4 asks
// of Core, GeoJSON, HTML and OpenAPI 3.0, by the links and no address of its own
// but the first.
func TestConformance(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	var start struct {
		Links []struct{ Href, Rel, Type string }
	}
	read(t, fetch(t, w.URL+"/ogc", ""), "application/json", &start)
	at := map[string]string{}
	for _, l := range start.Links {
		at[l.Rel] = l.Href
	}
	for _, rel := range []string{"self", "service-desc", "service-doc", "conformance", "data"} { // A.2.2.2
		if at[rel] == "" {
			t.Fatalf("the landing page has no link %q: %v", rel, at)
		}
	}
	var classes struct{ ConformsTo []string }
	read(t, fetch(t, at["conformance"], ""), "application/json", &classes)
	if len(classes.ConformsTo) != 4 || !strings.HasSuffix(classes.ConformsTo[0], "/conf/core") {
		t.Errorf("conformance: %v", classes.ConformsTo)
	}
	var definition struct {
		OpenAPI string
		Paths   map[string]any
	}
	read(t, fetch(t, at["service-desc"], ""), "application/vnd.oai.openapi+json;version=3.0", &definition)
	if !strings.HasPrefix(definition.OpenAPI, "3.0") || len(definition.Paths) != 7 {
		t.Errorf("definition: %s with %d paths", definition.OpenAPI, len(definition.Paths))
	}
	var list struct {
		Collections []struct {
			ID     string
			Extent struct {
				Spatial struct{ BBox [][]float64 }
			}
			Links []struct{ Href, Rel, Type string }
		}
	}
	read(t, fetch(t, at["data"], ""), "application/json", &list)
	if len(list.Collections) != 4 {
		t.Fatalf("collections: %d, want 4", len(list.Collections))
	}
	for _, c := range list.Collections {
		if len(c.Extent.Spatial.BBox) != 1 || len(c.Extent.Spatial.BBox[0]) != 4 {
			t.Errorf("%s: extent %v", c.ID, c.Extent)
		}
		for _, l := range c.Links {
			if got := fetch(t, l.Href, ""); got.status != http.StatusOK || !strings.HasPrefix(got.kind, l.Type) {
				t.Errorf("%s: the link %s leads to %d %s, want %s", c.ID, l.Rel, got.status, got.kind, l.Type)
			}
			if l.Rel == "items" && l.Type == "application/geo+json" {
				everyFeature(t, w, c.ID, l.Href)
			}
		}
	}
}

func read(t *testing.T, got fetched, kind string, into any) {
	t.Helper()
	if got.status != http.StatusOK || got.kind != kind {
		t.Fatalf("got %d %s, want %s: %.200s", got.status, got.kind, kind, got.body)
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		t.Fatal(err)
	}
}

// everyFeature pages through a collection by its links, and finds each area of
// the tier once, and again by its id.
func everyFeature(t *testing.T, w *apptest.World, collection, address string) {
	t.Helper()
	tier := map[string]area.Tier{"districts": area.District, "streets": area.Street, "communities": area.Community, "grids": area.Grid}[collection]
	want := w.District().Areas.Tier(tier)
	seen := map[string]bool{}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("limit", "40")
	u.RawQuery = q.Encode()
	for next := u.String(); next != ""; {
		p := pageOf(t, next)
		if p.Type != "FeatureCollection" || p.NumberMatched != len(want) || p.NumberReturned != len(p.Features) || len(p.Features) > 40 || p.TimeStamp == "" {
			t.Fatalf("%s: %s %d of %d, want %d", next, p.Type, p.NumberReturned, p.NumberMatched, len(want))
		}
		for _, f := range p.Features {
			if f.Type != "Feature" || seen[f.ID] || f.Properties["name"] == "" {
				t.Errorf("%s: feature %+v", next, f.Properties)
			}
			seen[f.ID] = true
		}
		next = p.link("next")
	}
	if len(seen) != len(want) {
		t.Errorf("%s: %d features were found, want %d", collection, len(seen), len(want))
	}
	one := string(want[len(want)-1].Code)
	if got := fetch(t, w.URL+"/ogc/collections/"+collection+"/items/"+one, ""); got.status != http.StatusOK || !strings.Contains(string(got.body), `"id":"`+one+`"`) {
		t.Errorf("%s %s: %d %.200s", collection, one, got.status, got.body)
	}
}

// TestNarrowing narrows by place and by day.
func TestNarrowing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	d := w.District()
	grid := area.Code("990101001001001")
	o, ok := d.Areas.Outline(grid)
	if !ok {
		t.Fatal("the grid has no outline")
	}
	in := o.Label()
	at := func(query string) page { return pageOf(t, w.URL+"/ogc/collections/grids/items?limit=1000&"+query) }
	all := at("")
	point := at("bbox=" + numbers(in.Lon, in.Lat, in.Lon, in.Lat))
	if len(point.Features) != 1 || point.Features[0].ID != string(grid) {
		t.Errorf("a box of one point in %s finds %d features", grid, len(point.Features))
	}
	if got := at("bbox=-10,-10,10,10"); got.NumberMatched != 0 {
		t.Errorf("a box elsewhere finds %d", got.NumberMatched)
	}
	if got := at("bbox=-180,-90,180,90"); got.NumberMatched == 0 || got.NumberMatched > all.NumberMatched {
		t.Errorf("the whole globe finds %d of %d", got.NumberMatched, all.NumberMatched)
	}
	for _, days := range []string{"2026-11-23", "2026-11-23T04:00:00Z", "2026-11-23/..", "2026-11-23T00:00:00%2B08:00/2026-11-23"} {
		if got := at("datetime=" + days); got.NumberMatched < all.NumberMatched {
			t.Errorf("datetime=%s finds %d, today %d", days, got.NumberMatched, all.NumberMatched)
		}
	}
}

func numbers(all ...float64) string {
	data, _ := json.Marshal(all)
	return strings.Trim(string(data), "[]")
}

// TestRefused asks for what the standard wants refused.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for _, row := range []struct {
		path string
		want int
		why  string
	}{
		{"/ogc/", 200, "many clients write a slash behind it"},
		{"/ogc/?colour=red", 400, "the parameters come along"},
		{"/ogc?colour=red", 400, "a parameter that is none"},
		{"/ogc/collections/grids/items?limit=0", 400, "no features are no page"},
		{"/ogc/collections/grids/items?limit=x", 400, "no number"},
		{"/ogc/collections/grids/items?limit=10&limit=20", 400, "which of the two"},
		{"/ogc/collections/grids/items?limit=1000000", 200, "more than there is on a page is cut, not refused"},
		{"/ogc/collections/grids/items?offset=-1", 400, "before the first"},
		{"/ogc/collections/grids/items?offset=999999999", 200, "behind the last is an empty page"},
		{"/ogc/collections/grids/items?bbox=1,2,3", 400, "three numbers are no box"},
		{"/ogc/collections/grids/items?bbox=1,9,3,4", 400, "the south lies north"},
		{"/ogc/collections/grids/items?bbox=NaN,NaN,NaN,NaN", 400, "no numbers"},
		{"/ogc/collections/grids/items?bbox=170,-10,-170,10", 200, "across the line of dates"},
		{"/ogc/collections/grids/items?datetime=yesterday", 400, "no day"},
		{"/ogc/collections/grids/items?datetime=2026-02-30", 400, "a day that is none"},
		{"/ogc/collections/grids/items?datetime=2026-12-01/2026-01-01", 400, "it ends before it begins"},
		{"/ogc/collections/grids/items?datetime=/", 400, "a span without any end"},
		{"/ogc/collections/grids/items?bbox-crs=EPSG:4490", 400, "another system of coordinates"},
		{"/ogc/collections/nothing", 404, "no such collection"},
		{"/ogc/collections/grids/items/990101", 404, "an area of another tier"},
		{"/ogc/collections/grids/items/x%00y@%F0%9F%98%80", 404, "no id at all"},
		{"/ogc?f=xml", 400, "no such form"},
	} {
		got := fetch(t, w.URL+row.path, "")
		if got.status != row.want {
			t.Errorf("%s (%s): got %d, want %d: %.200s", row.path, row.why, got.status, row.want, got.body)
		}
		if got.status >= 400 && (got.kind != "application/json" || !strings.Contains(string(got.body), `"code":`)) {
			t.Errorf("%s: refused with %s %.200s", row.path, got.kind, got.body)
		}
	}
}

// TestPagesForPeople follows the pages by their links, in both languages.
func TestPagesForPeople(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for _, language := range []string{"zh-CN", "en-GB"} {
		b := w.Browser()
		b.Lang = language
		for _, path := range []string{"/ogc?f=html", "/ogc/collections?f=html", "/ogc/collections/grids?f=html", "/ogc/collections/grids/items?f=html&limit=5", "/ogc/collections/streets/items/990101001?f=html", "/ogc/api?f=html", "/ogc/conformance?f=html"} {
			got := b.Get(path)
			if n := len(got.Find(func(n *html.Node) bool { return n.Data == "h1" })); got.Status != http.StatusOK || n != 1 {
				t.Errorf("%s %s: %d with %d first headings", language, path, got.Status, n)
			}
			for _, a := range got.Find(func(n *html.Node) bool { return n.Data == "a" }) {
				if href := apptest.Attr(a, "href"); strings.HasPrefix(href, "/ogc") {
					if to := b.Get(href); to.Status != http.StatusOK {
						t.Errorf("%s leads to %s: %d", path, href, to.Status)
					}
				}
			}
		}
	}
}

// TestGDALReads has GDAL open the door as QGIS would, and count the grids.
func TestGDALReads(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Fatal("no ogrinfo here: install gdal-bin (scripts/need) to have GDAL read the areas")
	}
	w := apptest.New(t)
	grids := w.District().Areas.Tier(area.Grid)
	out, err := exec.Command(tool, "-ro", "-al", "-so", "OAPIF:"+w.URL+"/ogc", "grids").CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	for _, want := range []string{"Layer name: grids", "Feature Count: " + numbers(float64(len(grids))), "WGS 84", "name_en: String"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
}
