package org

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
)

// ForgetPhones takes the phone numbers of people who left. Their names stay, for
// the trail says who did what.
func ForgetPhones(ctx context.Context, tx *db.Tx, district string, people []string) (err error) {
	defer errs.Wrap(&err, "org.ForgetPhones(%s, %d)", district, len(people))
	for _, id := range people {
		if err := tx.Exec(ctx, "update people set phone = '' where district = $1 and id = $2", district, id); err != nil {
			return err
		}
	}
	return nil
}
