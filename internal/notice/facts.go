package notice

import (
	"slices"
	"strings"

	"linli/internal/lang"
)

// Facts are what a template may say of a case. None names a person: Title and
// Place are those shown on public pages, without a door number, and Reason and
// Answer are what an official wrote for the reporter to read.
type Facts struct {
	Number string
	Title  lang.Text
	Place  lang.Text
	Due    lang.Text // as promised, "11月24日 周二 17:30前"
	Unit   lang.Text
	Reason string
	Answer string
	Link   string
}

// factNames is the closed list, in the order shown to whoever writes templates.
var factNames = []string{"number", "title", "place", "due", "unit", "reason", "answer", "link"}

// FactNames are the facts that a template may tell, in the order shown.
func FactNames() []string { return slices.Clone(factNames) }

// get gives a fact by its name in a template; "" is one that is not known now.
func (f Facts) get(name string) lang.Text {
	// What officials write may end in a full stop; the template has its own.
	same := func(s string) lang.Text {
		s = strings.TrimRight(s, "。. \r\n\t")
		return lang.Text{ZH: s, EN: s}
	}
	switch name {
	case "number":
		return same(f.Number)
	case "title":
		return f.Title
	case "place":
		return f.Place
	case "due":
		return f.Due
	case "unit":
		return f.Unit
	case "reason":
		return same(f.Reason)
	case "answer":
		return same(f.Answer)
	case "link":
		return same(f.Link)
	}
	return lang.Text{}
}
