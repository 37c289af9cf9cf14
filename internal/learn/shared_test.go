package learn_test

import (
	"os"
	"path/filepath"
	"testing"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// shared is the folder of real data beside the checkout, and mappings the
// mapping files of the project.
const (
	shared   = "../../../shared/data"
	mappings = "../../mappings"
)

// mapped reads one file of the shared data through the mappings of the project
// that are made for it. Findings are in the report; a fatal one ends the test.
func mapped(t *testing.T, schema sheet.Schema, set, mapping string, report *sheet.Report) []*sheet.Record {
	t.Helper()
	needShared(t, set)
	var all []*sheet.Record
	for _, m := range sheet.ParseMappings(os.DirFS(mappings), set+"/"+mapping, report) {
		all = append(all, schema.Map(m, open(t, filepath.Join(shared, set, m.From.File)), report)...)
	}
	noFatal(t, report)
	return all
}

// plain reads a file of the project's mappings that needs no mapping itself.
func plain(t *testing.T, schema sheet.Schema, file string, report *sheet.Report) []*sheet.Record {
	t.Helper()
	all := schema.Map(nil, open(t, filepath.Join(mappings, file)), report)
	noFatal(t, report)
	return all
}

func needShared(t *testing.T, set string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(shared, set)); err != nil {
		t.Skipf("the real data of %s is not beside this checkout (../shared/data/%s): skipped", set, set)
	}
}

func open(t *testing.T, name string) sheet.File {
	t.Helper()
	r, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	file, err := sheet.Load(filepath.Base(name), r, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func noFatal(t *testing.T, report *sheet.Report) {
	t.Helper()
	if report.Number(sheet.Fatal) == 0 {
		return
	}
	for _, f := range report.Findings() {
		t.Log(f.In(lang.EN))
	}
	t.Fatalf("got %d fatal findings, want none", report.Number(sheet.Fatal))
}

// clean wants no finding at all that keeps a row out.
func clean(t *testing.T, report *sheet.Report) {
	t.Helper()
	for _, f := range report.Findings() {
		if f.Severity == sheet.Error {
			t.Log(f.In(lang.EN))
		}
	}
	if got := report.Number(sheet.Error); got != 0 {
		t.Errorf("got %d rows refused, want none", got)
	}
}

// values collects a field of the records, and how many records have each value.
func values(records []*sheet.Record, field string) map[string]int {
	all := map[string]int{}
	for _, r := range records {
		all[r.Text(field)]++
	}
	return all
}

// known wants every value of a field of the cases among the codes, or empty.
func known(t *testing.T, cases []*sheet.Record, field string, codes map[string]int) {
	t.Helper()
	for value, n := range values(cases, field) {
		if codes[value] == 0 && value != "" {
			t.Errorf("%s %s of %d cases is not in the district's tables", field, value, n)
		}
	}
}
