package look

import (
	"context"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
)

// Forget removes looks whose time is past, with what was decided on delaying them.
func Forget(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "look.Forget(%s, %d)", district, len(ids))
	for _, id := range ids {
		if err := tx.Exec(ctx, "delete from look_delays where district = $1 and look_id = $2", district, id); err != nil {
			return err
		}
		if err := tx.Exec(ctx, "delete from looks where district = $1 and id = $2", district, id); err != nil {
			return err
		}
	}
	return nil
}

// ForgetDays removes what was counted of people's looks on days, each named
// “day person”.
func ForgetDays(ctx context.Context, tx *db.Tx, district string, names []string) (err error) {
	defer errs.Wrap(&err, "look.ForgetDays(%s, %d)", district, len(names))
	for _, name := range names {
		day, person, _ := strings.Cut(name, " ")
		if err := tx.Exec(ctx, "delete from look_days where district = $1 and person = $2 and day = $3", district, person, day); err != nil {
			return err
		}
	}
	return nil
}

// Unname hides what hide hides in what was asked and decided about telling of
// looks later, for the looks at a report.
func Unname(ctx context.Context, tx *db.Tx, district, report string, hide func(string) string) (err error) {
	defer errs.Wrap(&err, "look.Unname(%s)", report)
	type delay struct{ id, reason, decision string }
	all, err := db.All(ctx, tx, func(y *delay) []any { return []any{&y.id, &y.reason, &y.decision} }, `select y.id, y.reason, y.decision
		from looks l join look_delays y on y.district = l.district and y.look_id = l.id where l.district = $1 and l.report_id = $2 order by y.id`, district, report)
	if err != nil {
		return err
	}
	for _, y := range all {
		if err := db.Rewrite(ctx, tx, "update look_delays set reason = $3, decision = $4 where district = $1 and id = $2", district, y.id, hide, y.reason, y.decision); err != nil {
			return err
		}
	}
	return nil
}
