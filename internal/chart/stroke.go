package chart

import "math"

// stroke is the outline of lines reach to either side of their points: a
// rectangle for each stretch and a circle on each bend. All turn the same way.
func stroke(lines [][]Point, reach float64) [][]Point {
	var all [][]Point
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			long := math.Hypot(b.X-a.X, b.Y-a.Y)
			if long == 0 {
				continue
			}
			dx, dy := (b.X-a.X)/long*reach, (b.Y-a.Y)/long*reach
			all = append(all, []Point{{a.X - dy, a.Y + dx}, {a.X + dy, a.Y - dx}, {b.X + dy, b.Y - dx}, {b.X - dy, b.Y + dx}})
			if i > 1 {
				all = append(all, circle(a, reach))
			}
		}
	}
	return all
}

// circle turns the same way as the rectangles of stroke.
func circle(at Point, radius float64) []Point {
	n := int(math.Ceil(radius*3)) + 8
	points := make([]Point, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = Point{at.X + radius*cos, at.Y + radius*sin}
	}
	return points
}

// dashes cuts a line into pieces as long as the gaps between them.
func dashes(line []Point, dash float64) [][]Point {
	if dash <= 0 {
		return [][]Point{line}
	}
	var all [][]Point
	on, left := true, dash
	piece := line[:min(len(line), 1):min(len(line), 1)]
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		for {
			long := math.Hypot(b.X-a.X, b.Y-a.Y)
			if long < left {
				left -= long
				break
			}
			a = Point{a.X + (b.X-a.X)*left/max(long, 1e-9), a.Y + (b.Y-a.Y)*left/max(long, 1e-9)}
			if on {
				all = append(all, append(piece, a))
			}
			piece, on, left = []Point{a}, !on, dash
		}
		if on {
			piece = append(piece, b)
		}
	}
	if on && len(piece) > 1 {
		all = append(all, piece)
	}
	return all
}
