package measure

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"linli/internal/sheet"
)

// sense tries an indicator on every world its formulas can tell apart, and
// refuses one that takes nothing, counts nothing or everything, gives more than
// a whole, or calls the worse outcome the better.
func (r *reader) sense(i *Indicator, f map[string]*yaml.Node) {
	w := newWorlds(i.Over, i.uses)
	taken, least, most := false, 2.0, -1.0
	outside := false
	w.each(func(it *Item) bool {
		if !i.Takes(it) {
			return true
		}
		gives := i.Gives(it)
		taken, least, most = true, min(least, gives), max(most, gives)
		if i.worth != nil {
			if v := i.worth(it); !(v >= 0 && v <= 1) {
				outside = true
			}
		}
		return true
	})
	counts := f["counts"]
	if counts == nil {
		counts = f["worth"]
	}
	switch {
	case !taken:
		if w.whole {
			r.Bad(f["of"], "of", "这个条件永远不成立，分母总是零。", "This can never hold: the denominator is always zero.")
		}
		return
	case i.Kind != Rate:
		return
	case outside:
		r.Bad(counts, "worth", "worth 会出 0 到 1。一件最多算一件；没给评语的是 -1，用 of 排除。", "This goes outside 0 to 1. One thing counts once at most; a mark not given is -1, so leave it out with “of”.")
		return
	case least == most && w.whole:
		r.Bad(counts, "counts", "取的每一件都算 %.4g：这个比率总是一样的。", "Everything taken counts %.4g: this rate is always the same.", most)
		return
	}
	if i.Better != Neither {
		r.turnsRight(i, w, counts)
	}
}

// turnsRight holds that a better outcome of any item never makes the score
// worse. It is what catches 100 minus the closing rate under any name.
func (r *reader) turnsRight(i *Indicator, w *worlds, at *yaml.Node) {
	for n, d := range w.dials {
		if d.good == 0 {
			continue
		}
		rising := d.good > 0 == (i.Better == More)
		wrong := false
		w.eachBut(n, func(it *Item) bool {
			last := -1.0
			for v := d.least; v < d.values && !wrong; v++ {
				d.set(it, v)
				if !i.Takes(it) {
					continue
				}
				gives := i.Gives(it)
				wrong = last >= 0 && (rising && gives < last || !rising && gives > last)
				last = gives
			}
			return !wrong
		})
		if wrong {
			r.Bad(at, "better", "方向反了：“%s”往好处变，“%s”的分数反而更差。改 better，或改公式。", "This runs backwards: when “%s” gets better, the score of “%s” gets worse. Change “better”, or the formula.", d.field, i.Name)
			return
		}
	}
}

// same reports whether two indicators are one input: the same denominator, and
// the same numerator or the rest of it.
func same(a, b *Indicator) bool {
	if a.Kind != b.Kind || a.Over != b.Over {
		return false
	}
	if a.Kind == Submitted {
		return slices.ContainsFunc(a.From, func(body string) bool { return slices.Contains(b.From, body) })
	}
	var u uses
	u.join(a.uses)
	u.join(b.uses)
	equal, rest, taken := true, true, false
	newWorlds(a.Over, u).each(func(it *Item) bool {
		if a.Takes(it) != b.Takes(it) {
			equal, rest = false, false
			return false
		}
		if a.Takes(it) {
			taken = true
			x, y := a.Gives(it), b.Gives(it)
			equal, rest = equal && x == y, rest && exact(x+y) == 1
		}
		return equal || rest
	})
	return taken && (equal || rest && a.Kind == Rate)
}

// twins warns of two names for one input. Within one assessment it is an error.
func (r *reader) twins(b *Book) {
	for n, i := range b.Indicators {
		for _, j := range b.Indicators[:n] {
			if same(i, j) {
				r.Note(sheet.Warning, i.place, "indicators", "“%s”和“%s”是同一个数。", "“%s” and “%s” are one and the same figure.", i.Name, j.Name)
			}
		}
	}
}

// once holds that an assessment uses each input once, under whatever name.
func (r *reader) once(a *Assessment) {
	var before []Weighted
	for _, s := range a.Sections {
		for _, w := range s.Indicators {
			for _, o := range before {
				switch {
				case o.indicator == w.indicator:
					r.Note(sheet.Error, w.place, "sections", "“%s”用了两次。", "“%s” is used twice.", w.Indicator)
				case same(o.indicator, w.indicator):
					r.Note(sheet.Error, w.place, "sections", "“%s”和“%s”是同一个数，等于用了两次。", "“%s” is the same figure as “%s”: one input is used twice.", w.Indicator, o.Indicator)
				}
			}
			before = append(before, w)
		}
	}
}

// sum checks that weights make 1, or 100, and turns them into shares of 1.
func (r *reader) sum(n *yaml.Node, what string, weights ...*float64) {
	total := 0.0
	for _, w := range weights {
		total += *w
	}
	scale := 1.0
	switch {
	case total > 1-1e-9 && total < 1+1e-9:
	case total > 100-1e-7 && total < 100+1e-7:
		scale = 100
	default:
		r.Bad(n, "weight", "%s的权重加起来是 %s，要是 1 或者 100。", "The weights of %s add up to %s; they must make 1 or 100.", what, trim(total))
		return
	}
	for _, w := range weights {
		*w /= scale
	}
}

func trim(v float64) string {
	return strings.TrimRight(strings.TrimRight(fixed(v), "0"), ".")
}
