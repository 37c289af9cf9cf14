package casework

import (
	"slices"
	"strings"

	"linli/internal/procedure"
)

// Scope bounds what somebody sees to the cases of their posts' units and
// areas, and to those that have or had a task for them: one that could only be
// placed in a community is for any grid worker there. A post for the whole
// district, as those of departments are, sees its unit's cases and not
// everybody's: that is a right of its own. A nil Scope is everything.
type Scope []procedure.Actor

// Sees reports whether a case with its tasks lies within the scope. Filter
// holds the same rule in SQL.
func (s Scope) Sees(c Case, tasks []Task) bool {
	if s == nil {
		return true
	}
	return slices.ContainsFunc(s, func(post procedure.Actor) bool {
		if post.Unit != "" && (c.Unit == post.Unit || c.Receiver == post.Unit ||
			slices.ContainsFunc(tasks, func(t Task) bool { return t.Unit == post.Unit })) {
			return true
		}
		if post.Role != "" && slices.ContainsFunc(tasks, func(t Task) bool { return t.concerns(post) }) {
			return true
		}
		return post.Area != "" && slices.Contains([]string{c.Place.Grid, c.Place.Community, c.Place.Street}, post.Area)
	})
}

// concerns reports whether a task is or was for a post, as where.concerns has it.
func (t *Task) concerns(post procedure.Actor) bool {
	of := procedure.Task{Unit: t.Unit, Role: t.Role, Area: t.Area, Reporter: t.Reporter}
	return of.Concerns(post)
}

// add narrows to the cases within the scope.
func (s Scope) add(w *where) {
	if s == nil {
		return
	}
	any := []string{"false"}
	var tasks []string // asked last: they cost a look into another table
	for _, post := range s {
		if column := columnOf(post.Area); column != "" {
			any = append(any, column+" = "+w.put(post.Area))
		}
		if post.Unit != "" {
			unit := w.put(post.Unit)
			any = append(any, "c.unit = "+unit, "c.receiver = "+unit)
			tasks = append(tasks, "exists (select 1 from tasks s where s.district = $1 and s.case_id = c.id and s.unit = "+unit+")")
		}
		if post.Role != "" {
			tasks = append(tasks, "exists (select 1 from tasks s where s.district = $1 and s.case_id = c.id and not s.reporter and "+w.concerns("s", post)+")")
		}
	}
	w.conds = append(w.conds, "("+strings.Join(append(any, tasks...), " or ")+")")
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
