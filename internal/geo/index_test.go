package geo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// square is an outline of one ring with corners at the given degrees.
func square(t testing.TB, x0, y0, x1, y1 float64) Outline {
	t.Helper()
	return outline(t, Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}})
}

func outline(t testing.TB, rings ...Ring) Outline {
	t.Helper()
	o, err := NewOutline(Polygon(rings))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// patchwork covers a district with n by n irregular grids whose shared borders
// are wiggly lines, the same for both neighbours but drawn in opposite order.
func patchwork(t testing.TB, n int) []Area {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 9))
	const x0, y0, step, per = 117.2, 31.8, 0.003, 4 // a grid of some 300 m, four points a side
	wiggle := func() float64 { return (r.Float64() - 0.5) * step * 0.3 }
	corners := make([][]Point, n+1)
	for i := range corners {
		for j := range n + 1 {
			corners[i] = append(corners[i], Point{x0 + float64(i)*step + wiggle(), y0 + float64(j)*step + wiggle()})
		}
	}
	side := func(a, b Point) []Point { // from a to b, without b
		out := []Point{a}
		for k := 1; k < per; k++ {
			f := float64(k) / per
			out = append(out, Point{a.Lon + f*(b.Lon-a.Lon) + wiggle()*0.3, a.Lat + f*(b.Lat-a.Lat) + wiggle()*0.3})
		}
		return out
	}
	east, north := make([][][]Point, n+1), make([][][]Point, n+1)
	for i := range n + 1 {
		for j := range n + 1 {
			east[i], north[i] = append(east[i], nil), append(north[i], nil)
			if i < n {
				east[i][j] = append(side(corners[i][j], corners[i+1][j]), corners[i+1][j])
			}
			if j < n {
				north[i][j] = append(side(corners[i][j], corners[i][j+1]), corners[i][j+1])
			}
		}
	}
	var areas []Area
	for i := range n {
		for j := range n {
			var ring Ring
			ring = append(ring, east[i][j]...)
			ring = append(ring, north[i+1][j][1:]...)
			ring = append(ring, backwards(east[i][j+1])[1:]...)
			ring = append(ring, backwards(north[i][j])[1:]...)
			areas = append(areas, Area{fmt.Sprintf("%06d", i*n+j), outline(t, ring)})
		}
	}
	return areas
}

func backwards(line []Point) []Point {
	out := make([]Point, len(line))
	for i, p := range line {
		out[len(line)-1-i] = p
	}
	return out
}

func index(t testing.TB, areas []Area) *Index {
	t.Helper()
	x, err := NewIndex(areas)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The index must answer as asking every area in turn would.
func TestLocateAgainstAskingAll(t *testing.T) {
	t.Parallel()
	areas := patchwork(t, 20)
	x := index(t, areas)
	r := rand.New(rand.NewPCG(3, 4))
	inside := 0
	for range 20000 {
		p := Point{x.box.Min.Lon + (r.Float64()*1.1-0.05)*(x.box.Max.Lon-x.box.Min.Lon), x.box.Min.Lat + (r.Float64()*1.1-0.05)*(x.box.Max.Lat-x.box.Min.Lat)}
		want, n := "", 0
		for _, a := range areas {
			if a.Outline.Contains(p) {
				want, n = a.ID, n+1
			}
		}
		if n > 1 {
			t.Fatalf("%v lies in %d grids", p, n)
		}
		inside += n
		if got, ok := x.Locate(p); got != want || ok != (n == 1) {
			t.Fatalf("Locate(%v) = %q, %v; want %q", p, got, ok, want)
		}
	}
	if inside < 10000 {
		t.Fatalf("only %d points lay inside; the test asks nothing", inside)
	}
}

// Every point of a shared border, corners included, belongs to exactly one of
// the grids by the half-open rule, and none is lost on the outer edge.
func TestSharedBordersBelongToOneSide(t *testing.T) {
	t.Parallel()
	areas := patchwork(t, 6)
	x := index(t, areas)
	for _, a := range areas {
		a.Outline.each(func(p, q Point) bool {
			for _, s := range []Point{p, {(p.Lon + q.Lon) / 2, (p.Lat + q.Lat) / 2}} {
				n := 0
				for _, b := range areas {
					if b.Outline.Contains(s) {
						n++
					}
				}
				if n > 1 {
					t.Errorf("%v belongs to %d grids", s, n)
				}
				id, ok := x.Locate(s)
				if again, _ := x.Locate(s); !ok || again != id {
					t.Errorf("%v on a border of %s: %q, then %q", s, a.ID, id, again)
				}
			}
			return true
		})
	}
}

func TestLocateRules(t *testing.T) {
	t.Parallel()
	a, b := square(t, 0, 0, 1, 1), square(t, 1, 0, 2, 1)
	ring := outline(t, Ring{{10, 10}, {13, 10}, {13, 13}, {10, 13}, {10, 10}}, Ring{{11, 11}, {12, 11}, {12, 12}, {11, 12}, {11, 11}})
	x := index(t, []Area{{"b", b}, {"a", a}, {"over-b", square(t, 1.5, 0.5, 3, 3)}, {"ring", ring}})
	for _, row := range []struct {
		why  string
		p    Point
		want string
	}{
		{"inside", Point{0.5, 0.5}, "a"},
		{"a shared border is the east side's", Point{1, 0.5}, "b"},
		{"the outer south-west corner", Point{0, 0}, "a"},
		{"the outer north edge is not lost", Point{0.5, 1}, "a"},
		{"the outer north end of a shared border: the lowest id", Point{1, 1}, "a"},
		{"where outlines overlap the lowest id wins", Point{1.75, 0.75}, "b"},
		{"the rest of the overlapping one is its own", Point{2.5, 2.5}, "over-b"},
		{"a hole is outside", Point{11.5, 11.5}, ""},
		{"around the hole is inside", Point{10.5, 11.5}, "ring"},
		{"outside everything", Point{5, 5}, ""},
		{"not a number", Point{math.NaN(), 0.5}, ""},
		{"infinite", Point{math.Inf(1), 0.5}, ""},
	} {
		if got, ok := x.Locate(row.p); got != row.want || ok != (row.want != "") {
			t.Errorf("%s: Locate(%v) = %q, %v; want %q", row.why, row.p, got, ok, row.want)
		}
	}
	if id, m, ok := x.Nearest(Point{0.5, -0.001}); !ok || id != "a" || math.Abs(m-111.2) > 1 {
		t.Errorf("Nearest = %s, %.1f m, %v; want a, 111 m", id, m, ok)
	}
	if id, m, ok := x.Nearest(Point{0.5, 0.5}); id != "a" || m != 0 || !ok {
		t.Errorf("Nearest inside = %s, %.1f m, %v; want a, 0", id, m, ok)
	}
}

// Grids scattered over a country share few raster cells; the tree must answer.
func TestScatteredAreas(t *testing.T) {
	t.Parallel()
	far := Area{"z", square(t, 134, 47, 135, 48)}
	areas := append(patchwork(t, 12), Area{"y", square(t, 75, 38, 76, 39)}, far)
	x := index(t, areas)
	long := 0
	for _, c := range x.cells {
		if c < none && x.lists[-2-c] > longList {
			long++
		}
	}
	if long == 0 {
		t.Fatal("no cell has a long list; the test asks nothing")
	}
	for _, a := range areas {
		p := a.Outline.Label()
		if got, _ := x.Locate(p); got != a.ID {
			t.Errorf("Locate(%v) = %q, want %q", p, got, a.ID)
		}
	}
}

func TestNewIndexRefuses(t *testing.T) {
	t.Parallel()
	a := square(t, 0, 0, 1, 1)
	if _, err := NewIndex([]Area{{"a", a}, {"a", a}}); err == nil {
		t.Error("an id given twice was taken")
	}
	if _, err := NewIndex([]Area{{"a", Outline{}}}); err == nil {
		t.Error("an empty outline was taken")
	}
	if _, ok := index(t, nil).Locate(Point{0, 0}); ok {
		t.Error("an empty index knows a place")
	}
}

func BenchmarkLocate(b *testing.B) {
	x := index(b, patchwork(b, 316)) // 99,856 grids of 16 corners
	r := rand.New(rand.NewPCG(1, 1))
	points := make([]Point, 1<<20)
	for i := range points {
		points[i] = Point{x.box.Min.Lon + r.Float64()*(x.box.Max.Lon-x.box.Min.Lon), x.box.Min.Lat + r.Float64()*(x.box.Max.Lat-x.box.Min.Lat)}
	}
	b.ReportAllocs()
	b.ResetTimer()
	found := 0
	for i := range b.N {
		if _, ok := x.Locate(points[i&(1<<20-1)]); ok {
			found++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "points/s")
	b.ReportMetric(100*float64(found)/float64(b.N), "%inside")
}

func BenchmarkNewIndex(b *testing.B) {
	areas := patchwork(b, 316)
	b.ResetTimer()
	for range b.N {
		index(b, areas)
	}
}

// A point exactly where a slanting shared border crosses its latitude: computed
// from either end of the border the crossing may differ by a last bit, and then
// the point would lie in both neighbours or in none.
func TestSlantingBorderToTheLastBit(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 3000 {
		// Near the zero meridian the last bit of a longitude is finest.
		a := Point{r.Float64() * 0.01, 31}
		b := Point{r.Float64() * 0.01, 31.01}
		west := outline(t, Ring{{-0.1, 31}, a, b, {-0.1, 31.01}, {-0.1, 31}})
		east := outline(t, Ring{b, a, {0.1, 31}, {0.1, 31.01}, b})
		lat := 31 + r.Float64()*0.01
		up := a.Lon + (b.Lon-a.Lon)*((lat-a.Lat)/(b.Lat-a.Lat))
		down := b.Lon + (a.Lon-b.Lon)*((lat-b.Lat)/(a.Lat-b.Lat))
		for _, p := range []Point{{up, lat}, {down, lat}} {
			if west.Contains(p) == east.Contains(p) {
				t.Fatalf("%v on the border %v %v: west %v, east %v", p, a, b, west.Contains(p), east.Contains(p))
			}
		}
	}
}
