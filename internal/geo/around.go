package geo

import "math"

// Around is the box that holds every point within metres of p.
func Around(p Point, metres float64) Box {
	const perDegree = 111_320 // metres in a degree of latitude, and of longitude at the equator
	dLat := metres / perDegree
	dLon := dLat / math.Max(math.Cos(p.Lat*math.Pi/180), 0.01)
	return Box{Min: Point{Lon: p.Lon - dLon, Lat: p.Lat - dLat}, Max: Point{Lon: p.Lon + dLon, Lat: p.Lat + dLat}}
}
