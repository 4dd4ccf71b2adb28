package practice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store"
)

// partsOf returns the parts of a question that are cards of their own: its cloze numbers, or 0.
func partsOf(q bank.Question) []int {
	if q.Kind != bank.Cloze {
		return []int{0}
	}
	var parts []int
	for _, b := range q.Blanks {
		parts = append(parts, b.Card)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// deckOf returns all cards of the catalog in the order in which new ones are introduced: easy before hard, and topics
// in turn, so that a new candidate meets every topic in the first days.
func deckOf(c *store.Catalog) []store.CardKey {
	type place struct {
		difficulty, nth, topic int
		key                    store.CardKey
	}
	var places []place
	for topic, t := range c.Topics {
		count := map[bank.Difficulty]int{}
		for _, e := range t.Questions {
			if !e.Serves(bank.UseCard) {
				continue
			}
			for i, part := range partsOf(e.Question) {
				places = append(places, place{
					difficulty: slices.Index(bank.Difficulties(), e.Difficulty),
					nth:        count[e.Difficulty] + i*len(t.Questions), // the back of one gap shows the next one: keep them apart
					topic:      topic,
					key:        store.CardKey{Question: e.ID, Part: part},
				})
			}
			count[e.Difficulty]++
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.difficulty, b.difficulty), cmp.Compare(a.nth, b.nth), cmp.Compare(a.topic, b.topic))
	})
	deck := make([]store.CardKey, len(places))
	for i, p := range places {
		deck[i] = p.key
	}
	return deck
}

// Turn is a card that is shown.
type Turn struct {
	Entry    store.Entry
	Part     int
	Card     progress.Card
	Seq      int64       // the last evidence about the question: a grade must name it
	Outcomes [4]srs.Card // after each of srs.Ratings, at Now
	Now      time.Time
}

// Today is what a candidate's cards look like now.
type Today struct {
	Next     srs.Due // the next card, when Ready
	Ready    bool
	Left     srs.Counts
	NextAt   int64 // when the next card is due if none is ready, ms UTC; 0: none
	Activity progress.Activity
	Forecast [7]int // cards due by study day, today first
	Undo     int64  // seq of the grade that can be taken back, 0: none
}

// queueLimit bounds how many due cards are looked at to find the next one.
const queueLimit = 500

// Deck is what a card session is limited to. The zero value is all cards.
type Deck struct {
	Topic int64          // 0: all
	Only  map[int64]bool // questions; nil: all
}

// has reports whether the deck has a question, whatever its topic.
func (d Deck) has(question int64) bool { return d.Only == nil || d.Only[question] }

// Today returns a candidate's queue, of one topic or (topic 0) of all.
func (s *Service) Today(tx *store.Tx, u store.User, topic int64) (Today, error) {
	return s.TodayOf(tx, u, Deck{Topic: topic})
}

// TodayOf returns a candidate's queue of a deck.
func (s *Service) TodayOf(tx *store.Tx, u store.User, deck Deck) (Today, error) {
	cal, err := s.Calendar(u)
	if err != nil {
		return Today{}, err
	}
	now := tx.Time()
	today := Today{Activity: progress.Activity{Day: cal.Day(now)}}
	if today.Activity, err = s.activity(tx, u, today.Activity); err != nil {
		return Today{}, err
	}
	queue, err := s.queue(tx, u, deck, today.Activity)
	if err != nil {
		return Today{}, err
	}
	today.Next, today.Left, today.Ready = queue.Next(now, cal)
	var times []int64
	for _, d := range queue.Seen {
		times = append(times, d.DueAt)
		if d.DueAt > now.UnixMilli() && (today.NextAt == 0 || d.DueAt < today.NextAt) {
			today.NextAt = d.DueAt
		}
	}
	today.Forecast = srs.Forecast(times, now, cal)
	grade, err := lastGrade(tx, u.ID)
	if errors.Is(err, ErrNothingToUndo) {
		return today, nil
	}
	today.Undo = grade.Seq
	return today, err
}

func (s *Service) activity(tx *store.Tx, u store.User, none progress.Activity) (progress.Activity, error) {
	days, err := tx.Days(u.ID, none.Day)
	for _, day := range days { // there may be later ones, from before the calendar changed
		if day.Day == none.Day {
			return day, err
		}
	}
	return none, err
}

// queue returns the cards that are due first, and the new ones in the order of the deck. A card whose blank is gone or
// whose question serves no cards any more is left out: it could not be shown.
func (s *Service) queue(tx *store.Tx, u store.User, deck Deck, today progress.Activity) (srs.Queue, error) {
	c, limit := s.content.Load(), queueLimit
	if deck.Only != nil { // they may be anywhere among the others
		limit = math.MaxInt32
	}
	due, err := tx.DueCards(u.ID, deck.Topic, math.MaxInt64, limit)
	if err != nil {
		return srs.Queue{}, err
	}
	due = slices.DeleteFunc(due, func(d srs.Due) bool {
		return !deck.has(d.Key) || !c.cards[store.CardKey{Question: d.Key, Part: d.Part}]
	})
	have, err := tx.CardKeys(u.ID)
	if err != nil {
		return srs.Queue{}, err
	}
	queue := srs.Queue{Seen: due, NewLimit: u.NewPerDay, NewToday: today.New, ReviewsToday: max(0, today.Reviews-today.New)}
	for _, key := range c.deck {
		if have[key] || !deck.has(key.Question) {
			continue
		}
		if deck.Topic != 0 {
			if e, err := c.catalog.ByID(key.Question); err != nil || e.TopicID != deck.Topic {
				continue
			}
		}
		queue.New = append(queue.New, srs.Due{Key: key.Question, Part: key.Part, State: srs.New})
		if len(queue.New) == u.NewPerDay {
			break
		}
	}
	return queue, nil
}

// Turn returns a card as it is shown to a candidate.
func (s *Service) Turn(tx *store.Tx, u store.User, key store.CardKey) (Turn, error) {
	entry, err := s.Catalog().ByID(key.Question)
	if err != nil {
		return Turn{}, err
	}
	if !entry.Serves(bank.UseCard) || !slices.Contains(partsOf(entry.Question), key.Part) {
		return Turn{}, fmt.Errorf("card %d of question %s: %w", key.Part, entry.Question.ID, store.ErrNotFound)
	}
	cal, err := s.Calendar(u)
	if err != nil {
		return Turn{}, err
	}
	_, state, err := s.current(tx, u.ID, key.Question)
	if err != nil {
		return Turn{}, err
	}
	t := Turn{Entry: entry, Part: key.Part, Seq: state.Seq, Now: tx.Time()}
	t.Card, _ = state.Card(key.Part)
	t.Outcomes, err = s.scheduler.Preview(t.Card.Card, t.Now, cal)
	return t, err
}

// Grade is a candidate's judgement of a card.
type Grade struct {
	Card     store.CardKey
	Seq      int64 // Turn.Seq of the page that was graded
	Rating   srs.Rating
	Duration time.Duration // from the front to the grade; at most maxReview counts
}

// maxReview is the longest time that one review is taken to have cost. What is longer was an interruption.
const maxReview = 5 * time.Minute

func badRating(r srs.Rating) error {
	return fmt.Errorf("rating %d is not between %d and %d", int(r), int(srs.Again), int(srs.Easy))
}

// GradeCard records a grade. A grade of a page that is out of date (a double click, a second tab, an old form) changes
// nothing.
func (s *Service) GradeCard(ctx context.Context, a Actor, g Grade) (store.User, error) {
	if !g.Rating.Valid() {
		return a.User, badRating(g.Rating)
	}
	err := s.update(ctx, &a, func(tx *store.Tx) error {
		if err := a.refresh(tx); err != nil {
			return err
		}
		t, err := s.Turn(tx, a.User, g.Card)
		if err != nil {
			return err
		}
		if t.Seq != g.Seq {
			return nil
		}
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		_, err = s.record(tx, a.User, progress.Evidence{
			Kind:     progress.Graded,
			Once:     fmt.Sprintf("c:%d.%d:%d", g.Card.Question, g.Card.Part, g.Seq),
			Question: g.Card.Question,
			Revision: t.Entry.RevisionID,
			Score:    progress.NotJudged,
			Ratings:  []progress.PartRating{{Part: g.Card.Part, Rating: g.Rating}},
			Duration: min(max(0, g.Duration), maxReview).Milliseconds(),
		})
		return err
	})
	return a.User, err
}

// undoDepth is how far back a grade to undo is looked for.
const undoDepth = 100

// lastGrade returns the latest grade of a card that was not taken back.
func lastGrade(tx *store.Tx, user int64) (progress.Evidence, error) {
	recent, err := tx.RecentEvidence(user, undoDepth)
	if err != nil {
		return progress.Evidence{}, err
	}
	undone := map[int64]bool{}
	for _, e := range recent {
		switch {
		case e.Kind == progress.Merged:
			return progress.Evidence{}, ErrNothingToUndo
		case e.Kind == progress.Undone:
			undone[e.Ref] = true
		case e.Kind == progress.Graded && e.Attempt == 0 && !undone[e.Seq]:
			return e, nil
		}
	}
	return progress.Evidence{}, ErrNothingToUndo
}

// UndoGrade takes a grade back and returns the card that it had graded. Seq is Today.Undo of the page that offered it:
// when that grade is not the last one any more (a double click, an old page), nothing is done.
func (s *Service) UndoGrade(ctx context.Context, a Actor, seq int64) (store.CardKey, error) {
	var key store.CardKey
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		grade, err := tx.Evidence(a.User.ID, seq)
		if errors.Is(err, store.ErrNotFound) || err == nil && (grade.Kind != progress.Graded || grade.Attempt != 0) {
			return ErrNothingToUndo
		}
		if err != nil {
			return err
		}
		key = store.CardKey{Question: grade.Question, Part: grade.Ratings[0].Part}
		last, err := lastGrade(tx, a.User.ID)
		if errors.Is(err, ErrNothingToUndo) || err == nil && last.Seq != seq {
			return nil
		}
		if err != nil {
			return err
		}
		return s.undo(tx, a.User, grade)
	})
	return key, err
}

// undo computes the question's state anew without the grade.
func (s *Service) undo(tx *store.Tx, u store.User, grade progress.Evidence) error {
	return s.replay(tx, u.ID, grade.Question, func() (progress.Evidence, error) {
		return tx.AppendEvidence(u.ID, progress.Evidence{
			Kind:     progress.Undone,
			Once:     fmt.Sprintf("u:%d", grade.Seq),
			Question: grade.Question,
			Score:    progress.NotJudged,
			Ref:      grade.Seq,
		})
	})
}
