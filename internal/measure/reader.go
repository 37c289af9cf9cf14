package measure

import "linli/internal/sheet"

// maxIndicators bounds an evaluation that people can still follow.
const maxIndicators = 200

// reader reads formulas.
type reader struct{ sheet.Tree }

// errors is how many things noted so far forbid the book.
func (r *reader) errors() int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity != sheet.Warning && f.Severity != sheet.Note {
			n++
		}
	}
	return n
}
