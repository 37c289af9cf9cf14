package measure

import (
	"math/rand/v2"
	"slices"
)

// worlds are all items that a set of formulas can tell apart: each field they
// read takes each value they compare it with, the values just beside, and one
// that is none of them. What holds in every world holds for every item.
type worlds struct {
	over  Over
	uses  uses
	dials []dial
	whole bool // every combination is tried, and no formula can tell more apart
}

// dial is one field and the values it takes.
type dial struct {
	field  string
	good   int // as of the field
	least  int // index of the first value that is known at all
	values int
	set    func(it *Item, n int)
}

// maxWorlds bounds how many are tried; beyond it a fixed sample stands for all.
const maxWorlds = 1 << 14

func newWorlds(over Over, u uses) *worlds {
	w := &worlds{over: over, uses: u}
	known := fields()
	count := 1
	for _, name := range u.fields {
		for n := range known {
			if known[n].name == name {
				w.dials = append(w.dials, newDial(&known[n], u, over))
			}
		}
	}
	for _, mark := range u.marks {
		w.dials = append(w.dials, markDial(mark, u))
	}
	for _, d := range w.dials {
		count = min(count*d.values, maxWorlds+1)
	}
	w.whole = count <= maxWorlds && !u.loose
	return w
}

func newDial(f *field, u uses, over Over) dial {
	d := dial{field: f.name, good: f.good}
	switch {
	case f.truth != nil:
		d.values, d.set = 2, func(it *Item, n int) { *f.truth(it) = n == 1 }
	case f.text != nil:
		texts := candidates(f, u, over)
		d.values, d.set = len(texts), func(it *Item, n int) { *f.text(it) = texts[n] }
	default:
		numbers := whole(f.name, u.numbers[f.name])
		d.values, d.set = len(numbers), func(it *Item, n int) { *f.number(it) = numbers[n] }
		if f.name != "round" {
			d.least = 1 // the first stands for not known
		}
	}
	return d
}

// candidates are the texts a field takes: those asked for, what begins with
// them, and another.
func candidates(f *field, u uses, over Over) []string {
	asked := u.texts[f.name]
	known := f.holds(over)
	if len(known) == 0 {
		all := []string{"", "…"}
		for _, v := range asked {
			all = add(add(all, v), v+"0")
		}
		return all
	}
	if f.name == "state" {
		return known // the laws below tell its values apart
	}
	all := slices.Clone(asked)
	for _, v := range known {
		if !slices.Contains(all, v) {
			return append(all, v)
		}
	}
	return all
}

// whole are the whole numbers a field takes, rising.
func whole(name string, asked []float64) []int {
	low, high := 0, 5 // a grade, 0 where there is none
	var all []int
	switch name {
	case "round":
		low, high, all = 1, 100, []int{1, 2, 3}
	case "minutes":
		low, high, all = -1, maxNumber, []int{-1, 0, 1}
	default:
		return []int{0, 1, 2, 3, 4, 5}
	}
	for _, v := range asked {
		for _, n := range []int{int(v) - 1, int(v), int(v) + 1} {
			if n >= low && n <= high {
				all = add(all, n)
			}
		}
	}
	slices.Sort(all)
	return all
}

func markDial(mark string, u uses) dial {
	worths := []float64{-1, 0, 0.25, 0.5, 0.75, 1}
	for _, v := range u.numbers[markKey(mark)] {
		for _, w := range []float64{v - 0.01, v, v + 0.01} {
			if w >= 0 && w <= 1 {
				worths = add(worths, w)
			}
		}
	}
	slices.Sort(worths)
	return dial{field: markKey(mark), good: 1, least: 1, values: len(worths), set: func(it *Item, n int) {
		it.Marks = slices.DeleteFunc(it.Marks, func(g Given) bool { return g.Mark == mark })
		if worths[n] >= 0 {
			it.Marks = append(it.Marks, Given{mark, worths[n]})
		}
	}}
}

// each calls try for every world until it says false.
func (w *worlds) each(try func(it *Item) bool) {
	w.eachBut(-1, func(it *Item) bool { return !w.possible(it) || try(it) })
}

// eachBut turns every dial but one.
func (w *worlds) eachBut(fixed int, try func(it *Item) bool) {
	count := 1
	for n, d := range w.dials {
		if n != fixed {
			count = min(count*d.values, maxWorlds+1)
		}
	}
	it := &Item{Round: 1, Minutes: -1}
	random := rand.New(rand.NewPCG(1, 2))
	for k := range min(count, maxWorlds) {
		rest := k
		for n, d := range w.dials {
			switch {
			case n == fixed:
			case count > maxWorlds:
				d.set(it, random.IntN(d.values))
			default:
				d.set(it, rest%d.values)
				rest /= d.values
			}
		}
		if !try(it) {
			return
		}
	}
}

// law is what two fields never say together on one item.
type law struct {
	a, b string
	ok   func(*Item) bool
}

var laws = []law{
	{"kept", "late", func(it *Item) bool { return it.Kept != it.Late }},
	{"returned", "state", func(it *Item) bool { return it.Returned == (it.State == "returned") }},
	{"refused", "state", func(it *Item) bool { return it.Refused == (it.State == "refused") }},
	{"returned", "refused", func(it *Item) bool { return !it.Returned || !it.Refused }},
	{"work", "verify", func(it *Item) bool { return !it.Work || !it.Verify }},
	{"work", "dispatch", func(it *Item) bool { return !it.Work || !it.Dispatch }},
	{"verify", "dispatch", func(it *Item) bool { return !it.Verify || !it.Dispatch }},
	{"redispatched", "dispatch", func(it *Item) bool { return !it.Redispatched || it.Dispatch }},
	{"closed", "ended", func(it *Item) bool { return !it.Closed || it.Ended }},
	{"closed", "voided", func(it *Item) bool { return !it.Closed || !it.Voided }},
	{"closed", "state", func(it *Item) bool { return it.Closed == (it.State == "closed" || it.State == "answered") }},
	{"ended", "state", func(it *Item) bool { return it.Ended == (it.State != "running") }},
	{"ended", "voided", func(it *Item) bool { return !it.Voided || it.Ended }},
	{"on_time", "ended", func(it *Item) bool { return !it.OnTime || it.Ended }},
	{"answered", "ended", func(it *Item) bool { return !it.Answered || it.Ended }},
	{"first_time", "closed", func(it *Item) bool { return !it.FirstTime || it.Closed }},
	{"first_time", "reopened", func(it *Item) bool { return !it.FirstTime || !it.Reopened }},
	{"first_time", "round", func(it *Item) bool { return !it.FirstTime || it.Round == 1 }},
	{"upheld", "state", func(it *Item) bool { return it.Upheld == (it.State == "upheld") }},
	{"upheld", "order", func(it *Item) bool { return !it.Upheld || it.Order == "accountability" }},
}

// possible reports whether an item like that can be. Only laws between fields
// that are read bind: the others were never set.
func (w *worlds) possible(it *Item) bool {
	for _, l := range laws {
		if slices.Contains(w.uses.fields, l.a) && slices.Contains(w.uses.fields, l.b) && !l.ok(it) {
			return false
		}
	}
	return true
}
