package practice

import (
	"slices"

	"rehearse/progress"
	"rehearse/store"
)

// Pool says which of a candidate's cards come up in a session.
type Pool string

// The pools.
const (
	Scheduled Pool = ""         // what is due, and new cards, under the limits of the day
	Ahead     Pool = "ahead"    // cards due in the next AheadDays, too
	Mistakes  Pool = "mistakes" // cards of questions last answered wrong, whenever they are due
	Drill     Pool = "all"      // all cards that were ever reviewed, whenever they are due
)

// AheadDays is how many study days Ahead looks ahead. FSRS knows from the day of a review how likely recall was: an
// early review is worth less, but it does the schedule no harm.
const AheadDays = 3

// always is longer than any interval: cards are taken whenever they are due.
const always = 200_000

// Selection says what a session of cards is about. The zero Selection is everything that is due.
type Selection struct {
	Topic     int64 // key, 0: all
	Tag       string
	Pool      Pool
	Questions map[int64]bool // nil: all
}

// limited reports whether the limits of the day hold: they do not for what a candidate asks for on top of it.
func (sel Selection) limited() bool { return sel.Pool == Scheduled }

// ahead returns how many study days before they are due cards are taken.
func (sel Selection) ahead() int {
	switch sel.Pool {
	case Scheduled:
		return 0
	case Ahead:
		return AheadDays
	default:
		return always
	}
}

// filter returns what says whether a question belongs to a selection.
func (s *Service) filter(tx *store.Tx, u store.User, sel Selection) (func(question int64) bool, error) {
	catalog := s.Catalog()
	var last map[int64]int64
	if sel.Pool == Mistakes {
		var err error
		if last, err = tx.LastScores(u.ID); err != nil {
			return nil, err
		}
	}
	return func(question int64) bool {
		e, err := catalog.ByID(question)
		if err != nil || sel.Topic != 0 && e.TopicID != sel.Topic || sel.Tag != "" && !slices.Contains(e.Tags, sel.Tag) {
			return false
		}
		if sel.Questions != nil && !sel.Questions[question] {
			return false
		}
		score, met := last[question]
		return sel.Pool != Mistakes || met && score != progress.NotJudged && score < progress.AllRight
	}, nil
}
