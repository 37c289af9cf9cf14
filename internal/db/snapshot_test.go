package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/db/dbtest"
)

// What is written while a snapshot is read is not in it, and is there after.
func TestSnapshotIsOneInstant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		set := func(name string) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return tx.Exec(t.Context(), "insert into settings (district, name, value) values ('990101', $1, 'x')", name)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		names := func(r db.Reader) int {
			t.Helper()
			n, err := db.Value[int](t.Context(), r, "select count(*) from settings")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		set("before")
		err := d.Snapshot(t.Context(), func(r db.Reader) error {
			for range 2 {
				if n := names(r); n != 1 {
					t.Errorf("inside: got %d rows, want the one of its instant", n)
				}
				set(string(rune(97 + names(d))))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := names(d); n != 3 {
			t.Errorf("afterwards: got %d rows, want 3", n)
		}
	})
}

func TestColumns(t *testing.T) {
	t.Parallel()
	want := []db.Column{{"district", "text", 1}, {"id", "text", 2}, {"name", "text", 0}, {"hash", "text", 0}}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		got, err := db.Columns(t.Context(), d, "keys")
		if err != nil || len(got) < len(want) {
			t.Fatal(got, err)
		}
		if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
			t.Errorf("columns (-want +got):\n%s", diff)
		}
		if none, err := db.Columns(t.Context(), d, "no_such"); err != nil || len(none) != 0 {
			t.Errorf("a table that is not there: got %v, %v", none, err)
		}
		if v, err := db.Version(t.Context(), d); err != nil || v < 56 {
			t.Errorf("version: got %d, %v", v, err)
		}
	})
}
