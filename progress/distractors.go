package progress

import "math"

// ChoiceCount is how often a choice of an item was picked, and how those fared who picked it.
type ChoiceCount struct {
	ID    string `json:"id"`
	Right bool   `json:"right,omitempty"` // it belongs to the key
	N     int    `json:"n"`
	Rest  int64  `json:"rest"` // sum of their mean scores on the other items, in hundredths
}

// ChoiceFigures are the statistics of one choice.
type ChoiceFigures struct {
	ChoiceCount
	Share    Figure   `json:"share"` // of the attempts
	Interval Interval `json:"shareInterval"`
	MeanRest Figure   `json:"meanRest"` // of those who picked it, 0 to 1
	// Correlation of having picked it with the rest, and how many standard errors it is above 0.
	Correlation Figure  `json:"correlation"`
	Z           float64 `json:"z"`
}

// Choices returns the statistics of an item's choices, in their order.
func (s *ItemScores) Choices(counts []ChoiceCount) []ChoiceFigures {
	out := make([]ChoiceFigures, len(counts))
	meanO, varO := 0.0, 0.0
	if s.N > 0 {
		meanO, varO = moments(&s.O, s.N)
	}
	n := float64(s.N)
	for i, c := range counts {
		f := ChoiceFigures{ChoiceCount: c, Interval: Interval{0, 1}}
		if s.N > 0 {
			f.Share = figure(float64(c.N) / n)
			f.Interval = shareInterval(f.Share.Value, s.N)
		}
		if c.N > 0 {
			f.MeanRest = figure(float64(c.Rest) / float64(c.N) / 100)
		}
		if c.N > 0 && c.N < s.N && varO > 0 {
			share := f.Share.Value
			covariance := (float64(c.Rest) - n*share*meanO) / (n - 1)
			r := max(-1, min(1, covariance/math.Sqrt(share*(1-share)*n/(n-1)*varO)))
			f.Correlation = figure(r)
			f.Z = r * math.Sqrt(n-1)
		}
		out[i] = f
	}
	return out
}
