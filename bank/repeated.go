package bank

import "slices"

// repeated warns of questions that are asked twice.
func (v *review) repeated() {
	first := map[string]reviewed{}
	for _, q := range v.questions {
		prompt := Normal(q.prompt(), false)
		one, seen := first[prompt]
		if !seen {
			first[prompt] = q
			continue
		}
		line, _ := one.file.src.Position(one.at)
		if q.sameChoices(one) && q.KeyHash != one.KeyHash {
			q.warn("dup-key", "the question is asked with another key at %s:%d; correct the wrong one and remove the other", one.File, line)
			continue
		}
		q.warn("dup-prompt", "the same is asked at %s:%d; change or remove one of the two", one.File, line)
	}
}

// sameChoices reports whether two questions of one kind offer the same choices, if any.
func (q reviewed) sameChoices(other reviewed) bool {
	ids := func(q reviewed) []string {
		var ids []string
		for _, c := range q.Choices {
			ids = append(ids, c.ID)
		}
		slices.Sort(ids)
		return ids
	}
	choosing := len(q.Choices) > 0 && len(other.Choices) > 0
	return (choosing || q.Kind == other.Kind) && !q.Kind.Open() && slices.Equal(ids(q), ids(other))
}
