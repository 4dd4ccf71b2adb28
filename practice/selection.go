package practice

import (
	"context"
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
	StatusNew        Status = "new"        // never met
	StatusWrong      Status = "wrong"      // the last judged response was not right
	StatusBookmarked Status = "bookmarked" // marked by the candidate
	StatusDue        Status = "due"        // a card of it is due now
)

// Statuses returns all statuses.
func Statuses() []Status { return []Status{StatusNew, StatusWrong, StatusBookmarked, StatusDue} }

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
	Sets         []string // names of sets of questions, which are known to those who ask
	InSets       []string // ids of the questions of these sets, in their order
}

// Pool says which of a candidate's cards come up in a session.
type Pool string

// The pools.
const (
	Scheduled  Pool = ""           // what is due, and new cards, under the limits of the day
	Ahead      Pool = "ahead"      // cards due in the next AheadDays, too
	Mistakes   Pool = "mistakes"   // cards of questions last answered wrong, whenever they are due
	Drill      Pool = "all"        // all cards that were ever reviewed, whenever they are due
	Bookmarked Pool = "bookmarked" // cards of bookmarked questions, new ones included, whenever they are due
)

// AheadDays is how many study days Ahead looks ahead. FSRS knows from the day of a review how likely recall was: an
// early review is worth less, but it does the schedule no harm.
const AheadDays = 3

// always is longer than any interval: cards are taken whenever they are due.
const always = 200_000

// Selection says what a session of cards is about: the questions that a search finds, and when their cards come up. The
// zero Selection is everything that is due.
type Selection struct {
	Search
	Pool Pool
}

// limited reports whether the limits of the day hold: they do not for what a candidate asks for on top of it.
func (sel Selection) limited() bool { return sel.Pool == Scheduled && len(sel.Sets) == 0 }

// whole reports whether all cards are wanted: new ones whatever the limit, and the others whenever they are due. Who
// chooses a set or a bookmark has chosen each of its questions.
func (sel Selection) whole() bool {
	return sel.Pool == Bookmarked || sel.Pool == Scheduled && len(sel.Sets) > 0
}

// everything reports whether cards of all questions belong to it.
func (sel Selection) everything() bool {
	what := sel.Search
	return len(what.Words)+len(what.Topics)+len(what.Tags)+len(what.Levels)+len(what.Difficulties)+len(what.Kinds)+len(what.Statuses)+len(what.Sets) == 0 &&
		sel.Pool != Mistakes && sel.Pool != Bookmarked
}

// ahead returns how many study days before they are due cards are taken.
func (sel Selection) ahead() int {
	switch {
	case sel.limited():
		return 0
	case sel.Pool == Ahead:
		return AheadDays
	default:
		return always
	}
}

// Found is what a search found: the questions that a list shows, and that a quiz or a printed sheet is made of.
type Found struct {
	Questions []*store.Listed // best first when words were looked for that not too many have, else in the order of sets, or by topic and place
	Query     search.Query    // how the words were understood; empty without any
	Corrected bool            // a word was not known, and a near one taken instead
}

// Search returns the questions that somebody looks for.
func (s *Service) Search(tx *store.Tx, u store.User, what Search) (Found, error) {
	c := s.content.Load()
	found, err := c.find(tx, what)
	if err != nil {
		return Found{}, err
	}
	admits, err := s.admitting(tx, u, what)
	if err != nil {
		return Found{}, err
	}
	found.Questions = slices.DeleteFunc(found.Questions, func(e *store.Listed) bool { return !admits(e) })
	if place := what.places(); found.Query.Empty() {
		slices.SortStableFunc(found.Questions, func(a, b *store.Listed) int {
			return place[a.Head.ID] - place[b.Head.ID]
		})
	}
	return found, nil
}

// places returns where each question stands in the sets that are looked through; it is empty when none is.
func (what Search) places() map[string]int {
	place := map[string]int{}
	for i, id := range what.InSets {
		if _, twice := place[id]; !twice {
			place[id] = i
		}
	}
	return place
}

// firstOf returns the questions whose cards come first in a selection: of mistakes, those made with confidence.
func (s *Service) firstOf(tx *store.Tx, u store.User, sel Selection) (map[int64]bool, error) {
	if sel.Pool != Mistakes {
		return nil, nil
	}
	known, err := tx.Known(u.ID)
	if err != nil {
		return nil, err
	}
	first := map[int64]bool{}
	for _, m := range known.Met {
		if m.Surprise {
			first[m.Question] = true
		}
	}
	return first, nil
}

// filter returns what says whether a question belongs to a selection; nil when all do.
func (s *Service) filter(tx *store.Tx, u store.User, sel Selection) (func(question int64) bool, error) {
	if sel.everything() {
		return nil, nil
	}
	c := s.content.Load()
	admits, err := s.admitting(tx, u, sel.Search)
	if err != nil {
		return nil, err
	}
	among, err := s.among(tx, u, sel.Pool)
	if err != nil {
		return nil, err
	}
	var hits map[int64]bool
	if !search.Parse(sel.Words).Empty() {
		found, err := c.find(tx, sel.Search)
		if err != nil {
			return nil, err
		}
		hits = found.keys()
	}
	return func(question int64) bool {
		if hits != nil && !hits[question] || !among(question) { // before the question is looked up: it may be one of all
			return false
		}
		e, ok := c.catalog.Live(question)
		return ok && admits(e)
	}, nil
}

// among returns what says whether a pool can hold cards of a question.
func (s *Service) among(tx *store.Tx, u store.User, pool Pool) (func(question int64) bool, error) {
	switch pool {
	case Mistakes:
		return s.standing(tx, u, []Status{StatusWrong})
	case Bookmarked:
		marked, err := tx.Bookmarks(u.ID)
		return func(question int64) bool { return marked[question] }, err
	default:
		return func(int64) bool { return true }, nil
	}
}

// find returns the questions that the words hit, or all without words. When no question has all of the words, words may
// go on after what was typed; then words that nobody uses are corrected; then one of the words is enough.
func (c *content) find(tx *store.Tx, what Search) (Found, error) {
	typed := search.Parse(what.Words)
	if typed.Empty() {
		return Found{Questions: c.catalog.All()}, nil
	}
	open, better, corrected := typed, typed, false
	open.Open = true
	if !what.Literal {
		all, err := c.vocabulary.read(tx, c.catalog)
		if err != nil {
			return Found{}, err
		}
		better, corrected = all.Correct(typed)
	}
	some := better
	some.Any = true
	for _, try := range []Found{{Query: typed}, {Query: open}, {Query: better, Corrected: corrected}, {Query: some, Corrected: corrected}} {
		ids, ranked, err := tx.Search(try.Query)
		if err != nil {
			return Found{}, err
		}
		if try.Questions = c.catalog.Find(ids, ranked); len(try.Questions) > 0 {
			return try, nil
		}
	}
	return Found{Query: typed}, nil
}

// admitting returns what says whether a question passes the lists.
func (s *Service) admitting(tx *store.Tx, u store.User, what Search) (func(*store.Listed) bool, error) {
	has, err := s.standing(tx, u, what.Statuses)
	place := what.places()
	return func(e *store.Listed) bool {
		_, in := place[e.Head.ID]
		return (in || len(what.Sets) == 0) && oneOf(what.Topics, e.Topic) && oneOf(what.Tags, e.Tags...) && oneOf(what.Levels, e.Level) &&
			oneOf(what.Difficulties, e.Difficulty) && oneOf(what.Kinds, e.Kind) && has(e.ID)
	}, err
}

// oneOf reports whether wanted is empty or holds one of the values.
func oneOf[T comparable](wanted []T, values ...T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(wanted, v) })
}

// standing returns what says whether a question has one of the statuses that are looked for.
func (s *Service) standing(tx *store.Tx, u store.User, wanted []Status) (func(question int64) bool, error) {
	if len(wanted) == 0 {
		return func(int64) bool { return true }, nil
	}
	known, err := tx.Known(u.ID)
	if err != nil {
		return nil, err
	}
	var due, marked map[int64]bool
	if slices.Contains(wanted, StatusDue) {
		if due, err = s.dueQuestions(tx, u); err != nil {
			return nil, err
		}
	}
	if slices.Contains(wanted, StatusBookmarked) {
		if marked, err = tx.Bookmarks(u.ID); err != nil {
			return nil, err
		}
	}
	return func(question int64) bool {
		q, met := known.Question(question)
		return !met && slices.Contains(wanted, StatusNew) ||
			met && q.LastScore != progress.NotJudged && q.LastScore < progress.AllRight && slices.Contains(wanted, StatusWrong) ||
			due[question] || marked[question]
	}, nil
}

// dueQuestions returns the questions with a card that is due now.
func (s *Service) dueQuestions(tx *store.Tx, u store.User) (map[int64]bool, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return nil, err
	}
	hand, err := s.hand(tx, u)
	if err != nil {
		return nil, err
	}
	due := map[int64]bool{}
	for _, d := range hand.dueNow(tx.Time(), cal) {
		due[d.Key] = true
	}
	return due, nil
}

// Serving returns the questions found that may be put in a way.
func (f Found) Serving(use bank.Use) []*store.Listed {
	return slices.DeleteFunc(slices.Clone(f.Questions), func(e *store.Listed) bool { return !e.Serves(use) })
}

// keys returns the keys of the questions in the store.
func (f Found) keys() map[int64]bool {
	keys := make(map[int64]bool, len(f.Questions))
	for _, e := range f.Questions {
		keys[e.ID] = true
	}
	return keys
}

// StartSelected starts a practice quiz of what a search finds now: of all of it, or else of the quiz.MaxCount questions
// that fit the words best, or without words of as many drawn at random. Those of sets come in the order of the sets.
func (s *Service) StartSelected(ctx context.Context, a Actor, title string, what Search) (slug string, user store.User, err error) {
	var found Found
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		found, err = s.Search(tx, a.User, what)
		return err
	})
	if err != nil {
		return "", store.User{}, err
	}
	entries := found.Serving(bank.UseQuiz)
	if !found.Query.Empty() && len(entries) > quiz.MaxCount {
		entries = entries[:quiz.MaxCount]
	}
	pool := make([]*bank.Head, len(entries))
	for i := range entries {
		pool[i] = entries[i].Head
	}
	return s.startFrom(ctx, a, pool, NewQuiz{Title: title, Mode: quiz.Practice, Filter: quiz.Filter{Count: quiz.MaxCount}, First: what.InSets})
}
