package progress

import (
	"encoding/json"
	"fmt"

	"rehearse/quiz"
)

// ItemAttempt is what one attempt says about one of its items.
type ItemAttempt struct {
	Question int64
	Revision int64    // by whose key it is judged
	X        float64  // score, 0 to 1
	Rest     float64  // mean score of the other items
	Choices  []string // ids of the choices that were picked, of questions that have any
	Duration int64    // ms
}

// ItemAttempts returns what a candidate's log says about items: their first responses to each, in attempts that are over and
// have at least MinOthers other judged items. What came from a file says nothing, and neither do adaptive attempts: each asks
// what fits its candidate, so that able ones have no better rest in them. It depends on the log alone, so what the beginning of
// a log said can be taken back later.
func ItemAttempts(log []Evidence, adaptive func(attempt int64) bool) ([]ItemAttempt, error) {
	first := map[int64]bool{} // by seq and position, as held responses share the seq of their end
	key := func(e Evidence) int64 { return e.Attempt<<20 | int64(e.Position) }
	for _, e := range FirstResponses(log, func(q int64) int64 { return q }) {
		first[key(e)] = true
	}
	of := map[int64][]Evidence{} // judged responses by attempt
	var out []ItemAttempt
	for _, e := range Effective(log) {
		switch {
		case e.Kind == Responded && e.Score != NotJudged && !e.Imported:
			of[e.Attempt] = append(of[e.Attempt], e)
		case e.Kind == Finished && !adaptive(e.Attempt):
			found, err := itemAttempts(of[e.Attempt], func(e Evidence) bool { return first[key(e)] })
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

func itemAttempts(responses []Evidence, counts func(Evidence) bool) ([]ItemAttempt, error) {
	others := len(responses) - 1
	if others < MinOthers {
		return nil, nil
	}
	var total int64
	for _, e := range responses {
		total += e.Score
	}
	var out []ItemAttempt
	for _, e := range responses {
		if !counts(e) {
			continue
		}
		var r quiz.Response
		if err := json.Unmarshal([]byte(e.Data), &r); err != nil {
			return nil, fmt.Errorf("stored response %d: %w", e.Seq, err)
		}
		out = append(out, ItemAttempt{
			Question: e.Question, Revision: e.Revision, X: float64(e.Score) / AllRight,
			Rest: float64(total-e.Score) / float64(others) / AllRight, Choices: r.Choices, Duration: e.Duration,
		})
	}
	return out, nil
}
