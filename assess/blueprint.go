package assess

import (
	"cmp"
	"fmt"
	"slices"
)

// Share is the part of a session that a topic is meant to have.
type Share struct {
	Topic string  `json:"topic"`
	Share float64 `json:"share"` // above 0; all shares of a blueprint add up to 1 once a session has begun
}

// Blueprint says what a session is about, as shares of its scored items.
type Blueprint []Share

// Even returns a blueprint that gives each topic the same share.
func Even(topics ...string) Blueprint {
	b := make(Blueprint, len(topics))
	for i, t := range topics {
		b[i] = Share{Topic: t, Share: 1 / float64(len(topics))}
	}
	return b
}

// Over returns the blueprint for the topics that have scored items in pool, its shares adding up to 1.
func (b Blueprint) Over(pool []Item) (Blueprint, error) {
	has := map[string]bool{}
	for _, it := range pool {
		has[it.Topic] = has[it.Topic] || it.Scored()
	}
	var out Blueprint
	sum := 0.0
	for _, s := range b {
		if !(s.Share > 0 && s.Share <= 1e6) {
			return nil, fmt.Errorf("blueprint: the share of topic %s is %v, which is not above 0", s.Topic, s.Share)
		}
		if slices.ContainsFunc(out, func(o Share) bool { return o.Topic == s.Topic }) {
			return nil, fmt.Errorf("blueprint: topic %s comes twice", s.Topic)
		}
		if has[s.Topic] {
			out = append(out, s)
			sum += s.Share
		}
	}
	for i := range out {
		out[i].Share /= sum
	}
	return out, nil
}

// owing orders the topics by how soon they must be asked, given how often each was: the first one is next. Asking always
// the first keeps every topic within one item of its share of n at every n (Tijdeman 1980, "The chairman assignment
// problem"). The largest deficit alone, which is often used, can fall behind by more when there are many topics. The
// order of the blueprint breaks ties.
func (b Blueprint) owing(asked map[string]int) []string {
	n := 0
	for _, s := range b {
		n += asked[s.Topic]
	}
	slack := 0.5
	if len(b) > 1 {
		slack = 1 / float64(2*len(b)-2)
	}
	type due struct {
		topic string
		early bool    // its turn would put it ahead by more than the slack allows
		at    float64 // the item by which it must have been asked
	}
	list := make([]due, len(b))
	for i, s := range b {
		x := float64(asked[s.Topic])
		list[i] = due{s.Topic, float64(s.Share*float64(n+1))-x < slack-1e-9, (x + 1 - slack) / s.Share}
	}
	slices.SortStableFunc(list, func(x, y due) int {
		if x.early != y.early {
			if x.early {
				return 1
			}
			return -1
		}
		return cmp.Compare(x.at, y.at)
	})
	topics := make([]string, len(list))
	for i, d := range list {
		topics[i] = d.topic
	}
	return topics
}
