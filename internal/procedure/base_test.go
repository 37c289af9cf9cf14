package procedure

import (
	"os"
	"path/filepath"
	"testing"
)

// base reads every procedure of the base pack.
func base(t testing.TB) map[string]*Procedure {
	t.Helper()
	files, err := filepath.Glob("../../packs/base/procedures/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("got %d base procedures (%v), want 8", len(files), err)
	}
	all := map[string]*Procedure{}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p, findings := Parse(source, filepath.Base(f))
		for _, n := range findings {
			t.Errorf("%s", n.In("en"))
		}
		if p != nil {
			all[p.Name] = p
		}
	}
	return all
}

func TestBaseProcedures(t *testing.T) {
	t.Parallel()
	for name, p := range base(t) {
		for _, s := range p.Steps {
			if s.Public.ZH == "" || s.Public.EN == "" {
				t.Errorf("%s.%s: no text for residents in both languages", name, s.Name)
			}
			for _, a := range s.Actions {
				if a.Title.ZH == "" || a.Title.EN == "" {
					t.Errorf("%s.%s.%s: no title in both languages", name, s.Name, a.Name)
				}
			}
		}
	}
}
