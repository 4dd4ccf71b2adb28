package bank

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	absolute = regexp.MustCompile(`(?i)\b(?:always|never)\b`)
	relative = regexp.MustCompile(`(?i)\b(?:which|that|who) (?:always|never)\b`) // describes rather than claims
	article  = regexp.MustCompile(`(?i)(?:^|\s)(an?)\s*(?:…|\.{3}|_{2,}|:)?\s*$`)
	vowel    = regexp.MustCompile(`^\W*(?:[AEFHILMNORSX][A-Z]+\b|(?i:[ai]|e[^u]|o[^n]|on[^e]|u[^ns]|un[^i]|hour|honest))`)
	word     = regexp.MustCompile(`\p{L}[\p{L}\p{N}_-]*`)
)

// giveAways warns of questions with one right choice that can be answered without knowing, at most once each.
func (v *review) giveAways() {
	common := v.wordCounts()
	for _, q := range v.questions {
		if q.Kind == Single && len(q.Choices) > 2 {
			code := strings.Contains(q.Stem.Text, "```") // then choices speak of its words, and say what it never does
			_ = q.articles() || !code && (q.absolutes() || q.echoes(common))
		}
	}
}

// absolutes warns of always and never where only distractors have them: candidates know that such claims are rarely right.
func (q reviewed) absolutes() bool {
	found, at := 0, 0
	for i, c := range q.Choices {
		if !absolute.MatchString(relative.ReplaceAllString(c.Text.Text, "")) {
			continue
		}
		if c.Right {
			return false
		}
		found++
		at = i
	}
	if found == 0 || absolute.MatchString(q.prompt()) {
		return false
	}
	q.warnChoice(at, "give-away", "%q stands in wrong choices only; reword it, or let the right one be as firm", strings.ToLower(absolute.FindString(q.Choices[at].Text.Text)))
	return true
}

// articles warns of a stem that ends in a or an and fits one choice only.
func (q reviewed) articles() bool {
	m := article.FindStringSubmatch(strings.TrimRight(q.Title.Text, "?. "))
	if m == nil {
		return false
	}
	wantsVowel := strings.EqualFold(m[1], "an")
	for _, c := range q.Choices {
		if vowel.MatchString(c.Text.Text) == wantsVowel != c.Right {
			return false
		}
	}
	q.warn("give-away", "%q before the gap fits the right choice only; write a/an, or begin the choices with the article", strings.ToLower(m[1]))
	return true
}

// rareWord is the fewest letters of a word that can give the key away.
const rareWord = 8

// echoes warns of a rare word of the stem that comes back in the right choice only.
func (q reviewed) echoes(common map[string]int) bool {
	key, at, others := map[string]bool{}, 0, ""
	for i, c := range q.Choices {
		if !c.Right {
			others += " " + strings.ToLower(c.Text.Text)
			continue
		}
		at = i
		for _, w := range words(c.Text.Text) {
			key[w] = true
		}
	}
	for _, w := range words(q.prompt()) {
		if key[w] && common[w] == 1 && utf8.RuneCountInString(w) >= rareWord && !strings.Contains(others, w[:rareWord-2]) {
			q.warnChoice(at, "give-away", "%q stands in the stem and in this choice only; use another word in one of them", w)
			return true
		}
	}
	return false
}

// words returns the words of a text in small letters.
func words(text string) []string { return word.FindAllString(strings.ToLower(text), -1) }

// wordCounts returns in how many questions each word stands.
func (v *review) wordCounts() map[string]int {
	counts := map[string]int{}
	for _, q := range v.questions {
		seen := map[string]bool{}
		text := q.prompt()
		for _, c := range q.Choices {
			text += "\n" + c.Text.Text
		}
		for _, w := range words(text) {
			if !seen[w] {
				seen[w] = true
				counts[w]++
			}
		}
	}
	return counts
}
