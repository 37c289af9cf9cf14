package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/tidwall/rtree"

	"linli/internal/errs"
)

// Area is an outline with the code it is known by.
type Area struct {
	ID      string
	Outline Outline
}

// Index answers which area a point lies in. It never changes and is safe for
// use by many.
//
// Over the box of all areas lies a raster. A cell that lies whole inside one
// area and touches no other answers at once; a cell on a border holds the few
// areas it touches, and each is asked. Where so many areas share a cell that
// asking each would be slow, because the areas are scattered far apart, the
// tree of boxes picks the ones to ask.
type Index struct {
	areas []Area // by ID, so that the lowest wins where outlines overlap
	box   Box
	cols  int
	rows  int
	dx    float64 // width of a cell in degrees
	dy    float64
	cells []int32 // see cell values below
	lists []int32 // for each border cell, how many areas touch it, and which
	tree  rtree.RTreeG[int32]

	// The edges of all areas, one after another, so that asking an area reads
	// one stretch of memory: with 100,000 grids the time goes into fetching.
	edges  []slope
	starts []int32 // area -> its first edge; one more for the end
	boxes  []Box
}

// A cell is none, an area that fills it (>= 0), or -2-i where its areas begin
// at lists[i].
const none = -1

// cellsPerArea makes a cell a quarter of an area wide, so that over half of
// the points fall into cells that answer at once.
const cellsPerArea = 36

const (
	fewestCells = 1 << 14
	mostCells   = 1 << 22
	longList    = 24
)

// NewIndex makes an index. It refuses an empty outline and an ID given twice.
func NewIndex(areas []Area) (*Index, error) {
	x := &Index{areas: slices.Clone(areas)}
	slices.SortFunc(x.areas, func(a, b Area) int { return cmp.Compare(a.ID, b.ID) })
	for i, a := range x.areas {
		if a.Outline.IsZero() {
			return nil, errs.New(errs.Invalid, "%s 没有轮廓", "%s has no outline", a.ID)
		}
		if i > 0 && a.ID == x.areas[i-1].ID {
			return nil, errs.New(errs.Invalid, "%s 的轮廓给了两次", "The outline of %s is given twice", a.ID)
		}
		b := a.Outline.box
		if i == 0 {
			x.box = b
		}
		x.box = x.box.Join(b)
		x.tree.Insert(corner(b.Min), corner(b.Max), int32(i))
		x.keepEdges(a.Outline)
	}
	if len(x.areas) > 0 {
		x.layRaster()
		x.fill()
	}
	return x, nil
}

func corner(p Point) [2]float64 { return [2]float64{p.Lon, p.Lat} }

// layRaster picks square cells, as seen on the ground.
func (x *Index) layRaster() {
	want := float64(min(max(len(x.areas)*cellsPerArea, fewestCells), mostCells))
	w := (x.box.Max.Lon - x.box.Min.Lon) * math.Cos(radians(x.box.Middle().Lat))
	h := x.box.Max.Lat - x.box.Min.Lat
	side := math.Max(math.Sqrt(w*h/want), 1e-9)
	x.cols = max(1, int(math.Min(want, math.Ceil(w/side))))
	x.rows = max(1, int(math.Min(want, math.Ceil(h/side))))
	x.dx = math.Max((x.box.Max.Lon-x.box.Min.Lon)/float64(x.cols), 1e-12)
	x.dy = math.Max((x.box.Max.Lat-x.box.Min.Lat)/float64(x.rows), 1e-12)
}

// col and row are the cell of a place, kept within the raster. Build and
// look-up use the same arithmetic, so that they agree about its edges.
func (x *Index) col(lon float64) int { return min(max(int((lon-x.box.Min.Lon)/x.dx), 0), x.cols-1) }
func (x *Index) row(lat float64) int { return min(max(int((lat-x.box.Min.Lat)/x.dy), 0), x.rows-1) }

// Locate is the ID of the area that a point lies in. A point on a border that
// areas share belongs to one of them by the half-open rule of Contains; one on
// the outer edge, or in a hair's gap between outlines, belongs to an area that
// has it on its border. Where several would do, the lowest ID wins. ok is false
// outside everything.
func (x *Index) Locate(p Point) (id string, ok bool) {
	if i := x.find(p); i >= 0 {
		return x.areas[i].ID, true
	}
	return "", false
}

func (x *Index) find(p Point) int32 {
	if len(x.areas) == 0 || !x.box.Holds(p) {
		return none
	}
	cell := x.cells[x.row(p.Lat)*x.cols+x.col(p.Lon)]
	if cell >= none {
		return cell
	}
	at := -2 - cell
	list := x.lists[at+1 : at+1+x.lists[at]]
	if len(list) > longList {
		list = x.around(p)
	}
	for _, i := range list {
		if x.contains(i, p) {
			return i
		}
	}
	for _, i := range list {
		if x.areas[i].Outline.onBorder(p) {
			return i
		}
	}
	return none
}

// slope is an edge from its lower end to its upper one.
type slope struct{ low, high Point }

// keepEdges lays the edges that can be crossed beside those of the areas
// before; level ones never are.
func (x *Index) keepEdges(o Outline) {
	if len(x.starts) == 0 {
		x.starts = append(x.starts, 0)
	}
	o.each(func(a, b Point) bool {
		switch {
		case a.Lat < b.Lat:
			x.edges = append(x.edges, slope{a, b})
		case a.Lat > b.Lat:
			x.edges = append(x.edges, slope{b, a})
		}
		return true
	})
	x.starts = append(x.starts, int32(len(x.edges)))
	x.boxes = append(x.boxes, o.box)
}

// contains is Outline.Contains over the edges laid out by keepEdges.
func (x *Index) contains(i int32, p Point) bool {
	if !x.boxes[i].Holds(p) {
		return false
	}
	in := false
	for _, e := range x.edges[x.starts[i]:x.starts[i+1]] {
		if e.low.Lat <= p.Lat && p.Lat < e.high.Lat && p.Lon < crossing(e.low, e.high, p.Lat) {
			in = !in
		}
	}
	return in
}

// around asks the tree for the areas whose box holds a point, lowest first.
func (x *Index) around(p Point) []int32 {
	var list []int32
	x.tree.Search(corner(p), corner(p), func(_, _ [2]float64, i int32) bool {
		list = append(list, i)
		return true
	})
	slices.Sort(list)
	return list
}

// hair is a tenth of a millimetre in metres: further is not on the border.
const hair = 1e-4

// onBorder reports whether a point lies on the outline's border, to a hair.
func (o Outline) onBorder(p Point) bool {
	const margin = 1e-8 // degrees: more than a hair anywhere people live
	m, on := planeAt(p), false
	o.each(func(a, b Point) bool {
		if math.Min(a.Lat, b.Lat) > p.Lat+margin || math.Max(a.Lat, b.Lat) < p.Lat-margin {
			return true
		}
		on = m.toSegment(a, b) <= hair
		return !on
	})
	return on
}

// Nearest is the area nearest to a point and the metres to it: zero where the
// point lies inside. It is for messages ("120 m outside of …"), not for routing.
func (x *Index) Nearest(p Point) (id string, metres float64, ok bool) {
	if !p.Valid() {
		return "", 0, false
	}
	if i := x.find(p); i >= 0 {
		return x.areas[i].ID, 0, true
	}
	m := planeAt(p)
	x.tree.Nearby(func(lo, hi [2]float64, i int32, item bool) float64 {
		if item {
			return x.areas[i].Outline.Distance(p)
		}
		dx := math.Max(0, math.Max(lo[0]-p.Lon, p.Lon-hi[0])) * m.kx
		dy := math.Max(0, math.Max(lo[1]-p.Lat, p.Lat-hi[1])) * m.ky
		return math.Hypot(dx, dy)
	}, func(_, _ [2]float64, i int32, d float64) bool {
		id, metres, ok = x.areas[i].ID, d, true
		return false
	})
	return id, metres, ok
}

// Len is how many areas the index holds.
func (x *Index) Len() int { return len(x.areas) }
