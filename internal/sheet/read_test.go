package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"linli/internal/errs"
	"linli/internal/lang"
)

// dump reads a file and writes each row as line|col=value|..., then each
// finding as line:column severity.
func dump(t *testing.T, name string, data []byte, from From, limits Limits) string {
	t.Helper()
	f, err := Load(name, bytes.NewReader(data), limits)
	if err != nil {
		t.Fatal(err)
	}
	report := NewReport(Policy{})
	var b strings.Builder
	for row := range f.Rows(from, report) {
		fmt.Fprint(&b, row.Line)
		for _, c := range row.Columns() {
			v, _ := row.Get(c)
			fmt.Fprintf(&b, "|%s=%s", c, v)
		}
		if row.Geometry != nil {
			fmt.Fprintf(&b, "|geometry %s", row.Geometry)
		}
		b.WriteString("\n")
	}
	for _, f := range report.Findings() {
		if f.Text.ZH == "" || f.Text.EN == "" {
			t.Errorf("finding at %s lacks a language: %+v", f.Place, f.Text)
		}
		fmt.Fprintf(&b, "%d:%d %s\n", f.Line, f.Column, f.Severity)
	}
	return b.String()
}

func TestDelimited(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why, in, want string
		from          From
		limits        Limits
	}{
		{why: "plain rows keep their lines, over blank ones", in: "a,b\n1,2\n\n3,4\n", want: "2|a=1|b=2\n4|a=3|b=4\n"},
		{why: "a byte order mark is not part of the first name", in: "\ufeffa,b\r\n1,2\r\n", want: "2|a=1|b=2\n"},
		{why: "quotes hold separators, quotes and line breaks; the next row's line still counts", in: "a,b\n\"x,\"\"y\"\"\nz\",2\n3,4", want: "2|a=x,\"y\"\nz|b=2\n4|a=3|b=4\n"},
		{why: "too few columns names the first missing one and leaves the rest of the file readable", in: "a,b,c\n1,2\n3,4,5\n", want: "3|a=3|b=4|c=5\n2:3 error\n"},
		{why: "too many columns", in: "a,b\n1,2,3\n", want: "2:3 error\n"},
		{why: "a spreadsheet's empty trailing fields are no fault", in: "a,b,,\n1,2,,,\n", want: "2|a=1|b=2\n"},
		{why: "a quote never closed stops the file at the line it opened", in: "a,b\n1,\"2\n3,4\n", want: "2:2 fatal\n"},
		{why: "text after a closing quote", in: "a,b\n1,\"2\"x\n3,4\n", want: "3|a=3|b=4\n2:2 error\n"},
		{why: "a NUL byte", in: "a,b\n1,2\x00\n3,4\n", want: "3|a=3|b=4\n2:2 error\n"},
		{why: "a field over the limit", in: "a,b\n1,123456\n3,4\n", limits: Limits{Field: 5}, want: "3|a=3|b=4\n2:2 error\n"},
		{why: "over the row limit stops", in: "a\n1\n2\n3\n", limits: Limits{Rows: 2}, want: "2|a=1\n3|a=2\n4:0 fatal\n"},
		{why: "over the column limit stops", in: "a,b,c\n1,2,3\n", limits: Limits{Columns: 2}, want: "1:0 fatal\n"},
		{why: "the same column twice", in: "a,b,a\n1,2,3\n", want: "1:3 fatal\n"},
		{why: "broken UTF-8 is not read as GB18030", in: "名称,街道\n桂香\xff,槐树街道\n", want: "2:3 fatal\n"},
		{why: "titles above the heading are skipped", in: "某区名册,,\n\na,b\n1,2\n", from: From{Header: 3}, want: "4|a=1|b=2\n"},
		{why: "another separator", in: "a;b\n1;2,5\n", from: From{Delimiter: ";"}, want: "2|a=1|b=2,5\n"},
		{why: "tabs", in: "a\tb\n1\t2\n", from: From{Format: TSV}, want: "2|a=1|b=2\n"},
		{why: "an empty file says so", in: "", want: "0:0 fatal\n"},
		{why: "only blank lines is no table", in: "\n\n", want: "0:0 fatal\n"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, dump(t, "t.csv", []byte(tt.in), tt.from, tt.limits)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "名称,街道\n桂香社区,槐树街道\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	row := "2|名称=桂香社区|街道=槐树街道\n"
	if got := dump(t, "t.csv", gb, From{}, Limits{}); got != "0:0 note\n" && got != row+"0:0 note\n" {
		t.Errorf("GB18030 detected: got %q", got)
	} else if !strings.HasPrefix(got, row) {
		t.Errorf("GB18030 row: got %q, want %q", got, row)
	}
	// Half a character short, and every byte of it fits GB18030 too: reading it
	// as that would give other characters without complaint.
	if got := dump(t, "t.csv", []byte("a,b\n桂香,桂香\xe6\xa1\n"), From{}, Limits{}); got != "2:6 fatal\n" {
		t.Errorf("damaged UTF-8: got %q, want a finding at 2:6", got)
	}
	if got := dump(t, "t.csv", wide, From{}, Limits{}); got != row {
		t.Errorf("UTF-16: got %q, want %q", got, row)
	}
	if got := dump(t, "t.csv", gb, From{Encoding: UTF8}, Limits{}); got != "1:1 fatal\n" {
		t.Errorf("GB18030 declared as UTF-8: got %q, want a finding at 1:1", got)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ why, name, in, want string }{
		{"properties are columns, geometry stays as written, lines count",
			"o.geojson", "{\"type\":\"FeatureCollection\",\n\"features\":[\n {\"type\":\"Feature\",\"properties\":{\"code\":\"1\",\"n\":1.50,\"x\":null},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}\n]}",
			"3|code=1|n=1.50|x=|geometry {\"type\":\"Point\",\"coordinates\":[1,2]}\n"},
		{"a syntax error names its line", "o.geojson", "{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":]}", "3:9 fatal\n"},
		{"a cut file", "o.geojson", "{\"type\":\"FeatureCollection\",\n\"features\":[", "2:13 fatal\n"},
		{"not a collection", "o.geojson", "{\"type\":\"Polygon\"}", "1:1 fatal\n"},
		{"properties of the wrong type are the feature's fault; the next one is read",
			"o.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":3},\n{\"type\":\"Feature\",\"properties\":{\"a\":\"b\"}}]}",
			"2|a=b\n1:41 error\n"},
		{"a list of objects, each with its own members", "o.json", "[{\"a\":1},\n {\"b\":\"二\"}]", "1|a=1\n2|b=二\n"},
		{"a .json that is a collection is read as one", "o.json", " {\"type\":\"FeatureCollection\",\"features\":[]}", ""},
		{"something after the end", "o.json", "[{\"a\":1}] x", "1|a=1\n1:11 fatal\n"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, dump(t, tt.name, []byte(tt.in), From{}, Limits{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, r := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	data := workbook(t, []any{"code", "name", "n"}, []any{990101001, "槐树街道", 1}, nil, []any{"990101001001", "桂香社区"})
	want := "2|code=990101001|name=槐树街道|n=1\n4|code=990101001001|name=桂香社区|n=\n"
	if diff := cmp.Diff(want, dump(t, "t.xlsx", data, From{}, Limits{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := dump(t, "t.xlsx", data, From{Sheet: "不存在"}, Limits{}); got != "0:0 fatal\n" {
		t.Errorf("unknown sheet: got %q", got)
	}
	if got := dump(t, "t.xlsx", data, From{}, Limits{Rows: 2}); !strings.Contains(got, "3:0 fatal") {
		t.Errorf("row limit: got %q", got)
	}
	if got := dump(t, "t.xlsx", data[:len(data)/2], From{}, Limits{}); got != "0:0 fatal\n" {
		t.Errorf("damaged workbook: got %q", got)
	}
}

// A zip bomb is refused by what it declares: nothing of its 200 MB is unpacked.
//
// ASVS 5.2.3
func TestWorkbookBomb(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, err := w.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 200 {
		if _, err := part.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Load("bomb.xlsx", &b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	allocated := testing.Benchmark(func(bb *testing.B) {
		for bb.Loop() {
			report := NewReport(Policy{SkipBad: true})
			for range f.Rows(From{}, report) {
				t.Error("a row came out of the bomb")
			}
			if report.MayWrite() || !strings.Contains(report.Findings()[0].Text.ZH, "解压") {
				t.Errorf("got %v, want a refusal for its size", report.Findings())
			}
		}
	}).AllocedBytesPerOp()
	if allocated > 1<<20 {
		t.Errorf("refusing took %d bytes, want under 1 MB", allocated)
	}
}

func TestLoadTooLarge(t *testing.T) {
	t.Parallel()
	_, err := Load("t.csv", strings.NewReader("a,b\n1,2\n"), Limits{Bytes: 4})
	if errs.KindOf(err) != errs.TooLarge {
		t.Errorf("got %v, want too-large", err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	fill := func(p Policy, s Severity) *Report {
		r := NewReport(p)
		r.Count(lang.T("区域", "Areas")).Added = 3
		r.add(s, Place{"areas.csv", 3, 2}, "code", "不对。", "wrong.")
		return r
	}
	tests := []struct {
		why    string
		report *Report
		settle string
	}{
		{"a warning lets all through", fill(Policy{}, Warning), "<nil>"},
		{"all or nothing", fill(Policy{}, Error), "invalid: 导入有 1 处错误，未写入任何数据。"},
		{"skipping bad rows", fill(Policy{SkipBad: true}, Error), "<nil>"},
		{"an unreadable file is never skipped", fill(Policy{SkipBad: true}, Fatal), "invalid: 导入有 1 处错误，未写入任何数据。"},
		{"a dry run rolls back", fill(Policy{DryRun: true}, Warning), ErrDryRun.Error()},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(tt.report.Settle()); got != tt.settle {
			t.Errorf("%s: got %s, want %s", tt.why, got, tt.settle)
		}
	}
	var b strings.Builder
	if err := fill(Policy{SkipBad: true}, Error).Write(&b, lang.EN); err != nil {
		t.Fatal(err)
	}
	want := "Areas: 3 added, 0 changed, 0 unchanged\nareas.csv:3:2 error: code wrong.\nImported; 1 rows were skipped.\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
