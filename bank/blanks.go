package bank

import (
	"regexp"
	"strconv"
	"strings"

	"rehearse/markdown"
)

var (
	cardNumber = regexp.MustCompile(`^c([1-9][0-9]{0,2})::`)
	escaped    = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
)

// readBlanks reads the blanks of the prompt. Blanks without a number get one each, behind those that are given.
func (b *builder) readBlanks() {
	highest := 0
	for _, g := range b.gaps {
		blank := parseBlank(g.Inner)
		if blank.Answer == "" && !g.Open {
			b.src.Errorf(g.At, "cloze-empty", "the blank has no answer; write {{answer}} or {{c1::answer::hint}}")
		}
		highest = max(highest, blank.Card)
		b.q.Blanks = append(b.q.Blanks, blank)
	}
	for i := range b.q.Blanks {
		if b.q.Blanks[i].Card > 0 {
			continue
		}
		highest++
		b.q.Blanks[i].Card = highest
		if len(b.gaps) > 1 && b.q.Blanks[i].Answer != "" {
			b.src.Warnf(b.gaps[i].At, "cloze-number", "one of several blanks has no number; write {{c%d::…}} so that its card keeps its history", highest)
			b.mendBlank(b.gaps[i].At, highest)
		}
	}
}

// parseBlank reads cN::answer|variant::hint. Number, variants and hint may be missing; a backslash takes | and : and
// braces literally.
func parseBlank(inner string) Blank {
	var blank Blank
	if m := cardNumber.FindStringSubmatch(inner); m != nil {
		blank.Card, _ = strconv.Atoi(m[1])
		inner = inner[len(m[0]):]
	}
	answers, hint, _ := cutUnescaped(inner, "::")
	blank.Hint = unescape(hint)
	answer, rest, more := cutUnescaped(answers, "|")
	blank.Answer = blankAnswer(answer)
	for more {
		var variant string
		variant, rest, more = cutUnescaped(rest, "|")
		if text := blankAnswer(variant); text != "" {
			blank.Variants = append(blank.Variants, text)
		}
	}
	return blank
}

// cutUnescaped cuts at the first separator that no backslash stands before.
func cutUnescaped(text, separator string) (before, after string, found bool) {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], separator):
			return text[:i], text[i+len(separator):], true
		}
	}
	return text, "", false
}

// blankAnswer returns what is to be typed: without backticks around it, which only say how it is shown.
func blankAnswer(text string) string {
	text = markdown.Fold(text)
	if len(text) > 2 && text[0] == '`' && text[len(text)-1] == '`' {
		return strings.TrimSpace(strings.Trim(text, "`"))
	}
	return unescape(text)
}

func unescape(text string) string {
	return escaped.ReplaceAllString(markdown.Fold(text), "$1")
}
