package resident

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// HeldBy is the account that held a number, by its blind index, at an instant;
// "" where none did.
func HeldBy(ctx context.Context, r db.Reader, district, phoneIndex string, at time.Time) (id ID, err error) {
	defer errs.Wrap(&err, "resident.HeldBy")
	all, err := db.All(ctx, r, func(id *ID) []any { return []any{id} },
		`select id from residents where district = $1 and phone_index = $2 and phone_index <> '' and from_at <= $3 and to_at > $3 order by from_at desc limit 1`,
		district, phoneIndex, db.At(at))
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}
