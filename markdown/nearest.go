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

// distance is the number of characters to add, drop or replace, or of neighbours to swap, that makes a into b (optimal
// string alignment).
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	rows := make([][]int, len(ra)+1)
	for i := range rows {
		rows[i] = make([]int, len(rb)+1)
		rows[i][0] = i
	}
	for j := range rb {
		rows[0][j+1] = j + 1
	}
	for i, ca := range ra {
		for j, cb := range rb {
			if ca == cb {
				rows[i+1][j+1] = rows[i][j]
				continue
			}
			d := 1 + min(rows[i][j], rows[i][j+1], rows[i+1][j])
			if i > 0 && j > 0 && ca == rb[j-1] && cb == ra[i-1] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(ra)][len(rb)]
}

// Either joins words for a sentence: "a", "a or b", "a, b or c".
func Either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
