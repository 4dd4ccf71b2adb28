package assess

import "math/bits"

// dice is the generator of all that is random here: SplitMix64 (Steele, Lea and Flood 2014), five lines in any language,
// so that anybody can recompute a session's draws. It is fast and well mixed; it keeps no secrets.
type dice struct{ state uint64 }

// newDice returns the generator of one stream under a seed. Streams keep draws for different purposes independent.
func newDice(seed, stream uint64) *dice {
	return &dice{mix(seed) ^ mix(stream+goldenGamma)}
}

const goldenGamma = 0x9e3779b97f4a7c15

// next returns 64 random bits.
func (d *dice) next() uint64 {
	d.state += goldenGamma
	return finish(d.state)
}

// finish is the output function of SplitMix64.
func finish(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// mix gives neighbouring numbers unrelated values.
func mix(x uint64) uint64 { return finish(x + goldenGamma) }

// below returns a number from 0 to n−1, all equally likely (Lemire 2019, with rejection).
func (d *dice) below(n int) int {
	bound := uint64(n)
	threshold := -bound % bound
	for {
		high, low := bits.Mul64(d.next(), bound)
		if low >= threshold {
			return int(high)
		}
	}
}

// float returns a number above 0 and below 1: 52 bits and a half.
func (d *dice) float() float64 { return (float64(d.next()>>12) + 0.5) / (1 << 52) }

// normal returns a standard normal number, by the inverse of the distribution.
func (d *dice) normal() float64 { return quantile(d.float()) }

// shuffle puts list in random order (Fisher and Yates; Knuth's algorithm P).
func shuffle[T any](d *dice, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
