package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
)

// doneMost bounds a day's work.
const doneMost = 100

// DoneBy lists the tasks that a person has closed since an instant, the latest
// first, among the cases of some grids that were opened since another.
func DoneBy(ctx context.Context, r db.Reader, d *district.District, person string, grids []string, opened, since time.Time) (rows []Row, err error) {
	defer errs.Wrap(&err, "casework.DoneBy(%s)", person)
	if len(grids) == 0 || person == "" {
		return nil, nil
	}
	args := []any{d.Code, person, db.At(since), db.At(opened)}
	marks := make([]string, len(grids))
	for i, grid := range grids {
		args = append(args, grid)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	return db.All(ctx, r, func(r *Row) []any { return append(r.Case.dest(), r.Task.dest()...) },
		fmt.Sprintf(`select %s, %s from cases c join tasks t on t.district = c.district and t.case_id = c.id where c.district = $1
		and t.done_by = $2 and t.done_at >= $3 and c.opened_at >= $4 and c.grid in (%s) order by t.done_at desc, t.id limit %d`,
			columns, taskColumns, strings.Join(marks, ", "), doneMost), args...)
}
