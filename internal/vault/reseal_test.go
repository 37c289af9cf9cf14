package vault

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"linli/internal/db"
	"linli/internal/db/dbtest"
)

// letters is a table of the test's own, with a key of two columns.
var letters = Table{Name: "letters", Key: []string{"box", "id"}, Columns: []Column{{"sender", "letter.sender"}, {"tone", "letter.tone"}}}

// ASVS 11.2.2
func TestReseal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		path := filepath.Join(t.TempDir(), "keys")
		v, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		write := func(sql string, args ...any) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error { return tx.Exec(ctx, sql, args...) }); err != nil {
				t.Fatal(err)
			}
		}
		write("create table letters (district text not null, box text not null, id text not null, sender text not null, tone text not null, primary key (district, box, id))")
		put := func(district string, n int, sender, tone string) {
			t.Helper()
			write("insert into letters (district, box, id, sender, tone) values ($1, $2, $3, $4, $5)", district, fmt.Sprint("b", n%2), fmt.Sprint("l", n), sender, tone)
		}
		for n := range 7 {
			put("990101", n, v.Seal("990101", "letter.sender", fmt.Sprint("张", n)), v.Seal("990101", "letter.tone", "急"))
		}
		put("990101", 7, "", "") // nothing was given
		put("990101", 8, "v1.not-ours", "")
		put("990102", 0, v.Seal("990102", "letter.sender", "别的区"), "")
		if _, err := Rotate(path, SM4); err != nil {
			t.Fatal(err)
		}
		put("990101", 9, v.Seal("990101", "letter.sender", "新"), "")

		seen := 0
		var after []string
		for {
			rows, err := v.Stale(ctx, d, "990101", letters, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			if seen == 0 { // somebody changes a row between reading and writing
				write("update letters set sender = '' where district = '990101' and box = $1 and id = $2", rows[0].Key[0], rows[0].Key[1])
			}
			seen += len(rows)
			after = rows[len(rows)-1].Key
			if err := d.Write(ctx, func(tx *db.Tx) error { return v.Reseal(ctx, tx, "990101", letters, rows) }); err != nil {
				t.Fatal(err)
			}
		}
		if seen != 8 {
			t.Errorf("%d rows were stale, want the 7 and the one that does not open", seen)
		}
		held, err := v.Count(ctx, d, "990101", letters)
		if err != nil {
			t.Fatal(err)
		}
		// Left at version 1: what does not open, and the tone of the changed row.
		want := map[string]int{"sender 1": 1, "sender 2": 7, "sender 0": 0, "tone 1": 1, "tone 2": 6, "tone 0": 0}
		for _, h := range held {
			if name := fmt.Sprint(h.Column, " ", h.Version); want[name] != h.Values {
				t.Errorf("%s: %d values, want %d", name, h.Values, want[name])
			}
		}
		if other, err := v.Count(ctx, d, "990102", letters); err != nil || other[0].Values != 1 {
			t.Errorf("the other district: %v, %v, want it left alone", other, err)
		}
		sealed, err := db.All(ctx, d, func(s *string) []any { return []any{s} }, "select sender from letters where district = '990101' and sender <> '' order by box, id")
		if err != nil {
			t.Fatal(err)
		}
		opened := 0
		for _, s := range sealed {
			if _, err := v.Reveal("990101", "letter.sender", s); err == nil {
				opened++
			}
		}
		if opened != 7 {
			t.Errorf("%d of %d open, want 7", opened, len(sealed))
		}
	})
}
