package search

import (
	"slices"
	"strings"
)

// maxWords is how many words of a query count. A sentence has fewer.
const maxWords = 12

// maxQuery is how much of a query is looked at, in bytes.
const maxQuery = 1000

// Words that say little: they are left out of a query that has others.
var fillers = strings.Fields(`a an and are as at be by can did do does for from had has have how i if in into is it its me
	my of on or should so than that the their them then there these they this to was we were what when where which who why
	will with would you your`)

// Query is what somebody looks for.
type Query struct {
	Words []string // folded, none twice
	Any   bool     // one of the words is enough
	Open  bool     // words may go on after what was typed
	stems []string
}

// Parse reads what was typed. Whatever it holds, it is plain words.
func Parse(text string) Query {
	var all, strong []string
	if len(text) > maxQuery {
		text = text[:maxQuery]
		text = text[:max(maxWord, strings.LastIndexByte(text, ' '))]
	}
	for _, word := range Words(text) {
		switch {
		case slices.Contains(all, word):
		case slices.Contains(fillers, word):
			all = append(all, word)
		default:
			all, strong = append(all, word), append(strong, word)
		}
	}
	if len(strong) > 0 {
		all = strong
	}
	return queryOf(all[:min(len(all), maxWords)])
}

func queryOf(words []string) Query {
	q := Query{Words: words, stems: make([]string, len(words))}
	for i, word := range words {
		q.stems[i] = Stem(word)
	}
	return q
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return len(q.Words) == 0 }

// Stems returns the stems of the words.
func (q Query) Stems() []string { return q.stems }

// shortest is how many letters a word must have to be taken for the beginning of others.
const shortest = 3

// Opens reports whether a stem stands for all words that begin with it.
func (q Query) Opens(stem string) bool { return q.Open && len(stem) >= shortest }

// Hits reports whether a folded word is one that is looked for.
func (q Query) Hits(word string) bool {
	stem := Stem(word)
	return slices.ContainsFunc(q.stems, func(s string) bool {
		return stem == s || q.Opens(s) && strings.HasPrefix(stem, s)
	})
}
