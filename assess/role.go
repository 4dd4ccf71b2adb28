package assess

import (
	"fmt"
	"math"
)

// Role is what a position asks for: how much each topic weighs, and the weighted mean of abilities that is enough.
type Role struct {
	ID      string  `json:"id"`
	Weights []Share `json:"weights"` // any positive numbers
	Cut     float64 `json:"cut"`     // in logits
}

// Check returns an error that names what is wrong with a role.
func (r Role) Check() error {
	if len(r.Weights) == 0 {
		return fmt.Errorf("role %s: no weights", r.ID)
	}
	for _, w := range r.Weights {
		if !(w.Share > 0 && w.Share <= 1e6) {
			return fmt.Errorf("role %s: the weight of topic %s is %v, which is not above 0", r.ID, w.Topic, w.Share)
		}
	}
	if !(r.Cut >= -gridEnd && r.Cut <= gridEnd) {
		return fmt.Errorf("role %s: the cut %v is not between -6 and 6", r.ID, r.Cut)
	}
	return nil
}

// Readiness is how probable it is that a candidate is ready for a role. It is a model's estimate, not validated against
// hiring results, and not for selection decisions.
type Readiness struct {
	Role    string `json:"role"`
	Ability        // the weighted mean of the topics' abilities
	// P is the chance that it is above the role's cut.
	P float64 `json:"p"`
	// Percent is P as it is shown, rounded to 5 and never 0 or 100.
	Percent int `json:"percent"`
	// Hidden says that it is not shown: fewer than 15 responses, or SE above 0.5.
	Hidden bool `json:"hidden,omitempty"`
}

// When a readiness may be shown.
const (
	readyResponses = 15
	readySE        = 0.5
)

// readiness returns P(Σ w_t·θ_t > cut). Given the general ability the sum is taken as normal, with the mean and variance
// that it has; over the general ability it is summed on the grid.
func (p profile) readiness(r Role, scored int) Readiness {
	total := 0.0
	for _, w := range r.Weights {
		total += w.Share
	}
	var mean, variance Posterior // of the sum, for each general ability
	for _, w := range r.Weights {
		weight := w.Share / total
		given := p.givenOf(w.Topic)
		for g := range mean {
			a := given[g].Ability()
			mean[g] += float64(weight * a.Theta)
			part := float64(weight * a.SE)
			variance[g] += float64(part * part)
		}
	}
	out := Readiness{Role: r.ID}
	for g, w := range p.general {
		if w == 0 { // nothing is known there, not even a variance
			continue
		}
		out.Theta += float64(w * mean[g])
		out.P += float64(w * normalCDF((mean[g]-r.Cut)/math.Sqrt(variance[g])))
	}
	sum := 0.0
	for g, w := range p.general {
		d := mean[g] - out.Theta
		sum += float64(w * (variance[g] + float64(d*d)))
	}
	out.SE = math.Sqrt(sum)
	out.P = max(0, min(1, out.P))
	out.Percent = max(5, min(95, 5*int(math.Round(float64(20*out.P)))))
	out.Hidden = scored < readyResponses || out.SE > readySE
	return out
}

// givenOf returns a topic's posteriors for each general ability. newProfile was told of every topic that a role weighs.
func (p profile) givenOf(topic string) *kernel {
	for t, name := range p.topics {
		if name == topic {
			return &p.given[t]
		}
	}
	panic("assess: topic " + topic + " is not in the profile")
}
