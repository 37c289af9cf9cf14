package area_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
)

// TestHistory reads an area whose outline was drawn again, and one that ended,
// by spans of days.
func TestHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		put := func(tx *db.Tx, code, from, to string) error {
			return tx.Exec(ctx, `insert into areas (district, code, tier, name, name_en, kind, members, valid_from, valid_to)
				values ('990101', $1, 'street', $1, '', '', '', $2, $3)`, code, from, to)
		}
		draw := func(tx *db.Tx, code, from, to string) error {
			return tx.Exec(ctx, "insert into outlines (district, code, valid_from, valid_to, geojson) values ('990101', $1, $2, $3, $4)", code, from, to,
				`{"type":"Polygon","coordinates":[[[120,30],[120.1,30],[120.1,30.1],[120,30]]]}`)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, err := range []error{
				put(tx, "990101001", "", ""), draw(tx, "990101001", "", "2025-12-31"), draw(tx, "990101001", "2026-01-01", ""),
				put(tx, "990101002", "2020-01-01", "2024-06-30"),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			first, last clock.Date
			want        []string
			why         string
		}{
			{"2026-06-01", "2026-06-01", []string{"990101001 2026-01-01–"}, "the new outline alone"},
			{"2025-12-31", "2025-12-31", []string{"990101001 –2025-12-31"}, "the last day of the old one counts"},
			{"2025-12-31", "2026-01-01", []string{"990101001 –2025-12-31", "990101001 2026-01-01–"}, "both, over the change"},
			{"", "2019-12-31", []string{"990101001 –2025-12-31"}, "before the other began"},
			{"2024-06-30", "", []string{"990101001 –2025-12-31", "990101001 2026-01-01–", "990101002 2020-01-01–2024-06-30"}, "on the last day of the other"},
		} {
			all, err := area.History(ctx, d, "990101", row.first, row.last)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range all {
				got = append(got, string(s.Code)+" "+string(s.From)+"–"+string(s.To))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%s to %s (%s): %s", row.first, row.last, row.why, diff)
			}
		}
	})
}
