package evaluate

import (
	"context"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
)

// Unname hides what hide hides in the appeals about a case and in what was decided
// on them. It returns whose trails hold words about it too.
func Unname(ctx context.Context, tx *db.Tx, district string, id casework.ID, hide func(string) string) (subjects []string, err error) {
	defer errs.Wrap(&err, "evaluate.Unname(%s)", id)
	all, err := db.All(ctx, tx, (*Appeal).dest, appealColumns+"a.case_id = $2 order by a.period, a.id", district, string(id))
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if err := db.Rewrite(ctx, tx, "update appeals set reason = $3, decision = $4 where district = $1 and id = $2", district, a.ID, hide, a.Reason, a.Decision); err != nil {
			return nil, err
		}
		subjects = append(subjects, subjectOf(a.Period))
	}
	return subjects, nil
}
