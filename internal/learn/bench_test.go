package learn_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"linli/internal/learn"
)

// BenchmarkLearn learns 100,000 cases of 400 matters in 100 communities.
func BenchmarkLearn(b *testing.B) {
	history := invented(100_000)
	for b.Loop() {
		learn.Learn(history)
	}
}

func invented(n int) []learn.Example {
	random := rand.New(rand.NewPCG(3, 4))
	all := make([]learn.Example, n)
	for i := range all {
		group, matter, street, community := random.IntN(40), random.IntN(10), random.IntN(10)+1, random.IntN(10)+1
		all[i] = learn.Example{
			Matter: []string{"m", fmt.Sprintf("m%02d", group), fmt.Sprintf("m%02d%03d", group, matter)},
			Area:   learn.AreaPath(fmt.Sprintf("990101%03d%03d", street, community)),
			Unit:   fmt.Sprintf("u-%d", (group+street*random.IntN(3))%60),
		}
	}
	return all
}
