package measure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Whatever is read, every finding has a text in both languages; and a book
// that is taken keeps its word on any item: rates within 0 and 1, scores within
// 0 and 100.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("indicators: {a: {title: {zh: 一}, over: cases, of: round/0, counts: ((closed))}}"))
	f.Add([]byte("assessments: {a: {}}\nindicators: []\nmarks: 1"))
	f.Fuzz(func(t *testing.T, source []byte) {
		b, findings := Parse(source, "f.yaml")
		for _, n := range findings {
			if n.Text.ZH == "" || n.Text.EN == "" || n.File != "f.yaml" {
				t.Errorf("a finding says too little: %+v", n)
			}
		}
		if b == nil {
			if len(findings) == 0 {
				t.Error("refused without a word")
			}
			return
		}
		r := rand.New(rand.NewPCG(1, 1))
		figures := map[string]Figure{}
		for _, i := range b.Indicators {
			n, sum := 0, 0.0
			for range 20 {
				if it := random(r); i.Takes(it) {
					n++
					sum += i.Gives(it)
				}
			}
			fig := i.Figure(sum, n)
			figures[i.Name] = fig
			if i.Kind == Rate && !(fig.Value >= 0 && fig.Value <= 1) || !(fig.Score >= 0 && fig.Score <= 100) {
				t.Errorf("%s is out of bounds: %+v", i.Name, fig)
			}
		}
		for _, a := range b.Assessments {
			if card := a.Card(figures); math.IsNaN(card.Score) || card.Score < 0 || card.Score > 100 {
				t.Errorf("%s scores %v", a.Name, card.Score)
			}
		}
	})
}
