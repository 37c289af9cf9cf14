package sample

import (
	"math"

	"linli/internal/geo"
)

// Centre is the middle of the district. Careless systems send it when they know
// no place, so a district lists it among its placeholder coordinates, and some
// stories come with it.
var Centre = geo.Point{Lon: 121, Lat: 30}

// The street plan: blocks in columns and rows, about 12 km by 10 km, finer in
// the middle, as towns are.
const (
	cols, rows = 24, 20
	halfEast   = 6000.0 // metres from the centre to the eastern edge
	halfNorth  = 5000.0
	perLat     = 111320.0 // metres in a degree of latitude
	perLon     = 96406.0  // metres in a degree of longitude at 30° north
)

// cell is one block of the street plan, counted from the south-west.
type cell struct{ col, row int }

// corner is a crossing of the street plan. Blocks share their corners, which is
// why neighbouring outlines agree to the last digit.
type corner struct{ col, row int }

// crossings says where each crossing of the plan lies.
type crossings [cols + 1][rows + 1]geo.Point

// lattice holds where each crossing lies, and which blocks are of the district.
type lattice struct {
	at     crossings
	cells  []cell
	within map[cell]bool
}

func newLattice() *lattice {
	l := &lattice{within: map[cell]bool{}}
	d := roll("lattice")
	east, north := lines(cols, halfEast), lines(rows, halfNorth)
	for c := range cols + 1 {
		for r := range rows + 1 {
			l.at[c][r] = place(bend(east[c]+d.between(-14, 14), north[r]+d.between(-14, 14)))
		}
	}
	for r := range rows {
		for c := range cols {
			if inDistrict(c, r) {
				l.cells = append(l.cells, cell{c, r})
				l.within[cell{c, r}] = true
			}
		}
	}
	l.smooth()
	return l
}

// smooth takes the stairs out of the district's edge: a corner with one block
// of the district beside it is drawn in, one with three is pushed out.
func (l *lattice) smooth() {
	before := l.at
	for c := range cols + 1 {
		for r := range rows + 1 {
			var in, out []cell
			for _, beside := range [4]cell{{c - 1, r - 1}, {c, r - 1}, {c, r}, {c - 1, r}} {
				switch {
				case l.within[beside]:
					in = append(in, beside)
				case beside.col >= 0 && beside.row >= 0 && beside.col < cols && beside.row < rows:
					out = append(out, beside)
				}
			}
			if len(in) == 1 {
				l.at[c][r] = rounded(toward(before[c][r], middle(&before, in[0]), 0.5))
			} else if len(in) == 3 && len(out) == 1 {
				l.at[c][r] = rounded(toward(before[c][r], middle(&before, out[0]), 0.3))
			}
		}
	}
}

// lines spaces n blocks over twice half, the outermost some two and a half
// times as wide as those in the middle.
func lines(n int, half float64) []float64 {
	at := make([]float64, n+1)
	for i := range n {
		t := math.Abs((float64(i)+0.5)/float64(n)*2 - 1)
		at[i+1] = at[i] + 1 + 1.6*t*t
	}
	scale := 2 * half / at[n]
	for i := range at {
		at[i] = at[i]*scale - half
	}
	return at
}

// bend curves the straight plan a little, so that streets follow the land. The
// slopes stay far under one, so no block is ever folded over.
func bend(x, y float64) (float64, float64) {
	return x + 130*math.Sin(y/2100+2) + 40*math.Sin(y/700),
		y + 190*math.Sin(x/2300+0.7) + 50*math.Sin(x/950+1)
}

// place turns metres from the centre into degrees.
func place(x, y float64) geo.Point {
	return rounded(geo.Point{Lon: Centre.Lon + x/perLon, Lat: Centre.Lat + y/perLat})
}

func round6(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// inDistrict rounds the corners off the plan, unevenly: a district is no
// rectangle.
func inDistrict(c, r int) bool {
	u := math.Abs((float64(c)+0.5)/cols*2 - 1)
	v := math.Abs((float64(r)+0.5)/rows*2 - 1)
	reach := 1.02
	if c < cols/2 {
		reach += 0.14
	}
	if r < rows/2 {
		reach -= 0.08
	}
	return math.Pow(u, 3)+math.Pow(v, 3) <= reach
}

func (l *lattice) corner(k corner) geo.Point { return l.at[k.col][k.row] }

// corners gives the four crossings of a block, counter-clockwise from the
// south-west.
func (c cell) corners() [4]corner {
	return [4]corner{{c.col, c.row}, {c.col + 1, c.row}, {c.col + 1, c.row + 1}, {c.col, c.row + 1}}
}

// middle is the centre of a block.
func (l *lattice) middle(c cell) geo.Point { return middle(&l.at, c) }

func middle(at *crossings, c cell) geo.Point {
	a, b := at[c.col][c.row], at[c.col+1][c.row+1]
	p, q := at[c.col+1][c.row], at[c.col][c.row+1]
	return geo.Point{Lon: (a.Lon + b.Lon + p.Lon + q.Lon) / 4, Lat: (a.Lat + b.Lat + p.Lat + q.Lat) / 4}
}

// metres is the distance of two points, flat, good over a district.
func metres(a, b geo.Point) float64 {
	return math.Hypot((a.Lon-b.Lon)*perLon, (a.Lat-b.Lat)*perLat)
}

// toward goes the share t of the way from a to b.
func toward(a, b geo.Point, t float64) geo.Point {
	return geo.Point{Lon: a.Lon + (b.Lon-a.Lon)*t, Lat: a.Lat + (b.Lat-a.Lat)*t}
}

// rounded gives the point with six decimals, some ten centimetres, which is what
// survey files carry.
func rounded(p geo.Point) geo.Point { return geo.Point{Lon: round6(p.Lon), Lat: round6(p.Lat)} }
