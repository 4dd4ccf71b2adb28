package assess

import "math"

// The functions here give the same bits on every machine, which math.Exp and math.Log do not promise. Square root, Floor,
// Ldexp and Frexp of package math are exact or correctly rounded everywhere and are used as they are.

const (
	ln2High = 6.93147180369123816490e-01 // ln 2 to 33 bits, so that k·ln2High is exact
	ln2Low  = 1.90821492927058770002e-10
)

// exp returns e to the power x with an error of a few units in the last place: 0 below -708, +Inf above 708.
// Reduction to |r| ≤ ln 2 / 2 as in fdlibm, then the Taylor polynomial of degree 13, whose remainder is below 5e-18.
func exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < -708:
		return 0
	case x > 708:
		return math.Inf(1)
	}
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := (x - float64(k*ln2High)) - float64(k*ln2Low)
	sum := float64(r*(1.0/6227020800)) + 1.0/479001600 // Horner's rule from 1/13! to 1/0!
	sum = float64(sum*r) + 1.0/39916800
	sum = float64(sum*r) + 1.0/3628800
	sum = float64(sum*r) + 1.0/362880
	sum = float64(sum*r) + 1.0/40320
	sum = float64(sum*r) + 1.0/5040
	sum = float64(sum*r) + 1.0/720
	sum = float64(sum*r) + 1.0/120
	sum = float64(sum*r) + 1.0/24
	sum = float64(sum*r) + 1.0/6
	sum = float64(sum*r) + 1.0/2
	sum = float64(sum*r) + 1
	sum = float64(sum*r) + 1
	// 2^k by its bits: k is between -1022 and 1022.
	return float64(sum * math.Float64frombits(uint64(int64(k)+1023)<<52))
}

// log returns the natural logarithm of x > 0, with an error of a few units in the last place. With x = 2^k·m and
// s = (m−1)/(m+1), ln m = 2·(s + s³/3 + s⁵/5 + …) (fdlibm uses the same reduction).
func log(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log(x) // NaN and the infinities
	}
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = m+m, k-1
	}
	s := (m - 1) / (m + 1)
	square := float64(s * s)
	sum := 0.0
	for _, part := range odds { // |s| ≤ 0.172: the remainder is below 1e-20
		sum = float64((sum + part) * square)
	}
	tail := float64(float64(2*s) * sum)
	return float64(float64(k)*ln2High) + (float64(2*s) + (tail + float64(float64(k)*ln2Low)))
}

// odds are 1/25, 1/23 … 1/3.
var odds = [...]float64{
	1.0 / 25, 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3,
}

// logistic returns 1/(1+e^−x).
func logistic(x float64) float64 { return 1 / (1 + exp(-x)) }

// normalCDF returns the share of a standard normal variable below x, with an absolute error below 1e-7
// (Abramowitz and Stegun 1964, 26.2.17).
func normalCDF(x float64) float64 {
	t := 1 / (1 + float64(0.2316419*math.Abs(x)))
	sum := 0.0
	for _, c := range [...]float64{1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530} {
		sum = float64((sum + c) * t)
	}
	tail := float64(float64(exp(float64(float64(x*x)*-0.5))*(1/math.Sqrt(2*math.Pi))) * sum)
	if x < 0 {
		return tail
	}
	return 1 - tail
}

// quantile returns the x below which a standard normal variable lies with probability p, 0 < p < 1, within 4.5e-4
// (Abramowitz and Stegun 1964, 26.2.23): enough to draw simulated candidates, not for more.
func quantile(p float64) float64 {
	if p > 0.5 {
		return -quantile(1 - p)
	}
	t := math.Sqrt(float64(-2 * log(p)))
	top := float64((float64(0.010328*t)+0.802853)*t) + 2.515517
	bottom := float64((float64((float64(0.001308*t)+0.189269)*t)+1.432788)*t) + 1
	return top/bottom - t
}
