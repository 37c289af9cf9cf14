package measure

import (
	"slices"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// Book is everything one file of formulas says. It does not change.
type Book struct {
	Source      string // as parsed: what a counted period keeps, to be counted again
	Version     string // the first 12 hex digits of the SHA-256 of the source
	Marks       []*Mark
	Indicators  []*Indicator
	Assessments []*Assessment

	over map[Over][]*Indicator
}

// Indicator returns the indicator of that name, or nil.
func (b *Book) Indicator(name string) *Indicator {
	return find(b.Indicators, func(i *Indicator) bool { return i.Name == name })
}

// Assessment returns the assessment of that name, or nil.
func (b *Book) Assessment(name string) *Assessment {
	return find(b.Assessments, func(a *Assessment) bool { return a.Name == name })
}

// Mark returns the mark of that name, or nil.
func (b *Book) Mark(name string) *Mark {
	return find(b.Marks, func(m *Mark) bool { return m.Name == name })
}

func find[T any](all []*T, is func(*T) bool) *T {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i]
	}
	return nil
}

// Over lists the indicators that count items of a grain, in the order of the file.
func (b *Book) Over(grain Over) []*Indicator { return b.over[grain] }

// Asks reports whether some formula reads the field. What is costly to know,
// such as minutes, need not be found out where none does.
func (b *Book) Asks(field string) bool {
	return slices.ContainsFunc(b.Indicators, func(i *Indicator) bool { return slices.Contains(i.uses.fields, field) })
}

// Worth is what an option of a mark is worth, -1 where there is no such option.
func (b *Book) Worth(mark, option string) float64 {
	if m := b.Mark(mark); m != nil {
		for _, o := range m.Options {
			if o.Name == option {
				return o.Worth
			}
		}
	}
	return -1
}

// Mark is a word somebody may give to a piece of work, such as the quality of
// an answer.
type Mark struct {
	Name    string
	Title   lang.Text
	Options []Option

	place sheet.Place
}

// Option is one value of a mark.
type Option struct {
	Name  string
	Title lang.Text
	Worth float64 // 0 to 1; -1 where it is noted and counts nowhere
}

// Better says which way of a figure is the good one.
type Better string

// The ways. A figure without one is shown and never scored.
const (
	Neither Better = ""
	More    Better = "more"
	Less    Better = "less"
)

// Kind says what an indicator's value is.
type Kind string

// The kinds of indicator.
const (
	Rate      Kind = "rate"   // what counts, as a share of what is taken: 0 to 1
	Amount    Kind = "amount" // how many
	Submitted Kind = "given"  // the mean of scores somebody entered: 0 to 100
)

// Indicator is one thing counted, and how it is scored.
type Indicator struct {
	Name   string
	Title  lang.Text
	Why    lang.Text // what it is for, and where it comes from
	Kind   Kind
	Over   Over     // empty where scores are entered
	From   []string // whose scores are taken, where they are entered
	Better Better
	Target float64 // of the value, 0 for none
	Bands  []Band  // in rising order; empty where a formula or the plain rule scores
	Empty  Empty

	Of, Counts, Worth, Score string // as written, for who reads the figure

	takes, counts func(*Item) bool
	worth         func(*Item) float64
	score         func(float64) float64
	uses          uses // what its conditions read
	place         sheet.Place
}

// Band scores values up to and with To; the last band has no end.
type Band struct {
	To    float64 // +Inf for the last
	Score float64
}

// Empty is what an indicator scores that has nothing to count. An amount of
// nothing is an amount: it goes by its bands, unless None.
type Empty struct {
	None  bool    // it is left out, and its weight is shared among the others
	Score float64 // otherwise
}

// Scored reports whether the indicator has a score, and so may carry a weight.
func (i *Indicator) Scored() bool { return i.score != nil }

// Takes reports whether the item is part of the denominator. It asks nothing of
// the grain: the caller hands an indicator items of its own grain only.
func (i *Indicator) Takes(it *Item) bool { return i.takes == nil || i.takes(it) }

// Gives is the item's part of the numerator, 0 to 1 in ten-thousandths. It
// means something for items the indicator takes.
func (i *Indicator) Gives(it *Item) float64 {
	switch {
	case i.counts != nil:
		if i.counts(it) {
			return 1
		}
		return 0
	case i.worth != nil:
		return exact(min(max(i.worth(it), 0), 1))
	}
	return 1
}
