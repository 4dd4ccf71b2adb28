package quiz

import (
	"slices"

	"rehearse/bank"
)

// decodeOpen reads the response to an open question. The text may be empty: many answer aloud or in their head.
func decodeOpen(f *form, q bank.Question, _ Layout) Response {
	return Response{Text: f.text("text"), SelfMark: decodeSelfMark(f, q)}
}

// SelfMarkFromForm reads how candidates judge their own response to an open question, or returns a sentence for each
// field that must be mended: mark=<number of a criterion from 1>, repeated, and rating=1…4, required.
func SelfMarkFromForm(values map[string][]string, q bank.Question) (SelfMark, map[string]Sentence) {
	f := &form{values: values}
	m := decodeSelfMark(f, q)
	if m.Rating == 0 {
		f.refuse("rating", "Say how well you answered.")
	}
	if len(f.problems) > 0 {
		return SelfMark{}, f.problems
	}
	return m, nil
}

func decodeSelfMark(f *form, q bank.Question) SelfMark {
	var m SelfMark
	for _, value := range f.values["mark"] {
		n, ok := number(value, len(q.Rubric))
		if !ok {
			f.refuse("mark", "One of the points ticked is not in the rubric; load the page again.")
			return SelfMark{}
		}
		m.Marks = append(m.Marks, n-1)
	}
	slices.Sort(m.Marks)
	m.Marks = slices.Compact(m.Marks)
	if value := f.first("rating"); value != "" {
		rating, ok := number(value, 4)
		if !ok {
			f.refuse("rating", "Choose one of the four ratings.")
		}
		m.Rating = rating
	}
	return m
}

// scoreOpen leaves the judgement to the candidate.
func scoreOpen(bank.Question, Response) Result { return Result{Verdict: Self} }

// RubricPoints returns the points of the criteria marked as met, and of all criteria.
func RubricPoints(q bank.Question, m SelfMark) (met, all int) {
	for i, c := range q.Rubric {
		all += c.Points
		if slices.Contains(m.Marks, i) {
			met += c.Points
		}
	}
	return met, all
}
