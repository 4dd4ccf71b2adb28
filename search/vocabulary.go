package search

import (
	"math/bits"
	"unicode/utf8"
)

// Vocabulary is all words of a bank. It is not changed any more once it is used.
type Vocabulary struct {
	words map[string]int // how often
	stems map[string]bool
	sizes map[int][]known // by number of letters
}

type known struct {
	word    string
	letters uint32 // a set, see lettersOf
}

// NewVocabulary returns a vocabulary without words.
func NewVocabulary() *Vocabulary {
	return &Vocabulary{words: map[string]int{}, stems: map[string]bool{}, sizes: map[int][]known{}}
}

// Add adds the words of a text.
func (v *Vocabulary) Add(text string) {
	for _, word := range Words(text) {
		if v.words[word]++; v.words[word] > 1 {
			continue
		}
		v.stems[Stem(word)] = true
		n := utf8.RuneCountInString(word)
		v.sizes[n] = append(v.sizes[n], known{word, lettersOf(word)})
	}
}

// Correct returns the query with each word that nobody used replaced by the nearest one that was: at most two letters
// added, left out, changed or swapped, one in a short word. Of several it takes the most frequent. Changed says whether
// any word was replaced.
func (v *Vocabulary) Correct(q Query) (better Query, changed bool) {
	var words []string
	for _, word := range q.Words {
		if nearest := v.nearest(word); nearest != "" && !v.stems[Stem(word)] {
			word, changed = nearest, true
		}
		words = append(words, word)
	}
	return queryOf(words), changed
}

// nearest returns the word that was probably meant, "" when none is near.
func (v *Vocabulary) nearest(word string) string {
	n := utf8.RuneCountInString(word)
	best, limit, letters := "", tolerance(n), lettersOf(word)
	for size := n - limit; size <= n+limit; size++ {
		for _, k := range v.sizes[size] {
			if bits.OnesCount32(k.letters^letters) > 2*limit { // an edit changes at most two letters of the set
				continue
			}
			d := distance(word, k.word, limit)
			if d < limit || d == limit && v.better(k.word, best, word) {
				best, limit = k.word, d
			}
		}
	}
	return best
}

// better reports whether a word is the better guess of two at the same distance. People seldom get the first letter wrong.
func (v *Vocabulary) better(word, than, typed string) bool {
	if than == "" {
		return true
	}
	if first, other := word[0] == typed[0], than[0] == typed[0]; first != other {
		return first
	}
	if a, b := v.words[word], v.words[than]; a != b {
		return a > b
	}
	return word < than
}

// tolerance is how many mistakes a word of n letters may have.
func tolerance(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 5:
		return 1
	}
	return 2
}

// lettersOf returns which letters a word has, as a set of 32 classes.
func lettersOf(word string) uint32 {
	var set uint32
	for _, r := range word {
		set |= 1 << (uint32(r) % 32)
	}
	return set
}

// distance returns the number of letters to add, leave out, change, or swap with their neighbour to make one word of the
// other; limit + 1 when it is more than limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	var before, above, row [maxWord + 1]int
	for j := range y {
		above[j+1] = j + 1
	}
	for i := range x {
		row[0] = i + 1
		least := row[0]
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit && i > 0 { // a swap may still save one
			return limit + 1
		}
		before, above = above, row
	}
	return min(above[len(y)], limit+1)
}
