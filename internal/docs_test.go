package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are what the project tells about itself; all of it is held here.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../mappings/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[strings.TrimPrefix(filepath.ToSlash(name), "../")] = string(text)
		}
	}
	for _, name := range []string{"README.md", "docs/life-of-a-report.md", "docs/glossary.md"} {
		if all[name] == "" {
			t.Errorf("%s is not there: the test looks in the wrong place", name)
		}
	}
	return all
}

// fence is one block between ``` lines.
type fence struct {
	info string // what stands after the first ```
	line int    // of the first ```
	text string
}

// split takes a document apart: prose with the fenced blocks blanked, and the blocks.
func split(text string) (prose string, blocks []fence) {
	var out, in strings.Builder
	inside, n := false, 0
	for line := range strings.Lines(text) {
		n++
		info, mark := strings.CutPrefix(line, "```")
		switch {
		case mark && !inside:
			blocks = append(blocks, fence{info: strings.TrimSpace(info), line: n})
			inside = true
		case mark:
			blocks[len(blocks)-1].text = in.String()
			in.Reset()
			inside = false
		case inside:
			in.WriteString(line)
		default:
			out.WriteString(line)
			continue
		}
		out.WriteString("\n") // keeps line numbers
	}
	return out.String(), blocks
}

var (
	spanShape   = regexp.MustCompile("`([^`\n]+)`")
	linkShape   = regexp.MustCompile(`\]\(([^)\s]+)\)|src="([^"]+)"`)
	pathShape   = regexp.MustCompile(`^(internal|cmd|docs|packs|mappings|scripts|\.ci)/[\w./*-]+$`)
	nameShape   = regexp.MustCompile(`^([a-z][a-z0-9]*)\.([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?(?:\(\))?$`)
	commandSaid = regexp.MustCompile(`(?m)(?:^\s*|[^\w/.-])(?:linli|go run \./cmd/linli) ([a-z]+)\b`)
	makeSaid    = regexp.MustCompile(`(?m)(?:^\s*|[^\w-])make ([a-z]+)\b`)
)

// TestDocumentsNameWhatExists holds that every file, identifier, command and
// make target that a document names is there.
func TestDocumentsNameWhatExists(t *testing.T) {
	t.Parallel()
	names, commands, targets := declared(t), words(t, "../cmd/linli", `\{"([a-z]+)", "`), words(t, "../Makefile", `(?m)^([a-z]+):`)
	checked := 0
	for doc, text := range documents(t) {
		prose, blocks := split(text)
		for n, line := range strings.Split(prose, "\n") {
			for _, m := range linkShape.FindAllStringSubmatch(line, -1) {
				to, _, _ := strings.Cut(m[1]+m[2], "#")
				if to != "" && !strings.Contains(to, "://") && !there(filepath.Join("..", filepath.Dir(doc), to)) {
					t.Errorf("%s:%d links to %s, which is not there", doc, n+1, to)
				}
			}
			for _, m := range spanShape.FindAllStringSubmatch(line, -1) {
				checked++
				if pathShape.MatchString(m[1]) && !there(filepath.Join("..", m[1])) {
					t.Errorf("%s:%d names %s, which is not there", doc, n+1, m[1])
				}
				if id := nameShape.FindStringSubmatch(m[1]); id != nil && names[id[1]] != nil && !names.has(id) {
					t.Errorf("%s:%d names %s, which the code does not have", doc, n+1, m[1])
				}
				tells(t, doc, n+1, m[1], commands, targets)
			}
		}
		for _, b := range blocks {
			if b.info == "sh" || b.info == "" {
				tells(t, doc, b.line, b.text, commands, targets)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d names were read: the test looks in the wrong place", checked)
	}
}

// tells checks the commands and make targets in a text.
func tells(t *testing.T, doc string, line int, text string, commands, targets []string) {
	t.Helper()
	for _, m := range commandSaid.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(commands, m[1]) {
			t.Errorf("%s:%d tells of the command linli %s, which there is not", doc, line, m[1])
		}
	}
	for _, m := range makeSaid.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(targets, m[1]) {
			t.Errorf("%s:%d tells of make %s, which there is not", doc, line, m[1])
		}
	}
}

func there(pattern string) bool {
	found, err := filepath.Glob(pattern)
	return err == nil && len(found) > 0
}

// words are what a pattern finds in a file, or in every file of a folder.
func words(t *testing.T, name, pattern string) []string {
	t.Helper()
	files := []string{name}
	if st, err := os.Stat(name); err == nil && st.IsDir() {
		files, _ = filepath.Glob(name + "/*.go")
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1])
		}
	}
	if len(all) == 0 {
		t.Fatalf("nothing in %s looks like %s", name, pattern)
	}
	return all
}

// nameSet holds, for each of our packages by its name, what it declares:
// "Open", and "DB.Write" for a method, a field or a method of an interface.
type nameSet map[string]map[string]bool

// has reports whether a name in a document is declared. Two parts may also be
// a file such as pack.yaml, which the package of that name is not asked about.
func (n nameSet) has(id []string) bool {
	if id[3] == "" && slices.Contains([]string{"yaml", "yml", "csv", "tsv", "md", "go", "sql", "json", "geojson", "templ", "css", "js"}, id[2]) {
		return true
	}
	full := id[2]
	if id[3] != "" {
		full += "." + id[3]
	}
	return n[id[1]][full]
}

// declared parses all of our code.
func declared(t *testing.T) nameSet {
	t.Helper()
	all := nameSet{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if all[file.Name.Name] == nil {
			all[file.Name.Name] = map[string]bool{}
		}
		for _, decl := range file.Decls {
			declares(all[file.Name.Name], decl)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func declares(set map[string]bool, decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil {
			name = receiver(decl.Recv.List[0].Type) + "." + name
		}
		set[name] = true
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					set[name.Name] = true
				}
			case *ast.TypeSpec:
				set[spec.Name.Name] = true
				for _, name := range members(spec.Type) {
					set[spec.Name.Name+"."+name] = true
				}
			}
		}
	}
}

func receiver(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.StarExpr:
		return receiver(of.X)
	case *ast.IndexExpr:
		return receiver(of.X)
	case *ast.Ident:
		return of.Name
	}
	return ""
}

// members are the fields of a struct and the methods of an interface.
func members(of ast.Expr) []string {
	var list *ast.FieldList
	switch of := of.(type) {
	case *ast.StructType:
		list = of.Fields
	case *ast.InterfaceType:
		list = of.Methods
	default:
		return nil
	}
	var all []string
	for _, field := range list.List {
		for _, name := range field.Names {
			all = append(all, name.Name)
		}
	}
	return all
}

// TestDependenciesAreExplained holds that every module the code imports, and
// every tool it runs, is in docs/dependencies.md with the version of go.mod,
// and that nothing else is.
//
// ASVS 15.1.2
func TestDependenciesAreExplained(t *testing.T) {
	t.Parallel()
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	used := modulesUsed(t, string(mod))
	text := documents(t)["docs/dependencies.md"]
	listed := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([\\w./-]+)` \\| (v\\S+) \\|").FindAllStringSubmatch(text, -1) {
		listed[m[1]] = m[2]
	}
	for module, version := range used {
		if listed[module] != version {
			t.Errorf("docs/dependencies.md has %s at %q, go.mod at %q", module, listed[module], version)
		}
	}
	for module := range listed {
		if used[module] == "" {
			t.Errorf("docs/dependencies.md explains %s, which nothing imports", module)
		}
	}
	if len(used) < 10 {
		t.Errorf("only %d modules were read: the test looks in the wrong place", len(used))
	}
}

// modulesUsed gives the version of every module of go.mod that some file of
// ours imports or that is named as a tool.
func modulesUsed(t *testing.T, mod string) map[string]string {
	t.Helper()
	required := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\s+(\S+) (v\S+)`).FindAllStringSubmatch(mod, -1) {
		required[m[1]] = m[2]
	}
	used := map[string]string{}
	use := func(path string) {
		for at := path; at != "." && at != "/"; at = filepath.ToSlash(filepath.Dir(at)) {
			if required[at] != "" {
				used[at] = required[at]
				return
			}
		}
	}
	_, tools, _ := strings.Cut(mod, "\ntool")
	for _, tool := range strings.Fields(tools) {
		use(tool)
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			use(strings.Trim(spec.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}
