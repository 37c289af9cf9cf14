package vault

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
)

// fitsMost is how many rows of a table are tried.
const fitsMost = 20

// Fits tries some sealed values of a table and says how many open with these
// keys: with the keys of another installation none does. Nothing of what is read
// leaves it.
func (v *Vault) Fits(ctx context.Context, r db.Reader, district string, t Table) (tried, opened int, err error) {
	defer errs.Wrap(&err, "vault.Fits(%s, %s)", district, t.Name)
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	rows, err := db.All(ctx, r, func(row *[]string) []any {
		*row = make([]string, len(names))
		var dest []any
		for i := range *row {
			dest = append(dest, &(*row)[i])
		}
		return dest
	}, fmt.Sprintf("select %s from %s where district = $1 and (%s) limit $2", strings.Join(names, ", "), t.Name, strings.Join(names, " <> '' or ")+" <> ''"), district, fitsMost)
	for _, row := range rows {
		for i, sealed := range row {
			if sealed == "" {
				continue
			}
			tried++
			if _, err := v.Reveal(district, t.Columns[i].Field, sealed); err == nil {
				opened++
			}
		}
	}
	return tried, opened, err
}
