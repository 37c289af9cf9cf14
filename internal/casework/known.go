package casework

import (
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// KnowsReporter reports whether a post that sees a case may know who reported
// it, be it behind a mask: whoever takes reports in may, of any case; who else
// works here may unless the reporter is kept secret. A company that works for
// the district never does: what is to be done is all it needs.
func (c Case) KnowsReporter(d *district.District, by procedure.Actor) bool {
	if d.Can(rights.CallerFind, string(by.Role)) {
		return true
	}
	unit, _ := d.Org.Unit(org.UnitID(by.Unit))
	return !c.Secret && unit.Kind != org.Company
}
