package assess

// Authors' labels are wrong in two ways: each by itself, which Item.SD covers, and all together, when easy items are less
// easy and hard ones less hard than they say. The second does not average out over a session. So while items stand on labels
// alone, the share of a label's distance from 0 that is real is unknown, too, and is estimated along with θ.

// trusts are the shares that are thought possible, all as likely before the first response.
var trusts = [...]float64{0.25, 0.5, 0.75, 1}

// belief is the joint posterior of that share and of θ; its weights add up to 1.
type belief [len(trusts)]Posterior

// newBelief returns a belief in which θ has that distribution whatever the share.
func newBelief(theta Posterior) belief {
	var b belief
	for j := range b {
		for k, w := range theta {
			b[j][k] = w / float64(len(trusts))
		}
	}
	return b
}

// after returns the belief once a response to the item is known.
func (b belief) after(it Item, right bool) belief {
	likelihood := it.likelihood(right)
	labelled := it.State() == Pilot
	sum := 0.0
	for j, trust := range trusts {
		if labelled {
			moved := it
			moved.B = float64(trust * it.B)
			likelihood = moved.likelihood(right)
		}
		for k, l := range likelihood {
			b[j][k] = float64(b[j][k] * l)
			sum += b[j][k]
		}
	}
	part := 1 / sum
	for j := range b {
		for k := range b[j] {
			b[j][k] = float64(b[j][k] * part)
		}
	}
	return b
}

// theta returns the posterior of the ability, whatever the share.
func (b belief) theta() Posterior {
	var p Posterior
	for j := range b {
		for k, w := range b[j] {
			p[k] += w
		}
	}
	return p
}

// weights returns how probable each share is.
func (b belief) weights() [len(trusts)]float64 {
	var out [len(trusts)]float64
	for j := range b {
		for _, w := range b[j] {
			out[j] += w
		}
	}
	return out
}
