package practice

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"rehearse/progress"
	"rehearse/store"
)

// Late is a grade that was given while there was no connection. Its ID is that of the page; its Seq is that of the page
// as well, and refuses nothing: whatever was done elsewhere since then counts, too.
type Late struct {
	Grade
	Revision int64         // of the question, as it was shown
	Ago      time.Duration // how long ago it was given
}

// GradeLate records a grade at the time at which it was given. What was done with the question since then is computed
// anew on top of it. A grade with an ID that is in the log changes nothing. ErrNotFound means that there is no such card
// any more, or never was.
func (s *Service) GradeLate(ctx context.Context, a Actor, g Late) error {
	if !g.Rating.Valid() {
		return badRating(g.Rating)
	}
	return s.update(ctx, &a, func(tx *store.Tx) error {
		if err := a.refresh(tx); err != nil {
			return err
		}
		_, err := tx.EvidenceOnce(a.User.ID, onceGrade(g.ID))
		if !errors.Is(err, store.ErrNotFound) { // nil: it has been taken
			return err
		}
		if _, ok := s.content.Load().deck().places.of(g.Card); !ok {
			return fmt.Errorf("card %d of question %d: %w", g.Card.Part, g.Card.Question, store.ErrNotFound)
		}
		at, err := lateTime(tx, a.User.ID, g)
		if err != nil {
			return err
		}
		return s.recordLate(tx, a.User, progress.Evidence{
			At:       at,
			Kind:     progress.Graded,
			Once:     onceGrade(g.ID),
			Question: g.Card.Question,
			Revision: g.Revision,
			Score:    progress.NotJudged,
			Ratings:  []progress.PartRating{{Part: g.Card.Part, Rating: g.Rating}},
			Duration: countedTime(g.Duration),
		})
	})
}

// onceGrade returns the once key of a grade whose page gave it an id. The id is random: the key is good in any log.
func onceGrade(id string) string { return "o:" + id }

// lateTime returns the time (ms UTC) at which a late grade takes effect. It is the time at which it was given, but not
// before what its page knew of, not after the key that it was given to, and not in the future.
func lateTime(tx *store.Tx, user int64, g Late) (int64, error) {
	known, err := knownAt(tx, user, g)
	if err != nil {
		return 0, err
	}
	end, err := keyEnd(tx, g)
	return min(max(min(tx.Now()-g.Ago.Milliseconds(), end-1), known), tx.Now()), err
}

// knownAt returns when the last thing happened that the page of a late grade knew of: the entry that it names, else the
// first one of the log.
func knownAt(tx *store.Tx, user int64, g Late) (int64, error) {
	e, err := tx.Evidence(user, g.Seq)
	if errors.Is(err, store.ErrNotFound) || err == nil && e.Question != g.Card.Question {
		e, err = tx.Evidence(user, 1)
	}
	return e.At, err
}

// keyEnd returns when the key of the revision that was graded ceased to be in force, as far in the future as can be when
// it is in force.
func keyEnd(tx *store.Tx, g Late) (int64, error) {
	item, err := tx.ItemKey(g.Revision)
	if err != nil {
		return 0, err
	}
	if item.Question != g.Card.Question {
		return 0, fmt.Errorf("revision %d is not of question %d: %w", g.Revision, g.Card.Question, store.ErrNotFound)
	}
	events, err := tx.QuestionEvents(g.Card.Question, 0)
	if err != nil {
		return 0, err
	}
	end := int64(math.MaxInt64)
	for i := len(events) - 1; i >= 0 && events[i].Key != item.KeyHash; i-- {
		end = events[i].At
	}
	return end, nil
}

// recordLate appends an entry with a time of its own to the log and lets it take effect. An interval is chosen for it
// when nothing was done with the question after it.
func (s *Service) recordLate(tx *store.Tx, u store.User, e progress.Evidence) error {
	_, current, err := s.settle(tx, u.ID, e.Question)
	if err != nil {
		return err
	}
	if e.At >= current.LastAt {
		if err := s.balance(tx, u, current, &e); err != nil {
			return err
		}
	}
	return s.replay(tx, u.ID, e.Question, one(func() (progress.Evidence, error) { return tx.AppendLate(u.ID, e) }))
}

// Kept is a card to be kept for when there is no connection.
type Kept struct {
	Turn
	DueAt int64 // from when on it may be shown, ms UTC
}

// Upcoming returns the cards that a candidate will be shown next, today's first.
func (s *Service) Upcoming(tx *store.Tx, u store.User, limit int) ([]Kept, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return nil, err
	}
	today, err := s.activity(tx, u, progress.Activity{Day: cal.Day(tx.Time())})
	if err != nil {
		return nil, err
	}
	hand, err := s.hand(tx, u)
	if err != nil {
		return nil, err
	}
	queue, err := s.queue(tx, u, Selection{}, today, hand, cal)
	if err != nil {
		return nil, err
	}
	var kept []Kept
	for _, d := range queue.Order(tx.Time(), cal) {
		if len(kept) == limit {
			break
		}
		turn, err := s.Turn(tx, u, store.CardKey{Question: d.Key, Part: d.Part})
		if err != nil {
			return nil, err
		}
		kept = append(kept, Kept{Turn: turn, DueAt: d.DueAt})
	}
	return kept, nil
}

// mergedOnce returns the once key that an entry of one log gets in another.
func mergedOnce(tx *store.Tx, from, into int64, e progress.Evidence) (string, error) {
	if !strings.HasPrefix(e.Once, onceGrade("")) {
		return onceMerged(from, e), nil
	}
	_, err := tx.EvidenceOnce(into, e.Once)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return e.Once, nil
	case err != nil:
		return "", err
	}
	return onceMerged(from, e), nil // a browser sent the same page for both
}

// GradeNamed returns the seq of the grade whose page had an id.
func (s *Service) GradeNamed(tx *store.Tx, u store.User, id string) (int64, error) {
	e, err := tx.EvidenceOnce(u.ID, onceGrade(id))
	if errors.Is(err, store.ErrNotFound) {
		return 0, ErrNothingToUndo
	}
	return e.Seq, err
}
