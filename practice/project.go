package practice

import (
	"context"
	"fmt"

	"rehearse/progress"
	"rehearse/store"
)

// record appends an entry to the log and lets it take effect, unless it is held.
func (s *Service) record(tx *store.Tx, u store.User, e progress.Evidence) (progress.Evidence, error) {
	stored, current, err := s.settle(tx, u.ID, e.Question)
	if err != nil {
		return e, err
	}
	if !e.Held {
		e.At = tx.Now()
		if err := s.balance(tx, u, current, &e); err != nil {
			return e, err
		}
	}
	if e, err = tx.AppendEvidence(u.ID, e); err != nil || e.Held {
		return e, err
	}
	if err := s.project(tx, u, e, stored, current); err != nil {
		return e, err
	}
	return e, s.correctNew(tx, u.ID, e)
}

// project lets an entry take effect on everything that is computed from the log. Stored and current are what settle
// returned before the entry was appended.
func (s *Service) project(tx *store.Tx, u store.User, e progress.Evidence, stored, current progress.State) error {
	course, err := s.course(u)
	if err != nil {
		return err
	}
	after, day, err := s.projector.Evidence(current, e, course)
	if err != nil {
		return err
	}
	if err := tx.PutState(u.ID, stored, after); err != nil {
		return err
	}
	return tx.AddActivity(u.ID, day)
}

// settle returns a state as current does, once those events are taken in that reach into the candidate's log:
// corrections, and questions that became one. It comes before anything is appended about the question.
func (s *Service) settle(tx *store.Tx, user, question int64) (stored, current progress.State, err error) {
	stored, current, reaching, err := s.pending(tx, user, question)
	if err != nil || !reaching {
		return stored, current, err
	}
	if err := s.replay(tx, user, question, nil); err != nil {
		return stored, current, err
	}
	return s.current(tx, user, question)
}

// current returns a state as it is stored, and as it is once the events of content loads since then are taken in. Those
// that reach into the log are left to settle.
func (s *Service) current(tx *store.Tx, user, question int64) (stored, current progress.State, err error) {
	stored, current, _, err = s.pending(tx, user, question)
	return stored, current, err
}

// pending returns a state as current does, and whether any of the events reaches into the log.
func (s *Service) pending(tx *store.Tx, user, question int64) (stored, current progress.State, reaching bool, err error) {
	stored, err = tx.State(user, question)
	if err != nil {
		return stored, stored, false, err
	}
	events, err := tx.QuestionEvents(question, stored.EventSeq)
	if err != nil {
		return stored, stored, false, err
	}
	current = stored
	for _, ev := range events {
		current = s.projector.Event(current, ev)
		reaching = reaching || ev.Kind.ReachesBack()
	}
	return stored, current, reaching, nil
}

// CatchUp lets the events of content loads reach everybody who has met the questions, in small updates. It can be
// interrupted at any point and goes on from there.
func (s *Service) CatchUp(ctx context.Context) error {
	for {
		var (
			question int64
			stale    bool
		)
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			question, stale, err = tx.StaleQuestion()
			return err
		})
		if err != nil || !stale {
			return err
		}
		if err := s.catchUp(ctx, question); err != nil {
			return fmt.Errorf("catch up with question %d: %w", question, err)
		}
	}
}

// catchUp brings some of those who are behind up to date. Who they are is looked up in the update itself: another load or
// a merge may have come before it.
func (s *Service) catchUp(ctx context.Context, question int64) error {
	const chunk = 25 // each may mean that a history is folded anew
	return s.write(ctx, func(tx *store.Tx) error {
		behind, err := tx.BehindOn(question, chunk)
		if err != nil {
			return err
		}
		if len(behind) == 0 {
			return tx.SetFresh(question)
		}
		for _, user := range behind {
			stored, current, err := s.settle(tx, user, question)
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
