package dbtest

import (
	"testing"

	"linli/internal/db"
)

// Unguard removes what keeps the trail's tables from being changed, for tests
// that play somebody who has the database in hand.
func Unguard(t testing.TB, d *db.DB) {
	t.Helper()
	query := "select name, tbl_name from sqlite_master where type = 'trigger' and tbl_name like 'trail%' order by name"
	if d.Engine() == db.Postgres { // Differs because each engine lists its triggers in its own place.
		query = `select t.tgname::text, c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
			where c.relname like 'trail%' and not t.tgisinternal order by t.tgname`
	}
	type guard struct{ name, table string }
	guards, err := db.All(t.Context(), d, func(g *guard) []any { return []any{&g.name, &g.table} }, query)
	if err != nil {
		t.Fatal(err)
	}
	if len(guards) < 10 {
		t.Fatalf("only %d guards of the trail were found", len(guards))
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		for _, g := range guards {
			drop := "drop trigger " + g.name
			if d.Engine() == db.Postgres {
				drop += " on " + g.table
			}
			if err := tx.Exec(t.Context(), drop); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
