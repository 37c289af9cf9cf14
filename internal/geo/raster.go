package geo

import (
	"math"
	"slices"
)

// mark is an area that fills or touches a cell, while the raster is filled.
type mark struct {
	cell  int32
	area  int32
	whole bool
}

// fill works out what each cell holds: first the cells that borders touch, then
// those inside, area by area; then all marks of a cell together.
func (x *Index) fill() {
	var marks []mark
	touched := make([]int32, x.cols*x.rows) // the last area + 1 that touched a cell
	for i := range x.areas {
		marks = x.markBorder(marks, touched, int32(i))
		marks = x.markInside(marks, touched, int32(i))
	}
	x.cells = make([]int32, x.cols*x.rows)
	order, starts := byCell(marks, len(x.cells))
	for c := range x.cells {
		x.cells[c] = x.cellOf(order[starts[c]:starts[c+1]])
	}
	x.lists = slices.Clip(x.lists)
}

// byCell puts the marks in the order of their cells, keeping the order of
// areas within one, by counting: there are millions.
func byCell(marks []mark, cells int) (order []mark, starts []int32) {
	starts = make([]int32, cells+1)
	for _, m := range marks {
		starts[m.cell+1]++
	}
	for c := range cells {
		starts[c+1] += starts[c]
	}
	order, next := make([]mark, len(marks)), slices.Clone(starts)
	for _, m := range marks {
		order[next[m.cell]] = m
		next[m.cell]++
	}
	return order, starts
}

// cellOf is the value of a cell. The first area that fills it wins over all
// later ones, so they need not be kept.
func (x *Index) cellOf(marks []mark) int32 {
	if len(marks) == 0 {
		return none
	}
	if marks[0].whole {
		return marks[0].area
	}
	at := len(x.lists)
	x.lists = append(x.lists, 0)
	for _, m := range marks {
		x.lists = append(x.lists, m.area)
		if m.whole {
			break
		}
	}
	x.lists[at] = int32(len(x.lists) - at - 1)
	return int32(-2 - at)
}

// markBorder marks every cell an area's border touches, with a hair to spare
// on each side so that rounding can only mark too many.
func (x *Index) markBorder(marks []mark, touched []int32, area int32) []mark {
	sx, sy := x.dx*1e-6+1e-9, x.dy*1e-6+1e-9
	x.areas[area].Outline.each(func(a, b Point) bool {
		if a.Lat > b.Lat {
			a, b = b, a
		}
		for r := x.row(a.Lat - sy); r <= x.row(b.Lat+sy); r++ {
			// The part of the edge within the row, and the columns it spans.
			lo := math.Max(a.Lat, x.box.Min.Lat+float64(r)*x.dy-sy)
			hi := math.Min(b.Lat, x.box.Min.Lat+float64(r+1)*x.dy+sy)
			from, to := a.Lon, b.Lon
			if b.Lat > a.Lat && hi > lo {
				from = a.Lon + (b.Lon-a.Lon)*((lo-a.Lat)/(b.Lat-a.Lat))
				to = a.Lon + (b.Lon-a.Lon)*((hi-a.Lat)/(b.Lat-a.Lat))
			}
			for c := x.col(math.Min(from, to) - sx); c <= x.col(math.Max(from, to)+sx); c++ {
				if cell := r*x.cols + c; touched[cell] != area+1 {
					touched[cell] = area + 1
					marks = append(marks, mark{int32(cell), area, false})
				}
			}
		}
		return true
	})
	return marks
}

// markInside marks the cells no border of the area touches and whose middle
// lies inside: those lie inside whole.
func (x *Index) markInside(marks []mark, touched []int32, area int32) []mark {
	o := x.areas[area].Outline
	for r := x.row(o.box.Min.Lat); r <= x.row(o.box.Max.Lat); r++ {
		xs := o.crossings(x.box.Min.Lat + (float64(r)+0.5)*x.dy)
		for i := 1; i < len(xs); i += 2 {
			for c := x.col(xs[i-1]); c <= x.col(xs[i]); c++ {
				middle := x.box.Min.Lon + (float64(c)+0.5)*x.dx
				cell := r*x.cols + c
				if touched[cell] != area+1 && xs[i-1] <= middle && middle <= xs[i] {
					marks = append(marks, mark{int32(cell), area, true})
				}
			}
		}
	}
	return marks
}
