package progress

import (
	"slices"

	"rehearse/assess"
	"rehearse/bank"
)

// Measures reports whether a question can be an item of a skill check: the program judges it, and its author lets it.
func Measures(q *bank.Head) bool { return !q.Kind.Open() && q.Serves(bank.UseAssessment) }

// Items returns the items that questions make, in their order, with the parameters that their authors' labels give them,
// and the topics that they are of, in the order in which these first come. Other questions of the same topics are only
// looked at to tell concepts apart.
func Items(questions []*bank.Head) (items []assess.Item, topics []string) {
	shared := sharedTags(questions)
	for _, q := range questions {
		if !Measures(q) {
			continue
		}
		items = append(items, itemOf(q, shared[q.Topic]))
		if !slices.Contains(topics, q.Topic) {
			topics = append(topics, q.Topic)
		}
	}
	return items, topics
}

// Subject returns the first part of a blueprint that a question belongs to: by its topic, or by a tag.
func Subject(q *bank.Head, blueprint assess.Blueprint) (string, bool) {
	for _, part := range blueprint {
		if part.Topic == q.Topic || slices.Contains(q.Tags, part.Topic) {
			return part.Topic, true
		}
	}
	return "", false
}

// itemOf returns the item of a question that nobody has answered yet.
func itemOf(q *bank.Head, shared []string) assess.Item {
	it := assess.Item{
		ID: q.ID, Topic: q.Topic, Level: string(q.Level), A: 1, C: Guess(q), SD: assess.AuthorSD, Minutes: float64(q.Minutes),
	}
	it.B, _ = assess.AuthorB(string(q.Level), string(q.Difficulty)) // the bank reads no other labels
	for _, tag := range q.Tags {
		if !slices.Contains(shared, tag) {
			it.Concept = q.Topic + "/" + tag
			break
		}
	}
	return it
}

// Guess returns the chance to hit the key without knowing anything: one choice of many, or one set of choices that is not
// empty. What has to be written or put in order is not guessed.
func Guess(q *bank.Head) float64 {
	switch q.Kind {
	case bank.Single:
		return 1 / float64(q.Choices)
	case bank.Multiple:
		return 1 / float64(int(1)<<q.Choices-1)
	}
	return 0
}

// sharedTags returns by topic the tags that all its questions have: those of the topic, which tell no concepts apart.
func sharedTags(questions []*bank.Head) map[string][]string {
	count := map[string]int{}
	shared := map[string][]string{}
	for _, q := range questions {
		count[q.Topic]++
		if count[q.Topic] == 1 {
			shared[q.Topic] = slices.Clone(q.Tags)
			continue
		}
		shared[q.Topic] = slices.DeleteFunc(shared[q.Topic], func(tag string) bool { return !slices.Contains(q.Tags, tag) })
	}
	for topic, n := range count {
		if n < 2 {
			delete(shared, topic)
		}
	}
	return shared
}
