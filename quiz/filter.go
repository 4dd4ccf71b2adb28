package quiz

import (
	"slices"

	"rehearse/bank"
)

// MaxCount is the largest number of questions in one attempt.
const MaxCount = 100

// maxFilterValues bounds each list of a filter: more can only come from a forged form.
const maxFilterValues = 500

// Filter says which questions an attempt is drawn from. An empty list does not restrict; a question passes a list
// when it has one of its values.
type Filter struct {
	Topics       []string          `json:"topics,omitempty"` // topic ids
	Tags         []string          `json:"tags,omitempty"`
	Levels       []bank.Level      `json:"levels,omitempty"`
	Difficulties []bank.Difficulty `json:"difficulties,omitempty"`
	Kinds        []bank.Kind       `json:"kinds,omitempty"`
	Questions    []string          `json:"questions,omitempty"` // question ids, for instance mistakes to repeat
	Count        int               `json:"count"`               // questions wanted, 1 to MaxCount
}

// Problems returns a sentence for each field that cannot be used, by the name of the field; nil when all can.
// Whether topics, tags and questions exist is not known here: a filter that nothing passes chooses nothing.
func (f Filter) Problems() map[string]Sentence {
	problems := make(map[string]Sentence)
	if f.Count < 1 || f.Count > MaxCount {
		problems["count"] = sentence("Choose between 1 and %d questions.", MaxCount)
	}
	unknown(problems, "levels", "There is no level %q.", f.Levels, bank.Levels())
	unknown(problems, "difficulties", "There is no difficulty %q.", f.Difficulties, bank.Difficulties())
	unknown(problems, "kinds", "There is no kind of question %q.", f.Kinds, bank.Kinds())
	for field, values := range map[string][]string{"topics": f.Topics, "tags": f.Tags, "questions": f.Questions} {
		if len(values) > maxFilterValues {
			problems[field] = sentence("Choose at most %d.", maxFilterValues)
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

// unknown notes the first of values that is not known.
func unknown[T ~string](problems map[string]Sentence, field, format string, values, known []T) {
	for _, v := range values {
		if !slices.Contains(known, v) {
			problems[field] = sentence(format, string(v))
			return
		}
	}
}

// passes reports whether a question may be drawn.
func (f Filter) passes(q *bank.Head) bool {
	return q.Serves(bank.UseQuiz) &&
		admits(f.Questions, q.ID) &&
		admits(f.Topics, q.Topic) &&
		admits(f.Tags, q.Tags...) &&
		admits(f.Levels, q.Level) &&
		admits(f.Difficulties, q.Difficulty) &&
		admits(f.Kinds, q.Kind)
}

// admits reports whether wanted is empty or holds one of the values.
func admits[T comparable](wanted []T, values ...T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(wanted, v) })
}
