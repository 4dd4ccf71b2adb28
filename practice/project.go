package practice

import (
	"context"
	"fmt"

	"rehearse/progress"
	"rehearse/store"
)

// record appends an entry to the log and lets it take effect, unless it is held.
func (s *Service) record(tx *store.Tx, u store.User, e progress.Evidence) (progress.Evidence, error) {
	e, err := tx.AppendEvidence(u.ID, e)
	if err != nil || e.Held {
		return e, err
	}
	return e, s.project(tx, u, e)
}

// project lets an entry take effect on everything that is computed from the log.
func (s *Service) project(tx *store.Tx, u store.User, e progress.Evidence) error {
	cal, err := s.Calendar(u)
	if err != nil {
		return err
	}
	before, current, err := s.current(tx, u.ID, e.Question)
	if err != nil {
		return err
	}
	after, effect, err := s.projector.Evidence(current, e, cal)
	if err != nil {
		return err
	}
	if err := tx.PutState(u.ID, before, after); err != nil {
		return err
	}
	return tx.AddEffect(u.ID, store.RevisionEffect{Revision: e.Revision, Effect: effect})
}

// current returns a state as it is stored, and as it is once the events of content loads since then are taken in.
func (s *Service) current(tx *store.Tx, user, question int64) (stored, current progress.State, err error) {
	stored, err = tx.State(user, question)
	if err != nil {
		return stored, stored, err
	}
	events, err := tx.QuestionEvents(question, stored.EventSeq)
	if err != nil {
		return stored, stored, err
	}
	current = stored
	for _, ev := range events {
		current = s.projector.Event(current, ev)
	}
	return stored, current, nil
}

// CatchUp lets the events of content loads reach everybody who has met the questions, in small updates. It can be
// interrupted at any point and goes on from there.
func (s *Service) CatchUp(ctx context.Context) error {
	for {
		var (
			question int64
			stale    bool
			behind   []int64
		)
		const chunk = 100
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			if question, stale, err = tx.StaleQuestion(); err != nil || !stale {
				return err
			}
			behind, err = tx.BehindOn(question, chunk)
			return err
		})
		if err != nil || !stale {
			return err
		}
		if err := s.catchUp(ctx, question, behind); err != nil {
			return fmt.Errorf("catch up with question %d: %w", question, err)
		}
	}
}

func (s *Service) catchUp(ctx context.Context, question int64, behind []int64) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if len(behind) == 0 {
			return tx.SetFresh(question)
		}
		for _, user := range behind {
			stored, current, err := s.current(tx, user, question)
			if err != nil {
				return err
			}
			if err := tx.PutState(user, stored, current); err != nil {
				return err
			}
		}
		return nil
	})
}
