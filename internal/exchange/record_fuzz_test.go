package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"linli/internal/lang"
	"linli/internal/sheet"
)

type shut struct{ *bytes.Buffer }

func (shut) Close() error { return nil }

// Whatever a matter is called, its record reads back as it was, no longer than
// the form allows, and harmless in a spreadsheet.
func FuzzRecord(f *testing.F) {
	for _, name := range []string{"咨询", "", "=1+1", "a\r\nb", `"`, strings.Repeat("长", 300), "<&>\u2028"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if !utf8.ValidString(name) {
			t.Skip("a database holds no such text")
		}
		files := map[string]*bytes.Buffer{}
		r, err := recordsTo[item](func(file string) (io.WriteCloser, error) {
			files[file] = new(bytes.Buffer)
			return shut{files[file]}, nil
		}, "items", lang.T("事项", "Matters"))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.put(item{Name: name}); err != nil {
			t.Fatal(err)
		}
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		want := []rune(name)
		want = want[:min(len(want), 200)]
		var got item
		if err := json.Unmarshal(files["items.jsonl"].Bytes(), &got); err != nil || got.Name != string(want) {
			t.Errorf("the line says %q, want %q: %v", got.Name, string(want), err)
		}
		// Lines end in CRLF, within a cell too: a carriage return alone is not kept.
		rows, err := csv.NewReader(files["items.csv"]).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][0] != strings.ReplaceAll(sheet.Inert(string(want)), "\r", "") {
			t.Errorf("the row says %q, want %q: %v", rows, string(want), err)
		}
	})
}
