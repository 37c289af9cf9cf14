package move_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/move"
)

// Whatever is missing, changed or put in is refused by name, and nothing is
// written.
func TestTamperedIsRefused(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	dir := out(t, w.App)
	a, _ := bare(t, "sqlite:"+filepath.Join(t.TempDir(), "b.db"), filepath.Join(w.FilesFolder(), app.KeyFile))
	photo := some(t, dir, "photos/", ".jpg")
	rewrite := func(name string, change func(string) string) func(string) {
		return func(dir string) {
			at := filepath.Join(dir, name)
			data, err := os.ReadFile(at)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(change(string(data))), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(name string) func(string) {
		return func(dir string) { _ = os.Remove(filepath.Join(dir, name)) }
	}
	for _, c := range []struct {
		why, names string
		do         func(dir string)
	}{
		{"a row was changed", "tables/cases.jsonl", rewrite("tables/cases.jsonl", func(s string) string { return strings.Replace(s, "井盖", "路灯", 1) })},
		{"a row was taken out", "tables/reports.jsonl", rewrite("tables/reports.jsonl", func(s string) string { return s[strings.Index(s, "\n")+1:] })},
		{"a table is missing", "tables/trail.jsonl", remove("tables/trail.jsonl")},
		{"a picture is missing", photo, remove(photo)},
		{"a picture is another", photo, rewrite(photo, func(s string) string { return s + "x" })},
		{"a tile of the log was changed", "log/key", rewrite("log/key", func(s string) string { return s + "\n" })},
		{"the list of files was changed", "files.jsonl", rewrite("files.jsonl", func(s string) string { return s + "{}\n" })},
		{"a file was put in", "tables/extra.jsonl", func(dir string) { _ = os.WriteFile(filepath.Join(dir, "tables/extra.jsonl"), nil, 0o600) }},
		{"the manifest is gone", "datapackage.json", remove("datapackage.json")},
		{"the manifest is none", "datapackage.json", rewrite("datapackage.json", func(string) string { return "{}" })},
		{"a manifest of another linli", "", rewrite("datapackage.json", func(s string) string { return strings.Replace(s, `"form": 1`, `"form": 2`, 1) })},
		{"a manifest that leads elsewhere", "../x", rewrite("datapackage.json", func(s string) string { return strings.Replace(s, "tables/cases.jsonl", "../x", 1) })},
	} {
		t.Run(c.why, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			c.do(copied)
			_, err := in(t.Context(), a, copied)
			var said *errs.Error
			if !errors.As(err, &said) || said.Kind != errs.Invalid || !strings.Contains(said.Text.EN, c.names) {
				t.Errorf("got %v, want it refused with the name %s", err, c.names)
			}
			untouched(t, a)
		})
	}
}

// A row that was changed together with every sum in the manifest is found by the
// trail, and nothing stays.
func TestTrailIsLookedOver(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	keys := filepath.Join(w.FilesFolder(), app.KeyFile)
	dbtest.Unguard(t, w.DB)
	err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec(t.Context(), "update trail set person = 'somebody' where seq = 1 and book = ''")
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := out(t, w.App) // whole by its own sums
	dbtest.EachURL(t, func(t *testing.T, address string) {
		a, _ := bare(t, address, keys)
		if _, err := in(t.Context(), a, dir); !errors.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "痕迹") {
			t.Errorf("got %v, want the trail refused", err)
		}
		untouched(t, a)
	})
}

// untouched holds that no table has a row.
func untouched(t *testing.T, a *app.App) {
	t.Helper()
	for _, name := range move.Carried() {
		n, err := db.Value[int](t.Context(), a.DB, `select count(*) from "`+name+`"`)
		if err != nil || n > 0 {
			t.Errorf("%s has %d rows, %v; want none", name, n, err)
		}
	}
}

func some(t *testing.T, dir, under, ending string) string {
	t.Helper()
	for name := range contents(t, dir) {
		if strings.HasPrefix(name, under) && strings.HasSuffix(name, ending) && !strings.Contains(name, "-small") {
			return name
		}
	}
	t.Fatalf("nothing under %s", under)
	return ""
}
