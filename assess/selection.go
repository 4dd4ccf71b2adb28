package assess

import (
	"cmp"
	"slices"
)

// Why is the reason for which an item was asked.
type Why struct {
	Pilot    bool      `json:"pilot,omitempty"` // unscored: new, or its key was known
	Before   Ability   `json:"before"`          // the estimate that the choice rests on
	Eligible int       `json:"eligible"`        // items of the topic, or pilots, that might have been asked
	Best     []float64 `json:"best,omitempty"`  // information of the best ones at the estimate, best first
	Held     []float64 `json:"held,omitempty"`  // the share of it that did not count, because the item was asked often
	Draw     int       `json:"draw"`            // the place, from 0, that was drawn: in Best, or among the pilots
}

// pick chooses the next scored item: inside the topic that owes most by the blueprint, one of the best few by information at
// the estimate, drawn at random (the randomesque method with content balancing, Kingsbury and Zara 1989). It returns -1
// when nothing is left.
func (s *Session) pick(d *dice, exposure map[string]float64) (int, Why) {
	why := Why{Before: s.belief.theta().Ability()}
	for _, topic := range s.blueprint.owing(s.asked) {
		var list []int
		for _, i := range s.topics[topic] {
			if s.mayAsk(i) {
				list = append(list, i)
			}
		}
		if len(list) == 0 {
			continue
		}
		why.Eligible = len(list)
		best := s.best(list, why.Before.Theta, exposure)
		for _, b := range best {
			why.Best = append(why.Best, b.information)
			why.Held = append(why.Held, b.held)
		}
		if !slices.ContainsFunc(best, func(c candidate) bool { return c.held > 0 }) {
			why.Held = nil
		}
		why.Draw = d.below(len(best))
		return best[why.Draw].item, why
	}
	return -1, why
}

// mayAsk reports whether an item was not asked yet and is no variant of the latest one.
func (s *Session) mayAsk(i int) bool {
	if s.used[i] {
		return false
	}
	if len(s.log.Steps) == 0 {
		return true
	}
	last := s.log.Steps[len(s.log.Steps)-1].Item.Concept
	return last == "" || s.pool[i].Concept != last
}

// candidate is an item that may be next.
type candidate struct {
	item        int
	information float64
	held        float64 // the share of its information that does not count, because it was asked often
}

// worth is the information that counts.
func (x candidate) worth() float64 { return float64(x.information * max(0, 1-x.held)) }

// before orders candidates: what is worth more comes first, then what was asked less; ids break ties.
func (x candidate) before(y candidate) bool {
	return cmp.Or(cmp.Compare(y.worth(), x.worth()), cmp.Compare(x.held, y.held), cmp.Compare(x.item, y.item)) < 0
}

// best returns the items that tell most at theta, as many as the rules draw from, best first. The more often an item was
// asked lately, the less its information counts, and at the cap nothing of it: such items come only when there is no other,
// the least asked ones first. The cap is soft, since a session must go on (after the restricted method of Revuelta and
// Ponsoda 1998).
func (s *Session) best(list []int, theta float64, exposure map[string]float64) []candidate {
	best := make([]candidate, 0, s.log.Rules.Random+1)
	for _, i := range list {
		held := 0.0
		if len(exposure) > 0 {
			held = exposure[s.pool[i].ID] / s.log.Rules.Cap
		}
		c := candidate{i, s.curves[i].information(theta), held}
		at := len(best)
		for at > 0 && c.before(best[at-1]) {
			at--
		}
		if at < s.log.Rules.Random {
			best = slices.Insert(best, at, c)
			best = best[:min(len(best), s.log.Rules.Random)]
		}
	}
	return best
}

// pilot chooses an unscored item: a new one if there is any, else one whose key the candidate knows. It returns -1 when
// there is neither.
func (s *Session) pilot(d *dice) (int, Why) {
	why := Why{Pilot: true, Before: s.belief.theta().Ability()}
	for _, seen := range []bool{false, true} {
		var list []int
		for _, i := range s.unscored {
			if s.pool[i].Seen == seen && s.mayAsk(i) {
				list = append(list, i)
			}
		}
		if len(list) > 0 {
			why.Eligible, why.Draw = len(list), d.below(len(list))
			return list[why.Draw], why
		}
	}
	return -1, why
}

// pilotPlaces returns the positions at which a session asks unscored items: distinct ones from 2 to 9, so that every
// session of the usual length meets them and none begins with one.
func pilotPlaces(seed uint64, n int) []int {
	places := []int{2, 3, 4, 5, 6, 7, 8, 9}
	shuffle(newDice(seed, streamPilots), places)
	return places[:min(n, len(places))]
}
