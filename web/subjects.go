package web

import (
	"net/url"
	"slices"
	"strings"

	"rehearse/handbook"
	"rehearse/progress"
	"rehearse/store"
)

// subject is a topic, or a tag of questions, as roles and plans name them.
type subject struct {
	ID      string
	Title   string
	IsTopic bool
}

func (s *site) subject(id string) subject {
	if t, err := s.catalog().Topic(id); err == nil {
		return subject{id, t.Title, true}
	}
	return subject{ID: id, Title: strings.ReplaceAll(id, "-", " ")}
}

// values are what an address looks for to find the questions on a subject.
func (sub subject) values() url.Values {
	if sub.IsTopic {
		return url.Values{"topic": {sub.ID}}
	}
	return url.Values{"tag": {sub.ID}}
}

// subjectPage leads to the questions on a subject.
func (s *site) subjectPage(sub subject) string {
	if sub.IsTopic {
		return s.links.Topic(sub.ID)
	}
	return s.links.QuestionsTagged(sub.ID)
}

// practiseOn leads to the form for a quiz on a subject, up to a level.
func (s *site) practiseOn(sub subject, upTo string) string {
	values := sub.values()
	found := s.on(sub, upTo)
	for _, level := range handbook.Levels() {
		if upTo != "" && slices.ContainsFunc(found, func(e *store.Listed) bool { return string(e.Level) == level }) {
			values.Add("level", level)
		}
	}
	return s.links.NewQuizFor(values)
}

// on returns the questions on a subject that are for a level or a lower one; "" for any level.
func (s *site) on(sub subject, upTo string) []*store.Listed {
	levels := handbook.Levels()
	if i := slices.Index(levels, upTo); i >= 0 {
		levels = levels[:i+1]
	}
	var found []*store.Listed
	for _, e := range s.catalog().All() {
		if (e.Topic == sub.ID || !sub.IsTopic && slices.Contains(e.Tags, sub.ID)) && slices.Contains(levels, string(e.Level)) {
			found = append(found, e)
		}
	}
	return found
}

// answered counts how many questions have a judged response, and how many of those were right the last time.
func answered(entries []*store.Listed, last map[int64]int64) (n, right int) {
	for _, e := range entries {
		score, met := last[e.ID]
		if !met || score == progress.NotJudged {
			continue
		}
		n++
		if score >= progress.AllRight {
			right++
		}
	}
	return n, right
}
