package progress

import "math"

// ItemScores is what the statistics of one item are computed from: for each attempt the score x of the item and the mean
// score O of the attempt's other items (its rest), both in hundredths. Counts and sums are whole numbers, so adding and
// taking away attempts in any order gives the same; a million attempts take no more room than one.
type ItemScores struct {
	N int        `json:"n"`
	X [101]int32 `json:"x"` // attempts by score
	O [101]int32 `json:"o"` // attempts by rest
	// XO is the sum of the products of both.
	XO int64 `json:"xo"`
}

// MinOthers is how many other items an attempt needs for its rest to mean anything.
const MinOthers = 5

// Add counts an attempt in which the item had the score x and the others the mean score rest, from 0 to 1 each.
func (s *ItemScores) Add(x, rest float64) { s.count(x, rest, 1) }

// Remove takes back an attempt that was added.
func (s *ItemScores) Remove(x, rest float64) { s.count(x, rest, -1) }

func (s *ItemScores) count(x, rest float64, by int32) {
	i, o := hundredths(x), hundredths(rest)
	s.N += int(by)
	s.X[i] += by
	s.O[o] += by
	s.XO += int64(by) * int64(i) * int64(o)
}

func hundredths(v float64) int { return int(math.Round(100 * max(0, min(1, v)))) }

// ItemFigures are the statistics of one item, as Moodle defines them.
type ItemFigures struct {
	N                  int      `json:"n"`
	Facility           Figure   `json:"facility"` // mean score, 0 to 1
	FacilityInterval   Interval `json:"facilityInterval"`
	SD                 Figure   `json:"sd"`             // of the score
	Discrimination     Figure   `json:"discrimination"` // correlation of score and rest, in percent
	DiscriminationFrom Interval `json:"discriminationInterval"`
	Efficiency         Figure   `json:"efficiency"` // covariance as a share of the greatest possible one, in percent
}

// Figures computes facility = mean(x), discrimination = 100·cov(x,O)/√(var x·var O), and efficiency = 100·cov(x,O)/cov of
// both sorted, with sample covariances.
func (s *ItemScores) Figures() ItemFigures {
	f := ItemFigures{N: s.N, FacilityInterval: Interval{0, 1}, DiscriminationFrom: Interval{-100, 100}}
	if s.N == 0 {
		return f
	}
	meanX, varX := moments(&s.X, s.N)
	meanO, varO := moments(&s.O, s.N)
	f.Facility = figure(meanX / 100)
	f.FacilityInterval = shareInterval(meanX/100, s.N)
	if s.N < 2 {
		return f
	}
	f.SD = figure(math.Sqrt(varX) / 100)
	covariance := (float64(s.XO) - float64(s.N)*meanX*meanO) / float64(s.N-1)
	if varX == 0 || varO == 0 {
		return f
	}
	r := max(-1, min(1, covariance/math.Sqrt(varX*varO)))
	f.Discrimination = figure(100 * r)
	in := correlationInterval(r, s.N)
	f.DiscriminationFrom = Interval{100 * in.Low, 100 * in.High}
	best := (float64(s.sortedProducts()) - float64(s.N)*meanX*meanO) / float64(s.N-1)
	if best > 0 {
		f.Efficiency = figure(100 * covariance / best)
	}
	return f
}

// moments returns mean and sample variance of what a histogram holds, in hundredths. The variance is 0 for one value, and
// exactly 0 when all values are the same.
func moments(h *[101]int32, n int) (mean, variance float64) {
	var sum, square int64
	for v, count := range h {
		sum += int64(v) * int64(count)
		square += int64(v) * int64(v) * int64(count)
	}
	mean = float64(sum) / float64(n)
	if n < 2 {
		return mean, 0
	}
	// n·Σv² − (Σv)² is a whole number, below 2^63 for up to 10^7 attempts.
	return mean, float64(int64(n)*square-sum*sum) / float64(n) / float64(n-1)
}

// sortedProducts returns Σ x·O when the highest scores go with the highest rests.
func (s *ItemScores) sortedProducts() int64 {
	var sum int64
	x, o := 0, 0
	leftX, leftO := s.X[0], s.O[0]
	for {
		for leftX == 0 {
			if x++; x > 100 {
				return sum
			}
			leftX = s.X[x]
		}
		for leftO == 0 {
			if o++; o > 100 {
				return sum
			}
			leftO = s.O[o]
		}
		both := min(leftX, leftO)
		sum += int64(both) * int64(x) * int64(o)
		leftX -= both
		leftO -= both
	}
}
