package quiz

import (
	"strings"

	"rehearse/bank"
)

// scoreOutput compares line by line; line ends, trailing blanks and trailing empty lines do not count.
func scoreOutput(q bank.Question, r Response) Result {
	want, got := outputLines(q.Output), outputLines(r.Text)
	result := Result{Parts: len(want)}
	for i := range max(len(want), len(got)) {
		w, g := lineAt(want, i), lineAt(got, i)
		if w != g || i >= len(want) || i >= len(got) {
			result.Right = min(i, len(want))
			result.Line = &LineResult{Number: i + 1, Want: w, Got: g, WantLines: len(want), GotLines: len(got)}
			return result.allOrNothing(false)
		}
	}
	result.Right = len(want)
	return result.allOrNothing(true)
}

func outputLines(s string) []string {
	s = bank.NormalOutput(s)
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
