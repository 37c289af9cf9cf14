package geo

import (
	"fmt"
	"slices"

	"linli/internal/lang"
)

// Finding is something wrong with outlines: which, where, and in words.
type Finding struct {
	IDs  []string
	At   Point
	Text lang.Text
}

// Slack is how far, in metres, hand-drawn borders may miss each other before
// it counts as a finding.
const Slack = 1.0

// Overlaps finds pairs of areas that cover the same ground by more than Slack.
// Sharing a border is no overlap. One finding a pair.
func Overlaps(areas []Area) []Finding {
	var out []Finding
	byWest := sorted(areas)
	for i, a := range byWest {
		for _, b := range byWest[i+1:] {
			if b.Outline.box.Min.Lon > a.Outline.box.Max.Lon {
				break
			}
			if !a.Outline.box.Meets(b.Outline.box) {
				continue
			}
			at, ok := intrudes(a.Outline, b.Outline)
			if !ok {
				at, ok = intrudes(b.Outline, a.Outline)
			}
			if ok {
				first, second := min(a.ID, b.ID), max(a.ID, b.ID)
				out = append(out, Finding{[]string{first, second}, at, lang.T("%s 和 %s 在 %s 重叠", "%s and %s overlap at %s", first, second, place(at))})
			}
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return slices.Compare(a.IDs, b.IDs) })
	return out
}

// Outside finds the children that reach more than Slack out of their parent,
// through its outer border or into a hole. One finding a child.
func Outside(parent Area, children []Area) []Finding {
	var out []Finding
	for _, c := range children {
		at, ok := leaves(c.Outline, parent.Outline)
		if ok {
			out = append(out, Finding{[]string{c.ID, parent.ID}, at, lang.T("%s 在 %s 伸出了 %s", "%[1]s reaches out of %[3]s at %[2]s", c.ID, place(at), parent.ID)})
		}
	}
	return out
}

// SelfIntersections finds places where an outline crosses itself: rings whose
// edges cross, run over each other, or touch at more than a corner they share.
// At most a few are told; the first one is reason enough to draw again.
func SelfIntersections(a Area) []Finding {
	const most = 5
	var out []Finding
	edges := edgesOf(a.Outline)
	slices.SortFunc(edges, func(a, b edge) int { return cmpFloat(a.box.Min.Lon, b.box.Min.Lon) })
	for i, e := range edges {
		for _, f := range edges[i+1:] {
			if f.box.Min.Lon > e.box.Max.Lon || len(out) == most {
				break
			}
			if at, ok := e.crosses(f); ok {
				out = append(out, Finding{[]string{a.ID}, at, lang.T("%s 的边界在 %s 自己相交", "The border of %s crosses itself at %s", a.ID, place(at))})
			}
		}
	}
	return out
}

func place(p Point) string { return fmt.Sprintf("%.6f, %.6f", p.Lon, p.Lat) }

func sorted(areas []Area) []Area {
	out := slices.Clone(areas)
	slices.SortFunc(out, func(a, b Area) int { return cmpFloat(a.Outline.box.Min.Lon, b.Outline.box.Min.Lon) })
	return out
}

// intrudes finds a place where a's border, or a's middle, lies deeper than
// Slack inside b.
func intrudes(a, b Outline) (Point, bool) {
	deep := func(p Point) bool { return b.Contains(p) && b.ToBorder(p) > Slack }
	if at, ok := a.along(b, deep); ok {
		return at, true
	}
	// Same borders on both: nothing of one's border lies inside the other.
	if p := a.Label(); a.Contains(p) && deep(p) && a.ToBorder(p) > Slack {
		return p, true
	}
	return Point{}, false
}

// leaves finds a place where the child lies further than Slack outside of the
// parent, or where the parent's border runs inside the child.
func leaves(child, parent Outline) (Point, bool) {
	if at, ok := child.along(parent, func(p Point) bool { return !parent.Contains(p) && parent.ToBorder(p) > Slack }); ok {
		return at, true
	}
	return parent.along(child, func(p Point) bool { return child.Contains(p) && child.ToBorder(p) > Slack })
}

// along walks the border of a, cut wherever it meets the border of b, and
// looks at each corner and the middle of each piece. Between two cuts the
// border stays on one side of b, so the middle speaks for the piece.
func (o Outline) along(b Outline, wrong func(Point) bool) (Point, bool) {
	others := edgesOf(b)
	slices.SortFunc(others, func(x, y edge) int { return cmpFloat(x.box.Min.Lat, y.box.Min.Lat) })
	for _, e := range edgesOf(o) {
		if wrong(e.a) {
			return e.a, true
		}
		cuts := []float64{0, 1}
		for _, f := range others {
			if f.box.Min.Lat > e.box.Max.Lat {
				break
			}
			if e.box.Meets(f.box) {
				cuts = e.cutBy(f, cuts)
			}
		}
		slices.Sort(cuts)
		for i := 1; i < len(cuts); i++ {
			if p := e.at((cuts[i-1] + cuts[i]) / 2); wrong(p) {
				return p, true
			}
		}
	}
	return Point{}, false
}
