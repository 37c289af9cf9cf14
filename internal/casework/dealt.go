package casework

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// Dealing is how many cases of a matter at a place one unit has dealt with.
type Dealing struct {
	Matter string
	Place  Place
	Unit   string
	Cases  int
}

// Dealt calls each for what units have dealt with: cases opened before an
// instant that ended closed or answered, counted together where matter, place
// and unit are the same. A case sent wrongly and still open teaches nothing.
func Dealt(ctx context.Context, r db.Reader, district string, until time.Time, each func(Dealing) error) (err error) {
	defer errs.Wrap(&err, "casework.Dealt(%s)", district)
	return db.Scan(ctx, r, func(rows db.Rows) error {
		var e Dealing
		if err := rows.Scan(&e.Matter, &e.Place.Street, &e.Place.Community, &e.Place.Grid, &e.Unit, &e.Cases); err != nil {
			return err
		}
		return each(e)
	}, `select c.matter, c.street, c.community, c.grid, c.unit, count(*) from cases c
		where c.district = $1 and c.opened_at < $2 and c.unit <> '' and c.state in ('closed', 'answered')
		group by c.matter, c.street, c.community, c.grid, c.unit order by c.matter, c.street, c.community, c.grid, c.unit`, district, db.At(until))
}
