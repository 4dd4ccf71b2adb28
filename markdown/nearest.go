package markdown

import (
	"strings"
	"unicode/utf8"
)

// Nearest returns the known word that the given one is likely a misspelling of, or "".
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	if len(word) > 64 {
		return ""
	}
	best, limit := "", max(1, utf8.RuneCountInString(word)/3)+1
	for _, k := range known {
		if d := distance(word, strings.ToLower(k)); d < limit {
			best, limit = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of a and b in characters.
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i, ca := range ra {
		diagonal := row[0]
		row[0] = i + 1
		for j, cb := range rb {
			cost := diagonal
			if ca != cb {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(rb)]
}

// Either joins words for a sentence: "a", "a or b", "a, b or c".
func Either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
