package casework

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
)

// findableMost is how many cases are read at once to be made findable.
const findableMost = 1000

// MakeFindable builds the full-text index of a district whose cases came as
// rows from another installation, where there is none yet. It goes by id, which
// is the order in which cases were made, and so the order that search gives.
// told hears now and then how many are done.
func MakeFindable(ctx context.Context, tx *db.Tx, district string, told func(done int)) (err error) {
	defer errs.Wrap(&err, "casework.MakeFindable(%s)", district)
	after, done := "", 0
	for {
		some, err := db.All(ctx, tx, (*Case).dest, "select "+columns+" from cases c where c.district = $1 and c.id > $2 order by c.id limit $3", district, after, findableMost)
		if err != nil {
			return err
		}
		for i := range some {
			c := &some[i]
			after = string(c.ID)
			if c.Text == Gone { // what is past its time is not searched, see reindex
				c.Text, c.Place.Address = "", ""
			}
			if err := index(ctx, tx, district, c); err != nil {
				return err
			}
		}
		done += len(some)
		told(done)
		if len(some) < findableMost {
			return nil
		}
	}
}
