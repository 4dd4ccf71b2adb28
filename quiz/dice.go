package quiz

import (
	"math/bits"
	"math/rand/v2"
)

// dice draws numbers that follow from a seed alone, in every version of Go: the output of PCG is specified, while
// what the helpers of math/rand/v2 make of it is not.
type dice struct{ source *rand.PCG }

// The streams keep the draws for different purposes independent of each other under one seed.
const (
	streamChoose = 1 << 32 // above every position of an attempt
	streamOffset = 1
)

func newDice(seed, stream uint64) dice {
	return dice{rand.NewPCG(mix(seed), mix(stream+streamOffset))}
}

// below returns a number from 0 to n−1, all equally likely (Lemire 2019, with rejection).
func (d dice) below(n int) int {
	bound := uint64(n)
	threshold := -bound % bound
	for {
		high, low := bits.Mul64(d.source.Uint64(), bound)
		if low >= threshold {
			return int(high)
		}
	}
}

// shuffle puts list in random order (Fisher and Yates; Knuth's algorithm P).
func shuffle[T any](d dice, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// mix is the finaliser of splitmix64 (Steele, Lea and Flood 2014): neighbouring numbers give unrelated ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
