package retain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/retain"
)

// row fills a table with a row of which only some columns matter; the others
// are empty, or 0, or false.
func (w *world) row(tx *db.Tx, table string, columns map[string]any) error {
	list := "select column_name || ' ' || data_type from information_schema.columns where table_schema = 'public' and table_name = $1"
	if tx.Engine() == db.SQLite {
		list = "select name || ' ' || type from pragma_table_info($1)"
	}
	all, err := db.All(w.t.Context(), tx, func(s *string) []any { return []any{s} }, list, table)
	if err != nil {
		return err
	}
	var names, marks []string
	var args []any
	for _, one := range all {
		name, kind, _ := strings.Cut(one, " ")
		value, given := columns[name]
		switch {
		case given:
		case name == "district":
			value = w.d.Code
		case kind == "bigint":
			value = int64(0)
		case kind == "boolean":
			value = false
		default:
			value = ""
		}
		names, args = append(names, name), append(args, value)
		marks = append(marks, fmt.Sprintf("$%d", len(args)))
	}
	return tx.Exec(w.t.Context(), "insert into "+table+" ("+strings.Join(names, ", ")+") values ("+strings.Join(marks, ", ")+")", args...)
}

// One thing of each sort is past its time and one is not; a holder of an account
// with a case under way, and a person who is held, stay whatever their time.
//
// GB/T 22239 8.1.4.10b
func TestEverySortOfData(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, runs := w.reported("李大同", other, "还没修")
		old, young := db.At(w.Now()), db.At(w.Now().AddDate(3, 0, 0))
		index := func(phone string) string { return w.vault.Index(casework.PhoneField, phone) }
		type rows struct {
			table string
			key   string // what names the row
			goes  map[string]any
			stays []map[string]any
		}
		all := []rows{
			{"residents", "id", map[string]any{"id": "r-old", "seen_at": old, "phone_index": index(phone)}, []map[string]any{
				{"id": "r-young", "seen_at": young, "phone_index": index("13800000041")},
				{"id": "r-runs", "seen_at": old, "phone_index": index(other)},
				{"id": "r-held", "seen_at": old, "phone_index": index("13800000042")}}},
			{"passkeys", "id", map[string]any{"id": "p-old", "holder": "resident:r-old"}, []map[string]any{{"id": "p-young", "holder": "resident:r-young"}}},
			{"looks", "id", map[string]any{"id": "l-old", "at": old, "report_id": runs}, []map[string]any{{"id": "l-young", "at": young, "report_id": runs}}},
			{"look_delays", "id", map[string]any{"id": "d-old", "look_id": "l-old"}, []map[string]any{{"id": "d-young", "look_id": "l-young"}}},
			{"look_days", "day", map[string]any{"day": "2026-11-23", "person": "x"}, []map[string]any{{"day": "2029-11-24", "person": "x"}}},
			{"devices", "hash", map[string]any{"hash": "h-old", "holder": "staff:a b", "seen": old}, []map[string]any{{"hash": "h-young", "holder": "staff:a b", "seen": db.At(w.Now().AddDate(3, 0, 0))}}},
			{"proxies", "id", map[string]any{"id": "x-old", "from_at": old, "ended_at": old, "principal": "nobody"}, []map[string]any{
				{"id": "x-runs", "from_at": old, "principal": "r-young", "agent": "r-young", "until_at": db.At(w.Now().AddDate(9, 0, 0))}}},
			{"removals", "id", map[string]any{"id": "m-old", "at": old}, []map[string]any{{"id": "m-young", "at": young}}},
			{"holds", "id", map[string]any{"id": "o-old", "until_at": old}, []map[string]any{
				{"id": "o-runs", "kind": string(retain.OfPerson), "ref": index("13800000042"), "until_at": db.At(w.Now().AddDate(9, 0, 0))}}},
		}
		w.write(func(tx *db.Tx) error {
			for _, one := range all {
				for _, columns := range append(slices.Clone(one.stays), one.goes) {
					if err := w.row(tx, one.table, columns); err != nil {
						return fmt.Errorf("%s: %w", one.table, err)
					}
				}
			}
			return nil
		})
		w.nightAfter(3, 2)
		for _, one := range all {
			left, err := db.All(ctx, w.DB, func(s *string) []any { return []any{s} }, "select "+one.key+" from "+one.table+" where district = $1", w.d.Code)
			w.must(err)
			if slices.Contains(left, one.goes[one.key].(string)) {
				t.Errorf("%s: %v is still there", one.table, one.goes[one.key])
			}
			for _, columns := range one.stays {
				if !slices.Contains(left, columns[one.key].(string)) {
					t.Errorf("%s: %v went before its time", one.table, columns[one.key])
				}
			}
		}
		// The night that follows finds nothing more.
		before := w.count("select count(*) from removals")
		w.nightAfter(0, 1)
		removals, err := retain.Removals(ctx, w.DB, w.d.Code, w.Now().Add(-time.Hour), w.Now().Add(time.Hour), 100)
		w.must(err)
		if after := w.count("select count(*) from removals"); after != before {
			t.Errorf("the next night removed again: %+v", removals)
		}
	})
}
