package web_test

import (
	"fmt"
	"image"
	"image/jpeg"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/db"
)

// picture is a small photo.
func picture(t *testing.T) []byte {
	t.Helper()
	var b strings.Builder
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

// noted are the tables in which reading leaves a mark by intention: who is
// there, and that a table was carried out.
var noted = []string{"sessions", "trail", "trail_words", "trail_heads", "trail_nodes", "trail_checkpoints", "jobs", "totps", "devices"}

// TestReadingChangesNothing follows the links of every door, and looks whether
// anything is there afterwards that was not before: whoever has a reader open an
// address changes nothing by it.
//
// ASVS 3.5.3
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	w.Browser().Post("/report", url.Values{"step": {"send"}, "sender": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "matter": {"c01002"}, "text": {"井盖破了"}, "area": {"990101001001001"}})
	w.Due()
	starts := map[string]string{"": "/", "hejing": "/desk", "zhouhui": "/desk", "suming": "/desk/admin", "dingxia": "/field"}
	browsers := map[string]*apptest.Browser{"": w.Browser()}
	for login := range starts {
		if login != "" {
			browsers[login] = w.As(login)
		}
	}
	before := contents(t, w)
	for login, start := range starts {
		if n := walk(t, login, browsers[login], start); n < 3 {
			t.Errorf("%s: only %d pages were seen", login, n)
		}
	}
	for table, rows := range contents(t, w) {
		if rows != before[table] {
			t.Errorf("reading changed %s: %s, before %s", table, rows, before[table])
		}
	}
}

// contents tells each table's rows.
func contents(t *testing.T, w *apptest.World) map[string]string {
	t.Helper()
	names, err := db.All(t.Context(), w.DB, func(s *string) []any { return []any{s} }, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'case_text_%'")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range names {
		if slices.Contains(noted, name) {
			continue
		}
		n, err := db.Value[int](t.Context(), w.DB, "select count(*) from "+name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = fmt.Sprint(n, " rows")
	}
	revisions, err := db.Value[int](t.Context(), w.DB, "select coalesce(sum(revision), 0) from cases")
	if err != nil {
		t.Fatal(err)
	}
	all["cases"] += fmt.Sprint(", revisions ", revisions)
	if len(all) < 30 {
		t.Fatalf("only %d tables", len(all))
	}
	return all
}
