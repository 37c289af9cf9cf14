package db

import "context"

// Rewrite puts texts of one row through hide, and writes them back where hide
// changed any. The statement takes the district as $1, the row's id as $2 and the
// texts after these, in order.
func Rewrite(ctx context.Context, tx *Tx, sql, district, id string, hide func(string) string, texts ...string) error {
	args, changed := []any{district, id}, false
	for _, text := range texts {
		hidden := hide(text)
		args = append(args, hidden)
		changed = changed || hidden != text
	}
	if !changed {
		return nil
	}
	return tx.Exec(ctx, sql, args...)
}
