package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/sample"
	"linli/internal/trail"
)

// Cases go out as government service records from the command line, with an entry
// in the book of exports, and come in elsewhere by the mapping that ships.
func TestExportService(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	here := app.Config{Database: "sqlite:" + at("here.db"), Files: at("here")}
	there := app.Config{Database: "sqlite:" + at("there.db"), Files: at("there")}
	for _, cfg := range []app.Config{here, there} {
		if err := app.Seed(ctx, cfg); err != nil {
			t.Fatal(err)
		}
	}
	tells(t, here, "路面塌了一块", "路灯不亮")
	say := func(cfg app.Config, args ...string) (string, error) {
		var out bytes.Buffer
		err := run(ctx, append(args, "--database", cfg.Database, "--files", cfg.Files), &out)
		return out.String(), err
	}
	if said, err := say(here, "export", "39046", at("out")); err != nil || !strings.Contains(said, "cases         2") {
		t.Fatalf("%v: %s", err, said)
	}
	if _, err := os.Stat(at("out/datapackage.json")); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		why  string
		kind errs.Kind
		args []string
	}{
		{"a folder that holds something is not written over", errs.Conflict, []string{at("out")}},
		{"records are files of a folder", errs.Invalid, []string{at("out.zip")}},
		{"a day that there is not", errs.Invalid, []string{at("o2"), "--from", "2026-02-30"}},
		{"days the wrong way round", errs.Invalid, []string{at("o2"), "--from", "2026-03-02", "--to", "2026-03-01"}},
		{"nowhere to write to", errs.Invalid, nil},
	} {
		if said, err := say(here, append([]string{"export", "39046"}, c.args...)...); errs.KindOf(err) != c.kind {
			t.Errorf("%s: %v, %s", c.why, err, said)
		}
	}
	if said, err := say(here, "export", "39046", at("past"), "--to", "2001-01-01"); err != nil || !strings.Contains(said, "cases         0") {
		t.Errorf("%v: %s", err, said)
	}
	noted(t, here, []string{"from=&to= 2", "from=&to=2001-01-01 0"})
	if said, err := say(there, "import", "cases", at("out/cases.csv"), "--mapping", "../../mappings/gbt39046/cases.yaml", "--district", sample.DistrictCode); err != nil || !strings.Contains(said, "2") {
		t.Errorf("%v: %s", err, said)
	}
}

func tells(t *testing.T, cfg app.Config, texts ...string) {
	t.Helper()
	a, err := app.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	d, err := a.Districts.Get(t.Context(), sample.DistrictCode)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if _, err := a.Desk.Receive(t.Context(), d, intake.Sending{Channel: intake.Portal, Matter: "m06013", Text: text, Area: "990101001", Name: "张小民", Phone: "13800000013"}); err != nil {
			t.Fatal(err)
		}
	}
}

// noted holds the book of exports against what should be in it, in any order.
func noted(t *testing.T, cfg app.Config, want []string) {
	t.Helper()
	a, err := app.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	entries, _, err := trail.Find(t.Context(), a.DB, sample.DistrictCode, trail.Filter{Books: []trail.Book{trail.Exports}, Act: "exported"}, "", 10)
	if err != nil || len(entries) != len(want) {
		t.Fatalf("%v: %d exports are on record, want %d", err, len(entries), len(want))
	}
	for _, line := range want {
		found := false
		for _, e := range entries {
			found = found || e.Detail["what"] == "gbt39046" && e.Detail["filter"]+" "+e.Detail["rows"] == line
		}
		if !found {
			t.Errorf("%q is not on record", line)
		}
	}
}
