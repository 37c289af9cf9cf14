package casework_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/procedure"
)

// draws is how many random filters a property is tried with.
const draws = 200

// rowsOf names the rows of a page.
func rowsOf(p casework.Page) (rows []row) {
	for _, r := range p.Rows {
		rows = append(rows, row{Case: r.Case.ID, Task: r.Task.ID})
	}
	return rows
}

// names strips rows to what says which they are.
func names(rows []row) (all []row) {
	for _, r := range rows {
		all = append(all, row{Case: r.Case, Task: r.Task})
	}
	return all
}

var byName = cmp.Comparer(func(a, b row) bool { return a.Case == b.Case && a.Task == b.Task })

// A list holds what its filter says and nothing else, in its order, whatever
// the size of its pages; its count and its groups add up to it.
func TestListCountAndGroupsAgree(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 120, func(t *testing.T, c *crowd) {
		dice, all := rand.New(rand.NewPCG(1, 14)), c.known()
		found := 0
		for range draws {
			f := c.draw(dice, all)
			want := c.pick(f, all)
			found += min(1, len(want))
			if diff := cmp.Diff(names(want), c.list(f, 1+dice.IntN(40)), byName); diff != "" {
				t.Errorf("%+v: list (-want +got)\n%s", f, diff)
			}
			n, err := casework.Count(t.Context(), c.DB, c.d, f, c.Clock.Now())
			if err != nil || n != (casework.Tally{N: len(want)}) {
				t.Errorf("%+v: count %+v, %v, want %d", f, n, err, len(want))
			}
			c.groups(f, all, want)
		}
		if found < draws/4 {
			t.Errorf("only %d of %d filters found anything: the draw is too narrow to prove much", found, draws)
		}
	})
}

// list reads all pages of a list.
func (c *crowd) list(f casework.Filter, most int) (rows []row) {
	for after := ""; ; {
		p, err := casework.List(c.t.Context(), c.DB, c.d, f, c.Clock.Now(), after, most)
		if err != nil {
			c.t.Fatal(err)
		}
		rows = append(rows, rowsOf(p)...)
		if after = p.Next; after == "" {
			return rows
		}
	}
}

// groups checks each grouping of a filter against the rows it should count.
func (c *crowd) groups(f casework.Filter, all []known, rows []row) {
	c.t.Helper()
	of := map[casework.ID]known{}
	for _, k := range all {
		of[k.ID] = k
	}
	value := map[casework.By]func(row) string{
		casework.ByStreet:    func(r row) string { return of[r.Case].Place.Street },
		casework.ByCommunity: func(r row) string { return of[r.Case].Place.Community },
		casework.ByChannel:   func(r row) string { return of[r.Case].Channel },
		casework.ByUnit:      func(r row) string { return of[r.Case].Unit },
		casework.ByMajor:     func(r row) string { return of[r.Case].Major },
		casework.ByKind:      func(r row) string { return of[r.Case].Kind },
	}
	if f.Queue != nil {
		value[casework.ByTaskStep] = func(r row) string { return r.step }
	}
	for by, value := range value {
		want := map[string]int{}
		for _, r := range rows {
			want[value(r)]++
		}
		got, err := casework.Groups(c.t.Context(), c.DB, c.d, f, by, c.Clock.Now())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			c.t.Errorf("%+v by %s: %v (-want +got)\n%s", f, by, err, diff)
		}
	}
}

// What a list shows in somebody's scope is what a page would let them open.
func TestScopeIsWhatSeesSays(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 80, func(t *testing.T, c *crowd) {
		dice, all := rand.New(rand.NewPCG(2, 14)), c.known()
		for range draws {
			f := casework.Filter{Scope: c.drawScope(dice), Newest: true}
			if diff := cmp.Diff(names(c.pick(f, all)), c.list(f, 500), byName); diff != "" {
				t.Errorf("scope %+v (-Sees +List)\n%s", f.Scope, diff)
			}
		}
		if got := c.list(casework.Filter{Scope: casework.Scope{}}, 500); len(got) != 0 {
			t.Errorf("who holds no post sees %d cases, want none", len(got))
		}
		if got := c.list(casework.Filter{}, 500); len(got) != len(all) {
			t.Errorf("no scope shows %d cases, want all %d", len(got), len(all))
		}
	})
}

// A queue holds exactly the tasks on which the procedure offers its reader
// something, if only an action that is closed to them for a reason.
func TestQueueIsWhatTheProcedureOffers(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 80, func(t *testing.T, c *crowd) {
		all, seen := c.known(), 0
		for _, person := range c.d.Org.People() {
			posts := c.actors(person.Login)
			var want []row
			for _, k := range all {
				for _, task := range c.offered(k, posts) {
					want = append(want, row{Case: k.ID, Task: task})
				}
			}
			got := c.list(casework.Filter{Queue: &casework.Queue{Posts: posts}}, 7)
			seen += len(got)
			less := func(a, b row) int { return strings.Compare(a.Task, b.Task) }
			slices.SortFunc(want, less)
			slices.SortFunc(got, less)
			if diff := cmp.Diff(want, got, byName); diff != "" {
				t.Errorf("queue of %s (-offered +listed)\n%s", person.Login, diff)
			}
		}
		if seen < 50 {
			t.Errorf("all queues together hold %d tasks, too few to prove much", seen)
		}
	})
}

// offered are the tasks of a case on which the procedure offers one of the
// posts something.
func (c *crowd) offered(k known, posts []procedure.Actor) (tasks []string) {
	for _, by := range posts {
		offers, err := casework.Available(c.t.Context(), c.DB, casework.Acting{District: c.d, By: by}, k.Case, c.Clock.Now())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, o := range offers {
			if !slices.Contains(tasks, o.Task) {
				tasks = append(tasks, o.Task)
			}
		}
	}
	return tasks
}
