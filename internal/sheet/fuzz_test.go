package sheet

import (
	"bytes"
	"testing"
	"testing/fstest"

	"linli/internal/lang"
)

// check holds for any input: reading ends, every finding speaks both
// languages and has a place in the file, and rows have their columns.
func check(t *testing.T, name string, data []byte) {
	t.Helper()
	f, err := Load(name, bytes.NewReader(data), Limits{Rows: 1000, Columns: 50, Field: 4096, Unzipped: 4 << 20})
	if err != nil {
		t.Fatal(err)
	}
	report := NewReport(Policy{SkipBad: true})
	lines := bytes.Count(data, []byte{'\n'}) + 1
	for row := range f.Rows(From{}, report) {
		if row.Line < 1 || f.format(From{}) != XLSX && row.Line > lines {
			t.Errorf("row at line %d of %d", row.Line, lines)
		}
		for _, c := range row.Columns() {
			if v, ok := row.Get(c); c != "" && !ok || len(v) > 4096 {
				t.Errorf("column %q: %q, %v", c, v, ok)
			}
		}
	}
	for _, f := range report.Findings() {
		if f.Text.ZH == "" || f.Text.EN == "" || f.File != name {
			t.Errorf("finding %+v", f)
		}
	}
	if err := report.Write(&bytes.Buffer{}, lang.EN); err != nil {
		t.Error(err)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,\"b\n\"\"\",c\r\n", "\ufeffa;b", "a\n\"", "\xff\xfea\x00", "名,\xc3\xfb\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "f.csv", data) })
}

func FuzzGeoJSON(f *testing.F) {
	for _, s := range []string{
		`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}`,
		`{"features":[],"features":[3]}`, `[{"a":[1]},2]`, `{"type":`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, "f.geojson", data)
		check(t, "f.json", data)
	})
}

// ASVS 1.5.1
func FuzzWorkbook(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "f.xlsx", data) })
}

func FuzzMapping(f *testing.F) {
	for _, s := range []string{
		"columns: {code: {column: A, lookup: {1: a}, default: b}}\n", "columns: {code: {column: A, sequence: {width: 2}}}\ndistinct: code\n",
		"from: {missing: [a]}\nwhere: [{column: A, in: [x]}]\ncolumns: {at: {column: A, time: '2006', zone: UTC}}", "---\n---\n", "a: &x [*x]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		report := NewReport(Policy{})
		all := ParseMappings(fstest.MapFS{"m.yaml": {Data: data}}, "m.yaml", report)
		if (len(all) == 0) == report.MayWrite() {
			t.Errorf("%d mappings with findings %v", len(all), report.Findings())
		}
		file, err := Load("s.csv", bytes.NewReader([]byte("A,B\n1,x\n,\n-,y\n")), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			wide.Map(m, file, report)
		}
	})
}
