package page

import (
	"slices"

	"linli/internal/casework"
	"linli/internal/document"
)

// ObservedCase returns a case that is open to the reader as an observer, with
// the disclosures that make it so. Any other is errs.NotFound, as one that does
// not exist.
func (v *View) ObservedCase(id casework.ID) (casework.Case, []casework.Disclosure, error) {
	scope := v.Observed()
	c, _, err := casework.Seen(v.Context(), v.House.DB, v.District, scope, id, v.Now)
	if err != nil {
		return casework.Case{}, nil, err
	}
	all, err := casework.Disclosures(v.Context(), v.House.DB, v.District.Code, c.ID)
	return c, slices.DeleteFunc(all, func(o casework.Disclosure) bool {
		return !o.Runs(v.Now) || !scope.Sees(c, nil, o)
	}), err
}

// ShownToObserver reports whether a picture of a case is open to whom some
// disclosures are for: those of the finished work are, others where one of the
// disclosures says so.
func ShownToObserver(d document.Document, open []casework.Disclosure) bool {
	return len(open) > 0 && d.Kind == document.After || slices.ContainsFunc(open, func(o casework.Disclosure) bool { return o.Photos })
}
