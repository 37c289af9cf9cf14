package casework_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/procedure"
)

// draw makes a random filter of one condition that it is surely about and of
// others now and then; each asks for something that some case has.
func (c *crowd) draw(dice *rand.Rand, all []known) casework.Filter {
	now, k := c.Clock.Now(), one(dice, all)
	f := casework.Filter{Newest: dice.IntN(2) == 0}
	conditions := []func(){
		func() { f.States = []casework.State{k.State, one(dice, all).State} },
		func() { f.States = []casework.State{casework.Running} },
		func() { f.Step = string(k.Step) },
		func() { f.Unit = k.Unit },
		func() { f.Receiver = k.Receiver },
		func() { f.Street = k.Place.Street },
		func() { f.Community = k.Place.Community },
		func() { f.Grid = k.Place.Grid },
		func() { f.Major = k.Major },
		func() { f.Matter = k.Matter },
		func() { f.Kind = k.Kind },
		func() { f.Channel = k.Channel },
		func() { f.Number = k.Number },
		func() { f.Signal = one(dice, []clock.Signal{clock.OK, clock.Near, clock.Late, clock.Hold}) },
		func() { f.NoOwner = true },
		func() { f.Returned = true },
		func() { f.Unsure = true },
		func() { f.DueFrom = now.Add(time.Duration(dice.IntN(240)-120) * time.Hour) },
		func() { f.Overdue = true },
		func() { f.OnAccount = true },
		func() {
			f.Stuck = one(dice, []casework.Stuck{casework.StuckAny, casework.Bounced, casework.Untouched, casework.WithoutOwner})
		},
		func() { f.Rated = 1 + dice.IntN(5) },
		func() { f.DueFrom = now.Add(time.Duration(dice.IntN(240)-120) * time.Hour) },
		func() { f.DueBefore = now.Add(time.Duration(dice.IntN(240)-120) * time.Hour) },
		func() { f.From = k.OpenedAt },
		func() { f.To = k.OpenedAt },
		func() {
			f.Text = one(dice, []string{"井盖", "路灯", "灯", "垃圾 清", "night", "ＡＢＣ-１２３", "桂香路", "没有这个词", "！", "  "})
		},
		func() { f.Phone = c.Desk.PhoneIndex(one(dice, crowdPhones[1:])) },
		func() { f.Tail = c.Desk.TailIndex(one(dice, crowdPhones[1:])) },
		func() { f.Scope = c.drawScope(dice) },
		func() { f.Queue = &casework.Queue{Posts: c.drawPosts(dice)} },
		func() { f.Queue = &casework.Queue{Posts: c.drawPosts(dice), Parts: []procedure.Part{procedure.Lead}} },
	}
	one(dice, conditions)()
	for _, set := range conditions {
		if dice.IntN(20) == 0 {
			set()
		}
	}
	return f
}

// drawPosts are the posts of somebody, or of several.
func (c *crowd) drawPosts(dice *rand.Rand) (posts []procedure.Actor) {
	for range 1 + dice.IntN(3) {
		posts = append(posts, one(dice, c.posts))
	}
	return posts
}

// drawScope is the scope of posts that are held, and of some that might be.
func (c *crowd) drawScope(dice *rand.Rand) casework.Scope {
	if dice.IntN(2) == 0 {
		return casework.ScopeOf(c.d, c.drawPosts(dice)...)
	}
	s := casework.Scope{}
	for range dice.IntN(3) {
		post := procedure.Actor{Role: one(dice, append(procedure.Roles(), "")), Area: c.anyArea(dice), Post: one(dice, observerPosts)}
		if dice.IntN(2) == 0 {
			post.Unit = string(one(dice, c.d.Org.Units()).ID)
		}
		if dice.IntN(10) == 0 {
			post.Area = string(one(dice, c.d.Areas.Tier(area.District)).Code)
		}
		reach := one(dice, []casework.Reach{casework.OfPost, casework.OfPost, casework.Bounded, casework.Bounded, casework.Disclosed, casework.Disclosed, casework.Everywhere})
		if reach == casework.Everywhere && dice.IntN(4) > 0 {
			continue
		}
		s = append(s, casework.Grant{By: post, Reach: reach})
	}
	return s
}

// row is a line of a list by its names: a case, or in a queue its task.
type row struct {
	Case casework.ID
	Task string
	due  time.Time
	at   time.Time
	step string
}

// pick is what List should list, in its order, said in Go.
func (c *crowd) pick(f casework.Filter, all []known) (rows []row) {
	for _, k := range all {
		if !c.meets(f, k) {
			continue
		}
		if f.Queue == nil {
			if c.within(f, k.State == casework.Running, k.Due, k.NearAt, k.HeldAt) && (f.Step == "" || k.State == casework.Running && string(k.Step) == f.Step) {
				rows = append(rows, row{Case: k.ID, due: k.Due, at: k.OpenedAt})
			}
			continue
		}
		for _, t := range k.tasks {
			mine := slices.ContainsFunc(f.Queue.Posts, func(p procedure.Actor) bool { return concerns(t, p) })
			part := len(f.Queue.Parts) == 0 || slices.Contains(f.Queue.Parts, t.Part)
			if t.State == procedure.Open && mine && part && (f.Step == "" || string(t.Step) == f.Step) && c.within(f, true, t.Due, t.NearAt, t.HeldAt) {
				rows = append(rows, row{Case: k.ID, Task: t.ID, due: t.Due, at: k.OpenedAt, step: string(t.Step)})
			}
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		switch {
		case f.Newest:
			return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.Task, a.Task), cmp.Compare(b.Case, a.Case))
		case a.due.IsZero() != b.due.IsZero(): // what has no limit comes last
			return cmp.Compare(a.due.Unix(), 0) * -1
		}
		return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.Task, b.Task), cmp.Compare(a.Case, b.Case))
	})
	return rows
}

// within holds what a filter says about a promise.
func (c *crowd) within(f casework.Filter, running bool, due, near, held time.Time) bool {
	signal := c.signal(running, due, near, held)
	if f.Signal != "" && signal != f.Signal || f.Overdue && signal != clock.Late {
		return false
	}
	if !f.DueFrom.IsZero() && !(running && (due.IsZero() || !due.Before(f.DueFrom))) { // without a limit it is due later than anything
		return false
	}
	from := f.DueFrom.IsZero() || running && (due.IsZero() || !due.Before(f.DueFrom)) // what is never due is due after any day
	return from && (f.DueBefore.IsZero() || running && !due.IsZero() && due.Before(f.DueBefore))
}

// meets holds what a filter says about a case as a whole.
func (c *crowd) meets(f casework.Filter, k known) bool {
	for _, is := range [][2]string{{f.Unit, k.Unit}, {f.Receiver, k.Receiver}, {f.Street, k.Place.Street}, {f.Community, k.Place.Community},
		{f.Grid, k.Place.Grid}, {f.Major, k.Major}, {f.Matter, k.Matter}, {f.Kind, k.Kind}, {f.Channel, k.Channel}, {f.Number, k.Number}} {
		if is[0] != "" && is[0] != is[1] {
			return false
		}
	}
	has := func(index func(casework.Report) string, want string) bool {
		return want == "" || slices.ContainsFunc(k.reports, func(r casework.Report) bool { return index(r) == want })
	}
	return (len(f.States) == 0 || slices.Contains(f.States, k.State)) &&
		(!f.NoOwner || k.NoOwner) && (!f.Returned || k.Returns > 0) && (!f.Unsure || k.Unsure()) && c.stands(f, k) && (f.Rated == 0 || k.Rating > 0 && k.Rating <= f.Rated) &&
		(f.From.IsZero() || !k.OpenedAt.Before(f.From)) && (f.To.IsZero() || k.OpenedAt.Before(f.To)) &&
		has(func(r casework.Report) string { return r.PhoneIndex }, f.Phone) && has(func(r casework.Report) string { return r.TailIndex }, f.Tail) &&
		contains(k.Title+"\n"+k.Place.Address+"\n"+k.Text, f.Text) && f.Scope.Sees(k.Case, k.tasks, k.open...)
}

// stands holds what a filter says about a case that does not move.
func (c *crowd) stands(f casework.Filter, k known) bool {
	if f.OnAccount && !(k.State == casework.Running && slices.ContainsFunc(k.entries, func(e casework.Entry) bool {
		return e.OnAccount && e.State == casework.PauseRuns
	})) {
		return false
	}
	why := k.StuckBy(c.d.Calendar, c.Clock.Now())
	return f.Stuck == casework.NotStuck || f.Stuck == casework.StuckAny && len(why) > 0 || slices.Contains(why, f.Stuck)
}

// contains is searching as people expect it: every word of the query stands
// somewhere in the text, whatever its width and case. A query of signs alone
// finds nothing; an empty one asks nothing.
func contains(text, query string) bool {
	if strings.TrimSpace(query) == "" {
		return true
	}
	fold := func(s string) string { return strings.ToLower(norm.NFKC.String(s)) }
	words := strings.FieldsFunc(fold(query), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.Nd, unicode.M) })
	for _, w := range words {
		if !strings.Contains(fold(text), w) {
			return false
		}
	}
	return len(words) > 0
}
