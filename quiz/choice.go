package quiz

import (
	"slices"

	"rehearse/bank"
)

func decodeSingle(f *form, _ bank.Question, layout Layout) Response {
	ids := f.options("choice", layout.Options)
	if len(ids) != 1 {
		f.refuse("choice", "Choose one answer.")
	}
	return Response{Choices: ids}
}

func decodeMultiple(f *form, _ bank.Question, layout Layout) Response {
	ids := f.options("choice", layout.Options)
	if len(ids) == 0 {
		f.refuse("choice", "Choose at least one answer.")
	}
	return Response{Choices: ids}
}

func scoreSingle(q bank.Question, r Response) Result {
	result, count := judgeChoices(q, r)
	return result.allOrNothing(count.rightChosen == 1 && count.wrongChosen == 0)
}

// scoreMultiple gives all or nothing, or with q.Partial the share of right choices found, less the wrong ones chosen.
func scoreMultiple(q bank.Question, r Response) Result {
	result, count := judgeChoices(q, r)
	result.Right, result.Parts = count.rightChosen, count.right
	found := count.rightChosen - count.wrongChosen
	switch {
	case count.right > 0 && found == count.right:
		return result.allOrNothing(true)
	case q.Partial && found > 0:
		result.Score, result.Verdict = Full*int64(found)/int64(count.right), Partial
		return result
	default:
		return result.allOrNothing(false)
	}
}

type choiceCount struct{ right, rightChosen, wrongChosen int }

// judgeChoices marks every choice. A chosen id that the question does not have (its text changed since) is a wrong
// one, so that a response never gains by an edit.
func judgeChoices(q bank.Question, r Response) (Result, choiceCount) {
	var result Result
	var count choiceCount
	known := 0
	for _, c := range q.Choices {
		chosen := slices.Contains(r.Choices, c.ID)
		result.Choices = append(result.Choices, ChoiceResult{ID: c.ID, Chosen: chosen, Right: c.Right})
		if c.Right {
			count.right++
		}
		if chosen {
			known++
			if c.Right {
				count.rightChosen++
			} else {
				count.wrongChosen++
			}
		}
	}
	count.wrongChosen += distinct(r.Choices) - known
	return result, count
}

func distinct(ids []string) int {
	return len(slices.Compact(slices.Sorted(slices.Values(ids))))
}
