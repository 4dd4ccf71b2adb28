package assess

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Calibration is what item parameters are estimated with.
type Calibration struct {
	// Items are those to estimate, with what was known of them before: B and SD are the prior of b, where an SD of 0 means
	// that nothing is known; C stays as it is.
	Items []Item
	// LogASD is the spread of the prior of log a around 0; 0 means that nothing is known.
	LogASD float64
	// MinFreeA is how many responses an item needs for its a to be estimated; with fewer it is 1.
	MinFreeA int
}

// DefaultLogASD is the spread of the prior of log a.
const DefaultLogASD = 0.4

// Observation is the first, unassisted response of one candidate to one item.
type Observation struct {
	Candidate string
	Item      string
	Right     bool
}

// Estimates is what a calibration found.
type Estimates struct {
	Items      []Item // by id, with new A, B, SD, N, FreeA and Fits
	ASD        []float64
	Fit        []Fit
	Candidates int
	Responses  int
	// LogLikelihood is the marginal one of all responses, without the priors.
	LogLikelihood float64
	Rounds        int // of the EM algorithm
}

const (
	maxRounds = 500
	// settled is the greatest change of a parameter in one round at which the algorithm stops.
	settled = 1e-4
)

// Run estimates a and b of every item by Bayesian marginal maximum likelihood: the EM algorithm of Bock and Aitkin (1981)
// with priors on b and log a (Mislevy 1986), abilities being standard normal. The result does not depend on the order of
// items or observations. Observations of items that are not in Items, and all but one of a candidate and an item, are an
// error.
func (c Calibration) Run(observations []Observation) (Estimates, error) {
	m, err := c.prepare(observations)
	if err != nil {
		return Estimates{}, err
	}
	out := Estimates{Candidates: len(m.rows), Responses: len(observations)}
	for out.Rounds = 1; out.Rounds <= maxRounds; out.Rounds++ {
		m.tabulate()
		out.LogLikelihood = m.expect()
		if m.maximise() < settled {
			break
		}
	}
	m.tabulate()
	out.LogLikelihood = m.expect()
	m.finish(&out)
	return out, nil
}

// model is a calibration at work.
type model struct {
	Calibration
	items []estimate
	rows  [][]cell // a candidate's responses, by item
	prior Posterior
}

// estimate is one item: its parameters so far, and the expected counts at each node.
type estimate struct {
	Item
	priorB, priorSD float64
	n               int
	right, wrong    Posterior
	// logP and logQ are the logarithms of the chances of a right and a wrong response.
	logP, logQ Posterior
}

// cell is one response.
type cell struct {
	item  int
	right bool
}

// prepare sorts items and observations, so that every sum is added in one order.
func (c Calibration) prepare(observations []Observation) (*model, error) {
	m := &model{Calibration: c, prior: Prior()}
	items := slices.SortedFunc(slices.Values(c.Items), func(x, y Item) int { return cmp.Compare(x.ID, y.ID) })
	place := make(map[string]int, len(items))
	for i, it := range items {
		if err := it.Check(); err != nil {
			return nil, err
		}
		if _, twice := place[it.ID]; twice {
			return nil, fmt.Errorf("item %s comes twice", it.ID)
		}
		place[it.ID] = i
		m.items = append(m.items, estimate{Item: it, priorB: it.B, priorSD: it.SD})
	}
	sorted := slices.SortedFunc(slices.Values(observations), func(x, y Observation) int {
		return cmp.Or(cmp.Compare(x.Candidate, y.Candidate), cmp.Compare(x.Item, y.Item))
	})
	for i, o := range sorted {
		item, known := place[o.Item]
		switch {
		case !known:
			return nil, fmt.Errorf("a response to item %s, which is not calibrated", o.Item)
		case i > 0 && o.Candidate == sorted[i-1].Candidate && o.Item == sorted[i-1].Item:
			return nil, fmt.Errorf("candidate %s responded twice to item %s", o.Candidate, o.Item)
		case i == 0 || o.Candidate != sorted[i-1].Candidate:
			m.rows = append(m.rows, nil)
		}
		last := len(m.rows) - 1
		m.rows[last] = append(m.rows[last], cell{item, o.Right})
		m.items[item].n++
	}
	for i := range m.items {
		it := &m.items[i]
		it.FreeA = it.n >= c.MinFreeA && it.n > 0
		it.A, it.SD = 1, 0
	}
	return m, nil
}

// tabulate computes the chances at every node, and empties the counts.
func (m *model) tabulate() {
	for i := range m.items {
		it := &m.items[i]
		v := it.curve()
		for k := range it.logP {
			it.logP[k], it.logQ[k] = log(v.chance(node(k))), log(v.miss(node(k)))
		}
		it.right, it.wrong = Posterior{}, Posterior{}
	}
}

// expect is the E step: it spreads each candidate's responses over the nodes by the candidate's posterior, and returns the
// log-likelihood.
func (m *model) expect() float64 {
	total := 0.0
	var posterior Posterior
	for _, row := range m.rows {
		total += m.posterior(row, &posterior)
		from, to := support(&posterior)
		for _, r := range row {
			counts := m.items[r.item].wrong[from:to]
			if r.right {
				counts = m.items[r.item].right[from:to]
			}
			for k, w := range posterior[from:to] {
				counts[k] += w
			}
		}
	}
	return total
}

// negligible is the weight below which a node at the end of a posterior is left out of the counts.
const negligible = 1e-10

// unthinkable is the logarithm of a likelihood, against the highest, that is taken as 0: it would change no sum.
const unthinkable = -50

// support returns the nodes outside of which a posterior has no weight worth counting.
func support(p *Posterior) (from, to int) {
	to = nodes
	for from < to && p[from] < negligible {
		from++
	}
	for to > from && p[to-1] < negligible {
		to--
	}
	return from, to
}

// posterior computes a candidate's posterior, and returns the logarithm of how probable the responses are.
func (m *model) posterior(row []cell, p *Posterior) float64 {
	*p = Posterior{}
	for _, r := range row {
		table := &m.items[r.item].logQ
		if r.right {
			table = &m.items[r.item].logP
		}
		for k := range p {
			p[k] += table[k]
		}
	}
	top := slices.Max(p[:])
	sum := 0.0
	for k := range p {
		if p[k] -= top; p[k] < unthinkable {
			p[k] = 0
			continue
		}
		p[k] = float64(exp(p[k]) * m.prior[k])
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return top + log(sum)
}

// maximise is the M step: it moves every item to the parameters that make the expected counts most probable. It returns the
// greatest change.
func (m *model) maximise() float64 {
	change := 0.0
	for i := range m.items {
		it := &m.items[i]
		if it.n == 0 {
			continue
		}
		a, b, from := it.A, it.B, m.worth(it)
		for range 3 {
			m.step(it)
		}
		change = max(change, math.Abs(it.A-a), math.Abs(it.B-b))
		nextA, nextB := it.A, it.B
		it.hold(float64(a*exp(float64(further*log(it.A/a)))), b+float64(further*(it.B-b)))
		if m.worth(it) < from {
			it.hold(nextA, nextB)
		}
	}
	return change
}

// worth is what the M step makes as great as it can: the logarithm of how probable the expected counts and an item's parameters
// are, up to a constant.
func (m *model) worth(it *estimate) float64 {
	sum := 0.0
	v := it.curve()
	for k := range it.right {
		if it.right[k]+it.wrong[k] < negligible {
			continue
		}
		sum += float64(it.right[k]*log(max(1e-300, v.chance(node(k))))) + float64(it.wrong[k]*log(max(1e-300, v.miss(node(k)))))
	}
	if m.LogASD > 0 {
		z := log(it.A) / m.LogASD
		sum -= float64(z*z) / 2
	}
	if it.priorSD > 0 {
		z := (it.B - it.priorB) / it.priorSD
		sum -= float64(z*z) / 2
	}
	return sum
}

// further is how far each round goes, as a multiple of what the EM algorithm says. It converges below 2, and saves rounds
// (over-relaxation: Peters and Walker 1978).
const further = 1.6

// hold sets a and b, within what Item.Check allows.
func (it *estimate) hold(a, b float64) {
	it.A, it.B = max(0.05, min(10, a)), max(-10, min(10, b))
}

// maxStep bounds one step of the scoring, in log a and in logits of b.
const maxStep = 0.5

// halvings is how often a step is halved that made things worse. Scoring expects what the model says: far from it, as with a
// wrong key, whole steps can go round in circles for ever.
const halvings = 8

// step is one step of Fisher scoring in (log a, b). With few or uniform responses and no prior there is no maximum: the
// parameters are held within what Item.Check allows.
func (m *model) step(it *estimate) {
	g, h := m.slopes(it)
	var da, db float64
	if it.FreeA {
		det := float64(h.aa*h.bb) - float64(h.ab*h.ab)
		if !(det > 1e-12) {
			return
		}
		da = (float64(g.a*h.bb) - float64(g.b*h.ab)) / det
		db = (float64(g.b*h.aa) - float64(g.a*h.ab)) / det
	} else if h.bb > 0 {
		db = g.b / h.bb
	}
	if long := max(math.Abs(da), math.Abs(db)); long > maxStep { // both alike, or the way would not lead upwards
		da, db = float64(da*(maxStep/long)), float64(db*(maxStep/long))
	}
	a, b, from := it.A, it.B, m.worth(it)
	for range halvings {
		it.hold(float64(a*exp(da)), b+db)
		if m.worth(it) >= from {
			return
		}
		da, db = da/2, db/2
	}
	it.hold(a, b)
}

// gradient and curvature are derivatives of the log posterior by log a and b; the curvature is the expected negative one.
type (
	gradient  struct{ a, b float64 }
	curvature struct{ aa, ab, bb float64 }
)

// slopes returns the derivatives from the expected counts and the priors.
func (m *model) slopes(it *estimate) (gradient, curvature) {
	var g gradient
	var h curvature
	for k := range it.right {
		tried := it.right[k] + it.wrong[k]
		if tried < negligible {
			continue
		}
		d := it.derivatives(node(k))
		miss := it.right[k] - float64(tried*d.p)
		g.a += float64(miss*d.a) / d.pq
		g.b += float64(miss*d.b) / d.pq
		w := tried / d.pq
		h.aa += float64(w * float64(d.a*d.a))
		h.ab += float64(w * float64(d.a*d.b))
		h.bb += float64(w * float64(d.b*d.b))
	}
	if m.LogASD > 0 {
		precision := 1 / float64(m.LogASD*m.LogASD)
		g.a -= float64(log(it.A) * precision)
		h.aa += precision
	}
	if it.priorSD > 0 {
		precision := 1 / float64(it.priorSD*it.priorSD)
		g.b -= float64((it.B - it.priorB) * precision)
		h.bb += precision
	}
	return g, h
}

// derivative holds P at one ability, P·(1−P), and the derivatives of P by log a and by b.
type derivative struct{ p, pq, a, b float64 }

func (it *estimate) derivatives(theta float64) derivative {
	l := logistic(float64(it.A * (theta - it.B)))
	p := it.C + float64((1-it.C)*l)
	slope := float64(float64((1-it.C)*float64(l*(1-l))) * it.A)
	return derivative{p: p, pq: max(1e-12, float64(p*(1-p))), a: float64(slope * (theta - it.B)), b: -slope}
}
