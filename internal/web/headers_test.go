package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/web/ui"
)

// patterns reads every route out of the doors' own files.
func patterns(t *testing.T) (all []string) {
	t.Helper()
	for _, root := range []string{".", "../api"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 2 {
					return true
				}
				// Doors add routes by mux.Handle and by short words of their own.
				method, path, _ := strings.Cut(value(call.Args[0]), " ")
				switch {
				case !strings.HasPrefix(path, "/"):
				case method == http.MethodGet, method == http.MethodPost:
					all = append(all, method+" "+path)
				case method == "/x": // a loop over methods
					all = append(all, "GET "+path, "POST "+path)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// value is a string as far as it stands in the code; a constant's name becomes
// one word of an address.
func value(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.BinaryExpr:
		return value(e.X) + value(e.Y)
	}
	return "/x"
}

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// TestEveryRouteSendsTheHeaders asks for every route there is, as nobody and as
// an administrator, and looks at what every answer must have.
//
// ASVS 1.2.3, 3.2.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 4.1.1, 14.2.2, 14.2.3, 14.3.2
func TestEveryRouteSendsTheHeaders(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	readers := map[string]*apptest.Browser{"nobody": w.Browser(), "suming": w.As("suming")}
	all := patterns(t)
	if len(all) < 120 {
		t.Fatalf("only %d routes were found: the test looks in the wrong place", len(all))
	}
	for _, pattern := range all {
		method, path, _ := strings.Cut(pattern, " ")
		path = wildcard.ReplaceAllStringFunc(path, func(s string) string {
			if s == "{$}" {
				return ""
			}
			return "x"
		})
		for who, b := range readers {
			if strings.HasSuffix(path, "/live") && who != "nobody" {
				continue // it does not end
			}
			var got apptest.Answer
			if method == http.MethodPost {
				got = b.Post(path, url.Values{})
			} else {
				got = b.Get(path)
			}
			secured(t, who+" "+pattern, got)
		}
		if strings.HasSuffix(path, "sign-out") {
			readers["suming"] = w.As("suming")
		}
	}
}

// secured checks the headers of an answer, and that a page brings nothing of
// its own that would run.
func secured(t *testing.T, what string, got apptest.Answer) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got.Header.Get(name), want)
		}
	}
	if !strings.Contains(got.Header.Get("Permissions-Policy"), "microphone=()") {
		t.Errorf("%s: Permissions-Policy is %q", what, got.Header.Get("Permissions-Policy"))
	}
	if strings.Contains(got.Header.Get("Permissions-Policy"), "bluetooth") {
		t.Errorf("%s: Permissions-Policy names bluetooth, which browsers warn of on every page", what)
	}
	policy := got.Header.Get("Content-Security-Policy")
	if policy != ui.CSP && policy != "sandbox; default-src 'none'" {
		t.Errorf("%s: Content-Security-Policy is %q", what, policy)
	}
	if kind := got.Header.Get("Content-Type"); len(got.Body) > 0 && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(strings.ToLower(kind), "charset=utf-8")) {
		t.Errorf("%s: Content-Type is %q", what, kind)
	}
	if cache := got.Header.Get("Cache-Control"); cache == "" {
		t.Errorf("%s: says nothing about caches", what)
	} else if strings.Contains(cache, "public") && (strings.Contains(got.Path, "/desk") || strings.Contains(got.Path, "/account") || strings.Contains(got.Path, "/me")) {
		t.Errorf("%s: a page of one person may lie in caches: %s", what, cache)
	}
	if strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
		plain(t, what, got)
	}
}

// plain checks that a page holds no script or style of its own, and no address
// that is one.
func plain(t *testing.T, what string, got apptest.Answer) {
	t.Helper()
	for _, n := range got.Find(func(*html.Node) bool { return true }) {
		if n.Data == "style" || n.Data == "script" && (apptest.Attr(n, "src") == "" || n.FirstChild != nil) || n.Data == "iframe" || n.Data == "object" || n.Data == "embed" || n.Data == "base" {
			t.Errorf("%s: holds <%s> %v", what, n.Data, n.Attr)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case a.Key == "style", strings.HasPrefix(a.Key, "on") && len(a.Key) > 3, strings.HasPrefix(value, "javascript:"), a.Key == "srcdoc":
				t.Errorf("%s: <%s %s=%q>", what, n.Data, a.Key, a.Val)
			case a.Key == "src" && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "blob:"):
				t.Errorf("%s: <%s src=%q> comes from elsewhere", what, n.Data, a.Val)
			case n.Data == "form" && a.Key == "action" && value != "" && !strings.HasPrefix(value, "/"):
				t.Errorf("%s: a form leads to %q", what, a.Val)
			}
		}
	}
}

// TestEveryPageIsPlain follows the links of every door, as each kind of reader.
//
// ASVS 1.2.1, 1.2.2, 1.2.3, 3.7.1, 14.2.3
func TestEveryPageIsPlain(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	send := w.Browser()
	for _, text := range []string{"井盖破了，人差点掉下去", "路灯不亮"} {
		send.Post("/report", url.Values{"step": {"send"}, "sender": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "matter": {"c01002"}, "text": {text}, "area": {"990101001001001"}, "name": {"王小明"}, "phone": {"13800000013"}})
	}
	w.Due()
	for login, start := range map[string]string{"": "/", "hejing": "/desk", "zhouhui": "/desk", "suming": "/desk/admin", "dingxia": "/field", "chenli": "/account"} {
		b := w.Browser()
		if login != "" {
			b = w.As(login)
		}
		if n := walk(t, login, b, start); n < 3 {
			t.Errorf("%s: only %d pages were seen", login, n)
		}
	}
}

// shape is an address without what differs from case to case, so that a page of
// each kind is looked at and not each page.
var shape = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]{6}-[0-9]+|=[^&]*|/[a-z]?[0-9]{4,}|/u-[a-z-]+`)

const pagesMost = 60

func walk(t *testing.T, login string, b *apptest.Browser, start string) (n int) {
	t.Helper()
	seen, next := map[string]bool{}, []string{start}
	for len(next) > 0 && n < pagesMost {
		at := next[0]
		next = next[1:]
		if key := shape.ReplaceAllString(at, "*"); seen[key] || strings.HasPrefix(at, "/choose") {
			continue
		} else {
			seen[key] = true
		}
		got := b.Get(at)
		n++
		secured(t, login+" GET "+at, got)
		if got.Status >= http.StatusInternalServerError {
			t.Errorf("%s GET %s: %d", login, at, got.Status)
		}
		for _, a := range got.Find(func(n *html.Node) bool { return n.Data == "a" }) {
			href, _, _ := strings.Cut(apptest.Attr(a, "href"), "#")
			if strings.HasPrefix(href, "/") && !slices.Contains(next, href) {
				next = append(next, href)
			}
		}
	}
	return n
}
