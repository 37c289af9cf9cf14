package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers is the order of the house: a package imports only packages on lines
// above its own, and packages on one line never import each other. Relaxing it
// needs a reason in the commit.
const layers = `
lang
errs
outbound meter channel
clock geo ident pieces paper/font
georeport channel/mail channel/sms channel/wechat channel/push
georeport/conform
sheet
calendar ladder measure rights fields
db
trail vault job
org area catalogue procedure document learn repeat
district access resident
casework
feed
hook
setup
intake notice transfer look
inbox peer
supervise evaluate
privacy
retain
exchange move
web/ui sample chart
paper
web/page
api/frame
api/shape
web/enter web/me web/portal web/desk web/take web/field web/admin web/watch web/score web/proof web/feeds web/inlet api/reports api/cases api/oversight api/events api/tables api/admin open311 ogc
web api
doctor
app
bench
`

// procedure reads its limits and positions from clock and sheet, catalogue names
// procedures of its packs: the one import within a line, in one direction.
var within = map[[2]string]string{
	{"catalogue", "procedure"}: "a pack holds procedures and checks them with its matters",
}

func TestLayers(t *testing.T) {
	t.Parallel()
	line := map[string]int{}
	for n, names := range strings.Split(strings.TrimSpace(layers), "\n") {
		for _, name := range strings.Fields(names) {
			line[name] = n
		}
	}
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		from := owner(filepath.ToSlash(filepath.Dir(path)), line)
		if from == "" {
			t.Errorf("%s belongs to no line of the house: give its package one", path)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			rest, ours := strings.CutPrefix(name, "linli/internal/")
			to := owner(rest, line)
			if !ours || to == from {
				continue
			}
			seen++
			if to == "" || line[to] >= line[from] && within[[2]string{from, to}] == "" {
				t.Errorf("%s: %s must not import %s", path, from, rest)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("only %d imports were read: the test looks in the wrong place", seen)
	}
}

// owner finds the package of the list that a folder belongs to: db/dbtest is db's.
func owner(folder string, line map[string]int) string {
	for name := folder; name != "" && name != "."; name = parent(name) {
		if _, ok := line[name]; ok {
			return name
		}
	}
	return ""
}

func parent(name string) string {
	i := strings.LastIndex(name, "/")
	if i < 0 {
		return ""
	}
	return name[:i]
}
