package casework_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"linli/internal/casework"
	"linli/internal/procedure"
)

// While others open cases and move them, whoever pages through a list meets
// each row that was there all the time once, in the list's order.
func TestPagingUnderWrites(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 60, func(t *testing.T, c *crowd) {
		dispatcher, handlers := c.actors("chenli"), slices.DeleteFunc(slices.Clone(c.posts), func(p procedure.Actor) bool { return p.Role != procedure.Handler })
		lists := []struct {
			why string
			f   casework.Filter
		}{
			{"the newest first: new ones come in before the page", casework.Filter{Newest: true}},
			{"the most urgent first: new ones come in anywhere", casework.Filter{}},
			{"running ones: some leave while others page", casework.Filter{States: []casework.State{casework.Running}}},
			{"a queue that is worked on meanwhile", casework.Filter{Queue: &casework.Queue{Posts: dispatcher}}},
			{"a queue of everybody, newest first", casework.Filter{Queue: &casework.Queue{Posts: handlers}, Newest: true}},
		}
		ctx, stop := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		for n := range 2 {
			writers.Go(func() {
				for dice := rand.New(rand.NewPCG(uint64(n), 3)); ctx.Err() == nil; {
					c.open(dice)
					c.act(dice)
					c.act(dice)
				}
			})
		}
		for _, l := range lists {
			for range 5 {
				c.pageThrough(l.why, l.f)
			}
		}
		stop()
		writers.Wait()
	})
}

// pageThrough reads a list in small pages between two readings of it whole.
func (c *crowd) pageThrough(why string, f casework.Filter) {
	c.t.Helper()
	before := c.revisions(f)
	paged := c.list(f, 3)
	after := c.revisions(f)
	seen := map[row]int{}
	for _, r := range paged {
		seen[r]++
	}
	for r, n := range seen {
		// One whose date moved meanwhile may be met at both of its dates.
		if revision, there := before[r]; n > 1 && (f.Newest || there && after[r] == revision) {
			c.t.Errorf("%s: %+v is listed %d times", why, r, n)
		}
	}
	for r, revision := range before {
		// A case that was changed may have left the list and come back meanwhile.
		if after[r] == revision && seen[r] == 0 {
			c.t.Errorf("%s: %+v was there all the time and is not listed", why, r)
		}
	}
}

// revisions lists a filter whole, each row with the revision of its case.
func (c *crowd) revisions(f casework.Filter) map[row]int {
	c.t.Helper()
	p, err := casework.List(c.t.Context(), c.DB, c.d, f, c.Clock.Now(), "", 100_000)
	if err != nil {
		c.t.Fatal(err)
	}
	all := map[row]int{}
	for _, r := range p.Rows {
		all[row{Case: r.Case.ID, Task: r.Task.ID}] = r.Revision
	}
	return all
}

// Rows of one instant are told apart by their ids: a page may end between them.
func TestPagesEndBetweenRowsOfOneInstant(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 0, func(t *testing.T, c *crowd) {
		dice := rand.New(rand.NewPCG(5, 5))
		for range 20 {
			c.open(dice) // the clock stands still
		}
		for _, f := range []casework.Filter{{Newest: true}, {}, {Queue: &casework.Queue{Posts: c.posts}}} {
			for most := 1; most <= 5; most++ {
				if got := c.list(f, most); len(got) != 20 || len(unique(got)) != 20 {
					t.Errorf("%+v in pages of %d: %d rows, %d different, want 20", f, most, len(got), len(unique(got)))
				}
			}
		}
	})
}

func unique(rows []row) map[row]bool {
	all := map[row]bool{}
	for _, r := range rows {
		all[r] = true
	}
	return all
}
