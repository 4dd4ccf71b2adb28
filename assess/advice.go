package assess

import "math"

// Advice says how many items of a topic and a level to write.
type Advice struct {
	Topic string  `json:"topic"`
	Level string  `json:"level"`
	B     float64 `json:"b"`    // the difficulty to aim at, in logits
	Have  int     `json:"have"` // items that serve it
	Want  int     `json:"want"`
	Add   int     `json:"add"`
}

// serves is the share of what a new item, written for an ability, would tell there, from which on an item serves it.
const serves = 0.8

// Advise returns, for each topic and level, how many items it takes for sessions of full length to ask only items that
// serve that level: the topic's share of them, and enough more to draw from. Levels that have enough are left out.
func Advise(rules Rules, blueprint Blueprint, pool []Item) []Advice {
	var out []Advice
	for _, share := range blueprint {
		guess := meanGuess(share.Topic, pool)
		want := int(math.Ceil(float64(share.Share*float64(rules.Max))-1e-9)) + rules.Random - 1
		for i, level := range levels {
			b := float64(i - 1)
			enough := float64(serves * Item{A: 1, B: b, C: guess, SD: AuthorSD}.Information(b))
			a := Advice{Topic: share.Topic, Level: level, B: b, Want: want}
			for _, it := range pool {
				if it.Topic == share.Topic && it.Scored() && it.Information(b) >= enough {
					a.Have++
				}
			}
			if a.Add = want - a.Have; a.Add > 0 {
				out = append(out, a)
			}
		}
	}
	return out
}

// meanGuess returns the mean chance to guess an item of a topic.
func meanGuess(topic string, pool []Item) float64 {
	n, sum := 0, 0.0
	for _, it := range pool {
		if it.Topic == topic && it.Scored() {
			n++
			sum += it.C
		}
	}
	return sum / float64(max(1, n))
}
