// Package locale says what the site says, in the visitor's language. Sentences are written in English where they are used
// and looked up by their English text; a catalogue (de.yaml) holds what they are in another language. What is not in a
// catalogue is said in English; a test finds what is missing.
//
// The language of the questions is another matter: it is that of their file.
package locale

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Language is a language that the interface speaks. Its methods may be called from several goroutines.
type Language struct {
	Tag  string // BCP 47: "en", "de"
	Name string // in itself: "Deutsch"
	tag  language.Tag
	said func() *said // reads the file when something is first said
}

// said is what stands in the file of a language.
type said struct {
	texts map[string]string
	forms map[string]map[plural.Form]string // by the English text for many
	dates dates
}

// T returns a text in this language.
func (l *Language) T(english string) string {
	if text, ok := l.said().texts[english]; ok {
		return text
	}
	return english
}

// F is T for a text with the verbs of package fmt; a translation may reorder them, as in %[2]d.
func (l *Language) F(english string, args ...any) string {
	return fmt.Sprintf(l.T(english), args...)
}

// N returns the text for n things: one for 1, other for the rest, or whatever forms this language has. Without args, n
// itself is what the verb of the text stands for.
func (l *Language) N(n int, one, other string, args ...any) string {
	text := other
	switch forms := l.said().forms[other]; {
	case forms != nil:
		text = forms[plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)]
		if text == "" {
			text = forms[plural.Other]
		}
	case n == 1:
		text = one
	}
	if !strings.Contains(text, "%") { // "one result"
		return text
	}
	if len(args) == 0 {
		args = []any{n}
	}
	return fmt.Sprintf(text, args...)
}

// Date writes a time as a date, in the form of one of the patterns of this package.
func (l *Language) Date(t time.Time, p Pattern) string { return l.said().dates.format(t, p) }
