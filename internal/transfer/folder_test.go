package transfer_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/packs"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files, maps := linli()
		dry := transfer.FolderOptions{Pack: base(t), Policy: sheet.Policy{DryRun: true}}
		if _, _, err := transfer.Folder(t.Context(), d, files, maps, dry); !errors.Is(err, sheet.ErrDryRun) {
			t.Errorf("a dry run: got %v", err)
		}
		bad := fstest.MapFS{"areas.csv": files["areas.csv"], "units.csv": {Data: []byte("code,name,name_en,kind\nu-a,甲,A,department\nu-b,乙,B,no-such-kind\n")}}
		_, report, err := transfer.Folder(t.Context(), d, bad, maps, transfer.FolderOptions{Pack: base(t)})
		if !errors.Is(err, errs.Invalid) || report.Findings()[0].Place.String() != "units.csv:3:4" {
			t.Errorf("a bad row: got %v, %v", err, report.Findings())
		}
		for _, table := range []string{"settings", "areas", "units", "matters", "procedures"} {
			if n := count(t, d, "select count(*) from "+table); n != 0 {
				t.Errorf("%s: got %d rows left behind, want none", table, n)
			}
		}
		to := founded(t, d, files, maps)
		if to.Settings.Name != "邻里区" || len(to.Settings.Placeholders) != 1 || to.Settings.Placeholders[0] != (geo.Point{Lon: 114.5, Lat: 30.5}) || !to.Catalogue.Selectable("m06010") {
			t.Errorf("the district: got %+v", to.Settings)
		}
		// Without district.yaml a district that is there keeps what it says of itself.
		code, _, err := transfer.Folder(t.Context(), d, files, nil, transfer.FolderOptions{Code: "990101"})
		if err != nil || opened(t, d, code).Settings.Name != "邻里区" {
			t.Errorf("again without settings: got %s, %v", code, err)
		}
	})
}

// One mapping file may make a table of several files, and says when one is not
// there.
func TestFolderMappings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files, maps := linli()
		delete(files, "units.csv")
		files["centres.csv"] = &fstest.MapFile{Data: []byte("ID,NAME\nu-zhihui,指挥中心\n")}
		maps["units.yaml"] = &fstest.MapFile{Data: []byte("to: units\nfrom: {file: centres.csv}\ncolumns: {code: ID, name: NAME, kind: {value: centre}}\n---\n" +
			"to: units\nfrom: {file: offices.csv}\ncolumns: {code: ID, name: NAME, kind: {value: department}}\n")}
		_, report, err := transfer.Folder(t.Context(), d, files, maps, transfer.FolderOptions{Pack: base(t)})
		if !errors.Is(err, errs.Invalid) || report == nil || !strings.Contains(report.Findings()[0].Text.EN, "offices.csv") {
			t.Errorf("a file that is not there: got %v", err)
		}
		files["offices.csv"] = &fstest.MapFile{Data: []byte("ID,NAME\nu-shizheng,市政所\n")}
		if got := len(founded(t, d, files, maps).Org.Units()); got != 2 {
			t.Errorf("units: got %d, want one of each file", got)
		}
	})
}

func TestAboutRefuses(t *testing.T) {
	t.Parallel()
	for why, text := range map[string]string{
		"a key nobody knows":       "nme: 邻里区",
		"a zone nobody knows":      "zone: Asia/Linli",
		"the machine's own zone":   "zone: Local",
		"a pack of another word":   "pack: most",
		"a datum nobody knows":     "datum: mars",
		"a placeholder off globe":  "placeholders: [{lon: 514, lat: 30}]",
		"a list where words stand": "name: [a]",
	} {
		if _, err := transfer.ParseAbout([]byte(text)); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want invalid", why, err)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files, maps := linli()
		if _, _, err := transfer.Folder(t.Context(), d, files, maps, transfer.FolderOptions{Code: "990102"}); !errors.Is(err, errs.Invalid) {
			t.Errorf("the folder of another district: got %v, want invalid", err)
		}
	})
}

func FuzzParseAbout(f *testing.F) {
	f.Add([]byte("code: \"990101\"\nzone: Asia/Shanghai\nplaceholders: [{lon: 1, lat: 2}]\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := transfer.ParseAbout(data)
		if err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v has no kind", data, err)
		}
		if err == nil && a.Pack != "" && a.Pack != "procedures" {
			t.Errorf("%q: took the pack %q", data, a.Pack)
		}
	})
}

func TestInstallPack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, err := transfer.InstallPack(t.Context(), d, "990101", packs.Base(), sheet.Policy{}); !errors.Is(err, errs.NotFound) {
			t.Errorf("a district that is not there: got %v, want not found", err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return district.Settings{Name: "邻里区"}.Save(t.Context(), tx, "990101") })
		if err != nil {
			t.Fatal(err)
		}
		broken := fstest.MapFS{"pack.yaml": {Data: []byte("name: broken\n")}}
		report, err := transfer.InstallPack(t.Context(), d, "990101", broken, sheet.Policy{SkipBad: true})
		if !errors.Is(err, errs.Invalid) || len(report.Findings()) == 0 || count(t, d, "select count(*) from packs") != 0 {
			t.Errorf("a broken pack: got %v, %v", err, report.Findings())
		}
		if _, err := transfer.InstallPack(t.Context(), d, "990101", packs.Base(), sheet.Policy{}); err != nil {
			t.Fatal(err)
		}
		if got := len(opened(t, d, "990101").Catalogue.Procedures()); got != 10 {
			t.Errorf("procedures: got %d, want 10", got)
		}
	})
}
