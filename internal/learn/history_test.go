package learn_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/lang"
	"linli/internal/learn"
	"linli/internal/sheet"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	parents := map[string]string{"c01002": "c01", "c01": "c", "x": "y", "y": "x"}
	for _, row := range []struct {
		why       string
		got, want []string
	}{
		{"a matter below two others", learn.MatterPath("c01002", parents), []string{"c", "c01", "c01002"}},
		{"a matter nobody knows stands alone", learn.MatterPath("z", parents), []string{"z"}},
		{"no matter has no path", learn.MatterPath("", parents), nil},
		{"a grid lies in three others", learn.AreaPath("990101001001007"), []string{"990101", "990101001", "990101001001", "990101001001007"}},
		{"the district lies in none", learn.AreaPath("990101"), []string{"990101"}},
		{"no area has no path", learn.AreaPath(""), nil},
	} {
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.why, diff)
		}
	}
	if got := len(learn.MatterPath("x", parents)); got > 10 {
		t.Errorf("a matter that is its own ancestor: got a path of %d, want an end to it", got)
	}
}

// The mapping files are ours, so they must read cleanly also where the data
// they are for is absent.
func TestMappingsParse(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(mappings + "/*/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("got %d mapping files (%v), want at least 5", len(files), err)
	}
	for _, file := range files {
		if filepath.Base(file) == "district.yaml" {
			continue // what the district says about itself is no mapping
		}
		report := sheet.NewReport(sheet.Policy{})
		name, err := filepath.Rel(mappings, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sheet.ParseMappings(os.DirFS(mappings), filepath.ToSlash(name), report) {
			if m.To == "" || m.From.File == "" {
				t.Errorf("%s: a mapping does not say what it makes (%q) of which file (%q)", name, m.To, m.From.File)
			}
		}
		for _, f := range report.Findings() {
			t.Errorf("%s", f.In(lang.EN))
		}
	}
}
