package app_test

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/evaluate"
	"linli/internal/move"
	"linli/internal/trail"
)

// moved takes the whole demo out and brings it into another installation, on
// either engine: there it has the same rows, scorecards that come out the same
// from the trail, a trail that adds up, the same pages, and it goes out again the
// same.
func moved(t *testing.T, demo *app.Demo) {
	t.Helper()
	if _, err := demo.Trail.TakeIn(t.Context(), demo.DB, "990101"); err != nil {
		t.Fatal(err)
	}
	from := goneOut(t, demo.App)
	dbtest.EachURL(t, func(t *testing.T, address string) {
		files := t.TempDir()
		key, err := os.ReadFile(filepath.Join(demo.FilesFolder(), app.KeyFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(files, app.KeyFile), key, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), app.Config{Database: address, Files: files, District: "990101", Now: func() time.Time { return apptest.Start }, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = a.Close() })
		begun := time.Now()
		loaded, err := a.MoveIn(t.Context(), os.DirFS(from), nil, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d cases came in in %s", loaded.Tables["cases"], time.Since(begun).Round(time.Millisecond))
		sameRows(t, demo.App, a)
		sameScores(t, a)
		sameTrail(t, demo.App, a)
		samePages(t, demo, a)
		if diff := cmp.Diff(sumsOf(t, from), sumsOf(t, goneOut(t, a))); diff != "" {
			t.Errorf("out again (-first +second):\n%s", diff)
		}
	})
}

func goneOut(t *testing.T, a *app.App) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "export")
	place, err := move.NewPlace(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.MoveOut(t.Context(), place, "990101", nil, false, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

var created = regexp.MustCompile(`"created": "[^"]*"`)

// sumsOf are the hashes of an export's files; of the manifest without its instant.
func sumsOf(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	sums := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if e.Name() == "datapackage.json" {
			data = created.ReplaceAll(data, nil)
		}
		sums[path[len(dir):]] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func sameRows(t *testing.T, a, b *app.App) {
	t.Helper()
	for _, name := range move.Carried() {
		var counts [2]int
		for i, one := range []*app.App{a, b} {
			var err error
			if counts[i], err = db.Value[int](t.Context(), one.DB, `select count(*) from "`+name+`" where district = '990101'`); err != nil {
				t.Fatal(err)
			}
		}
		if counts[0] != counts[1] {
			t.Errorf("%s: %d rows there, %d here", name, counts[0], counts[1])
		}
	}
}

// sameScores counts every stored period again from the trail that came in.
func sameScores(t *testing.T, a *app.App) {
	t.Helper()
	d, err := a.Districts.Get(t.Context(), "990101")
	if err != nil {
		t.Fatal(err)
	}
	all, err := evaluate.Periods(t.Context(), a.DB, d.Code)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d periods, %v; want 2", len(all), err)
	}
	for _, p := range all {
		if off, err := evaluate.Recompute(t.Context(), a.DB, d, p.Period); err != nil || len(off) > 0 {
			t.Errorf("%s counted again from what came in: %v, %d figures differ", p.Period, err, len(off))
		}
	}
}

func sameTrail(t *testing.T, a, b *app.App) {
	t.Helper()
	kept, size, err := trail.NewestCheckpoint(t.Context(), a.DB, "990101")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := b.Trail.Signer("990101")
	if err != nil {
		t.Fatal(err)
	}
	report, err := trail.Audit(t.Context(), b.DB, trail.Auditing{District: "990101", Key: signer.Key(), Kept: []string{kept}})
	if err != nil || len(report.Findings) > 0 || report.Leaves != size {
		t.Errorf("the trail that came in: %+v, %v; want %d leaves and no findings", report, err, size)
	}
}

// samePages looks at some pages that everybody may see.
func samePages(t *testing.T, demo *app.Demo, b *app.App) {
	t.Helper()
	house, err := b.House(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	house.Demo, house.DemoResidents = demo.House.Demo, demo.House.DemoResidents
	here, there := b.Handler(house), demo.Handler(demo.House)
	d, err := b.Districts.Get(t.Context(), "990101")
	if err != nil {
		t.Fatal(err)
	}
	listed, err := casework.List(t.Context(), b.DB, d, casework.Filter{Text: "路灯"}, apptest.Start, "", 3)
	if err != nil || len(listed.Rows) == 0 {
		t.Errorf("search in what came in: %d, %v", len(listed.Rows), err)
	}
	pages := []string{"/", "/late", "/matters", "/area", "/performance", "/performance/late", "/about/duty", "/about/privacy"}
	for _, path := range pages {
		if diff := cmp.Diff(shownAt(t, there, path), shownAt(t, here, path)); diff != "" {
			t.Errorf("%s differs (-there +here):\n%.2000s", path, diff)
		}
	}
}

var token = regexp.MustCompile(`nonce="[^"]*"|name="csrf[^>]*>`)

func shownAt(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+path, nil))
	if w.Code >= 500 || w.Code == http.StatusNotFound && path == "/" {
		t.Errorf("%s: %d", path, w.Code)
	}
	return token.ReplaceAllString(w.Body.String(), "")
}
