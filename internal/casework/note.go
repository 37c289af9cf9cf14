package casework

import (
	"context"
	"strconv"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Note adds an entry to a case's trail that changes nothing of the case, such
// as that it was urged. Its facts name no person.
func Note(ctx context.Context, tx *db.Tx, a Acting, id ID, act string, detail map[string]string) (err error) {
	defer errs.Wrap(&err, "casework.Note(%s, %s)", id, act)
	step, err := db.Value[string](ctx, tx, "select c.step from cases c where c.district = $1 and c.id = $2", a.District.Code, string(id))
	if err != nil {
		return err
	}
	tx.Wake(Topic)
	return note(ctx, tx, a, id, act, procedure.StepName(step), detail)
}

func note(ctx context.Context, tx *db.Tx, a Acting, id ID, act string, step procedure.StepName, detail map[string]string) error {
	head, err := trail.HeadOf(ctx, tx, a.District.Code, string(id))
	if err != nil {
		return err
	}
	s := stroke{ctx: ctx, tx: tx, d: a.District, c: &Case{ID: id}, by: a.By}
	return s.record(head, act, step, detail)
}

// micros is how facts of the trail hold an instant: microseconds since 1970
// UTC; empty for none.
func micros(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(db.At(t), 10)
}
