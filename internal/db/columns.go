package db

import (
	"context"

	"linli/internal/errs"
)

// Column is a column as the database has it.
type Column struct {
	Name string
	Type string // text, bigint, boolean, double precision
	Key  int    // its place in the primary key, from 1; 0 for none
}

// Columns lists the columns of a table in their order; none where there is no
// such table. Both engines give the same for a table that both have.
//
// Differs because each engine keeps the list of its columns elsewhere.
func Columns(ctx context.Context, r Reader, table string) (all []Column, err error) {
	defer errs.Wrap(&err, "db.Columns(%s)", table)
	list := "select name, lower(type), pk from pragma_table_info($1) order by cid"
	if r.Engine() == Postgres {
		list = `select a.attname::text, format_type(a.atttypid, a.atttypmod), coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1
			from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
			where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`
	}
	return All(ctx, r, func(c *Column) []any { return []any{&c.Name, &c.Type, &c.Key} }, list, table)
}

// Version is how far the schema of a database has come: the number of the last
// migration.
func Version(ctx context.Context, r Reader) (n int64, err error) {
	defer errs.Wrap(&err, "db.Version")
	return Value[int64](ctx, r, "select max(version_id) from goose_db_version")
}
