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
	"strconv"
	"strings"
	"testing"
)

// source is one file of the program itself.
type source struct {
	name string // from the root
	tree *ast.File
}

// sources are the files that end up in the program. What only tests use, and
// what makes the invented district or measures speed, is left out where a rule
// says so.
func sources(t *testing.T) (all []source) {
	t.Helper()
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.Contains(file, "testdata") {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(filepath.ToSlash(file), "../")
		if !slices.ContainsFunc([]string{"internal/app/apptest/", "internal/web/ui/uitest/", "internal/access/accesstest/", "internal/db/dbtest/"}, func(dir string) bool { return strings.HasPrefix(name, dir) }) {
			all = append(all, source{name, tree})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 300 {
		t.Fatalf("only %d files were found: this looks in the wrong place", len(all))
	}
	return all
}

func (s source) imports(path string) bool {
	return slices.ContainsFunc(s.tree.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(path) })
}

// uses reports whether a file names something of a package, such as "http.Get".
func (s source) uses(what string) (found bool) {
	pkg, name, _ := strings.Cut(what, ".")
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
			x, ok := sel.X.(*ast.Ident)
			found = found || ok && x.Name == pkg
		}
		return !found
	})
	return found
}

// sourceRule is what no file may do but those that are named with their reason.
type sourceRule struct {
	why     string
	imports []string
	uses    []string
	but     map[string]string // file or folder: why it may
}

// chance are the places where chance need not be secret.
var chance = map[string]string{
	"internal/sample/": "the invented district is the same every time", "internal/measure/worlds.go": "formulas are tried on made-up cases",
	"internal/bench/": "what is measured is made up",
}

// dictated are the places where the other side's protocol names the algorithm,
// beside TLS, and nothing of ours rests on it.
var dictated = map[string]string{
	"internal/channel/sms/fill.go": "text gateways ask for requests signed in this way", "internal/channel/wechat/crypt.go": "the platform signs and seals its calls in this way",
}

var sourceRules = []sourceRule{
	{"runs no other program, loads none, and leaves memory to Go", []string{"os/exec", "plugin", "unsafe", "C"}, []string{"syscall.Exec"}, nil},                                        // ASVS 1.2.5, 1.3.2, 1.4.1
	{"shows nothing of its inside", []string{"net/http/pprof", "expvar", "runtime/pprof"}, nil, map[string]string{"cmd/linli/bench.go": "a profile of what it measures, into a file"}}, // ASVS 13.4.2
	{"takes chance from the system's generator", []string{"math/rand", "math/rand/v2"}, nil, chance},                                                                                   // ASVS 6.5.3, 11.5.1
	{"makes pages by templ, which knows where a value stands", []string{"html/template", "text/template"}, []string{"templ.Raw"}, map[string]string{ // ASVS 1.2.1, 1.3.7
		"internal/web/score/frame_templ.go": "a chart, drawn by package chart", "internal/web/portal/perform_templ.go": "the same"}},
	{"asks only houses that are configured, and is not led on", nil, []string{"http.Get", "http.Post", "http.PostForm", "http.Head", "http.DefaultClient", "http.NewRequest"}, nil},                                        // ASVS 1.3.6, 9.1.3, 13.2.4, 13.2.5, 15.3.2
	{"uses no broken algorithm", []string{"crypto/md5", "crypto/sha1", "crypto/des", "crypto/rc4", "golang.org/x/crypto/md4"}, []string{"rsa.EncryptPKCS1v15", "rsa.DecryptPKCS1v15", "cipher.NewCBCEncrypter"}, dictated}, // ASVS 11.3.1, 11.4.1, 11.4.3
}

// TestSourcesKeepTheRules reads the program's own files: what is not in them
// cannot be attacked.
//
// ASVS 1.2.1, 1.2.5, 1.2.9, 1.3.2, 1.3.6, 1.3.7, 1.4.1, 3.2.2, 3.5.5, 6.5.3, 9.1.3, 11.3.1, 11.4.1, 11.4.3
// ASVS 11.5.1, 12.3.2, 13.2.4, 13.2.5, 13.4.2, 15.3.2, 15.3.6, 15.3.7
// GB/T 22239 8.1.4.4a
func TestSourcesKeepTheRules(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for _, rule := range sourceRules {
		for _, s := range all {
			if may(rule.but, s.name) {
				continue
			}
			for _, path := range rule.imports {
				if s.imports(path) {
					t.Errorf("%s imports %s; the program %s", s.name, path, rule.why)
				}
			}
			for _, what := range rule.uses {
				if s.uses(what) {
					t.Errorf("%s uses %s; the program %s", s.name, what, rule.why)
				}
			}
		}
	}
	clients(t, all)     // ASVS 12.3.2
	expressions(t, all) // ASVS 1.2.9
	fields(t, all)      // ASVS 15.3.7
	scripts(t)          // ASVS 3.2.2, 3.5.5, 15.3.6
}

func may(but map[string]string, name string) bool {
	for place := range but {
		if strings.HasPrefix(name, place) {
			return true
		}
	}
	return false
}

// clients: every client of ours is made in a place that says whom it asks, is
// bounded in time, checks certificates, and is not led to another address.
func clients(t *testing.T, all []source) {
	t.Helper()
	places := map[string]bool{}
	for _, s := range all {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if ident, ok := n.(*ast.Ident); ok && ident.Name == "InsecureSkipVerify" {
				t.Errorf("%s does not check certificates", s.name)
			}
			made, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if sel, ok := made.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Client" || !named(sel.X, "http") {
				return true
			}
			places[s.name] = true
			set := map[string]bool{}
			for _, field := range made.Elts {
				if kv, ok := field.(*ast.KeyValueExpr); ok {
					if key, ok := kv.Key.(*ast.Ident); ok {
						set[key.Name] = true
					}
				}
			}
			// Package access forbids it for whatever client it is given.
			if !set["CheckRedirect"] && s.name != "internal/access/oidc.go" {
				t.Errorf("%s makes a client that is led on", s.name)
			}
			return true
		})
	}
	for _, measures := range []string{"internal/bench/board.go", "internal/bench/feed.go"} { // this very program
		delete(places, measures)
	}
	for _, place := range []string{"internal/outbound/outbound.go", "client/client.go", "internal/app/tls.go", "internal/access/oidc.go", "cmd/linli/trail.go", "cmd/linli/ready.go", "cmd/linli/bundle.go"} {
		delete(places, place)
	}
	for place := range places {
		t.Errorf("%s asks other houses: say in docs/security.md which", place)
	}
}

func named(e ast.Expr, name string) bool {
	ident, ok := e.(*ast.Ident)
	return ok && ident.Name == name
}

// gateways are where an operator's own settings hold a pattern, of RE2, which no
// text makes slow.
var gateways = map[string]string{"internal/channel/sms/settings.go": "checked on loading", "internal/channel/sms/gateway.go": "of those settings"}

// expressions: patterns are constants, so that nobody's words become one.
func expressions(t *testing.T, all []source) {
	t.Helper()
	for _, s := range all {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !named(sel.X, "regexp") || !strings.Contains(sel.Sel.Name, "ompile") {
				return true
			}
			if !constant(s.tree, call.Args[0]) && !may(gateways, s.name) {
				t.Errorf("%s compiles an expression that is no constant", s.name)
			}
			return true
		})
	}
}

// constant reports whether an expression is made of words in the file itself.
func constant(tree *ast.File, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.BinaryExpr:
		return constant(tree, e.X) && constant(tree, e.Y)
	case *ast.Ident:
		return slices.ContainsFunc(tree.Decls, func(d ast.Decl) bool {
			gen, ok := d.(*ast.GenDecl)
			return ok && gen.Tok == token.CONST && slices.ContainsFunc(gen.Specs, func(spec ast.Spec) bool {
				return slices.ContainsFunc(spec.(*ast.ValueSpec).Names, func(name *ast.Ident) bool { return name.Name == e.Name })
			})
		})
	}
	return false
}

// fields: a door reads a form's field from the body and a question's from the
// address, never whichever of the two comes first.
func fields(t *testing.T, all []source) {
	t.Helper()
	for _, s := range all {
		if !strings.HasPrefix(s.name, "internal/web/") && !strings.HasPrefix(s.name, "internal/api/") || s.name == "internal/web/ui/gallery.go" {
			continue // the gallery of the demo takes no forms
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if sel.Sel.Name == "FormValue" || sel.Sel.Name == "Form" && request(sel.X) {
				t.Errorf("%s reads body and address as one", s.name)
			}
			return true
		})
	}
}

// request reports whether an expression is the request of a page.
func request(e ast.Expr) bool {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		return sel.Sel.Name == "R"
	}
	return false
}

var dangerous = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|document\.cookie|__proto__|setTimeout\(['"]`)

// scripts: what a script of ours shows is text, it builds no code, speaks to no
// other window, and puts nobody's names into objects.
func scripts(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob("web/ui/assets/*.js")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "htmx") {
			continue // put in as it is; it swaps in pages of this server alone, and the policy forbids what it could build
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := dangerous.FindString(string(text)); found != "" {
			t.Errorf("%s uses %s", file, found)
		}
	}
}
