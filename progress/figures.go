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

// Interval is where a statistic lies with 95 % certainty.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

const z95 = 1.959964

// shareInterval returns the interval of a share of n (Wilson 1927). A mean score stands for a share: its spread is at most as
// great.
func shareInterval(share float64, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	z2 := z95 * z95 / float64(n)
	middle := (share + z2/2) / (1 + z2)
	half := z95 / (1 + z2) * math.Sqrt(share*(1-share)/float64(n)+z2/(4*float64(n)))
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
