package search

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Mark puts <mark> around the words of a piece of HTML that are looked for. Found says whether there are any.
func Mark(markup string, q Query) (marked string, found bool) {
	var b strings.Builder
	for rest := markup; rest != ""; {
		text := rest[:textEnd(rest)]
		found = markText(&b, text, q) || found
		rest = rest[len(text):]
		skip := skipEnd(rest)
		b.WriteString(rest[:skip])
		rest = rest[skip:]
	}
	return b.String(), found
}

// textEnd returns where the text at the beginning of HTML ends: at a tag or a character reference.
func textEnd(markup string) int {
	if i := strings.IndexAny(markup, "<&"); i >= 0 {
		return i
	}
	return len(markup)
}

// skipEnd returns where the tag or character reference at the beginning of HTML ends. In what was rendered and cleaned,
// attribute values hold no ">".
func skipEnd(markup string) int {
	if markup == "" {
		return 0
	}
	end := map[byte]string{'<': ">", '&': ";"}[markup[0]]
	if i := strings.Index(markup, end); i >= 0 {
		return i + 1
	}
	return len(markup)
}

func markText(b *strings.Builder, text string, q Query) (found bool) {
	done := 0
	for start, end := nextWord(text, 0); start < end; start, end = nextWord(text, end) {
		if !q.Hits(fold(text[start:end])) {
			continue
		}
		b.WriteString(text[done:start] + "<mark>" + text[start:end] + "</mark>")
		done, found = end, true
	}
	b.WriteString(text[done:])
	return found
}

// Length of a snippet in bytes: what stands before the first hit, and all of it.
const (
	snippetLead   = 50
	snippetLength = 160
)

// Snippet returns HTML of the place in a plain text where a word that is looked for stands first; "" when none does.
func Snippet(text string, q Query) string {
	text = strings.Join(strings.Fields(text), " ")
	at := -1
	for start, end := nextWord(text, 0); start < end; start, end = nextWord(text, end) {
		if q.Hits(fold(text[start:end])) {
			at = start
			break
		}
	}
	if at < 0 {
		return ""
	}
	from := 0
	if at > snippetLead {
		from = wordEdge(text, at-snippetLead)
	}
	to := len(text)
	if from+snippetLength < to {
		to = wordEdge(text, from+snippetLength)
	}
	marked, _ := Mark(html.EscapeString(text[from:to]), q)
	if from > 0 {
		marked = "… " + marked
	}
	if to < len(text) {
		marked = strings.TrimRight(marked, " ") + " …"
	}
	return marked
}

// wordEdge returns the first place at or after i where a text may be cut: after a space, or its end when that is near.
func wordEdge(text string, i int) int {
	const far = 40
	if space := strings.IndexByte(text[i:], ' '); space >= 0 && space < far {
		return i + space + 1
	}
	for i < len(text) && !utf8.RuneStart(text[i]) {
		i++
	}
	return i
}
