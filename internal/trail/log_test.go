package trail_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

func TestAnUntouchedTrailAddsUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.fill(600)
		w.erase()
		w.note("", "s1", trail.Entry{Act: "waiting", Detail: map[string]string{"note": "还没进日志"}})
		got := w.audit(trail.Auditing{})
		if len(got.Findings) > 0 {
			t.Errorf("findings in an untouched trail: %+v", got.Findings)
		}
		if got.Entries != 602 || got.Leaves != 601 || got.Pending != 1 || got.Erased != 1 || got.Words != 150 || got.Checkpoints != 18 || got.Unsigned {
			t.Errorf("got %+v, want 602 entries, 601 leaves, 1 pending, 1 erased, 150 words, 18 checkpoints", got)
		}
	})
}

// outside copies the log to a folder.
func (w *world) outside() fstest.MapFS {
	w.t.Helper()
	folder := fstest.MapFS{}
	_, err := trail.Export(w.t.Context(), w.DB, district, key(w.t), func(path string, data []byte) error {
		folder[path] = &fstest.MapFile{Data: data}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return folder
}

// ASVS 11.6.1
func TestTheLogHoldsFromOutside(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.fill(600)
		early := string(w.outside()["checkpoint"].Data)
		w.fill(300)
		folder := w.outside()
		if got := folder["tile/0/002"]; got == nil || len(got.Data) != 8192 {
			t.Errorf("the third full tile: %v", got)
		}
		report, err := trail.AuditTiles(t.Context(), trail.FromFolder(folder), key(t), []string{early}, nil)
		if err != nil || len(report.Findings) > 0 || report.Leaves != 900 {
			t.Errorf("an untouched log: %+v, %v", report, err)
		}
		if got := w.audit(trail.Auditing{Kept: []string{early}, Tiles: trail.FromFolder(folder)}); len(got.Findings) > 0 {
			t.Errorf("the database against its own tiles: %+v", got.Findings)
		}
		for path, file := range folder { // each file, changed in one byte or gone
			if path == "key" {
				continue
			}
			for _, bad := range []*fstest.MapFile{{Data: flip(file.Data)}, nil} {
				folder[path] = bad
				if bad == nil {
					delete(folder, path)
				}
				report, err := trail.AuditTiles(t.Context(), trail.FromFolder(folder), key(t), []string{early}, nil)
				if err == nil && len(report.Findings) == 0 {
					t.Errorf("%s changed or gone (%v) was not noticed", path, bad == nil)
				}
				if path != "checkpoint" && (err != nil || report.Findings[0].Tile != path && report.Findings[0].Size == 0) {
					t.Errorf("%s changed or gone: %+v, %v, want it named", path, report, err)
				}
			}
			folder[path] = file
		}
	})
}

// flip changes one bit in the middle.
func flip(data []byte) []byte {
	out := append([]byte(nil), data...)
	out[len(out)/2] ^= 1
	return out
}

func TestReceiptsHoldByThemselves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.fill(600)
		subject := "s6"
		text, err := trail.Proof(t.Context(), w.DB, district, subject, 1)
		if err != nil {
			t.Fatal(err)
		}
		rec, err := trail.CheckProof(text, key(t))
		if err != nil || rec.Subject != subject || rec.Act != "returned" || rec.Facts["unit"] == "" || rec.Size != 600 || rec.Log != "linli/990101" {
			t.Errorf("got %+v, %v", rec, err)
		}
		if strings.Contains(text, "post") || strings.Contains(text, "u-shizheng") {
			t.Errorf("the receipt says who acted:\n%s", text)
		}
		for i := range len(text) - 1 {
			bad := []byte(text)
			if bad[i] ^= 1; bad[i] == '\n' || text[i] == '\n' {
				continue
			}
			if got, err := trail.CheckProof(string(bad), key(t)); err == nil {
				t.Fatalf("a receipt changed at byte %d (%q) holds: %+v", i, text[max(0, i-10):i+1], got)
			}
		}
		w.note("", "s6", trail.Entry{Act: "new"})
		entries, err := trail.Of(t.Context(), w.DB, district, "s6")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := trail.Proof(t.Context(), w.DB, district, subject, len(entries)); !errors.Is(err, errs.Busy) {
			t.Errorf("an entry that waits for the log: %v, want busy", err)
		}
		if _, err := trail.Proof(t.Context(), w.DB, district, subject, 999); !errors.Is(err, errs.NotFound) {
			t.Errorf("an entry that is not there: %v", err)
		}
	})
}

func TestEntriesOfTheFirstFormAreCovered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		hash := trail.FormOneHash(district, "old", 1, 5, "p", "opened", `{"reason":"桂香"}`)
		w.do(func(tx *db.Tx) error {
			return tx.Exec(t.Context(), `insert into trail (district, subject, seq, at, person, post, unit, act, step, detail, before, hash)
				values ($1,'old',1,5,'p','','','opened','','{"reason":"桂香"}','',$2)`, district, hash)
		})
		w.fill(40)
		if got := w.audit(trail.Auditing{}); len(got.Findings) > 0 || got.Leaves != 41 {
			t.Errorf("a trail that began in the first form: %+v", got)
		}
		entries, err := trail.Of(t.Context(), w.DB, district, "old")
		if err != nil || len(entries) != 1 || entries[0].Detail["reason"] != "桂香" {
			t.Fatalf("got %+v, %v", entries, err)
		}
		if err := trail.Verify(district, "old", entries); err != nil {
			t.Error(err)
		}
		data, err := trail.TileData(t.Context(), w.DB, district, tlog.Tile{H: 8, L: -1, N: 0, W: 41})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), hash) || strings.Contains(trail.Hex(data), hash) {
			t.Error("a hash that can be tried out stands in the open")
		}
	})
}

// ASVS 13.2.2
// GB/T 22239 8.1.4.3c
func TestTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.fill(300)
		tables := map[string]string{"trail": "act", "trail_words": "text", "trail_leaves": "hash", "trail_roots": "hash", "trail_checkpoints": "note"}
		for table, column := range tables {
			orders := []string{"update " + table + " set " + column + " = 'x'", "delete from " + table}
			if w.Engine() == db.Postgres {
				orders = append(orders, "truncate "+table)
			}
			for _, order := range orders {
				if err := w.Write(t.Context(), func(tx *db.Tx) error { return tx.Exec(t.Context(), order) }); err == nil || !strings.Contains(err.Error(), "trail") {
					t.Errorf("%s: %v, want a refusal", order, err)
				}
			}
		}
		if got := w.audit(trail.Auditing{}); len(got.Findings) > 0 {
			t.Errorf("after refusing: %+v", got.Findings)
		}
	})
}
