package quiz

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The longest texts that a response may hold, in bytes.
const (
	MaxText = 16 << 10 // outputs and open answers
	MaxLine = 1 << 10  // short texts, numbers and gaps: they are compared with patterns
)

// form is a submitted form being read, and what is wrong with it.
type form struct {
	values   map[string][]string
	problems map[string]Sentence // by field; the first problem of a field stands
}

// refuse notes that a field must be mended.
func (f *form) refuse(field, format string, args ...any) {
	if f.problems == nil {
		f.problems = make(map[string]Sentence)
	}
	if _, known := f.problems[field]; !known {
		f.problems[field] = sentence(format, args...)
	}
}

// first returns the first value of a field, "" when there is none.
func (f *form) first(field string) string {
	if values := f.values[field]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// checked reports whether a checkbox with the value 1 (or a browser's default value) is on.
func (f *form) checked(field string) bool {
	v := f.first(field)
	return v == "1" || v == "on"
}

// text returns what was typed in a field. Browsers end lines by CRLF whatever was typed: LF is kept.
func (f *form) text(field string) string { return f.textUpTo(field, MaxText) }

// textUpTo is text with a limit in bytes.
func (f *form) textUpTo(field string, most int) string {
	s := strings.ReplaceAll(f.first(field), "\r\n", "\n")
	if len(s) > most {
		f.refuse(field, "This is longer than %d KiB; shorten it.", most>>10)
		return ""
	}
	// Neither JSON nor PostgreSQL could keep these, so what is scored would not be what is stored.
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		f.refuse(field, "This holds bytes that are not text; remove them.")
		return ""
	}
	return s
}

// options returns the bank's ids of the options picked in a field, each once.
func (f *form) options(field string, shown []Option) []string {
	var ids []string
	picked := make(map[string]bool)
	for _, value := range f.values[field] {
		id, ok := bankID(shown, value)
		if !ok {
			f.refuse(field, "One of the answers sent is not among those offered; choose again.")
			return nil
		}
		if !picked[id] {
			picked[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// strangers refuses fields named prefix+<n> whose n is not one of 1…count: nothing on the page sends them.
func (f *form) strangers(prefix string, count int) {
	for field := range f.values {
		if suffix, ok := strings.CutPrefix(field, prefix); ok {
			if n, ok := number(suffix, count); !ok || prefix+strconv.Itoa(n) != field {
				f.refuse(field, "This is not part of the question; load the page again.")
			}
		}
	}
}

// number reads a decimal number from 1 to most.
func number(s string, most int) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil && n >= 1 && n <= most
}
