package procedure

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// The base pack's kinds of pause and marks pass their checks and say what the
// rules ask of them.
func TestBaseBooks(t *testing.T) {
	t.Parallel()
	pauses, findings := ParsePauses(source(t, "pauses.yaml"), "pauses.yaml")
	if len(findings) > 0 || pauses == nil {
		t.Fatalf("pauses.yaml: %v", findings)
	}
	for _, k := range pauses.All() {
		if k.Title.ZH == "" || k.Title.EN == "" {
			t.Errorf("%s has no title in both languages", k.Name)
		}
	}
	if k, ok := pauses.Kind("on-account"); !ok || !k.OnAccount || k.Most.String() != "90 days" {
		t.Errorf("on account: %+v, %t, want a review within 90 days", k, ok)
	}
	if _, ok := pauses.Kind("holiday"); ok {
		t.Error("a kind that is not there was found")
	}
	marks, findings := ParseMarks(source(t, "marks.yaml"), "marks.yaml")
	if len(findings) > 0 || marks == nil {
		t.Fatalf("marks.yaml: %v", findings)
	}
	for name, p := range base(t) {
		for _, s := range p.Steps {
			for _, a := range s.Actions {
				for _, asked := range a.Asks {
					if _, ok := marks.Mark(asked); !ok {
						t.Errorf("%s.%s.%s asks %q, which is no mark", name, s.Name, a.Name, asked)
					}
				}
			}
		}
	}
}

func source(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../packs/base/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBooksRefuse(t *testing.T) {
	t.Parallel()
	pauses := func(text string) []sheet.Finding {
		p, f := ParsePauses([]byte(text), "b.yaml")
		return kept(p == nil, f)
	}
	marks := func(text string) []sheet.Finding {
		m, f := ParseMarks([]byte(text), "b.yaml")
		return kept(m == nil, f)
	}
	const title = "title: {zh: 甲, en: A}"
	for _, row := range []struct {
		why   string
		parse func(string) []sheet.Finding
		text  string
		line  int
		says  string
	}{
		{"a pause without end", pauses, "pauses:\n  rain:\n    " + title, 2, "how long"},
		{"a pause of a million days", pauses, "pauses:\n  rain:\n    " + title + "\n    most: 1000000 days", 4, "not understood"},
		{"a pause of no days", pauses, "pauses:\n  rain:\n    " + title + "\n    most: 0 days", 4, "not understood"},
		{"a pause without title", pauses, "pauses:\n  rain: {most: 3 days}", 2, "no title"},
		{"a pause that has the name of longer limits", pauses, "pauses:\n  extension: {" + title + ", most: 3 days}", 2, "longer limits"},
		{"the same pause twice", pauses, "pauses:\n  rain: {" + title + ", most: 3 days}\n  rain: {" + title + ", most: 3 days}", 3, "written twice"},
		{"an unknown key", pauses, "pauses:\n  rain: {" + title + ", most: 3 days, least: 1 days}", 2, "not known"},
		{"a yes that is none", pauses, "pauses:\n  rain: {" + title + ", most: 3 days, on-account: perhaps}", 2, "true or false"},
		{"no pauses", pauses, "marks: {}", 1, "missing"},
		{"nothing", pauses, "", 0, "empty"},
		{"a mark with one answer", marks, "marks:\n  called:\n    " + title + "\n    options:\n      a: {" + title + ", worth: 1}", 2, "fewer than two"},
		{"a mark without answers", marks, "marks:\n  called:\n    " + title, 2, "fewer than two"},
		{"worth more than everything", marks, "marks:\n  called:\n    " + title + "\n    options:\n      a: {" + title + ", worth: 1.2}\n      b: {" + title + ", worth: 0}", 5, "from 0 to 1"},
		{"worth that is no number", marks, "marks:\n  called:\n    " + title + "\n    options:\n      a: {" + title + ", worth: NaN}\n      b: {" + title + ", worth: 0}", 5, "from 0 to 1"},
		{"an answer without worth", marks, "marks:\n  called:\n    " + title + "\n    options:\n      a: {" + title + "}\n      b: {" + title + ", worth: 0}", 5, "from 0 to 1"},
	} {
		var all []string
		found := false
		for _, f := range row.parse(row.text) {
			s := f.In(lang.EN)
			all = append(all, s)
			at := row.line == 0 || strings.HasPrefix(s, fmt.Sprintf("b.yaml:%d", row.line))
			found = found || at && strings.Contains(s, row.says) && f.Text.ZH != "" && f.Text.ZH != f.Text.EN
		}
		if !found {
			t.Errorf("%s: got %q, want line %d, %q", row.why, all, row.line, row.says)
		}
	}
}

// kept are the findings of a book that was refused; none of one that was taken.
func kept(refused bool, findings []sheet.Finding) []sheet.Finding {
	if !refused {
		return nil
	}
	return findings
}

func FuzzBooks(f *testing.F) {
	f.Add(source(f, "pauses.yaml"))
	f.Add(source(f, "marks.yaml"))
	f.Add([]byte("pauses: &x {a: *x}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, findings := ParsePauses(text, "f"); p == nil && len(findings) == 0 {
			t.Error("pauses were refused without a word")
		}
		m, findings := ParseMarks(text, "f")
		if m == nil && len(findings) == 0 {
			t.Error("marks were refused without a word")
		}
		if m != nil {
			for _, k := range m.All {
				for _, o := range k.Options {
					if !(o.Worth >= 0 && o.Worth <= 1) {
						t.Errorf("%s %s is worth %v", k.Name, o.Name, o.Worth)
					}
				}
			}
		}
	})
}
