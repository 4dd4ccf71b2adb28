package quiz

import (
	"regexp"
	"strings"

	"rehearse/bank"
)

// decodeText reads the response to a text or output question.
func decodeText(f *form, q bank.Question, _ Layout) Response {
	most := MaxText
	if q.Kind != bank.Output {
		most = MaxLine
	}
	text := f.textUpTo("text", most)
	if strings.TrimSpace(text) == "" {
		f.refuse("text", "Write an answer.")
	}
	return Response{Text: text}
}

// scoreText compares a response with the entries, the most specific first: an accepted literal, a rejected literal,
// an accepted pattern, a rejected pattern. So a literal under Reject is an exception to a pattern under Accept.
func scoreText(q bank.Question, r Response) Result {
	result := Result{Answer: shownLiteral(q)}
	for _, same := range []func(bank.Entry, bank.Body, string) bool{sameLiteral, matchesPattern} {
		if i := findEntry(q.Accept, q.Body, r.Text, same); i >= 0 {
			result.Entry = &EntryResult{Accepted: true, Index: i, Feedback: q.Accept[i].Feedback}
			return result.allOrNothing(true)
		}
		if i := findEntry(q.Reject, q.Body, r.Text, same); i >= 0 {
			result.Entry = &EntryResult{Index: i, Feedback: q.Reject[i].Feedback}
			return result.allOrNothing(false)
		}
	}
	return result.allOrNothing(false)
}

// findEntry returns the place of the first entry that is the same as text, or −1.
func findEntry(entries []bank.Entry, b bank.Body, text string, same func(bank.Entry, bank.Body, string) bool) int {
	for i, e := range entries {
		if same(e, b, text) {
			return i
		}
	}
	return -1
}

func sameLiteral(e bank.Entry, b bank.Body, text string) bool {
	return e.Literal != "" && bank.Normal(e.Literal, b.CaseMatters) == bank.Normal(text, b.CaseMatters)
}

// matchesPattern reports whether the whole text matches. The text keeps its case, and the pattern ignores case unless
// it matters: folding the text instead would break patterns that hold capitals.
func matchesPattern(e bank.Entry, b bank.Body, text string) bool {
	if e.Pattern == "" {
		return false
	}
	flags := "(?i)"
	if b.CaseMatters {
		flags = ""
	}
	// The group keeps the anchors on both sides of every alternative.
	pattern, err := regexp.Compile(flags + `\A(?:` + e.Pattern + `)\z`)
	return err == nil && pattern.MatchString(bank.Normal(text, true)) // the linter refuses patterns that do not compile
}

// shownLiteral returns the answer to show: the first accepted literal, else the first pattern.
func shownLiteral(q bank.Question) string {
	for _, e := range q.Accept {
		if e.Literal != "" {
			return e.Literal
		}
	}
	for _, e := range q.Accept {
		if e.Pattern != "" {
			return e.Pattern
		}
	}
	return ""
}
