package web

import (
	"net/http"

	"github.com/a-h/templ"

	"rehearse/bank"
	"rehearse/locale"
	"rehearse/progress"
	"rehearse/store"
	"rehearse/views"
)

// topics lists the topics with what the candidate has seen of each.
func (s *site) topics(c Ctx) error {
	u := s.user(c)
	return s.view(c, http.StatusOK, "topics", said("Topics"), func(tx *store.Tx, p views.Page) (templ.Component, error) {
		met, err := tx.TopicProgress(u.ID)
		if err != nil {
			return nil, err
		}
		due, err := s.Practice.DueByTopic(tx, u)
		if err != nil {
			return nil, err
		}
		return views.Topics(p, views.TopicsView{Topics: s.topicRows(p.L, met, due), Empty: noContent(p.L)}), nil
	})
}

func noContent(l *locale.Language) views.EmptyView {
	return views.EmptyView{
		Title: l.T("There are no questions yet"),
		Text:  l.T("The content folder of this server holds no question that could be loaded. Its log says why."),
	}
}

func (s *site) topicRows(l *locale.Language, met map[int64]progress.TopicCounts, due map[int64]int) []views.TopicRow {
	var rows []views.TopicRow
	for _, t := range s.catalog().Topics {
		rows = append(rows, views.TopicRow{
			ID: t.Slug, Title: t.Title, Description: t.Description, Total: len(t.Questions), Seen: met[t.ID].Seen, Due: due[t.ID],
			Mix: counts(l, levelCounts(t.Questions)),
		})
	}
	return rows
}

// topic shows one topic with its questions.
func (s *site) topic(c Ctx) error {
	u := s.user(c)
	t, err := s.catalog().Topic(c.Param("topic"))
	if err != nil {
		return err
	}
	return s.view(c, http.StatusOK, "topics", t.Title, func(tx *store.Tx, p views.Page) (templ.Component, error) {
		met, err := tx.TopicProgress(u.ID)
		if err != nil {
			return nil, err
		}
		due, err := s.Practice.DueByTopic(tx, u)
		if err != nil {
			return nil, err
		}
		last, err := tx.LastScores(u.ID)
		if err != nil {
			return nil, err
		}
		p.Description = t.Description
		n := met[t.ID]
		return views.Topic(p, views.TopicView{
			ID: t.Slug, Title: t.Title, Description: t.Description, Intro: s.html(t.Intro),
			Total: len(t.Questions), Seen: n.Seen, Right: n.Correct, Mastered: n.Mastered, Due: due[t.ID],
			Kinds: counts(p.L, kindCounts(t.Questions)), Levels: counts(p.L, levelCounts(t.Questions)), Questions: s.questionRows(t.Questions, last),
		}), nil
	})
}

// tally is how many questions have a value.
type tally[T ~string] struct {
	value T
	n     int
}

func levelCounts(entries []store.Listed) []tally[bank.Level] {
	return countBy(entries, bank.Levels(), func(e *store.Listed) bank.Level { return e.Level })
}

func difficultyCounts(entries []store.Listed) []tally[bank.Difficulty] {
	return countBy(entries, bank.Difficulties(), func(e *store.Listed) bank.Difficulty { return e.Difficulty })
}

func kindCounts(entries []store.Listed) []tally[bank.Kind] {
	return countBy(entries, bank.Kinds(), func(e *store.Listed) bank.Kind { return e.Kind })
}

// countBy counts entries by one of their values, in the order of values, those that occur.
func countBy[T ~string](entries []store.Listed, values []T, of func(*store.Listed) T) []tally[T] {
	n := map[T]int{}
	for i := range entries {
		n[of(&entries[i])]++
	}
	var found []tally[T]
	for _, v := range values {
		if n[v] > 0 {
			found = append(found, tally[T]{v, n[v]})
		}
	}
	return found
}

// counts returns tallies as a page shows them.
func counts[T ~string](l *locale.Language, found []tally[T]) []views.Count {
	var out []views.Count
	for _, t := range found {
		out = append(out, views.Count{Label: views.Label(l, string(t.value)), N: t.n})
	}
	return out
}
