package sample

import (
	"math"

	"linli/internal/geo"
)

// shape is something drawn on the base map below the grids.
type shape struct {
	kind         string // river, water, park, school or block
	name, nameEN string
	rings        []ring
}

// spot is a place with a name that people use to say where they are.
type spot struct {
	name, nameEN, kind string
	at                 geo.Point
	home               string
}

// ground draws what lies between the streets: the river, a park and a school in
// every community, and buildings in all other blocks.
func (s *streetPlan) ground(areas []area) (shapes []shape, spots []spot) {
	d := roll("ground")
	shapes = append(shapes, shape{"river", "澄河", "Cheng River", []ring{s.riverBanks()}})
	taken := map[cell]bool{}
	for _, a := range areas {
		if a.tier != "community" {
			continue
		}
		inner := shuffled(d, s.inner(a.cells))
		park, school := inner[0], inner[1]
		taken[park], taken[school] = true, true
		en := a.nameEN[:len(a.nameEN)-len(" Community")]
		shapes = append(shapes,
			shape{"park", a.stem() + "园", en + " Park", []ring{s.patch(park, 0.1, 0.12, 0.9, 0.88)}},
			shape{"water", "", "", []ring{s.pond(park, d)}},
			shape{"school", a.stem() + "小学", en + " Primary School", s.wings(school)})
		spots = append(spots, s.spots(a.stem(), en, inner)...)
	}
	for _, c := range s.l.cells {
		if !taken[c] {
			shapes = append(shapes, shape{kind: "block", rings: s.buildings(d, c)})
		}
	}
	return shapes, spots
}

// spots names the places of a community that residents say where they are by.
func (s *streetPlan) spots(stem, en string, inner []cell) []spot {
	at := func(i int) geo.Point { return rounded(s.l.middle(inner[i%len(inner)])) }
	return []spot{
		{stem + "园", en + " Park", "park", at(0), stem},
		{stem + "小学", en + " Primary School", "school", at(1), stem},
		{stem + "卫生站", en + " Clinic", "clinic", at(2), stem},
		{stem + "菜场", en + " Food Market", "market", at(3), stem},
		{stem + "社区服务站", en + " Community Service Point", "service", at(4), stem},
	}
}

// inner gives the blocks that touch neither the edge of the district nor the
// river.
func (s *streetPlan) inner(cells []cell) []cell {
	var list []cell
	for _, c := range cells {
		alone := c.row == s.river || c.row == s.river-1
		for _, k := range [4]cell{{c.col - 1, c.row}, {c.col + 1, c.row}, {c.col, c.row - 1}, {c.col, c.row + 1}} {
			alone = alone || !s.l.within[k]
		}
		if !alone {
			list = append(list, c)
		}
	}
	return list
}

// riverBanks draws the river along its row of crossings, wider in the bends,
// and a little beyond the district on both sides.
func (s *streetPlan) riverBanks() ring {
	var course []geo.Point
	for c := range cols + 1 {
		course = append(course, s.l.at[c][s.river])
	}
	first, last := course[0], course[cols]
	course = append([]geo.Point{{Lon: first.Lon - 0.02, Lat: first.Lat + 0.004}}, course...)
	course = append(course, geo.Point{Lon: last.Lon + 0.02, Lat: last.Lat - 0.003})
	half := func(i int) float64 { return (48 + 10*math.Sin(float64(i)*1.3)) / perLat }
	var banks ring
	for i, p := range course {
		banks = append(banks, rounded(geo.Point{Lon: p.Lon, Lat: p.Lat - half(i)}))
	}
	for i := len(course) - 1; i >= 0; i-- {
		banks = append(banks, rounded(geo.Point{Lon: course[i].Lon, Lat: course[i].Lat + half(i)}))
	}
	return append(banks, banks[0])
}

// in gives the point of a block at the shares u to the east and v to the north.
func (s *streetPlan) in(c cell, u, v float64) geo.Point {
	k := c.corners()
	south := toward(s.l.corner(k[0]), s.l.corner(k[1]), u)
	north := toward(s.l.corner(k[3]), s.l.corner(k[2]), u)
	return rounded(toward(south, north, v))
}

func (s *streetPlan) patch(c cell, u0, v0, u1, v1 float64) ring {
	a := s.in(c, u0, v0)
	return ring{a, s.in(c, u1, v0), s.in(c, u1, v1), s.in(c, u0, v1), a}
}

func (s *streetPlan) pond(c cell, d dice) ring {
	u, v := d.between(0.35, 0.65), d.between(0.35, 0.65)
	var r ring
	for i := range 14 {
		a := float64(i) / 14 * 2 * math.Pi
		r = append(r, s.in(c, u+0.17*math.Cos(a), v+(0.1+0.02*math.Sin(3*a))*math.Sin(a)))
	}
	return append(r, r[0])
}

// wings draws a school: two wings round a yard.
func (s *streetPlan) wings(c cell) []ring {
	return []ring{s.patch(c, 0.2, 0.62, 0.75, 0.76), s.patch(c, 0.2, 0.25, 0.32, 0.62)}
}

// buildings sets rows of houses into a block, with yards between, a few missing.
// Near the river the houses keep off the bank.
func (s *streetPlan) buildings(d dice, c cell) []ring {
	k := c.corners()
	wide := metres(s.l.corner(k[0]), s.l.corner(k[1]))
	high := metres(s.l.corner(k[0]), s.l.corner(k[3]))
	across := min(4, max(2, int(wide/120)))
	up := min(5, max(2, int(high/95)))
	low, top := 0.1, 0.9
	if c.row == s.river {
		low = 0.3
	}
	if c.row == s.river-1 {
		top = 0.7
	}
	var houses []ring
	for i := range across {
		for j := range up {
			if d.chance(0.14) {
				continue
			}
			u := 0.1 + 0.8*float64(i)/float64(across)
			v := low + (top-low)*float64(j)/float64(up)
			w := 0.8 / float64(across) * d.between(0.52, 0.8)
			h := (top - low) / float64(up) * d.between(0.36, 0.56)
			houses = append(houses, s.patch(c, u+0.02, v+0.03, u+0.02+w, v+0.03+h))
		}
	}
	return houses
}
