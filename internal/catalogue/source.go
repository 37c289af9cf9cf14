package catalogue

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
)

// ProcedureSource is a procedure as it was written, in a version or with "" in
// the one new cases take; errs.NotFound when the district has none of that name.
func ProcedureSource(ctx context.Context, r db.Reader, district, name, version string) (s Source, err error) {
	defer errs.Wrap(&err, "catalogue.ProcedureSource(%s, %s)", district, name)
	return db.One(ctx, r, func(s *Source) []any { return []any{&s.Name, &s.Version, &s.Text} },
		"select name, version, source from procedures where district = $1 and name = $2 and (version = $3 or ($3 = '' and current))", district, name, version)
}

// RoutingTable lists the rules of a district as they stand in its table.
func RoutingTable(ctx context.Context, r db.Reader, district string) (all []Rule, err error) {
	defer errs.Wrap(&err, "catalogue.RoutingTable(%s)", district)
	return readRules(ctx, r, district)
}
