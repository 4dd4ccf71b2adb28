package bank

import (
	"fmt"
	"strings"
)

const (
	coverageBank       = 50 // questions from which a bank is expected to be complete
	coverageQuiz       = 10 // questions of a topic
	coverageAssessment = 20 // questions of a level
)

// coverage warns of topics and levels with too few questions. A level without any is not meant to be there.
func (v *review) coverage() {
	if len(v.questions) < coverageBank {
		return
	}
	quiz, assessment := map[*file]int{}, map[Level]int{}
	levels := map[Level]bool{}
	for _, q := range v.questions {
		levels[q.Level] = true
		if q.Serves(UseQuiz) {
			quiz[q.file]++
		}
		if q.Serves(UseAssessment) && !q.Kind.Open() {
			assessment[q.Level]++
		}
	}
	for _, f := range v.files {
		if n := quiz[f]; n < coverageQuiz && len(f.asked) > 0 {
			f.src.Warnf(0, "coverage", "the topic has %d questions for a quiz of %d; write more, or move them to another topic", n, coverageQuiz)
		}
	}
	var short []string
	for _, l := range Levels() {
		if n := assessment[l]; levels[l] && n < coverageAssessment {
			short = append(short, fmt.Sprintf("%s has %d", l, n))
		}
	}
	if len(short) > 0 {
		v.manifest.Warnf(0, "coverage", "an assessment of a level wants %d questions: %s; write more", coverageAssessment, strings.Join(short, ", "))
	}
}

// tagLetters is the length from which two tags that differ in one letter are taken for one.
const tagLetters = 5

// tags warns of a tag used once that is nearly the same as one used more often.
func (v *review) tags() {
	uses, first := map[string]int{}, map[string]reviewed{}
	for _, q := range v.questions {
		for _, t := range q.Tags {
			uses[t]++
			if _, seen := first[t]; !seen {
				first[t] = q
			}
		}
	}
	near := map[string]string{} // a form with one letter less, or plain, to the more used tag
	for _, t := range keysOf(uses) {
		for _, form := range tagForms(t) {
			if uses[t] > uses[near[form]] {
				near[form] = t
			}
		}
	}
	for _, t := range keysOf(uses) {
		if uses[t] > 1 {
			continue
		}
		for _, form := range tagForms(t) {
			if other := near[form]; other != t && uses[other] > 1 && !differInDigits(t, other) {
				first[t].warn("tag-orphan", "the tag %s is used once, and %s %d times; is it the same?", t, other, uses[other])
				break
			}
		}
	}
}

// tagForms returns the tag without hyphens and, if it is long enough, all forms with one letter less: two tags that
// differ in one letter, or in two neighbours, share one.
func tagForms(tag string) []string {
	plain := strings.NewReplacer("-", "", ".", "", "_", "").Replace(tag)
	forms := []string{plain}
	letters := []rune(plain)
	if len(letters) < tagLetters {
		return forms
	}
	for i := range letters {
		forms = append(forms, string(letters[:i])+string(letters[i+1:]))
	}
	return forms
}

// differInDigits reports whether two tags name versions of one thing, such as http2 and http3.
func differInDigits(a, b string) bool {
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, s)
	}
	return digits(a) != digits(b)
}
