package area

import (
	"linli/internal/clock"
	"linli/internal/lang"
)

// Kind is which of two sorts a grid is; other tiers have none.
type Kind string

// The kinds of grid (DB6101/T 3185: 基础网格 and 专属网格).
const (
	Basic     Kind = "basic"     // has an outline
	Exclusive Kind = "exclusive" // is a list of members
)

var kindText = map[Kind]lang.Text{
	Basic:     {ZH: "基础网格", EN: "basic grid"},
	Exclusive: {ZH: "专属网格", EN: "exclusive grid"},
}

// Text names the kind for a person.
func (k Kind) Text() lang.Text { return kindText[k] }

// Area is one of a district's tiers of territory.
type Area struct {
	Code     Code
	Tier     Tier
	Name     lang.Text
	Kind     Kind
	Members  []string // of an exclusive grid; or house numbers that belong to a basic one
	From, To clock.Date
}

// ValidOn reports whether the area exists on a day. Both ends count.
func (a Area) ValidOn(on clock.Date) bool {
	return (a.From == "" || a.From <= on) && (a.To == "" || on <= a.To)
}

// together reports whether two areas exist on some same day.
func (a Area) together(b Area) bool {
	return (a.To == "" || b.From == "" || b.From <= a.To) && (b.To == "" || a.From == "" || a.From <= b.To)
}
