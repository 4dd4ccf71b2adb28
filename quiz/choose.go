package quiz

import (
	"cmp"
	"slices"

	"rehearse/bank"
)

// Choose draws the questions of an attempt from pool: those that pass the filter, at most f.Count, none twice. Topics
// contribute as evenly as they can and are mixed in the result; within a topic the draw is random. The result follows
// from the set of questions, the filter and the seed, not from the order of pool.
func Choose(pool []*bank.Head, f Filter, seed uint64) []*bank.Head {
	topics := byTopic(pool, f)
	d := newDice(seed, streamChoose)
	shuffle(d, topics)
	for _, questions := range topics {
		shuffle(d, questions)
	}
	return interleave(d, deal(topics, f.Count))
}

// Matching returns how many questions of a pool without doubles pass the filter.
func (f Filter) Matching(pool []*bank.Head) (n int) {
	for _, q := range pool {
		if f.passes(q) {
			n++
		}
	}
	return n
}

// byTopic returns the questions that pass, a list for each topic: topics by id, questions by id.
func byTopic(pool []*bank.Head, f Filter) [][]*bank.Head {
	var passed []*bank.Head
	for _, q := range pool {
		if f.passes(q) {
			passed = append(passed, q)
		}
	}
	slices.SortFunc(passed, func(a, b *bank.Head) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.BodyHash, b.BodyHash), cmp.Compare(a.KeyHash, b.KeyHash))
	})
	passed = slices.CompactFunc(passed, func(a, b *bank.Head) bool { return a.ID == b.ID })
	slices.SortStableFunc(passed, func(a, b *bank.Head) int { return cmp.Compare(a.Topic, b.Topic) })

	var topics [][]*bank.Head
	for i, q := range passed {
		if i == 0 || q.Topic != passed[i-1].Topic {
			topics = append(topics, nil)
		}
		last := len(topics) - 1
		topics[last] = append(topics[last], q)
	}
	return topics
}

// deal takes one question of each topic in turn until there are count, and returns what was taken of each topic.
func deal(topics [][]*bank.Head, count int) [][]*bank.Head {
	taken := make([][]*bank.Head, len(topics))
	for round, found := 0, true; found; round++ {
		found = false
		for i, questions := range topics {
			if count > 0 && round < len(questions) {
				taken[i] = questions[:round+1]
				count--
				found = true
			}
		}
	}
	return taken
}

// interleave spreads each topic evenly over the result: the k-th of n questions of a topic comes about (k − ½)/n of
// the way, shifted at random within its share so that topics do not march in step.
func interleave(d dice, topics [][]*bank.Head) []*bank.Head {
	const fine = 1 << 20
	type placed struct {
		at int
		q  *bank.Head
	}
	var all []placed
	for _, questions := range topics {
		for k, q := range questions {
			all = append(all, placed{(k*fine + d.below(fine)) / len(questions), q})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	chosen := make([]*bank.Head, len(all))
	for i, p := range all {
		chosen[i] = p.q
	}
	return chosen
}
