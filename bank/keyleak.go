package bank

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// The limits of how often the right choice may be the longest, or stand in one place.
const (
	leakLongest   = 0.40
	leakPlace     = 0.35
	leakQuestions = 30 // below, counts say nothing
	leakErrors    = 2  // standard errors by which a count must exceed chance
)

// keyLeak warns when the shape or the place of the right choices gives them away over the bank. Questions with one right
// choice count, but for those whose choices are in an order of their own.
func (v *review) keyLeak() {
	longest, total, chance := 0, 0, 0.0
	var places []int
	for _, q := range v.questions {
		if q.Kind != Single || q.KeepOrder {
			continue
		}
		total++
		chance += 1 / float64(len(q.Choices))
		if q.keyIsLongest() {
			longest++
		}
		for i, c := range q.Choices {
			if i == len(places) {
				places = append(places, 0)
			}
			if c.Right {
				places[i]++
			}
		}
	}
	if total < leakQuestions {
		return
	}
	var signs []string
	if limit := leakLimit(leakLongest, chance, total); longest > limit {
		signs = append(signs, fmt.Sprintf("is the longest in %d (the limit is %d)", longest, limit))
	}
	for i, n := range places {
		if limit := leakLimit(leakPlace, chance, total); n > limit {
			signs = append(signs, fmt.Sprintf("is number %d in %d (the limit is %d)", i+1, n, limit))
		}
	}
	if len(signs) > 0 {
		v.manifest.Warnf(0, "key-leak", "of %d questions with one right choice, it %s; shorten keys, lengthen distractors, move choices",
			total, strings.Join(signs, ", and "))
	}
}

// leakLimit returns how many of the questions may show a sign: a share of them, or what chance explains if that is more.
func leakLimit(share, chance float64, total int) int {
	n, p := float64(total), chance/float64(total)
	return int(max(share*n, chance+leakErrors*math.Sqrt(n*p*(1-p))))
}

// keyIsLongest reports whether the right choice is longer than every other, in characters.
func (q reviewed) keyIsLongest() bool {
	key, other := 0, 0
	for _, c := range q.Choices {
		n := utf8.RuneCountInString(c.Text.Text)
		if c.Right {
			key = n
		} else {
			other = max(other, n)
		}
	}
	return key > other
}
