package trail_test

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/trail"
)

func TestTilePaths(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		path string
		tile tlog.Tile
		why  string
	}{
		{"tile/0/000", tlog.Tile{H: 8, L: 0, N: 0, W: 256}, "the first"},
		{"tile/1/x001/x234/067.p/9", tlog.Tile{H: 8, L: 1, N: 1234067, W: 9}, "the number in threes, a part of a tile"},
		{"tile/entries/x001/000", tlog.Tile{H: 8, L: -1, N: 1000, W: 256}, "entries"},
	} {
		if got := trail.TilePath(row.tile); got != row.path {
			t.Errorf("%s: got %s, want %s", row.why, got, row.path)
		}
		if got, ok := trail.ParseTilePath(row.path); !ok || got != row.tile {
			t.Errorf("%s: %s is %+v, %v", row.why, row.path, got, ok)
		}
	}
	for path, why := range map[string]string{
		"tile/0/0": "three digits", "tile/0/000.p/256": "full is not a part", "tile/0/000.p/0": "nothing is not a tile", "tile/00/000": "no zeros before a level",
		"tile/-1/000": "entries have a name", "tile/8/000": "no tree is so high", "tile/0/x000/001": "no zeros before a number", "tile/0": "no number", "": "nothing",
		"tile/0/001/002": "only the last has no x", "tile/0/000.p/01": "no zeros before a width", "tile/x/000": "a level is a number",
	} {
		if got, ok := trail.ParseTilePath(path); ok {
			t.Errorf("%q was read as %+v: %s", path, got, why)
		}
	}
}

// ASVS 1.4.2
func FuzzParseTilePath(f *testing.F) {
	f.Add("tile/0/x001/x234/067.p/8")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		if tile, ok := trail.ParseTilePath(path); ok && trail.TilePath(tile) != path {
			t.Errorf("%q is read as %q", path, trail.TilePath(tile))
		}
	})
}

func FuzzCheckProof(f *testing.F) {
	s, err := trail.NewSigner("linli/990101", seed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n\nlinli/990101\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— linli/990101 AAAA\n")
	f.Fuzz(func(t *testing.T, text string) {
		if rec, err := trail.CheckProof(text, s.Key()); err == nil {
			t.Errorf("a receipt that nobody signed holds: %+v", rec)
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("linli/990101\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— linli/990101 AAAA\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := trail.ParseCheckpoint(text); err == nil && c.N < 0 {
			t.Errorf("%q has %d leaves", text, c.N)
		}
	})
}

func FuzzParseEntries(f *testing.F) {
	f.Add([]byte{0, 1, 9, 0, 0}, 2)
	f.Fuzz(func(t *testing.T, data []byte, count int) {
		if count < 0 || count > 256 {
			return
		}
		if entries, err := trail.ParseEntries(data, count); err == nil && len(entries) != count {
			t.Errorf("%d entries where %d were asked for", len(entries), count)
		}
	})
}

func FuzzRecentPlace(f *testing.F) {
	f.Add("eyJhIjoxLCJzIjoicyIsIm4iOjF9")
	f.Fuzz(func(t *testing.T, text string) { _ = trail.PlaceIsRead(text) })
}

// ASVS 11.6.1
func TestSignersAreTheSameForTheSameSecret(t *testing.T) {
	t.Parallel()
	one, err := trail.NewSigner("linli/990101", seed)
	if err != nil {
		t.Fatal(err)
	}
	two, err := trail.NewSigner("linli/990101", seed)
	if err != nil || one.Key() != two.Key() {
		t.Errorf("%s and %s, %v", one.Key(), two.Key(), err)
	}
	for _, origin := range []string{"", "a b", "a+b"} {
		if _, err := trail.NewSigner(origin, seed); err == nil {
			t.Errorf("a log may not be called %q", origin)
		}
	}
	if _, err := trail.NewSigner("x", seed[:5]); err == nil {
		t.Error("five bytes are no secret")
	}
}
