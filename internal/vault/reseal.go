package vault

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
)

// Table is a table with sealed columns. The package that owns it names it, and
// so lends its sealed columns for sealing again.
type Table struct {
	Name    string
	Key     []string // the columns of its primary key after district
	Columns []Column
}

// Column is a sealed column.
type Column struct {
	Name  string
	Field string // that Seal was called with
}

// Held is how many values of a column a key version holds.
type Held struct {
	Table, Column string
	Version       int // 0: sealed by none of the file
	Values        int
}

// Count tells how many values of a table's columns each key version of the file
// holds. It reads the whole table.
func (v *Vault) Count(ctx context.Context, r db.Reader, district string, t Table) (all []Held, err error) {
	defer errs.Wrap(&err, "vault.Count(%s, %s)", district, t.Name)
	var sums []string
	for _, c := range t.Columns {
		others := c.Name + " <> ''"
		for _, one := range v.fresh().ring.versions {
			all = append(all, Held{t.Name, c.Name, one.number, 0})
			sums = append(sums, fmt.Sprintf("coalesce(sum(case when %s like '%s%%' then 1 else 0 end), 0)", c.Name, mark(one.number)))
			others += fmt.Sprintf(" and %s not like '%s%%'", c.Name, mark(one.number))
		}
		all = append(all, Held{t.Name, c.Name, 0, 0})
		sums = append(sums, fmt.Sprintf("coalesce(sum(case when %s then 1 else 0 end), 0)", others))
	}
	_, err = db.One(ctx, r, func(*struct{}) []any {
		dest := make([]any, len(all))
		for i := range all {
			dest[i] = &all[i].Values
		}
		return dest
	}, "select "+strings.Join(sums, ", ")+" from "+t.Name+" where district = $1", district)
	return all, err
}

// Row is a row of a table that holds a value of an older key version, with its
// values sealed anew.
type Row struct {
	Key      []string
	old, new []string
}

// Stale finds rows after a key, in the order of keys, that hold a value of
// another version than the newest, and seals them anew, at most so many. A
// value that does not open is left as it is: one that somebody changed must not
// hold up the others, and Count still shows it.
func (v *Vault) Stale(ctx context.Context, r db.Reader, district string, t Table, after []string, most int) (rows []Row, err error) {
	defer errs.Wrap(&err, "vault.Stale(%s, %s)", district, t.Name)
	newest := mark(v.fresh().newest)
	args := []any{district, most}
	var stale, names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
		stale = append(stale, fmt.Sprintf("%[1]s <> '' and %[1]s not like '%[2]s%%'", c.Name, newest))
	}
	keys := strings.Join(t.Key, ", ")
	where := "district = $1 and (" + strings.Join(stale, " or ") + ")"
	if len(after) > 0 {
		var marks []string
		for _, key := range after {
			args = append(args, key)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		where += " and (" + keys + ") > (" + strings.Join(marks, ", ") + ")"
	}
	rows, err = db.All(ctx, r, func(row *Row) []any {
		row.Key, row.old = make([]string, len(t.Key)), make([]string, len(t.Columns))
		var dest []any
		for i := range row.Key {
			dest = append(dest, &row.Key[i])
		}
		for i := range row.old {
			dest = append(dest, &row.old[i])
		}
		return dest
	}, "select "+keys+", "+strings.Join(names, ", ")+" from "+t.Name+" where "+where+" order by "+keys+" limit $2", args...)
	for i := range rows {
		rows[i].new = v.anew(district, t.Columns, rows[i].old, newest)
	}
	return rows, err
}

// anew seals values with the newest key.
func (v *Vault) anew(district string, columns []Column, old []string, newest string) []string {
	sealed := make([]string, len(old))
	for i, value := range old {
		sealed[i] = value
		if strings.HasPrefix(value, newest) {
			continue
		}
		if plain, err := v.Reveal(district, columns[i].Field, value); err == nil {
			sealed[i] = v.Seal(district, columns[i].Field, plain)
		}
	}
	return sealed
}

// Reseal writes rows that Stale has found. One that was changed meanwhile is
// left as it is.
func (v *Vault) Reseal(ctx context.Context, tx *db.Tx, district string, t Table, rows []Row) (err error) {
	defer errs.Wrap(&err, "vault.Reseal(%s, %s)", district, t.Name)
	for _, row := range rows {
		args := []any{district}
		next := func(value string) string {
			args = append(args, value)
			return fmt.Sprintf("$%d", len(args))
		}
		var set, where []string
		for i, c := range t.Columns {
			set = append(set, c.Name+" = "+next(row.new[i]))
			where = append(where, c.Name+" = "+next(row.old[i]))
		}
		for i, key := range t.Key {
			where = append(where, key+" = "+next(row.Key[i]))
		}
		err := tx.Exec(ctx, "update "+t.Name+" set "+strings.Join(set, ", ")+" where district = $1 and "+strings.Join(where, " and "), args...)
		if err != nil {
			return err
		}
	}
	return nil
}
