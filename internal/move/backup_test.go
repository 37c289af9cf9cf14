package move_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/move"
	"linli/internal/trail"
	"linli/internal/vault"
)

// busy is an installation to which people write until they are stopped.
type busy struct {
	d    *db.DB
	keep *trail.Keeper
	key  string
	mu   sync.Mutex
	done []string // acknowledged
}

func newBusy(t *testing.T, address string) *busy {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	signer, err := trail.NewSigner(trail.Origin("990101"), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	keeper := trail.NewKeeper(func(string) (*trail.Signer, error) { return signer, nil }, slog.New(slog.DiscardHandler))
	return &busy{d: d, keep: keeper, key: signer.Key()}
}

// write writes until stop: entries of a trail, each acknowledged, and now and then
// into the log.
func (b *busy) write(t *testing.T, stop *atomic.Bool) (wait func()) {
	var group sync.WaitGroup
	for who := range 4 {
		group.Go(func() {
			for n := 0; !stop.Load(); n++ {
				subject := fmt.Sprintf("%d-%d", who, n)
				err := b.d.Write(context.Background(), func(tx *db.Tx) error {
					return trail.Note(context.Background(), tx, "990101", trail.Setup, subject, trail.Entry{Act: "imported", Detail: map[string]string{"reason": "一句话"}})
				})
				if err != nil {
					t.Error(err)
					return
				}
				b.mu.Lock()
				b.done = append(b.done, subject)
				b.mu.Unlock()
				if who == 0 && n%50 == 49 {
					if _, err := b.keep.TakeIn(context.Background(), b.d, "990101"); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	return group.Wait
}

// acknowledged is what has been acknowledged so far.
func (b *busy) acknowledged(t *testing.T, least int) []string {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		b.mu.Lock()
		done := slices.Clone(b.done)
		b.mu.Unlock()
		if len(done) >= least {
			return done
		}
		time.Sleep(time.Millisecond) // the writers are other goroutines, and only time moves them
	}
	t.Fatal("nothing is written")
	return nil
}

// holdsAll checks a restored database: all that was acknowledged before is there, and
// its trail adds up.
func (b *busy) holdsAll(t *testing.T, address string, before []string) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	there := map[string]bool{}
	subjects, err := db.All(t.Context(), d, func(s *string) []any { return []any{s} }, "select subject from trail where district = '990101'")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range subjects {
		there[s] = true
	}
	for _, s := range before {
		if !there[trail.Chain(trail.Setup, s)] {
			t.Errorf("%s was acknowledged before the copy began and is not in it", s)
		}
	}
	report, err := trail.Audit(t.Context(), d, trail.Auditing{District: "990101", Key: b.key})
	if err != nil || len(report.Findings) > 0 || report.Entries < int64(len(before)) {
		t.Errorf("trail of the copy: %+v, %v", report, err)
	}
}

// installed makes the files of an installation: keys, and pictures.
func installed(t *testing.T, dir string) move.Installation {
	t.Helper()
	of := move.Installation{Database: "sqlite:" + filepath.Join(dir, "linli.db"), Files: filepath.Join(dir, "files"), KeyFile: app.KeyFile}
	if _, err := document.NewStore(filepath.Join(of.Files, "photos")); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(filepath.Join(of.Files, app.KeyFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(of.Files, "photos", "ab"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(of.Files, "photos", "ab", "abc.jpg"), []byte("a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	return of
}

func quiet(string, int64) {}

func TestBackupWhileRunning(t *testing.T) {
	t.Parallel()
	of := installed(t, t.TempDir())
	b := newBusy(t, of.Database)
	var stop atomic.Bool
	wait := b.write(t, &stop)
	before := b.acknowledged(t, 200)
	to := filepath.Join(t.TempDir(), "backup.zip")
	c, err := move.Backup(t.Context(), of, to, time.Now, quiet)
	after := b.acknowledged(t, len(before)+1) // nobody was stopped
	stop.Store(true)
	wait()
	if err != nil || c.Files != 2 {
		t.Fatal(c, err)
	}
	t.Logf("%d acknowledged before, %d when it was done", len(before), len(after))
	files, done, err := move.OpenPlace(to)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	dir := t.TempDir()
	place := move.Installation{Database: "sqlite:" + filepath.Join(dir, "linli.db"), Files: filepath.Join(dir, "files"), KeyFile: app.KeyFile}
	r, err := move.Restore(t.Context(), files, place, false, time.Now(), quiet)
	if err != nil || r.HasKeys {
		t.Fatal(r, err)
	}
	b.holdsAll(t, place.Database, before)
	if data, err := os.ReadFile(filepath.Join(place.Files, "photos", "ab", "abc.jpg")); err != nil || string(data) != "a picture" {
		t.Errorf("the picture: got %q, %v", data, err)
	}
	if _, err := os.Stat(filepath.Join(place.Files, app.KeyFile)); err == nil {
		t.Error("the key file came with the backup")
	}
	again(t, of, place, to)
}

// again holds what a second restore does where something is: refused, or put
// aside.
func again(t *testing.T, of, place move.Installation, backup string) {
	t.Helper()
	files, done, err := move.OpenPlace(backup)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if _, err := move.Restore(t.Context(), files, place, false, time.Now(), quiet); !errors.Is(err, errs.Conflict) {
		t.Errorf("over what is there: got %v, want a conflict", err)
	}
	if _, err := vault.Open(filepath.Join(place.Files, app.KeyFile)); err != nil { // other keys
		t.Fatal(err)
	}
	r, err := move.Restore(t.Context(), files, place, true, time.Unix(0, 0), quiet)
	if err != nil || r.HasKeys || r.Aside == "" {
		t.Errorf("forced: got %+v, %v", r, err)
	}
	path, _ := db.SQLitePath(place.Database)
	if _, err := os.Stat(path + ".before-19700101T000000"); err != nil {
		t.Errorf("what was there is not put aside: %v", err)
	}
	key, err := os.ReadFile(filepath.Join(of.Files, app.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(t.TempDir(), "files")
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(fresh, app.KeyFile), key, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err = move.Restore(t.Context(), files, move.Installation{Database: "sqlite:" + filepath.Join(t.TempDir(), "linli.db"), Files: fresh, KeyFile: app.KeyFile}, false, time.Now(), quiet)
	if err != nil || !r.HasKeys {
		t.Errorf("beside its key file: got %+v, %v", r, err)
	}
}

// A backup that is not whole is refused before anything is written.
func TestBrokenBackup(t *testing.T) {
	t.Parallel()
	of := installed(t, t.TempDir())
	newBusy(t, of.Database)
	to := filepath.Join(t.TempDir(), "backup.zip")
	if _, err := move.Backup(t.Context(), of, to, time.Now, quiet); err != nil {
		t.Fatal(err)
	}
	files, done, err := move.OpenPlace(to)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	for _, c := range []struct{ why, name string }{
		{"another database", "linli.db"}, {"another picture", "files/photos/ab/abc.jpg"}, {"another list", "files.jsonl"}, {"no backup at all", "backup.json"},
	} {
		dir := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(dir, files); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(c.name)), []byte("other"), 0o600); err != nil {
			t.Fatal(err)
		}
		into := t.TempDir()
		_, err := move.Restore(t.Context(), os.DirFS(dir), move.Installation{Database: "sqlite:" + filepath.Join(into, "linli.db"), Files: filepath.Join(into, "files"), KeyFile: app.KeyFile}, true, time.Now(), quiet)
		if !errors.Is(err, errs.Invalid) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: got %v, want it refused by name", c.why, err)
		}
		if left, err := os.ReadDir(into); err != nil || len(left) > 0 {
			t.Errorf("%s: %v was written", c.why, left)
		}
	}
	if _, err := move.Backup(t.Context(), move.Installation{Database: "postgres://x/y"}, to, time.Now, quiet); !errors.Is(err, errs.Invalid) {
		t.Errorf("PostgreSQL: got %v, want it told which tool", err)
	}
}

// What docs/moving-and-backup.md says of PostgreSQL, done while it is written to.
func TestDumpWhileRunning(t *testing.T) {
	t.Parallel()
	server := os.Getenv(dbtest.Env)
	if server == "" {
		t.Skipf("%s is not set; `make test` starts a PostgreSQL and sets it", dbtest.Env)
	}
	for _, tool := range []string{"pg_dump", "pg_restore"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not on this machine", tool)
		}
	}
	from, to := dbtest.Fresh(t, server), dbtest.Fresh(t, server)
	b := newBusy(t, from)
	var stop atomic.Bool
	wait := b.write(t, &stop)
	before := b.acknowledged(t, 200)
	dump := filepath.Join(t.TempDir(), "linli.dump")
	said, err := exec.CommandContext(t.Context(), "pg_dump", "-Fc", "--file", dump, from).CombinedOutput()
	stop.Store(true)
	wait()
	if err != nil {
		t.Fatalf("pg_dump: %v\n%s", err, said)
	}
	if said, err := exec.CommandContext(t.Context(), "pg_restore", "--no-owner", "--exit-on-error", "--dbname", to, dump).CombinedOutput(); err != nil {
		t.Fatalf("pg_restore: %v\n%s", err, said)
	}
	b.holdsAll(t, to, before)
}
