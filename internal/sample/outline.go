package sample

import (
	"sort"

	"linli/internal/geo"
)

// ring is a closed line: its first point comes again at the end.
type ring = geo.Ring

// outline walks round a set of blocks. Every side that two blocks of the set
// share cancels out; what is left is the border. Since a border is made of the
// very sides of the blocks, two neighbours have the same points along it, and
// a community is exactly the union of its grids.
func (l *lattice) outline(cells []cell) []ring {
	next := map[corner][]corner{}
	in := map[cell]bool{}
	for _, c := range cells {
		in[c] = true
	}
	for _, c := range cells {
		k := c.corners()
		beside := [4]cell{{c.col, c.row - 1}, {c.col + 1, c.row}, {c.col, c.row + 1}, {c.col - 1, c.row}}
		for i := range 4 {
			if !in[beside[i]] {
				next[k[i]] = append(next[k[i]], k[(i+1)%4])
			}
		}
	}
	var rings []ring
	for len(next) > 0 {
		rings = append(rings, l.walk(next))
	}
	return rings
}

// walk takes one closed line out of next, from its south-western corner.
func (l *lattice) walk(next map[corner][]corner) ring {
	starts := make([]corner, 0, len(next))
	for k := range next {
		starts = append(starts, k)
	}
	sort.Slice(starts, func(i, j int) bool {
		a, b := starts[i], starts[j]
		return a.row < b.row || a.row == b.row && a.col < b.col
	})
	start := starts[0]
	r := ring{l.corner(start)}
	for at := start; ; {
		to := next[at][0]
		if next[at] = next[at][1:]; len(next[at]) == 0 {
			delete(next, at)
		}
		r = append(r, l.corner(to))
		if at = to; at == start {
			return r
		}
	}
}
