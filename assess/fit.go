package assess

import "math"

// Fit compares the responses to an item with what the model expects, given each candidate's other responses. Both mean
// squares have the expectation 1: above it responses are more erratic than the model says, below it more regular (Wright and
// Masters 1982, chapter 5). The chance of a right response is the mean over the candidate's posterior without the item
// itself, so that neither estimated abilities nor the item's own response bias them.
//
// S-X² (Orlando and Thissen 2000), the usual choice for paper forms, groups candidates by sum scores over one common form,
// which adaptive sessions do not have.
type Fit struct {
	N      int     `json:"n"`
	Infit  float64 `json:"infit"`  // weighted by information
	Outfit float64 `json:"outfit"` // not weighted: outliers count
	Z      float64 `json:"z"`      // infit in standard errors from 1
}

// The limits beyond which an item does not fit: a mean square outside them that chance does not explain.
const (
	fitLow  = 0.7
	fitHigh = 1.3
	fitZ    = 2.6 // 1 in 100
)

// OK reports whether the responses agree with the model. It is false without responses.
func (f Fit) OK() bool {
	return f.N > 0 && (f.Infit >= fitLow && f.Infit <= fitHigh || math.Abs(f.Z) < fitZ)
}

// fitSums are what a Fit is made of.
type fitSums struct {
	n                               int
	square, expected, ratio, spread float64
}

// finish computes standard errors and fit once the parameters have settled.
func (m *model) finish(out *Estimates) {
	fits := make([]fitSums, len(m.items))
	info := make([]curvature, len(m.items))
	chance := make([]Posterior, len(m.items))
	slopes := make([][nodes]derivative, len(m.items))
	for i := range m.items {
		for k := range chance[i] {
			chance[i][k] = m.items[i].Chance(node(k))
			slopes[i][k] = m.items[i].derivatives(node(k))
		}
	}
	var posterior Posterior
	for _, row := range m.rows {
		m.posterior(row, &posterior)
		for _, r := range row {
			fits[r.item].add(m.predict(&chance[r.item], &posterior, r.right), r.right)
			info[r.item].addScore(score(&slopes[r.item], &posterior, r.right))
		}
	}
	for i := range m.items {
		it := &m.items[i]
		fit := fits[i].fit()
		aSD, bSD := m.errors(it, info[i])
		it.N, it.SD, it.Fits = it.n, bSD, fit.OK()
		out.Items = append(out.Items, it.Item)
		out.ASD = append(out.ASD, aSD)
		out.Fit = append(out.Fit, fit)
	}
}

// predict returns the chance of a right response given the candidate's other ones: the posterior with this response divided
// out again.
func (m *model) predict(chance, posterior *Posterior, right bool) float64 {
	sum, p := 0.0, 0.0
	for k, w := range posterior {
		c := chance[k]
		own := c
		if !right {
			own = 1 - c
		}
		if own < 1e-300 {
			continue
		}
		w /= own
		sum += w
		p += float64(w * c)
	}
	return max(1e-9, min(1-1e-9, p/sum))
}

func (s *fitSums) add(p float64, right bool) {
	x := 0.0
	if right {
		x = 1
	}
	variance := float64(p * (1 - p))
	square := float64((x - p) * (x - p))
	s.n++
	s.square += square
	s.expected += variance
	s.ratio += square / variance
	s.spread += float64(variance * (1 - float64(4*variance)))
}

func (s fitSums) fit() Fit {
	if s.n == 0 {
		return Fit{}
	}
	f := Fit{N: s.n, Infit: s.square / s.expected, Outfit: s.ratio / float64(s.n)}
	if s.spread > 0 {
		f.Z = float64((f.Infit-1)*s.expected) / math.Sqrt(s.spread)
	}
	return f
}

// score returns the derivatives of the logarithm of one candidate's likelihood by an item's log a and b (Louis 1982), from
// those of the item's chance at each node.
func score(at *[nodes]derivative, posterior *Posterior, right bool) gradient {
	x := 0.0
	if right {
		x = 1
	}
	var g gradient
	for k, w := range posterior {
		if w < negligible {
			continue
		}
		d := &at[k]
		miss := float64(w*(x-d.p)) / d.pq
		g.a += float64(miss * d.a)
		g.b += float64(miss * d.b)
	}
	return g
}

// addScore adds the square of one candidate's score: their sum estimates the observed information.
func (h *curvature) addScore(g gradient) {
	h.aa += float64(g.a * g.a)
	h.ab += float64(g.a * g.b)
	h.bb += float64(g.b * g.b)
}

// errors returns the posterior standard deviations of a and b, from the item's own block of the information and its priors.
func (m *model) errors(it *estimate, h curvature) (a, b float64) {
	if m.LogASD > 0 {
		h.aa += 1 / float64(m.LogASD*m.LogASD)
	}
	if it.priorSD > 0 {
		h.bb += 1 / float64(it.priorSD*it.priorSD)
	}
	if it.n == 0 {
		return 0, it.priorSD
	}
	if !it.FreeA {
		return 0, min(10, 1/math.Sqrt(max(h.bb, 0.01)))
	}
	det := float64(h.aa*h.bb) - float64(h.ab*h.ab)
	if !(det > 1e-12) {
		return 10, 10
	}
	return min(10, float64(it.A*math.Sqrt(h.bb/det))), min(10, math.Sqrt(h.aa/det))
}
