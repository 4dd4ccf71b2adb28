package progress

import (
	"fmt"
	"math"
	"slices"
)

// SetFigures are the statistics of a fixed set of items, which every attempt answered in full.
type SetFigures struct {
	Attempts int              `json:"attempts"`
	Mean     Figure           `json:"mean"` // of the totals, in marks
	SD       Figure           `json:"sd"`
	Skewness Figure           `json:"skewness"` // k-statistics
	Kurtosis Figure           `json:"kurtosis"`
	CIC      Figure           `json:"cic"`           // coefficient of internal consistency (Cronbach's alpha), in percent
	Error    Figure           `json:"errorRatio"`    // share of the spread that is chance, in percent
	SE       Figure           `json:"standardError"` // of a total, in marks
	Items    []SetItemFigures `json:"items"`
	Twins    []Twins          `json:"twins"`
}

// SetItemFigures are those of one item of the set, as Moodle defines them.
type SetItemFigures struct {
	Facility        Figure `json:"facility"` // mean mark as a share of the highest one
	SD              Figure `json:"sd"`       // as such a share
	Discrimination  Figure `json:"discrimination"`
	Efficiency      Figure `json:"efficiency"`
	EffectiveWeight Figure `json:"effectiveWeight"` // the item's part in the spread of totals, in percent
}

// Twins are two items whose marks go together far more than the rest of the set explains: one may be a duplicate of the other,
// or give its key away. It is the linear form of Q3 (Yen 1984).
type Twins struct {
	First       int     `json:"first"` // places of the items
	Second      int     `json:"second"`
	Correlation float64 `json:"correlation"` // given the rest
}

// AnalyseSet computes the statistics of a fixed set: marks by attempt and item, and the highest mark of each item.
func AnalyseSet(marks [][]float64, highest []float64) (SetFigures, error) {
	for a, row := range marks {
		if len(row) != len(highest) {
			return SetFigures{}, fmt.Errorf("attempt %d has %d marks, and the set has %d items", a, len(row), len(highest))
		}
	}
	s := SetFigures{Attempts: len(marks)}
	totals := make([]float64, len(marks))
	for a, row := range marks {
		for _, x := range row {
			totals[a] += x
		}
	}
	columns := make([][]float64, len(highest))
	for i := range columns {
		columns[i] = make([]float64, len(marks))
		for a, row := range marks {
			columns[i][a] = row[i]
		}
	}
	s.spread(totals)
	s.reliability(columns, totals)
	s.items(columns, totals, highest)
	s.twins(columns, totals)
	return s, nil
}

// spread computes what the totals look like. Skewness and kurtosis are k3/k2^1.5 and k4/k2² with Fisher's k-statistics.
func (s *SetFigures) spread(totals []float64) {
	n := float64(len(totals))
	if n == 0 {
		return
	}
	m := mean(totals)
	var m2, m3, m4 float64
	for _, t := range totals {
		d := t - m
		m2, m3, m4 = m2+d*d/n, m3+d*d*d/n, m4+d*d*d*d/n
	}
	s.Mean = figure(m)
	if n < 2 {
		return
	}
	k2 := m2 * n / (n - 1)
	s.SD = figure(math.Sqrt(k2))
	if n > 2 {
		s.Skewness = figure(n * n * m3 / (n - 1) / (n - 2) / math.Pow(k2, 1.5))
	}
	if n > 3 {
		s.Kurtosis = figure(n * n * ((n+1)*m4 - 3*(n-1)*m2*m2) / (n - 1) / (n - 2) / (n - 3) / (k2 * k2))
	}
}

// reliability computes CIC = 100·k/(k−1)·(1 − Σ var x/var T), the error ratio 100·√(1 − CIC/100), and the standard error.
func (s *SetFigures) reliability(columns [][]float64, totals []float64) {
	k := float64(len(columns))
	sum := 0.0
	for _, x := range columns {
		sum += covariance(x, x)
	}
	s.CIC = figure(100 * k / (k - 1) * (1 - sum/covariance(totals, totals)))
	if s.CIC.Known && s.CIC.Value <= 100 {
		s.Error = figure(100 * math.Sqrt(1-s.CIC.Value/100))
		s.SE = figure(s.SD.Value * s.Error.Value / 100)
	}
}

// items computes the statistics of each item. An item that goes against the others has no effective weight.
func (s *SetFigures) items(columns [][]float64, totals, highest []float64) {
	weights := 0.0
	for _, x := range columns {
		weights += math.Sqrt(max(0, covariance(x, totals)))
	}
	for i, x := range columns {
		rest := without(totals, x)
		cov := covariance(x, rest)
		with := covariance(x, totals)
		f := SetItemFigures{
			Facility:       figure(mean(x) / highest[i]),
			SD:             figure(math.Sqrt(covariance(x, x)) / highest[i]),
			Discrimination: figure(100 * cov / math.Sqrt(covariance(x, x)*covariance(rest, rest))),
			Efficiency:     figure(100 * cov / covariance(slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(rest)))),
		}
		if with >= 0 {
			f.EffectiveWeight = figure(100 * math.Sqrt(with) / weights)
		}
		s.Items = append(s.Items, f)
	}
}

// twins finds pairs whose correlation, given the total of the other items, is above what items of one topic have.
func (s *SetFigures) twins(columns [][]float64, totals []float64) {
	if len(totals) < MinFlagN {
		return
	}
	for i, x := range columns {
		for j := i + 1; j < len(columns); j++ {
			y := columns[j]
			rest := without(without(totals, x), y)
			xr, yr := correlation(x, rest), correlation(y, rest)
			r := (correlation(x, y) - xr*yr) / math.Sqrt((1-xr*xr)*(1-yr*yr))
			if r > sameItem {
				s.Twins = append(s.Twins, Twins{i, j, r})
			}
		}
	}
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// covariance is that of a sample: it divides by n − 1.
func covariance(x, y []float64) float64 {
	mx, my, sum := mean(x), mean(y), 0.0
	for i := range x {
		sum += (x[i] - mx) * (y[i] - my)
	}
	return sum / float64(len(x)-1)
}

func correlation(x, y []float64) float64 {
	return covariance(x, y) / math.Sqrt(covariance(x, x)*covariance(y, y))
}

// without takes the marks of an item out of totals.
func without(totals, x []float64) []float64 {
	out := make([]float64, len(totals))
	for i := range totals {
		out[i] = totals[i] - x[i]
	}
	return out
}
