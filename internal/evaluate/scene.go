package evaluate

import (
	"slices"
	"strings"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/measure"
	"linli/internal/org"
	"linli/internal/procedure"
)

// scene is what the trail of every case is read against: the district, the
// formulas, and from when on things count. It remembers what it looked up.
type scene struct {
	d     *district.District
	book  *measure.Book
	from  int64      // what was done before is only the past
	day   clock.Date // by whose roster areas have units and workers
	timed bool       // some indicator asks how long work took
	steps steps

	units  map[string]string // territory offices by area
	levels map[string]string // of units
	posts  map[string]string // of workers by grid
}

func newScene(d *district.District, book *measure.Book, from int64, day clock.Date) *scene {
	s := &scene{d: d, book: book, from: from, day: day, units: map[string]string{}, levels: map[string]string{}, posts: map[string]string{}}
	s.steps = steps{d: d, known: map[stepKey]stepKind{}}
	for _, i := range book.Indicators {
		s.timed = s.timed || strings.Contains(i.Of+i.Counts+i.Worth, "minutes")
	}
	return s
}

// unitOf is the unit that a task counts for: its own, or the office whose
// territory the task's area is.
func (s *scene) unitOf(e *deed) string {
	if e.of != "" || e.area == "" {
		return e.of
	}
	unit, ok := s.units[e.area]
	if !ok {
		if u, _, found := s.d.Org.TerritoryUnit(e.area, s.day); found {
			unit = string(u.ID)
		}
		s.units[e.area] = unit
	}
	return unit
}

// levelOf says on which level a task was done: grid, community, street, district.
func (s *scene) levelOf(e *deed) string {
	if e.of == "" {
		return string(area.Code(e.area).Tier())
	}
	level, ok := s.levels[e.of]
	if !ok {
		unit, _ := s.d.Org.Unit(org.UnitID(e.of))
		switch unit.Kind {
		case org.CommunityStation:
			level = string(area.Community)
		case org.StreetOffice:
			level = string(area.Street)
		default:
			level = string(area.District)
		}
		s.levels[e.of] = level
	}
	return level
}

// gridWorkers are the posts of a grid's workers, between commas.
func (s *scene) gridWorkers(grid string) string {
	if area.Code(grid).Tier() != area.Grid {
		return ""
	}
	posts, ok := s.posts[grid]
	if !ok {
		var ids []string
		for _, p := range s.d.Org.WorkersOf(grid, s.day) {
			ids = append(ids, string(p.ID))
		}
		posts = strings.Join(ids, ",")
		s.posts[grid] = posts
	}
	return posts
}

// place is the smallest area known of a case.
func (f *file) place(code string) string {
	for _, a := range []string{f.grid, f.community, f.street} {
		if a != "" {
			return a
		}
	}
	return code
}

// ground is whom an item counts for. post may be several, between commas.
type ground struct {
	unit, street, community, grid, post string
}

// subjects lists them.
func (g ground) subjects() []Subject {
	all := []Subject{District}
	add := func(kind SubjectKind, code string) {
		if code != "" {
			all = append(all, subject(kind, code))
		}
	}
	add(OfUnit, g.unit)
	add(OfStreet, g.street)
	add(OfCommunity, g.community)
	add(OfGrid, g.grid)
	for id := range strings.SplitSeq(g.post, ",") {
		add(OfPost, id)
	}
	return all
}

// stepKind is what a step of a procedure is for, as formulas ask it.
type stepKind struct {
	role                             string
	work, verify, reporter, dispatch bool
	tells                            map[string]bool // actions that tell the reporter how it ended
	files                            bool            // of a whole procedure: some step files its cases
}

type stepKey struct{ procedure, version, step string }

// steps remembers what the steps of procedures are for.
type steps struct {
	d     *district.District
	known map[stepKey]stepKind
}

func (s *steps) of(f *file, name string) stepKind {
	key := stepKey{f.procedure, f.version, name}
	kind, ok := s.known[key]
	if !ok {
		if p, found := s.d.Catalogue.Procedure(f.procedure, f.version); found {
			if step := p.Step(procedure.StepName(name)); step != nil {
				kind = kindOf(p, step)
			}
		}
		s.known[key] = kind
	}
	return kind
}

// files reports whether the procedure of a case has a step that files it. Where
// none does, as among neighbours, a case is filed as it is taken in.
func (s *steps) files(f *file) bool {
	key := stepKey{f.procedure, f.version, ""}
	kind, ok := s.known[key]
	if !ok {
		p, found := s.d.Catalogue.Procedure(f.procedure, f.version)
		kind.files = !found || slices.ContainsFunc(p.Steps, func(step *procedure.Step) bool { return step.Action(actFile) != nil })
		s.known[key] = kind
	}
	return kind.files
}

// kindOf reads from a step what it is for. Work is where the matter itself is
// dealt with, dispatch where a unit is named for it without ruling.
func kindOf(p *procedure.Procedure, step *procedure.Step) stepKind {
	k := stepKind{
		role: string(step.By.Role), verify: step.Kind == procedure.Verify, reporter: step.Kind == procedure.Rate || step.By.Reporter,
	}
	for _, a := range step.Actions {
		for _, need := range a.Needs {
			k.dispatch = k.dispatch || need == procedure.NeedUnit && !a.Final
		}
		if a.Notify != "" && slices.ContainsFunc(a.Targets(), func(to procedure.Target) bool { return finishes(p, to) }) {
			if k.tells == nil {
				k.tells = map[string]bool{}
			}
			k.tells[string(a.Name)] = true
		}
	}
	switch step.By.Role {
	case "", procedure.Handler, procedure.UnitLead, procedure.GridWorker, procedure.GridLeader:
		k.work = step.Kind == procedure.Work && !k.reporter && !k.dispatch
	}
	return k
}

// finishes reports whether a target is an end, or the reporter's word before it.
func finishes(p *procedure.Procedure, to procedure.Target) bool {
	step := p.Step(procedure.StepName(to))
	return step == nil || step.Kind == procedure.Rate
}
