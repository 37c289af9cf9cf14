package sample

// District is the invented district, made once and then only read.
type District struct {
	lattice *lattice
	areas   []area
	river   int
	streets *streetPlan
	shapes  []shape
	spots   []spot
	units   []unit
	people  []person
	posts   []post
}

// New makes the district. It takes a few milliseconds and gives the same every
// time.
func New() *District {
	l := newLattice()
	areas, river := l.deal()
	d := &District{lattice: l, areas: areas, river: river, streets: newStreetPlan(l, areas, river), units: units()}
	d.shapes, d.spots = d.streets.ground(areas)
	d.people, d.posts = people(areas)
	return d
}
