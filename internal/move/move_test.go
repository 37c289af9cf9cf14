package move_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/inbox"
	"linli/internal/job"
	"linli/internal/move"
	"linli/internal/trail"
)

// Every table of the schema goes or stays, and one that stays says why. A new
// one has to be decided.
func TestEveryTableIsDecided(t *testing.T) {
	t.Parallel()
	decided := map[string]int{}
	for _, name := range move.Carried() {
		decided[name]++
	}
	for name, why := range move.Left() {
		decided[name]++
		if why.ZH == "" || why.EN == "" {
			t.Errorf("%s stays behind without a reason", name)
		}
	}
	for _, f := range fields.Register() {
		if _, ok := decided[f.Table]; !ok {
			t.Errorf("%s: put it among those that are carried or left in tables.go", f.Table)
			decided[f.Table] = 1
		}
	}
	for name, n := range decided {
		if n != 1 || len(fields.Of(name)) == 0 {
			t.Errorf("%s is decided %d times, or there is no such table", name, n)
		}
	}
}

// A blind index that goes is made anew under other keys, so each has to be known.
func TestEveryBlindIndexIsKnown(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, name := range move.Blinds() {
		known[name] = true
	}
	left := move.Left()
	const index = "盲索引" // how the register says why such a column is not sealed
	for _, f := range fields.Register() {
		_, stays := left[f.Table]
		if name := f.Table + "." + f.Column; strings.HasPrefix(f.Why.ZH, index) && !stays && !known[name] {
			t.Errorf("%s is a blind index that would find nothing under other keys", name)
		}
	}
}

// A sealed column that nobody lends would come in unreadable under other keys.
func TestEverySealedColumnIsLent(t *testing.T) {
	t.Parallel()
	lent, left := move.SealedColumns(), move.Left()
	for _, f := range fields.Register() {
		if _, stays := left[f.Table]; f.Sealed && !stays && !lent[f.Table+"."+f.Column] {
			t.Errorf("%s.%s is sealed and in nobody's Sealed()", f.Table, f.Column)
		}
	}
}

// What goes out of one engine and into the other goes out again the same, byte
// for byte, and the trail still adds up.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	first := out(t, w.App)
	keys := filepath.Join(w.FilesFolder(), app.KeyFile)
	dbtest.EachURL(t, func(t *testing.T, address string) {
		a, _ := bare(t, address, keys)
		loaded, err := in(t.Context(), a, first)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.District != "990101" || loaded.Photos != 1 || loaded.Tables["cases"] != 5 || loaded.Resealed {
			t.Errorf("loaded %+v", loaded)
		}
		same(t, first, out(t, a))
		goesOn(t, w.App, a)
		findable(t, a)
		if _, err := in(t.Context(), a, first); !errors.Is(err, errs.Conflict) {
			t.Errorf("a second time: got %v, want a conflict", err)
		}
		if address, ok := strings.CutPrefix(address, "postgres"); ok {
			t.Log("and back to SQLite", len(address))
			b, _ := bare(t, "sqlite:"+filepath.Join(t.TempDir(), "b.db"), keys)
			second := out(t, a)
			if _, err := in(t.Context(), b, second); err != nil {
				t.Fatal(err)
			}
			same(t, second, out(t, b))
		}
	})
}

// goesOn holds that the log continues in the other place what it was in the
// first, under the same key.
func goesOn(t *testing.T, from, to *app.App) {
	t.Helper()
	kept, size, err := trail.NewestCheckpoint(t.Context(), from.DB, "990101")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := from.Trail.Signer("990101")
	if err != nil {
		t.Fatal(err)
	}
	err = to.DB.Write(t.Context(), func(tx *db.Tx) error {
		return trail.Note(t.Context(), tx, "990101", trail.Setup, "district", trail.Entry{Act: "moved-in"})
	})
	if err != nil {
		t.Fatal(err)
	}
	logged(t, to)
	report, err := trail.Audit(t.Context(), to.DB, trail.Auditing{District: "990101", Key: signer.Key(), Kept: []string{kept}})
	if err != nil || len(report.Findings) > 0 || report.Leaves != size+1 {
		t.Errorf("the log in the other place: %+v, %v; want %d leaves and no findings", report, err, size+1)
	}
}

// findable holds that search was built anew.
func findable(t *testing.T, a *app.App) {
	t.Helper()
	d, err := a.Districts.Get(t.Context(), "990101")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []casework.Filter{{Text: "井盖响"}, {Phone: a.Desk.PhoneIndex(phone)}, {Tail: a.Desk.TailIndex(phone)}} {
		n, err := casework.Count(t.Context(), a.DB, d, f, a.DB.Now())
		want := 4
		if f.Text != "" {
			want = 5
		}
		if err != nil || n.N != want {
			t.Errorf("search by %+v: got %d, %v; want %d", f, n.N, err, want)
		}
	}
}

// wholeLater holds that half a text that was acknowledged is taken in at the other
// place, under the number it came from.
func wholeLater(t *testing.T, a *app.App) {
	t.Helper()
	d, err := a.Districts.Get(t.Context(), "990101")
	if err != nil {
		t.Fatal(err)
	}
	key, err := db.Value[string](t.Context(), a.DB, "select key from jobs where kind = $1", inbox.PartsJob)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Inbox.PrepareParts(t.Context(), d, job.Job{District: d.Code, Kind: inbox.PartsJob, Key: key}); err != nil {
		t.Fatal(err)
	}
	page, err := casework.List(t.Context(), a.DB, d, casework.Filter{Channel: "sms"}, apptest.Start, "", 5)
	if err != nil || len(page.Rows) != 1 || page.Rows[0].Text != halfText+"……" {
		t.Errorf("half a text became %+v, %v", page.Rows, err)
	}
}

// Under keys of its own the other place seals again, makes the blind indexes
// anew, and signs the log as before.
func TestUnderOtherKeys(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	me, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := out(t, w.App, me.Recipient())
	for name, data := range contents(t, dir) {
		if strings.Contains(string(data), phone) || strings.Contains(string(data), "张三") {
			t.Errorf("%s holds a name or number for everybody to read", name)
		}
	}
	dbtest.EachURL(t, func(t *testing.T, address string) {
		a, files := bare(t, address, "")
		for _, with := range [][]age.Identity{nil, {other(t)}} {
			if _, err := in(t.Context(), a, dir, with...); !errors.Is(err, errs.Invalid) {
				t.Errorf("without the identity: got %v", err)
			}
		}
		loaded, err := in(t.Context(), a, dir, me)
		if err != nil || !loaded.Resealed {
			t.Fatal(loaded, err)
		}
		findable(t, a)
		goesOn(t, w.App, a)
		names, err := db.All(t.Context(), a.DB, func(s *string) []any { return []any{s} }, "select name from reports where name <> ''")
		if err != nil || len(names) != 4 {
			t.Fatal(names, err)
		}
		for _, sealed := range names {
			if plain, err := a.Vault.Reveal("990101", casework.NameField, sealed); err != nil || plain != "张三" {
				t.Errorf("a name: got %q, %v", plain, err)
			}
		}
		ref, err := db.Value[string](t.Context(), a.DB, "select ref from holds")
		if err != nil || ref != a.Desk.PhoneIndex(phone) {
			t.Errorf("the hold is on %s, %v; want the person under the keys here", ref, err)
		}
		wholeLater(t, a)
		// What came in goes out again, and is opened by its own key file.
		b, _ := bare(t, "sqlite:"+filepath.Join(t.TempDir(), "b.db"), filepath.Join(files, app.KeyFile))
		if _, err := in(t.Context(), b, out(t, a)); err != nil {
			t.Error(err)
		}
	})
	a, _ := bare(t, "sqlite:"+filepath.Join(t.TempDir(), "c.db"), "")
	if _, err := in(t.Context(), a, out(t, w.App)); !errors.Is(err, errs.Invalid) {
		t.Errorf("sealed, under other keys: got %v, want it refused", err)
	}
}

func other(t *testing.T) age.Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// A zip file holds the same as a folder, and the same bytes each time.
func TestZip(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	name := filepath.Join(t.TempDir(), "district.zip")
	place, err := move.NewPlace(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.MoveOut(t.Context(), place, "990101", nil, false, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := move.NewPlace(name); !errors.Is(err, errs.Conflict) {
		t.Errorf("over a file that is there: got %v", err)
	}
	files, done, err := move.OpenPlace(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = done() })
	a, _ := bare(t, "sqlite:"+filepath.Join(t.TempDir(), "b.db"), filepath.Join(w.FilesFolder(), app.KeyFile))
	if _, err := a.MoveIn(t.Context(), files, nil, true, nil); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "unpacked")
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	same(t, out(t, w.App), dir)
}

// An export that is called off leaves no file that looks like one.
func TestCalledOff(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	dir := t.TempDir()
	place, err := move.NewPlace(filepath.Join(dir, "district.zip"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = w.MoveOut(ctx, place, "990101", nil, false, func(what string, _ int64) {
		if what == "cases" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it called off", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := w.Desk.Receive(t.Context(), w.District(), sending("after")); err != nil {
		t.Errorf("the database afterwards: %v", err)
	}
}

// The manifest says of every column what it is, as Frictionless has it.
func TestManifestSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	dir := out(t, w.App)
	data, err := os.ReadFile(filepath.Join(dir, "datapackage.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := move.ParseManifest(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range m.Resources {
		if r.Schema == nil || r.Path == "files.jsonl" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, r.Path))
		if err != nil {
			t.Fatal(err)
		}
		rows := int64(0)
		for line := range strings.Lines(string(text)) {
			rows++
			var row map[string]any
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatalf("%s: %v", r.Path, err)
			}
			for _, f := range r.Schema.Fields {
				got := map[string]string{"string": "string", "float64": "integer", "bool": "boolean"}[kind(row[f.Name])]
				if got != f.Type && (got != "integer" || f.Type != "number") {
					t.Errorf("%s.%s: got %T, want %s", r.Name, f.Name, row[f.Name], f.Type)
				}
				if f.Class == "" {
					t.Errorf("%s.%s: its class is not said", r.Name, f.Name)
				}
			}
		}
		if rows != r.Rows {
			t.Errorf("%s: %d rows, and the manifest says %d", r.Path, rows, r.Rows)
		}
	}
	var keys []string
	if r := m.Resources[0]; r.Schema != nil {
		keys = r.Schema.PrimaryKey
	}
	if diff := cmp.Diff([]string{"district", "login"}, keys); diff != "" {
		t.Errorf("key of accounts (-want +got):\n%s", diff)
	}
}

func kind(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "float64"
	case bool:
		return "bool"
	}
	return ""
}
