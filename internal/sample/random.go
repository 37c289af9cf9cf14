package sample

import (
	"hash/fnv"
	"math/rand/v2"
)

// dice is a stream of chance that is the same in every run.
type dice struct{ *rand.Rand }

// roll opens the stream of that name. Each part of the district has its own, so
// that one more story or road name leaves all the rest as it was.
func roll(name string) dice {
	h := fnv.New64a()
	h.Write([]byte(name))
	return dice{rand.New(rand.NewPCG(h.Sum64(), 990101))}
}

// chance is true in p of all cases.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between gives a number from lo up to, not including, hi.
func (d dice) between(lo, hi float64) float64 { return lo + (hi-lo)*d.Float64() }

// from gives lo..hi, both included.
func (d dice) from(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// one picks one of the list, each as likely.
func one[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted picks an index, each as likely as its weight.
func (d dice) weighted(weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	at := d.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// shuffled returns a copy of the list in another order.
func shuffled[T any](d dice, list []T) []T {
	other := append([]T(nil), list...)
	d.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return other
}
