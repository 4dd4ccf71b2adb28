package assess

import "math"

// The higher-order model: the ability in topic t is θ_t = ρ·g + √(1−ρ²)·ε_t, with the general ability g and all ε_t standard
// normal and independent (de la Torre and Song 2009, with one ρ for all topics). Responses in one topic so tell
// something of the others, and more when ρ is high.

// kernel is the distribution of a topic's ability (columns) for each general ability (rows).
type kernel [nodes]Posterior

func newKernel(rho float64) *kernel {
	var k kernel
	sd := math.Sqrt(1 - float64(rho*rho))
	for g := range k {
		k[g] = normalOn(float64(rho*node(g)), sd)
	}
	return &k
}

// profile is the joint posterior of the general ability and the topics' abilities, which are independent given the general
// one.
type profile struct {
	topics  []string
	general Posterior
	given   []kernel // for each topic: its posterior for each general ability
}

// newProfile computes the posterior of each of the topics from the scored steps, by quadrature in two levels: inside, over a
// topic's ability for a given general one; outside, over the general one.
func newProfile(topics []string, steps []Step, rho float64, trust [len(trusts)]float64) profile {
	p := profile{topics: topics, general: Prior(), given: make([]kernel, len(topics))}
	k := newKernel(rho)
	for t, topic := range topics {
		likelihood := likelihoodOf(topic, steps, trust)
		var marginal Posterior
		for g := range k {
			row := &p.given[t][g]
			for n, weight := range k[g] {
				row[n] = float64(weight * likelihood[n])
				marginal[g] += row[n]
			}
			row.normalise()
		}
		for g := range p.general {
			p.general[g] = float64(p.general[g] * marginal[g])
		}
		p.general.normalise()
	}
	return p
}

// likelihoodOf returns how probable the responses in a topic are at each ability, up to a factor. What the whole session
// says of the trust in labels is taken as known.
func likelihoodOf(topic string, steps []Step, trust [len(trusts)]float64) Posterior {
	var flat Posterior
	for n := range flat {
		flat[n] = 1.0 / nodes
	}
	b := newBelief(flat)
	for j := range b {
		for n := range b[j] {
			b[j][n] = float64(b[j][n] * trust[j])
		}
	}
	for _, step := range steps {
		if right, counts := step.scored(); counts && step.Item.Topic == topic {
			b = b.after(step.Item, right)
		}
	}
	return b.theta()
}

// topic returns the posterior of the ability in the t-th topic.
func (p profile) topic(t int) Posterior {
	var out Posterior
	for g, weight := range p.general {
		for n, w := range p.given[t][g] {
			out[n] += float64(weight * w)
		}
	}
	return out
}

// TopicAbility is what a session says about one topic.
type TopicAbility struct {
	Topic   string `json:"topic"`
	Asked   int    `json:"asked"` // scored items
	Right   int    `json:"right"`
	Ability        // by the higher-order model
	Low     int    `json:"low"` // the 80 % interval on the scale of scores, 0 to 300
	High    int    `json:"high"`
	Level   string `json:"level"`          // as Statement
	More    int    `json:"more,omitempty"` // further items of the kind asked that would settle it; 0 when settled, or out of reach
}

// SettledSE is the standard error, in logits, from which on a topic counts as settled.
const SettledSE = 0.5

// outOfReach is the number of further items from which on none is named.
const outOfReach = 30

// abilities returns the result for each topic in which an item was scored.
func (p profile) abilities(steps []Step) []TopicAbility {
	var out []TopicAbility
	for t, topic := range p.topics {
		posterior := p.topic(t)
		a := TopicAbility{Topic: topic, Ability: posterior.Ability(), Level: Statement(posterior.Levels())}
		told := 0.0
		for _, step := range steps {
			right, counts := step.scored()
			if !counts || step.Item.Topic != topic {
				continue
			}
			a.Asked++
			if right {
				a.Right++
			}
			told += step.Item.Information(a.Theta)
		}
		if a.Asked == 0 {
			continue
		}
		a.Low = Ability{Theta: a.Theta - float64(z80*a.SE)}.Score().Points
		a.High = Ability{Theta: a.Theta + float64(z80*a.SE)}.Score().Points
		a.More = more(a.SE, told/float64(a.Asked))
		out = append(out, a)
	}
	return out
}

// more returns how many items of that information bring a standard error to SettledSE.
func more(se, information float64) int {
	missing := 1/float64(SettledSE*SettledSE) - 1/float64(se*se)
	if missing <= 0 || float64(outOfReach*information) < missing {
		return 0
	}
	return int(math.Ceil(missing / information))
}
