package geo

// Simplify drops points that lie within tol metres of the line without them,
// for drawing. Neighbours are simplified on their own, so their shared border
// may come apart by tol: never locate with the result.
func (o Outline) Simplify(tol float64) Outline {
	out := Outline{box: o.box}
	for _, poly := range o.polygons {
		var slim Polygon
		for i, ring := range poly {
			if r := ring.simplify(tol); len(r) >= 4 {
				slim = append(slim, r)
			} else if i == 0 {
				slim = append(slim, ring)
			}
		}
		out.polygons = append(out.polygons, slim)
	}
	return out
}

// simplify halves the ring at its two farthest points and slims each half, by
// Douglas and Peucker, without recursion: a hostile ring must not end the
// stack.
func (r Ring) simplify(tol float64) Ring {
	keep := make([]bool, len(r))
	far, best := 0, -1.0
	for i, p := range r {
		if d := Metres(r[0], p); d > best {
			far, best = i, d
		}
	}
	keep[0], keep[far], keep[len(r)-1] = true, true, true
	work := [][2]int{{0, far}, {far, len(r) - 1}}
	for len(work) > 0 {
		a, b := work[len(work)-1][0], work[len(work)-1][1]
		work = work[:len(work)-1]
		at, worst := 0, tol
		for i := a + 1; i < b; i++ {
			if d := planeAt(r[i]).toSegment(r[a], r[b]); d > worst {
				at, worst = i, d
			}
		}
		if at > 0 {
			keep[at] = true
			work = append(work, [2]int{a, at}, [2]int{at, b})
		}
	}
	var out Ring
	for i, p := range r {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}
