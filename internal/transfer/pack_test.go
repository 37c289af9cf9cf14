package transfer_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/packs"
)

// A pack with another limit, or another threshold, has the open dates counted
// again; one that changes neither does not, and one that is wrong changes
// nothing.
func TestInstallPackCountsDatesAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const code = "990101"
		base, _ := catalogue.Load(packs.Base())
		if _, err := setup.Into(t.Context(), d, code, setup.Source{Pack: base, Settings: &district.Settings{Name: "邻里区"}}); err != nil {
			t.Fatal(err)
		}
		pack := func(limit, share string) fstest.MapFS {
			files := copied(t, packs.Base())
			edit(t, files, "matters/events.tsv", "B\t4 working-hours\tcity-event", "B\t"+limit+"\tcity-event")
			edit(t, files, "supervision.yaml", "share: 80", "share: "+share)
			return files
		}
		for _, row := range []struct {
			why          string
			limit, share string
			want         int // countings again, in all
		}{
			{"another limit", "2 working-hours", "80", 1},
			{"the same again", "2 working-hours", "80", 1},
			{"another threshold", "2 working-hours", "70", 2},
			{"a limit of nothing", "0 working-hours", "70", 2},
			{"a limit of a million days", "1000000 days", "70", 2},
			{"a threshold of everything", "2 working-hours", "100", 2},
		} {
			_, err := transfer.InstallPack(t.Context(), d, code, pack(row.limit, row.share), sheet.Policy{})
			if bad := row.limit[0] != '2' || row.share == "100"; (errs.KindOf(err) == errs.Invalid) != bad {
				t.Errorf("%s: got %v", row.why, err)
			}
			now, err := district.Open(t.Context(), d, code, d.Now())
			if err != nil {
				t.Fatal(err)
			}
			again, err := casework.Reckonings(t.Context(), d, now)
			if err != nil || len(again) != row.want {
				t.Errorf("%s: counted again %d times, %v, want %d", row.why, len(again), err, row.want)
			}
		}
	})
}

// copied is a pack that a test may edit.
func copied(t *testing.T, pack fs.FS) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(pack, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(pack, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func edit(t *testing.T, files fstest.MapFS, name, from, to string) {
	t.Helper()
	if !strings.Contains(string(files[name].Data), from) {
		t.Fatalf("%s does not hold %q", name, from)
	}
	files[name].Data = []byte(strings.Replace(string(files[name].Data), from, to, 1))
}
