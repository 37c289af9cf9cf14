package page

import (
	"math"
	"strconv"
	"strings"

	"linli/internal/web/ui"
)

// Edges reads the part of the ground that a map in a form carries along, as
// EdgesText wrote it. What is none, or no size a map has, is the zero box.
func Edges(s string) ui.Box {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return ui.Box{}
	}
	var edges [4]float64
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(n) || math.Abs(n) > 180 {
			return ui.Box{}
		}
		edges[i] = n
	}
	b := ui.Box{West: edges[0], South: edges[1], East: edges[2], North: edges[3]}
	if width, height := b.East-b.West, b.North-b.South; width < 1e-4 || height < 1e-4 || width > 3 || height > 3 {
		return ui.Box{}
	}
	return b
}

// EdgesText writes a box for a hidden field: west, south, east, north.
func EdgesText(b ui.Box) string {
	var all []string
	for _, n := range []float64{b.West, b.South, b.East, b.North} {
		all = append(all, strconv.FormatFloat(n, 'f', 6, 64))
	}
	return strings.Join(all, ",")
}
