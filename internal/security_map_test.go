package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asked are the requirements of each list, so that none is left out: those of
// OWASP ASVS 5.0.0 at levels 1 and 2, and what GB/T 22239-2019 asks of a level-3
// system's computing environment.
var asked = map[string]string{
	"ASVS": `1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2
		4.1:1-3 4.2:1 4.3:1-2 4.4:1-4 5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4
		7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1 8.4:1 9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4
		10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4
		13.1:1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3
		16.5:1-3 17.1:1 17.2:1-4 17.3:1-2`,
	"GB/T 22239": `8.1.4.1:a-d 8.1.4.2:a-g 8.1.4.3:a-d 8.1.4.4:a-f 8.1.4.5 8.1.4.6 8.1.4.7:a-b 8.1.4.8:a-b 8.1.4.9:a-c 8.1.4.10:a-b 8.1.4.11:a-b`,
}

// answered are the files that answer them.
var answered = map[string]string{"ASVS": "../docs/security/asvs.tsv", "GB/T 22239": "../docs/security/gbt22239.tsv"}

// ids writes a list of requirements out.
func ids(t *testing.T, list string) (all []string) {
	t.Helper()
	for _, section := range strings.Fields(list) {
		name, ranges, some := strings.Cut(section, ":")
		if !some {
			all = append(all, name)
			continue
		}
		first, last, _ := strings.Cut(ranges, "-")
		if last == "" {
			last = first
		}
		if first >= "a" {
			for c := first[0]; c <= last[0]; c++ {
				all = append(all, name+string(c))
			}
			continue
		}
		from, err := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err != nil || err2 != nil {
			t.Fatalf("the list reads %q", section)
		}
		for n := from; n <= to; n++ {
			all = append(all, fmt.Sprintf("%s.%d", name, n))
		}
	}
	return all
}

// mapped is a line of a map.
type mapped struct {
	id, level, zh, en, state string
	tests                    []string // as folder.Name
	why, whyEN               string
}

func readMap(t *testing.T, name string) (all []mapped) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for n, line := range lines[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 8 {
			t.Fatalf("%s:%d has %d columns, want 8", name, n+2, len(f))
		}
		m := mapped{id: f[0], level: f[1], zh: f[2], en: f[3], state: f[4], why: f[6], whyEN: f[7]}
		if f[5] != "" {
			m.tests = strings.Split(f[5], "; ")
		}
		all = append(all, m)
	}
	return all
}

var carried = regexp.MustCompile(`// (ASVS|GB/T 22239) ([0-9][0-9a-g., ]*)`)

// carriers gives, for each test by folder and name, the requirements that stand
// in its comment or its body.
func carriers(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") || strings.Contains(file, "testdata") {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, file, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := strings.TrimPrefix(path.Dir(filepath.ToSlash(file)), "../")
		if folder == "." {
			folder = "internal" // where this test runs
		}
		for _, decl := range tree.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") && !strings.HasPrefix(f.Name.Name, "Fuzz") {
				continue
			}
			from := f.Pos()
			if f.Doc != nil {
				from = f.Doc.Pos()
			}
			all[folder+"."+f.Name.Name] = requirements(string(text[files.Position(from).Offset:files.Position(f.End()).Offset]))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func requirements(text string) (all []string) {
	for _, m := range carried.FindAllStringSubmatch(text, -1) {
		for id := range strings.SplitSeq(m[2], ",") {
			all = append(all, m[1]+" "+strings.TrimRight(strings.TrimSpace(id), "."))
		}
	}
	return all
}

var testSaid = regexp.MustCompile("`((?:Test|Fuzz)\\w+)(…?)`")

// TestSecurityMap holds that every requirement has its line, that each line is
// met by a test that is there and says so, or gives its reason in both
// languages, that no test claims what the map does not say of it, and that
// docs/security.md tells of each line that is not met.
func TestSecurityMap(t *testing.T) {
	t.Parallel()
	tests, claimed := carriers(t), map[string]bool{}
	if len(tests) < 500 {
		t.Fatalf("only %d tests were found: this looks in the wrong place", len(tests))
	}
	text, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	document := string(text)
	for _, m := range testSaid.FindAllStringSubmatch(document, -1) {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(tests)), func(name string) bool {
			_, test, _ := strings.Cut(name, ".")
			return test == m[1] || m[2] != "" && strings.HasPrefix(test, m[1])
		}) {
			t.Errorf("docs/security.md names the test %s, which is not there", m[0])
		}
	}
	for list, file := range answered {
		var got []string
		for _, m := range readMap(t, file) {
			got = append(got, m.id)
			answers(t, list, m)
			if told := strings.Contains(document, "| "+list+" "+m.id+" |"); told != (m.state == "not-met") {
				t.Errorf("%s %s is %s; docs/security.md lists it as not met: %v", list, m.id, m.state, told)
			}
			for _, name := range m.tests {
				claimed[list+" "+m.id+" "+name] = true
				if carries, ok := tests[name]; !ok {
					t.Errorf("%s %s names %s, which is not there", list, m.id, name)
				} else if !slices.Contains(carries, list+" "+m.id) {
					t.Errorf("%s %s names %s, which does not carry the number", list, m.id, name)
				}
			}
		}
		if want := ids(t, asked[list]); !slices.Equal(got, want) {
			t.Errorf("%s: the map has %d lines, want %d in order: missing %v, more than asked %v", list, len(got), len(want), without(want, got), without(got, want))
		}
	}
	for name, carries := range tests {
		for _, id := range carries {
			if !claimed[id+" "+name] {
				t.Errorf("%s carries %s, of which the map does not know", name, id)
			}
		}
	}
}

var documentSaid = regexp.MustCompile(`docs/[\w.-]+\.\w+`)

// answers checks that a line says how it is met, or why not.
func answers(t *testing.T, list string, m mapped) {
	t.Helper()
	reasoned := m.why != "" && m.whyEN != ""
	switch {
	case m.zh == "" || m.en == "" || (m.why == "") != (m.whyEN == ""):
		t.Errorf("%s %s is not told in both languages", list, m.id)
	case m.state == "tested" && len(m.tests) == 0:
		t.Errorf("%s %s is tested by nothing", list, m.id)
	case m.state == "designed" && !reasoned, m.state == "not-applicable" && (!reasoned || len(m.tests) > 0), m.state == "not-met" && !reasoned:
		t.Errorf("%s %s is %s without a reason", list, m.id, m.state)
	case !slices.Contains([]string{"tested", "designed", "not-applicable", "not-met"}, m.state):
		t.Errorf("%s %s is %q, which is no state", list, m.id, m.state)
	case !slices.Contains([]string{"1", "2", "3"}, m.level):
		t.Errorf("%s %s is of level %q", list, m.id, m.level)
	}
	for _, document := range documentSaid.FindAllString(m.why+" "+m.whyEN, -1) {
		if !there("../" + document) {
			t.Errorf("%s %s names %s, which is not there", list, m.id, document)
		}
	}
}

func without(all, some []string) (left []string) {
	for _, s := range all {
		if !slices.Contains(some, s) {
			left = append(left, s)
		}
	}
	return left
}
