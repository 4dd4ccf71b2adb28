package practice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store"
)

// PutAside takes a card out of a candidate's sessions, or brings it back. Seq is Turn.Seq of the page that asked: one
// that is out of date changes nothing.
func (s *Service) PutAside(ctx context.Context, a Actor, key store.CardKey, seq int64, aside bool) (store.User, error) {
	kind := progress.Resumed
	if aside {
		kind = progress.Suspended
	}
	err := s.update(ctx, &a, func(tx *store.Tx) error {
		if err := a.refresh(tx); err != nil {
			return err
		}
		t, err := s.Turn(tx, a.User, key)
		if err != nil || t.Seq != seq || t.Card.Suspended == aside {
			return err
		}
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		_, err = s.record(tx, a.User, progress.Evidence{
			Kind:     kind,
			Once:     fmt.Sprintf("p:%d.%d:%d", key.Question, key.Part, seq),
			Question: key.Question,
			Revision: t.Entry.RevisionID,
			Position: key.Part,
			Score:    progress.NotJudged,
		})
		return err
	})
	return a.User, err
}

// Marked is a card that a candidate put aside or keeps forgetting.
type Marked struct {
	Entry *store.Listed
	Seq   int64 // Turn.Seq
	store.KnownCard
}

// Marked returns cards that were put aside, and those forgotten so often that something else may help: those forgotten most,
// up to limit.
func (s *Service) Marked(tx *store.Tx, u store.User, limit int) ([]Marked, error) {
	known, err := tx.Known(u.ID)
	if err != nil {
		return nil, err
	}
	c := s.content.Load()
	places := c.deck().places
	var cards []store.KnownCard
	for _, card := range known.Cards {
		if _, ok := places.of(card.CardKey); ok && (card.Suspended || card.Lapses >= srs.LeechLapses) {
			cards = append(cards, card)
		}
	}
	slices.SortFunc(cards, func(a, b store.KnownCard) int {
		return cmp.Or(cmp.Compare(b.Lapses, a.Lapses), cmp.Compare(a.Question, b.Question), cmp.Compare(a.Part, b.Part))
	})
	var out []Marked
	for _, card := range cards[:min(len(cards), limit)] {
		entry, _ := c.catalog.Live(card.Question)
		met, _ := known.Question(card.Question)
		out = append(out, Marked{Entry: entry, Seq: met.Seq, KnownCard: card})
	}
	return out, nil
}

// SpreadBacklog spreads what is waiting over some study days, today included; 0 days go back to the usual limit.
func (s *Service) SpreadBacklog(ctx context.Context, a Actor, days int) (store.User, error) {
	const longest = 60
	err := s.update(ctx, &a, func(tx *store.Tx) error {
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		cal, err := s.Calendar(a.User)
		if err != nil {
			return err
		}
		a.User.CatchUp = 0
		if days > 0 {
			a.User.CatchUp = cal.Day(tx.Time()) + min(days, longest) - 1
		}
		return tx.PutUser(a.User)
	})
	return a.User, err
}

// DaysToCatchUp returns for how many more study days a backlog is being spread, 0: none.
func (s *Service) DaysToCatchUp(u store.User, now time.Time) int {
	cal, err := s.Calendar(u)
	if err != nil {
		return 0
	}
	return max(0, u.CatchUp-cal.Day(now)+1)
}
