package notice

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
)

// Forget removes messages whose time is past.
func Forget(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "notice.Forget(%s, %d)", district, len(ids))
	for _, id := range ids {
		if err := dropParts(ctx, tx, district, ID(id)); err != nil {
			return err
		}
		if err := tx.Exec(ctx, "delete from messages where district = $1 and id = $2", district, id); err != nil {
			return err
		}
	}
	return nil
}
