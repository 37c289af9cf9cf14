package app_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/district"
	"linli/internal/geo"
)

// place reads where something is: 121.01,30.02, the name of a grid (a point
// within it), or 桂香06网格|桂香07网格 (a point on the border they share).
func place(d *district.District, text string) (geo.Point, error) {
	if text == "" {
		return geo.Point{}, nil
	}
	if lon, lat, ok := strings.Cut(text, ","); ok {
		x, errX := strconv.ParseFloat(lon, 64)
		y, errY := strconv.ParseFloat(lat, 64)
		if errX != nil || errY != nil {
			return geo.Point{}, fmt.Errorf("%q is no point", text)
		}
		return geo.Point{Lon: x, Lat: y}, nil
	}
	first, second, shared := strings.Cut(text, "|")
	a, err := outline(d, first)
	if err != nil || !shared {
		return a.Label(), err
	}
	b, err := outline(d, second)
	if err != nil {
		return geo.Point{}, err
	}
	return onBorder(a, b, text)
}

func outline(d *district.District, name string) (geo.Outline, error) {
	code, err := gridCode(d, name)
	if err != nil {
		return geo.Outline{}, err
	}
	o, ok := d.Areas.Outline(code)
	if !ok {
		return geo.Outline{}, fmt.Errorf("%s has no outline", name)
	}
	return o, nil
}

// gridCode is the code of an area by its Chinese name, or the code itself.
func gridCode(d *district.District, name string) (area.Code, error) {
	for a := range d.Areas.All() {
		if a.Name.ZH == name || string(a.Code) == name {
			return a.Code, nil
		}
	}
	return "", fmt.Errorf("there is no area %q", name)
}

// onBorder finds a point of the border that two outlines share, the same one
// whichever comes first. Their corners agree to the last digit.
func onBorder(a, b geo.Outline, text string) (geo.Point, error) {
	has := map[[2]geo.Point]bool{}
	edges(a, func(p, q geo.Point) { has[[2]geo.Point{p, q}] = true })
	var found []geo.Point
	edges(b, func(p, q geo.Point) {
		if has[[2]geo.Point{q, p}] || has[[2]geo.Point{p, q}] {
			found = append(found, p, q)
		}
	})
	if len(found) == 0 {
		return geo.Point{}, fmt.Errorf("%s share no border", text)
	}
	slices.SortFunc(found, func(p, q geo.Point) int { return cmp.Or(cmp.Compare(p.Lat, q.Lat), cmp.Compare(p.Lon, q.Lon)) })
	return found[len(found)/2], nil // its ends may touch a third outline
}

func edges(o geo.Outline, each func(p, q geo.Point)) {
	for _, polygon := range o.Polygons() {
		for _, ring := range polygon {
			for i := range ring {
				each(ring[i], ring[(i+1)%len(ring)])
			}
		}
	}
}
