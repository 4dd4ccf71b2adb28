package progress

import (
	"math"
	"testing"
)

// The figures are those of the formula worked by hand: z² = 1.6424, and for 3 of 4 the middle is (0.75 +
// 0.2053) / 1.4106 and half the width 0.9085 · √(0.1875/4 + 0.4106/16).
func TestLikely(t *testing.T) {
	tests := []struct {
		part, of  int
		low, high float64
	}{
		{0, 0, 0, 1}, {3, 4, .4325, .9219}, {1, 2, .1645, .8355}, {0, 1, 0, .6215}, {91, 100, .8664, .9404},
	}
	for _, tt := range tests {
		got := Likely(tt.part, tt.of)
		if math.Abs(got.Low-tt.low) > .0005 || math.Abs(got.High-tt.high) > .0005 {
			t.Errorf("%d of %d: got %.4f to %.4f, want %.4f to %.4f", tt.part, tt.of, got.Low, got.High, tt.low, tt.high)
		}
	}
}
