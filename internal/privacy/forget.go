package privacy

import (
	"context"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
)

// Forget removes requests that ended long ago, with their copies and what they
// restricted of reports that hold nobody's name any more.
func Forget(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "privacy.Forget(%s, %d)", district, len(ids))
	for _, id := range ids {
		for _, sql := range []string{
			"delete from data_copies where district = $1 and request = $2",
			"delete from data_requests where district = $1 and id = $2",
		} {
			if err := tx.Exec(ctx, sql, district, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetConsents removes consents that were withdrawn long ago.
func ForgetConsents(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "privacy.ForgetConsents(%s, %d)", district, len(ids))
	for _, id := range ids {
		if err := tx.Exec(ctx, "delete from consents where district = $1 and id = $2", district, id); err != nil {
			return err
		}
	}
	return nil
}

// ForgetTellings removes notes that notices were shown, each named “holder notice
// version”.
func ForgetTellings(ctx context.Context, tx *db.Tx, district string, names []string) (err error) {
	defer errs.Wrap(&err, "privacy.ForgetTellings(%s, %d)", district, len(names))
	for _, name := range names {
		holder, rest, _ := strings.Cut(name, " ")
		notice, _, _ := strings.Cut(rest, " ")
		if err := tx.Exec(ctx, "delete from notices_shown where district = $1 and holder = $2 and notice = $3", district, holder, notice); err != nil {
			return err
		}
	}
	return nil
}
