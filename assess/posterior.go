package assess

import "math"

// The grid of abilities on which posteriors live: 61 nodes from −6 to 6 in steps of 0.2.
const (
	nodes    = 61
	gridEnd  = 6
	gridStep = 2.0 * gridEnd / (nodes - 1)
)

// node returns the ability at a place of the grid.
func node(k int) float64 { return float64(k-nodes/2) / 5 }

// Posterior says how probable each ability is, as weights on the grid that add up to 1. The zero value is not one: see Prior.
type Posterior [nodes]float64

// Prior returns what is known before the first response: θ is standard normal.
func Prior() Posterior { return normalOn(0, 1) }

// normalOn returns a normal distribution on the grid.
func normalOn(mean, sd float64) Posterior {
	var p Posterior
	for k := range p {
		z := (node(k) - mean) / sd
		p[k] = exp(float64(float64(z*z) * -0.5))
	}
	p.normalise()
	return p
}

// normalise makes the weights add up to 1. One with hardly any weight stays as it is.
func (p *Posterior) normalise() {
	sum := 0.0
	for _, w := range p {
		sum += w
	}
	if sum < 1e-300 {
		return
	}
	part := 1 / sum
	for k := range p {
		p[k] = float64(p[k] * part)
	}
}

// After returns the posterior once a response to the item is known.
func (p Posterior) After(it Item, right bool) Posterior {
	for k, l := range it.likelihood(right) {
		p[k] = float64(p[k] * l)
	}
	p.normalise()
	return p
}

// likelihood returns how probable a right or a wrong response is at each node.
func (it Item) likelihood(right bool) Posterior {
	var l Posterior
	v := it.curve()
	for k := range l {
		if right {
			l[k] = v.chance(node(k))
		} else {
			l[k] = v.miss(node(k))
		}
	}
	return l
}

// Ability is an estimate of θ and how unsure it is, both in logits.
type Ability struct {
	Theta float64 `json:"theta"` // the mean of the posterior (EAP)
	SE    float64 `json:"se"`    // its standard deviation
}

// Ability returns the expected a posteriori estimate: θ̂ = Σ t·w, SE = √Σ (t−θ̂)²·w (Bock and Mislevy 1982).
func (p Posterior) Ability() Ability {
	var a Ability
	for k, w := range p {
		a.Theta += float64(node(k) * w)
	}
	sum := 0.0
	for k, w := range p {
		d := node(k) - a.Theta
		sum += float64(float64(d*d) * w)
	}
	a.SE = math.Sqrt(sum)
	return a
}

// Above returns the probability that θ is above cut. Each node's weight is spread evenly over its step.
func (p Posterior) Above(cut float64) float64 {
	sum := 0.0
	for k, w := range p {
		share := (node(k)-cut)/gridStep + 0.5
		sum += float64(w * max(0, min(1, share)))
	}
	return min(1, sum)
}
