package measure

import (
	"math/rand/v2"
	"testing"

	"github.com/expr-lang/expr"
)

// random fills every field of an item, often with the words formulas ask for.
func random(r *rand.Rand) *Item {
	it := &Item{}
	words := []string{"", "accept", "dispatch", "grid-worker", "agent", "falsified-check"}
	for _, f := range fields() {
		switch {
		case f.name == "state":
			words := []string{"done", "returned", "closed", "rejected", "merged", "running"}
			it.State = words[r.IntN(len(words))]
		case f.text != nil && len(f.values) > 0:
			*f.text(it) = f.values[r.IntN(len(f.values))]
		case f.text != nil:
			*f.text(it) = words[r.IntN(len(words))]
		case f.truth != nil:
			*f.truth(it) = r.IntN(2) == 0
		default:
			*f.number(it) = r.IntN(6)
		}
	}
	for _, mark := range []string{"answer-quality", "report-quality"} {
		if r.IntN(2) == 0 {
			it.Marks = append(it.Marks, Given{mark, float64(r.IntN(5)) / 4})
		}
	}
	return it
}

// The functions that formulas are turned into answer as expr's own machine does.
func TestTurnedAnswersAsExpr(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	formulas, yes := 0, 0
	more := &Indicator{Name: "more", Over: Tasks, Of: `matter startsWith "acc" or not (minutes > 2 and minutes + round * 2 - 1 <= 7 / 2)`,
		Worth: `work != verify ? -(-0.5) : (step in ["accept", "dispatch"] ? 1 : minutes / 5)`}
	for _, i := range append([]*Indicator{more}, base(t).Indicators...) {
		for source, option := range map[string]expr.Option{i.Of: expr.AsBool(), i.Counts: expr.AsBool(), i.Worth: expr.AsFloat64()} {
			if source == "" {
				continue
			}
			formulas++
			p, _, bad := condition(source, i.Over, []string{"answer-quality", "report-quality"}, option)
			if bad != nil {
				t.Fatalf("%s: %s", source, bad.text.EN)
			}
			program, err := expr.Compile(source, expr.Env(itemEnv(&Item{})), option)
			if err != nil {
				t.Fatal(err)
			}
			for range 300 {
				it := random(r)
				want, err := expr.Run(program, itemEnv(it))
				if err != nil {
					t.Fatal(err)
				}
				var got any
				if p.truth != nil {
					got = p.truth(it)
				} else {
					got = p.number(it)
				}
				if got != want {
					t.Fatalf("%s on %+v: got %v, want %v", source, it, got, want)
				}
				if got == true {
					yes++
				}
			}
		}
	}
	if formulas < 60 || yes < 1_000 {
		t.Errorf("only %d formulas were tried, of which %d answers were yes", formulas, yes)
	}
}

// A month of a large district is 210,000 to 230,000 items; 40 indicators over
// every one of them are meant to take less than 3 s on one core.
func BenchmarkMonth(b *testing.B) {
	book := base(b)
	r := rand.New(rand.NewPCG(5, 6))
	items := make([]*Item, 10_000)
	for n := range items {
		items[n] = random(r)
	}
	for b.Loop() {
		for n := range 230_000 {
			it := items[n%len(items)]
			for _, i := range book.Indicators[:40] {
				if i.Takes(it) {
					i.Gives(it)
				}
			}
		}
	}
}
