package progress

import "math"

// Figure is one statistic. It is not known where it is not defined, as a correlation with something that never varies.
type Figure struct {
	Value float64 `json:"value"`
	Known bool    `json:"known"`
}

// figure returns a known figure, unless the value is no number.
func figure(v float64) Figure {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Figure{}
	}
	return Figure{v, true}
}

// Interval is where a statistic lies with 95 % certainty, unless said otherwise.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

const z95 = 1.959964

// z80 is the quantile of the normal distribution that leaves a tenth on each side.
const z80 = 1.281552

// Likely returns where a share lies with 80 % certainty, seen from part of some (Wilson 1927).
func Likely(part, of int) Interval {
	if of == 0 {
		return Interval{0, 1}
	}
	return wilson(float64(part)/float64(of), of, z80)
}

// shareInterval returns the interval of a share of n (Wilson 1927). A mean score stands for a share: its spread is at most as
// great.
func shareInterval(share float64, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	return wilson(share, n, z95)
}

func wilson(share float64, n int, z float64) Interval {
	z2 := z * z / float64(n)
	middle := (share + z2/2) / (1 + z2)
	half := z / (1 + z2) * math.Sqrt(share*(1-share)/float64(n)+z2/(4*float64(n)))
	return Interval{max(0, middle-half), min(1, middle+half)}
}

// correlationInterval returns the interval of a correlation over n pairs (Fisher 1921).
func correlationInterval(r float64, n int) Interval {
	if n < 4 || math.Abs(r) >= 1 {
		return Interval{-1, 1}
	}
	half := z95 / math.Sqrt(float64(n-3))
	return Interval{math.Tanh(math.Atanh(r) - half), math.Tanh(math.Atanh(r) + half)}
}
