package practice

import (
	"context"
	"math"
	"slices"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/search"
	"rehearse/store"
)

// Status is how a candidate stands with a question.
type Status string

// The statuses that questions are looked for by.
const (
	StatusNew   Status = "new"   // never met
	StatusWrong Status = "wrong" // the last judged response was not right
	StatusDue   Status = "due"   // a card of it is due now
)

// Statuses returns all statuses.
func Statuses() []Status { return []Status{StatusNew, StatusWrong, StatusDue} }

// Search is what somebody looks for among the live questions. An empty list does not restrict; a question passes a list
// when it has one of its values.
type Search struct {
	Words        string // as typed
	Literal      bool   // no word of it is corrected
	Topics       []string
	Tags         []string
	Levels       []bank.Level
	Difficulties []bank.Difficulty
	Kinds        []bank.Kind
	Statuses     []Status
}

// Selection is what a search found: the questions that a list shows, and that a quiz, a card session or a printed sheet
// is made of.
type Selection struct {
	Questions []*store.Entry // best first when words were looked for that not too many have, else by topic and place
	Query     search.Query   // how the words were understood; empty without any
	Corrected bool           // a word was not known, and a near one taken instead
}

// Select returns the questions that a search finds for a candidate.
func (s *Service) Select(tx *store.Tx, u store.User, what Search) (Selection, error) {
	c := s.content.Load()
	found, err := c.find(tx, what)
	if err != nil {
		return Selection{}, err
	}
	has, err := c.statuses(tx, u, what.Statuses)
	if err != nil {
		return Selection{}, err
	}
	found.Questions = slices.DeleteFunc(found.Questions, func(e *store.Entry) bool {
		return !what.admits(e) || !has(e.ID)
	})
	return found, nil
}

// find returns the questions that the words hit, or all without words. When no question has all of the words, words may
// go on after what was typed; then words that nobody uses are corrected; then one of the words is enough.
func (c *content) find(tx *store.Tx, what Search) (Selection, error) {
	typed := search.Parse(what.Words)
	if typed.Empty() {
		return Selection{Questions: c.catalog.All()}, nil
	}
	open, better, corrected := typed, typed, false
	open.Open = true
	if !what.Literal {
		better, corrected = c.vocabulary.Correct(typed)
	}
	some := better
	some.Any = true
	for _, try := range []Selection{{Query: typed}, {Query: open}, {Query: better, Corrected: corrected}, {Query: some, Corrected: corrected}} {
		ids, ranked, err := tx.Search(try.Query)
		if err != nil {
			return Selection{}, err
		}
		if try.Questions = c.catalog.Find(ids, ranked); len(try.Questions) > 0 {
			return try, nil
		}
	}
	return Selection{Query: typed}, nil
}

// statuses returns whether a question has one of the statuses that are looked for.
func (c *content) statuses(tx *store.Tx, u store.User, wanted []Status) (func(question int64) bool, error) {
	if len(wanted) == 0 {
		return func(int64) bool { return true }, nil
	}
	last, err := tx.LastScores(u.ID)
	if err != nil {
		return nil, err
	}
	due := map[int64]bool{}
	if slices.Contains(wanted, StatusDue) {
		cards, err := tx.DueCards(u.ID, 0, tx.Now()+1, math.MaxInt32)
		if err != nil {
			return nil, err
		}
		for _, d := range cards {
			if c.cards[store.CardKey{Question: d.Key, Part: d.Part}] {
				due[d.Key] = true
			}
		}
	}
	return func(question int64) bool {
		score, met := last[question]
		return !met && slices.Contains(wanted, StatusNew) ||
			met && score != progress.NotJudged && score < quiz.Full && slices.Contains(wanted, StatusWrong) ||
			due[question]
	}, nil
}

// admits reports whether a question passes the lists.
func (what Search) admits(e *store.Entry) bool {
	return oneOf(what.Topics, e.Topic) && oneOf(what.Tags, e.Tags...) && oneOf(what.Levels, e.Level) &&
		oneOf(what.Difficulties, e.Difficulty) && oneOf(what.Kinds, e.Kind)
}

// oneOf reports whether wanted is empty or holds one of the values.
func oneOf[T comparable](wanted []T, values ...T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(wanted, v) })
}

// Serving returns the questions of the selection that may be put in a way.
func (sel Selection) Serving(use bank.Use) []*store.Entry {
	return slices.DeleteFunc(slices.Clone(sel.Questions), func(e *store.Entry) bool { return !e.Serves(use) })
}

// Keys returns the keys of the questions in the store.
func (sel Selection) Keys() map[int64]bool {
	keys := make(map[int64]bool, len(sel.Questions))
	for _, e := range sel.Questions {
		keys[e.ID] = true
	}
	return keys
}

// StartSelected starts a practice quiz of what a search finds now: of all of it, or else of the quiz.MaxCount questions
// that fit the words best, or without words of as many drawn at random.
func (s *Service) StartSelected(ctx context.Context, a Actor, title string, what Search) (slug string, user store.User, err error) {
	var sel Selection
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		sel, err = s.Select(tx, a.User, what)
		return err
	})
	if err != nil {
		return "", store.User{}, err
	}
	entries := sel.Serving(bank.UseQuiz)
	if !sel.Query.Empty() && len(entries) > quiz.MaxCount {
		entries = entries[:quiz.MaxCount]
	}
	pool := make([]bank.Question, len(entries))
	for i, e := range entries {
		pool[i] = e.Question
	}
	return s.startFrom(ctx, a, pool, NewQuiz{Title: title, Mode: quiz.Practice, Filter: quiz.Filter{Count: quiz.MaxCount}})
}

// vocabularyOf returns all words of the catalog.
func vocabularyOf(c *store.Catalog) *search.Vocabulary {
	v := search.NewVocabulary()
	for _, e := range c.All() {
		for _, text := range append(store.Explanations(e.Body), e.Title.Text, e.Stem.Text) {
			v.Add(text)
		}
		for _, tag := range e.Tags {
			v.Add(tag)
		}
	}
	return v
}
