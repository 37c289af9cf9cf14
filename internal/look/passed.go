package look

import (
	"context"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
)

// PassOn is the consent by which a company that deals with a case is told who
// reported it (个人信息保护法 23). Package privacy keeps the consents.
const PassOn = "pass-on"

// Passed notes in a report whether its sender consents to that now, by account or
// with the report itself.
func Passed(ctx context.Context, rd db.Reader, district string, r *casework.Report) (err error) {
	defer errs.Wrap(&err, "look.Passed(%s)", r.ID)
	n, err := db.Value[int](ctx, rd, `select count(*) from consents c where c.district = $1 and c.name = $2 and c.withdrawn_at = 0 and c.holder in (
			select cast($3 as text) union all select 'resident:' || p.id from residents p
				where p.district = $1 and p.phone_index = $4 and p.phone_index <> '' and p.from_at <= $5 and p.to_at > $5)`,
		district, PassOn, "report:"+r.ID, r.PhoneIndex, db.At(r.At))
	r.Passed = n > 0
	return err
}

// ofCompany reports whether a post is one of a company that works for the district.
func ofCompany(d *district.District, by procedure.Actor) bool {
	unit, _ := d.Org.Unit(org.UnitID(by.Unit))
	return unit.Kind == org.Company
}
