package move_test

import (
	"testing"

	"linli/internal/move"
)

// FuzzParseManifest holds that no manifest leads out of its folder.
func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"linli":{"form":1,"district":"990101"},"resources":[{"path":"tables/a.jsonl","hash":"sha256:x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := move.ParseManifest(data)
		if err != nil {
			return
		}
		for _, r := range m.Resources {
			if r.Path == "" || r.Path[0] == '/' || r.Path[0] == '.' {
				t.Errorf("%q was taken", r.Path)
			}
		}
	})
}
