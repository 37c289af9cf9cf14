package portal

import (
	"math"
	"net/url"
	"testing"
	"time"

	"linli/internal/web/ui"
)

func TestReadBox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, in string
		ok      bool
	}{
		{"a few streets", "118.500000,30.500000,118.510000,30.508000", true},
		{"empty", "", false},
		{"three edges", "1,2,3", false},
		{"five edges", "1,2,3,4,5", false},
		{"west of its own east", "118.6,30.5,118.5,30.6", false},
		{"no width", "118.5,30.5,118.5,30.6", false},
		{"the whole earth", "-180,-90,180,90", false},
		{"not a number", "NaN,0,1,1", false},
		{"infinite", "-Inf,0,+Inf,1", false},
		{"at the pole", "0,89.5,1,90", false},
	} {
		b, ok := readBox(c.in)
		if ok != c.ok {
			t.Errorf("%s: got %v %v, want %v", c.why, b, ok, c.ok)
		}
		if ok && writeBox(b) != c.in {
			t.Errorf("%s: written again %s", c.why, writeBox(b))
		}
	}
}

func TestPhoneTail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"0013":          true,
		"００１３":          true, // as a Chinese keyboard writes it
		"138 0000 0013": true, // the whole number will do
		"00 13":         true,
		"13":            false,
		"bsra94c8dr":    false, // a secret word
		"":              false,
	} {
		if got, ok := phoneTail(in); ok != want || ok && got[len(got)-4:] != "0013" {
			t.Errorf("%q: got %q %v, want %v", in, got, ok, want)
		}
	}
}

func TestGuessesForget(t *testing.T) {
	t.Parallel()
	g, now := &guesses{}, time.Unix(0, 0)
	for range guessMost {
		if err := g.allowed("n", "0001", now); err != nil {
			t.Fatal(err)
		}
		g.wrong("n", "0001", now)
	}
	if g.allowed("n", "0002", now) == nil {
		t.Error("another try is allowed")
	}
	if g.allowed("m", "0002", now) != nil || g.allowed("n", "bsra94c8dr", now) != nil {
		t.Error("another number, or a word, has to wait too")
	}
	if g.allowed("n", "0002", now.Add(guessWait)) != nil {
		t.Error("still not allowed after the wait")
	}
}

func TestRateIsNeverRoundedUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		part, whole int
		want        string
	}{{1, 1, "100.0"}, {9999, 10000, "99.9"}, {0, 3, "0.0"}, {2, 3, "66.6"}, {0, 0, "–"}} {
		if got := rate(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: got %s, want %s", c.part, c.whole, got, c.want)
		}
	}
}

// FuzzForm reads whatever a form may hold: never a panic, and a box or a point
// only where a map can draw it.
func FuzzForm(f *testing.F) {
	f.Add("lon=118.5&lat=30.5&box=118.4,30.4,118.6,30.6&map358.x=10&map358.y=20")
	f.Add("box=NaN,NaN,NaN,NaN&lon=Inf&lat=-Inf")
	f.Add("sender=%00&text=%ff&tree=top&word=0013")
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		w := &wizard{Lon: form.Get("lon"), Lat: form.Get("lat"), Box: form.Get("box")}
		if p := w.point(); !p.Valid() {
			t.Errorf("point %v", p)
		}
		phoneTail(form.Get("word"))
		box, ok := readBox(w.Box)
		if !ok {
			return
		}
		if p, ok := (ui.MapView{Box: box}).Picked(form); ok && (math.IsNaN(p.Lon) || math.IsNaN(p.Lat)) {
			t.Errorf("picked %v in %v", p, box)
		}
		w.zoom(box, 0.5)
		w.zoom(box, 2)
		if _, ok := readBox(w.Box); !ok {
			t.Errorf("zooming made %s of %s", w.Box, query)
		}
	})
}
