package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A limit that guards no page is a mistake: each gate's path stands in a door.
func TestEveryGateGuardsAPage(t *testing.T) {
	t.Parallel()
	var doors strings.Builder
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "mux.Handle(") {
			doors.Write(data)
		}
	}
	seen := map[string]bool{}
	for _, g := range gates {
		if key := g.method + " " + g.path; seen[key] {
			t.Errorf("%s is counted twice", key)
		} else {
			seen[key] = true
		}
		method := g.method + " " // as it stands in the door; a loop over methods has only what follows it
		if g.method == "" {
			method = " "
		}
		if !strings.Contains(doors.String(), method+g.path) && g.path != "/" {
			t.Errorf("%s %s: there is no such page", g.method, g.path)
		}
		if g.path == "" || g.limit == "" {
			t.Errorf("%+v guards nothing", g)
		}
	}
}
