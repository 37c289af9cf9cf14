package trail

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
)

// LogTopic is what a transaction wakes that takes entries into a log.
const LogTopic = "trail-log"

// Leaf is an entry at its place in the log, without its words and hashes.
type Leaf struct {
	Place int64 // 1 for the first
	Entry
}

// Size says how many leaves a district's log has.
func Size(ctx context.Context, r db.Reader, district string) (n int64, err error) {
	defer errs.Wrap(&err, "trail.Size(%s)", district)
	last, err := lastCheckpoint(ctx, r, district)
	return last.size, err
}

// Leaves reads the places after one of a log, up to and with another: the
// entries of cases and of the books that are named, in the order of the log.
// Places have no gaps and an entry never leaves its own, so whoever remembers
// how far they have read misses nothing and gets nothing twice.
func Leaves(ctx context.Context, r db.Reader, district string, after, until int64, books ...Book) (all []Leaf, err error) {
	defer errs.Wrap(&err, "trail.Leaves(%s, %d, %d)", district, after, until)
	args, marks := []any{district, after, until}, "''"
	for _, b := range books {
		args = append(args, string(b))
		marks += fmt.Sprintf(", $%d", len(args))
	}
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var l Leaf
		var detail string
		if err := rows.Scan(&l.Place, &l.chain, &l.Seq, db.Time(&l.At), &l.Unit, &l.Act, &l.Step, &detail, &l.Book); err != nil {
			return err
		}
		l.Place++
		l.Subject = strings.TrimPrefix(l.chain, prefix(l.Book))
		if detail != "" {
			if err := json.Unmarshal([]byte(detail), &l.Detail); err != nil {
				return fmt.Errorf("detail of entry %d of %s: %w", l.Seq, l.chain, err)
			}
		}
		for _, name := range free {
			delete(l.Detail, name)
		}
		all = append(all, l)
		return nil
	}, `select l.leaf, t.subject, t.seq, t.at, t.unit, t.act, t.step, t.detail, t.book from trail_leaves l
		join trail t on t.district = l.district and t.subject = l.subject and t.seq = l.seq
		where l.district = $1 and l.leaf >= $2 and l.leaf < $3 and t.book in (`+marks+`) order by l.leaf`, args...)
	return all, err
}
