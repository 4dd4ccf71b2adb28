// Package search turns text into words that can be looked for, and says what was found: it folds and stems words,
// corrects misspelt ones against a vocabulary, and marks hits. It knows nothing of questions nor of databases.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// Edition is raised when the same text gives other stems than before: texts that were stored are then stemmed anew.
const Edition = 1

// maxWord is the longest word in bytes. What is longer is no word of a language; it is cut.
const maxWord = 64

// Words returns the words of a text in their order, folded: in small letters and without accents. A word is a run of
// letters and digits; everything else, broken UTF-8 included, only stands between words.
func Words(text string) []string {
	var words []string
	for start, end := nextWord(text, 0); start < end; start, end = nextWord(text, end) {
		if word := fold(text[start:end]); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// nextWord returns where the first word at or after from begins and ends; both are the length of text when there is none.
func nextWord(text string, from int) (start, end int) {
	start = len(text)
	for i := from; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch inside := letter(r, size); {
		case inside && start == len(text):
			start = i
		case !inside && start < len(text):
			return start, i
		}
		i += size
	}
	return start, len(text)
}

func letter(r rune, size int) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return (r != utf8.RuneError || size > 1) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// fold returns a word in small letters and without accents, cut to maxWord.
func fold(word string) string {
	if !ascii(word) {
		word = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1 // accents
		}, norm.NFKD.String(word))
	} else {
		word = strings.ToLower(word)
	}
	if len(word) <= maxWord {
		return word
	}
	cut := maxWord
	for !utf8.RuneStart(word[cut]) {
		cut--
	}
	return word[:cut]
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Stem returns what a folded word has in common with its other forms, by the rules of English: "indexes", "indexed" and
// "indexing" are "index".
func Stem(word string) string {
	if len(word) < 3 || !ascii(word) {
		return word
	}
	return english.Stem(word, true)
}

// Stems returns the stems of a text, with a space between them.
func Stems(text string) string { return Stemmer{}.Stems(text) }

// Stemmer remembers the stems of the words that it has met: texts consist of few.
type Stemmer map[string]string

// Stems returns the stems of a text, with a space between them.
func (s Stemmer) Stems(text string) string {
	words := Words(text)
	for i, word := range words {
		stem, ok := s[word]
		if !ok {
			word = strings.Clone(word) // else it would keep the whole text
			stem = Stem(word)
			s[word] = stem
		}
		words[i] = stem
	}
	return strings.Join(words, " ")
}
