package notice

import (
	"context"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
)

// TellThem tells units and posts of a case in words that the caller names, in
// its transaction: package supervise knows whom, this package knows how.
func (b *Book) TellThem(ctx context.Context, tx *db.Tx, d *district.District, n casework.Notice, to ...To) error {
	facts := factsOf(d, n)
	for _, t := range to {
		if err := b.queue(ctx, tx, d, n, t, Template(n.Template), facts); err != nil {
			return err
		}
	}
	return nil
}
