package casework

import (
	"slices"
	"strings"

	"linli/internal/district"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Reach is how far a grant goes.
type Reach string

// How far a grant goes.
const (
	Everywhere Reach = "district"  // every case
	OfPost     Reach = "post"      // the unit's, the area's, and those with a task for it
	Bounded    Reach = "bounds"    // the unit's in the area: how a key is bounded
	Disclosed  Reach = "disclosed" // those made open to the post or to its unit
)

// Grant is what one post or key lets its holder see.
type Grant struct {
	By    procedure.Actor
	Reach Reach
}

// Scope bounds what somebody sees of the cases. List, Count, Groups, searches
// and exports hold it in SQL, [Scope.Sees] and [Seen] for one case: one rule.
// An empty Scope sees nothing; a nil one, that of the program itself and of the
// public's own pages, everything.
type Scope []Grant

// ScopeOf is what posts let their holder see: every case with the right to, else
// with the right to see cases those of the unit, of the area, and those that
// have or had a task for the post: one that could only be placed in a community
// is for any grid worker there. A post for the whole district, as those of
// departments are, sees its unit's cases and not everybody's: that is a right of
// its own. A post without either right, such as an administrator's, sees none.
func ScopeOf(d *district.District, posts ...procedure.Actor) Scope {
	s := Scope{}
	for _, p := range posts {
		switch role := string(p.Role); {
		case d.Can(rights.CaseSeeAll, role):
			s = append(s, Grant{p, Everywhere})
		case d.Can(rights.CaseSee, role):
			s = append(s, Grant{p, OfPost})
		}
	}
	return s
}

// Within narrows a scope of posts to the rights of a key that acts with them:
// without the right to every case the posts see no more than their own, and
// without the right to any of them none.
func (s Scope) Within(can []rights.Right) Scope {
	narrow := Scope{}
	for _, g := range s {
		switch {
		case slices.Contains(can, rights.CaseSeeAll):
			narrow = append(narrow, g)
		case slices.Contains(can, rights.CaseSee) && (g.Reach == Everywhere || g.Reach == OfPost):
			narrow = append(narrow, Grant{g.By, OfPost})
		}
	}
	return narrow
}

// ObservedBy is what posts let their holder observe: the cases made open to
// them. It is apart from ScopeOf because an observer is shown less of a case.
func ObservedBy(d *district.District, posts ...procedure.Actor) Scope {
	s := Scope{}
	for _, p := range posts {
		if d.Can(rights.CaseObserve, string(p.Role)) {
			s = append(s, Grant{p, Disclosed})
		}
	}
	return s
}

// ScopeOfKey is what a key with these rights lets another system see: every case
// with the right to and without bounds, else those of the unit in the area. With
// no more than the right to see cases, and no bounds, it sees none.
func ScopeOfKey(id string, can []rights.Right, unit, area string) Scope {
	by, all := procedure.Actor{Post: id, Unit: unit, Area: area}, slices.Contains(can, rights.CaseSeeAll)
	switch bounds := unit != "" || area != ""; {
	case all && !bounds:
		return Scope{{by, Everywhere}}
	case (all || slices.Contains(can, rights.CaseSee)) && bounds:
		return Scope{{by, Bounded}}
	}
	return Scope{}
}

// InAreas is what lies in areas below the district.
func InAreas(codes ...string) Scope {
	s := Scope{}
	for _, code := range codes {
		s = append(s, Grant{procedure.Actor{Area: code}, Bounded})
	}
	return s
}

// Reason is why somebody sees a case; empty where they do not.
type Reason string

// Why somebody sees a case.
const (
	SeesAll       Reason = "district"  // the post sees every case
	SeesByUnit    Reason = "unit"      // the unit took it in, deals or dealt with it
	SeesByArea    Reason = "area"      // it lies in the post's area
	SeesByTask    Reason = "task"      // it has or had a task for the post
	SeesDisclosed Reason = "disclosed" // it was made open to the post or its unit
	SeesByKey     Reason = "key"       // it lies within the bounds of a key
)

// Sees reports whether a case with its tasks lies within the scope. open are
// the disclosures of the case that run. The SQL of add holds the same rule.
func (s Scope) Sees(c Case, tasks []Task, open ...Disclosure) bool {
	return s == nil || slices.ContainsFunc(s, func(g Grant) bool { return g.Why(c, tasks, open...) != "" })
}

// Why says why the grant lets its holder see a case; empty where it does not.
func (g Grant) Why(c Case, tasks []Task, open ...Disclosure) Reason {
	post := g.By
	unit := post.Unit != "" && (c.Unit == post.Unit || c.Receiver == post.Unit ||
		slices.ContainsFunc(tasks, func(t Task) bool { return t.Unit == post.Unit }))
	area := columnOf(post.Area) != "" && slices.Contains([]string{c.Place.Grid, c.Place.Community, c.Place.Street}, post.Area)
	switch {
	case g.Reach == Everywhere:
		return SeesAll
	case g.Reach == Bounded && (unit || post.Unit == "") && (area || post.Area == "") && (unit || area):
		return SeesByKey
	case g.Reach == Disclosed && !c.Secret && slices.ContainsFunc(open, func(o Disclosure) bool { return o.concerns(post) }):
		return SeesDisclosed
	case g.Reach != OfPost:
		return ""
	case unit:
		return SeesByUnit
	case area:
		return SeesByArea
	case slices.ContainsFunc(tasks, func(t Task) bool { return t.concerns(post) }):
		return SeesByTask
	}
	return ""
}

// concerns reports whether a task is or was for a post, as where.concerns has it.
func (t *Task) concerns(post procedure.Actor) bool {
	of := procedure.Task{Unit: t.Unit, Role: t.Role, Area: t.Area, Reporter: t.Reporter}
	return post.Role != "" && of.Concerns(post)
}

// add narrows to the cases within the scope.
func (s Scope) add(w *where) {
	if s == nil || slices.ContainsFunc(s, func(g Grant) bool { return g.Reach == Everywhere }) {
		return
	}
	any := []string{"false"}
	var tasks []string // asked last: they cost a look into another table
	for _, g := range s {
		cheap, dear := g.conds(w)
		any, tasks = append(any, cheap...), append(tasks, dear...)
	}
	w.conds = append(w.conds, "("+strings.Join(append(any, tasks...), " or ")+")")
}

// conds are the conditions of a grant, any of which lets a case be seen; dear
// are those that cost a look into another table.
func (g Grant) conds(w *where) (cheap, dear []string) {
	post, area := g.By, columnOf(g.By.Area)
	switch g.Reach {
	case Bounded:
		return g.bounds(w)
	case Disclosed:
		return []string{"not c.secret and " + openTo(w, post)}, nil
	}
	if area != "" {
		cheap = append(cheap, area+" = "+w.put(post.Area))
	}
	if post.Unit != "" {
		unit := w.put(post.Unit)
		cheap = append(cheap, "c.unit = "+unit, "c.receiver = "+unit)
		dear = append(dear, hadTask(unit))
	}
	if post.Role != "" {
		dear = append(dear, "exists (select 1 from tasks s where s.district = $1 and s.case_id = c.id and not s.reporter and "+w.concerns("s", post)+")")
	}
	return cheap, dear
}

// bounds is the condition of a grant that must meet both its bounds.
func (g Grant) bounds(w *where) (cheap, dear []string) {
	var both []string
	if area := columnOf(g.By.Area); area != "" {
		both = append(both, area+" = "+w.put(g.By.Area))
	} else if g.By.Area != "" {
		return nil, nil // no area of ours
	}
	if g.By.Unit == "" {
		return both, nil
	}
	unit := w.put(g.By.Unit)
	both = append(both, "(c.unit = "+unit+" or c.receiver = "+unit+" or "+hadTask(unit)+")")
	return nil, []string{"(" + strings.Join(both, " and ") + ")"}
}

// hadTask is the condition that a unit has or had a task of the case.
func hadTask(unit string) string {
	return "exists (select 1 from tasks s where s.district = $1 and s.case_id = c.id and s.unit = " + unit + ")"
}

// columnOf is the column that holds areas of a code's tier, below the district.
func columnOf(area string) string {
	switch len(area) {
	case 9:
		return "c.street"
	case 12:
		return "c.community"
	case 15:
		return "c.grid"
	}
	return ""
}
