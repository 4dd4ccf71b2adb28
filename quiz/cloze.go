package quiz

import (
	"slices"
	"strconv"
	"strings"

	"rehearse/bank"
)

// decodeCloze reads the blanks; some may stay empty, but not all.
func decodeCloze(f *form, q bank.Question, _ Layout) Response {
	const prefix = "blank-"
	f.strangers(prefix, len(q.Blanks))
	blanks := make([]string, len(q.Blanks))
	filled := false
	for i := range blanks {
		field := prefix + strconv.Itoa(i+1)
		blanks[i] = f.textUpTo(field, MaxLine)
		filled = filled || strings.TrimSpace(f.first(field)) != ""
	}
	if !filled {
		f.refuse(prefix+"1", "Fill in at least one gap.")
	}
	return Response{Blanks: blanks}
}

// scoreCloze gives the share of blanks that are right.
func scoreCloze(q bank.Question, r Response) Result {
	var result Result
	right := 0
	for i, b := range q.Blanks {
		blank := BlankResult{Card: b.Card, Got: lineAt(r.Blanks, i), Want: b.Answer}
		if blank.Right = fills(b, blank.Got, q.CaseMatters); blank.Right {
			right++
		}
		result.Blanks = append(result.Blanks, blank)
	}
	return result.share(right, len(q.Blanks))
}

// fills reports whether text is the blank's answer or one of its variants.
func fills(b bank.Blank, text string, caseMatters bool) bool {
	text = bank.Normal(text, caseMatters)
	same := func(answer string) bool { return bank.Normal(answer, caseMatters) == text }
	return text != "" && (same(b.Answer) || slices.ContainsFunc(b.Variants, same))
}
