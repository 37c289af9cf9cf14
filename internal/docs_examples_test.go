package internal_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/procedure"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/packs"
)

// examples are the files the documents quote.
func examples(t *testing.T, folder string) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	root := os.DirFS("../docs/examples/" + folder)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		all[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("docs/examples/%s: %d files, %v", folder, len(all), err)
	}
	return all
}

func TestExampleProcedures(t *testing.T) {
	t.Parallel()
	for name, file := range examples(t, "procedures") {
		p, findings := procedure.Parse(file.Data, name)
		if p == nil || len(findings) > 0 {
			t.Errorf("%s: refused with %v", name, findings)
		}
	}
}

func TestExampleEvaluations(t *testing.T) {
	t.Parallel()
	for name, file := range examples(t, "evaluation") {
		b, findings := measure.Parse(file.Data, name)
		if b == nil || len(findings) > 0 {
			t.Errorf("%s: refused with %v", name, findings)
		}
	}
}

// TestQuotations holds that what a document shows of an example is in it, word
// for word, and that every refusal it shows is what the program says. A block
// quotes with the example's name after ```; one marked "refused" has lines with
// - to take out of the example, lines with + to put there, and what is said.
func TestQuotations(t *testing.T) {
	t.Parallel()
	quoted, refused := 0, 0
	for doc, text := range documents(t) {
		_, blocks := split(text)
		for _, b := range blocks {
			words := strings.Fields(b.info)
			if len(words) < 2 {
				continue
			}
			name := words[len(words)-1]
			source, err := os.ReadFile("../docs/examples/" + name)
			if err != nil {
				t.Errorf("%s:%d: %v", doc, b.line, err)
				continue
			}
			if words[0] != "refused" {
				quoted++
				if !strings.Contains(string(source), b.text) {
					t.Errorf("%s:%d: this does not stand in %s", doc, b.line, name)
				}
				continue
			}
			refused++
			old, with, says := change(b.text)
			if strings.Count(string(source), old) != 1 {
				t.Errorf("%s:%d: what is taken out stands %d times in %s, want once", doc, b.line, strings.Count(string(source), old), name)
				continue
			}
			spoilt := strings.Replace(string(source), old, with, 1)
			got := said(t, name, []byte(spoilt))
			for _, line := range says {
				if !strings.Contains(got, line+"\n") {
					t.Errorf("%s:%d: %s is not told\n%s\nbut\n%s", doc, b.line, name, line, got)
				}
			}
		}
	}
	if quoted < 15 || refused < 12 {
		t.Errorf("%d quotations and %d refusals were read: the test looks in the wrong place", quoted, refused)
	}
}

// change takes a refusal apart. What is taken out goes from the beginning of a
// line to its end or less, so that the lines need not be whole.
func change(text string) (old, with string, says []string) {
	var out, in []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "- "); ok {
			out = append(out, rest)
		} else if rest, ok := strings.CutPrefix(line, "+ "); ok {
			in = append(in, rest)
		} else if line != "" {
			says = append(says, line)
		}
	}
	return strings.Join(out, "\n"), strings.Join(in, "\n"), says
}

// said is all that the program says of a spoilt example, in both languages.
func said(t *testing.T, name string, source []byte) string {
	t.Helper()
	report := sheet.NewReport(sheet.Policy{})
	folder, base := path.Split(name)
	switch folder {
	case "procedures/":
		p, findings := procedure.Parse(source, base)
		if p != nil {
			t.Errorf("%s: what the document calls refused is taken", name)
		}
		for _, f := range findings {
			report.Add(f)
		}
	case "evaluation/":
		b, findings := measure.Parse(source, base)
		if b != nil {
			t.Errorf("%s: what the document calls refused is taken", name)
		}
		for _, f := range findings {
			report.Add(f)
		}
	case "district/", "district/calendars/":
		files := examples(t, "district")
		base = strings.TrimPrefix(name, "district/")
		files[base] = &fstest.MapFile{Data: source}
		report, _ = imported(t, files, nil, sheet.Policy{})
	default:
		t.Fatalf("nobody knows how to check %s", name)
	}
	var out bytes.Buffer
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		if err := report.Write(&out, l); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func imported(t *testing.T, files, mappings fs.FS, policy sheet.Policy) (*sheet.Report, *district.District) {
	t.Helper()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + t.TempDir() + "/linli.db", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		t.Fatal(findings)
	}
	code := ""
	if mappings == nil {
		code = "990101"
	}
	code, report, err := transfer.Folder(t.Context(), d, files, mappings, transfer.FolderOptions{Code: code, Pack: pack, Policy: policy})
	if err != nil {
		return report, nil
	}
	found, err := district.Open(t.Context(), d, code, now)
	if err != nil {
		t.Fatal(err)
	}
	return report, found
}

// The tables of docs/setting-up-a-district.md make a district as they stand,
// and so does the same district from tables of its own through mappings.
func TestExampleDistricts(t *testing.T) {
	t.Parallel()
	plain, one := imported(t, examples(t, "district"), nil, sheet.Policy{})
	mapped, two := imported(t, examples(t, "own/tables"), examples(t, "own/mappings"), sheet.Policy{})
	for name, r := range map[string]*sheet.Report{"district": plain, "own": mapped} {
		for _, f := range r.Findings() {
			t.Errorf("docs/examples/%s: %s", name, f.In(lang.EN))
		}
	}
	if one == nil || two == nil {
		t.Fatal("a district was not made")
	}
	got := one.Route("c01002", "990101001002007", time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	if got.NoOwner || got.Choices[0].Unit != "u-shizheng" {
		t.Errorf("a manhole cover in grid 07 goes to %+v, want u-shizheng by the table", got)
	}
	if a, ok := two.Areas.Area("990101001002007"); !ok || a.Name.ZH != "桂香07网格" {
		t.Errorf("through the mapping grid 07 is %+v", a)
	}
}

// A dry run says what would be, and nothing stays.
func TestExampleDryRun(t *testing.T) {
	t.Parallel()
	report, made := imported(t, examples(t, "district"), nil, sheet.Policy{DryRun: true})
	if made != nil || !report.MayWrite() || errors.Is(report.Settle(), nil) {
		t.Errorf("a dry run left %v, %v", made, report.Settle())
	}
}
