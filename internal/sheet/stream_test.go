package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// streamed is what a streamed row must hold.
type streamed struct {
	Line, Column int
	N, Text      string
}

// long makes a table of several pieces in each form, with fields that lie across
// the edges of pieces, and says what its rows hold.
func long() (csv, list, features string, want map[string][]streamed) {
	var a, b, c strings.Builder
	want = map[string][]streamed{}
	a.WriteString("n,text\n")
	b.WriteString("[")
	c.WriteString("{\"type\":\"FeatureCollection\",\n\"features\":[")
	line := 2
	for n := range 6000 {
		text := strings.Repeat("井盖", n%70) + fmt.Sprintf("第 %d 件", n)
		quoted := text
		if n%3 == 0 {
			text += "\n说：\"好\""
			quoted = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		fmt.Fprintf(&a, "%d,%s\r\n", n, quoted)
		want["csv"] = append(want["csv"], streamed{line, 0, fmt.Sprint(n), text})
		line += 1 + strings.Count(text, "\n")
		sep := ""
		if n > 0 {
			sep = ",\n "
		}
		fmt.Fprintf(&b, "%s{\"n\":%d,\"text\":%q}", sep, n, text)
		fmt.Fprintf(&c, "%s{\"type\":\"Feature\",\"properties\":{\"n\":%d,\"text\":%q},\"geometry\":null}", sep, n, text)
		column := 2
		if n == 0 {
			want["json"] = append(want["json"], streamed{1, 2, "0", text})
			want["geojson"] = append(want["geojson"], streamed{2, 13, "0", text})
			continue
		}
		want["json"] = append(want["json"], streamed{n + 1, column, fmt.Sprint(n), text})
		want["geojson"] = append(want["geojson"], streamed{n + 2, column, fmt.Sprint(n), text})
	}
	b.WriteString("]")
	c.WriteString("]}")
	return a.String(), b.String(), c.String(), want
}

// TestPieces reads tables longer than what is held of them at a time.
func TestPieces(t *testing.T) {
	t.Parallel()
	csv, list, features, want := long()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(csv)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(csv)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ why, name, text, want string }{
		{"characters and quoted fields lie across pieces", "a.csv", csv, "csv"},
		{"a byte order mark is no part of the first name", "a.csv", "\ufeff" + csv, "csv"},
		{"a piece may end within a character of two or four bytes", "a.csv", gb, "csv"},
		{"every character has two bytes", "a.csv", wide, "csv"},
		{"an object lies across pieces, and its line is still counted", "a.json", list, "json"},
		{"a feature lies across pieces", "a.geojson", features, "geojson"},
	} {
		at := &source{text: row.text, most: len(row.text)}
		f, err := At(row.name, at, int64(len(row.text)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		report := NewReport(Policy{})
		var got []streamed
		for r := range f.Rows(From{}, report) {
			n, _ := r.Get("n")
			text, _ := r.Get("text")
			got = append(got, streamed{r.Line, r.Column, n, text})
		}
		if diff := cmp.Diff(want[row.want], got); diff != "" || !report.MayWrite() {
			t.Errorf("%s (-want +got):\n%.2000s\n%v", row.why, diff, report.Findings())
		}
		if at.largest > pieceSize {
			t.Errorf("%s: %d bytes were read at once, a piece is %d", row.why, at.largest, pieceSize)
		}
	}
}

// source is a file that counts how it is read, and cannot be read beyond most.
type source struct {
	text     string
	most     int
	largest  int
	furthest int64
}

var errDisk = errors.New("the disk fails")

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	s.largest = max(s.largest, len(p))
	s.furthest = max(s.furthest, off)
	if off >= int64(s.most) && s.most < len(s.text) {
		return 0, errDisk
	}
	return strings.NewReader(s.text[:s.most]).ReadAt(p, off)
}

// TestReadAsItGoes sees that rows come while the rest of the file is still unread:
// all but the look at its characters reads no further than it must.
func TestReadAsItGoes(t *testing.T) {
	t.Parallel()
	csv, list, features, _ := long()
	for name, text := range map[string]string{"a.csv": csv, "a.json": list, "a.geojson": features} {
		at := &source{text: text, most: len(text)}
		f, err := At(name, at, int64(len(text)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		text, first := f.text(UTF8), 0
		switch f.format(From{}) {
		case CSV:
			f.delimited(text, CSV, From{}, NewReport(Policy{}), func(Row) bool { first++; return false })
		case JSON:
			f.objects(text, NewReport(Policy{}), func(Row) bool { first++; return false })
		default:
			f.features(text, NewReport(Policy{}), func(Row) bool { first++; return false })
		}
		if at.furthest > 2*pieceSize || first != 1 {
			t.Errorf("%s: up to byte %d of %d was read for the first row", name, at.furthest, at.most)
		}
	}
}

// TestDiskFails: a file that cannot be read to its end is not taken for a short one.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	csv, list, features, _ := long()
	for name, text := range map[string]string{"a.csv": csv, "a.json": list, "a.geojson": features} {
		at := &source{text: text, most: len(text)}
		f, err := At(name, at, int64(len(text)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, when := range []string{"at once", "while rows are read"} {
			report, rows := NewReport(Policy{SkipBad: true}), 0
			at.most = len(text)
			if when == "at once" {
				at.most = len(text) / 2
			}
			for range f.Rows(From{}, report) {
				rows++
				at.most = len(text) / 2
			}
			if report.MayWrite() || len(report.Findings()) != 1 || rows == 6000 {
				t.Errorf("%s fails %s: %d rows, %v", name, when, rows, report.Findings())
			}
		}
	}
}

// TestLongField: a field over its bound is refused by its line, whatever its
// length, and the lines after it are counted on.
func TestLongField(t *testing.T) {
	t.Parallel()
	for _, field := range []string{strings.Repeat("长", 300_000), `"` + strings.Repeat("长\n\"\"", 100_000) + `"`} {
		text := "n,text\n1," + field + "\n2,x\n"
		f, err := Load("a.csv", strings.NewReader(text), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		report := NewReport(Policy{SkipBad: true})
		var lines []int
		for r := range f.Rows(From{}, report) {
			lines = append(lines, r.Line)
		}
		found := report.Findings()
		if want := 3 + strings.Count(field, "\n"); !cmp.Equal(lines, []int{want}) || len(found) != 1 || found[0].Line != 2 || found[0].Column != 2 {
			t.Errorf("rows at %v, want one at %d; %v", lines, want, found)
		}
	}
}

// TestLongElement: an element of JSON is held whole, so it has a bound.
func TestLongElement(t *testing.T) {
	t.Parallel()
	text := `[{"n":"` + strings.Repeat("x", 4*pieceSize) + `"}]`
	f, err := Load("a.json", strings.NewReader(text), Limits{Element: 2 * pieceSize})
	if err != nil {
		t.Fatal(err)
	}
	report := NewReport(Policy{})
	for range f.Rows(From{}, report) {
		t.Error("a row came of it")
	}
	if found := report.Findings(); len(found) != 1 || found[0].Severity != Fatal || found[0].Line != 1 || found[0].Column != 2 {
		t.Error(found)
	}
}
