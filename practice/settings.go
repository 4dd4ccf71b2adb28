package practice

import (
	"context"

	"rehearse/store"
)

// PutSettings stores a candidate's settings. When the zone or the rollover hour changes, cards that wait for a study day
// wait for the same date in the new calendar. Another retention counts from the next review of each card.
func (s *Service) PutSettings(ctx context.Context, a Actor, want store.User) (store.User, error) {
	err := s.update(ctx, &a, func(tx *store.Tx) error {
		if err := s.admit(tx, &a); err != nil {
			return err
		}
		before := a.User
		want.ID = before.ID
		a.User = want
		if _, err := s.course(want); err != nil {
			return err
		}
		if err := tx.PutUser(want); err != nil || want.Settings == before.Settings {
			return err
		}
		if err := s.settleAll(tx, want.ID); err != nil {
			return err
		}
		if err := appendSet(tx, want); err != nil {
			return err
		}
		return s.recalendar(tx, before, want)
	})
	return a.User, err
}

// settleAll settles all questions that a candidate has met.
func (s *Service) settleAll(tx *store.Tx, user int64) error {
	met, err := tx.MetQuestions(user)
	if err != nil {
		return err
	}
	for _, question := range met {
		if _, _, err := s.settle(tx, user, question); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) recalendar(tx *store.Tx, before, after store.User) error {
	from, err := s.Calendar(before)
	if err != nil {
		return err
	}
	to, err := s.Calendar(after)
	if err != nil {
		return err
	}
	met, err := tx.MetQuestions(after.ID)
	if err != nil {
		return err
	}
	for _, question := range met {
		stored, current, err := s.current(tx, after.ID, question)
		if err != nil {
			return err
		}
		if err := tx.PutState(after.ID, stored, s.projector.Recalendar(current, from, to)); err != nil {
			return err
		}
	}
	return nil
}

// ReadNews notes that a candidate has read of the corrections up to an entry of their log.
func (s *Service) ReadNews(ctx context.Context, a Actor, seq int64) error {
	return s.store.Update(ctx, func(tx *store.Tx) error { return tx.SetTold(a.User.ID, seq) })
}

// RenewSession notes that a session is in use, so that it is not pruned.
func (s *Service) RenewSession(ctx context.Context, a Actor, hash []byte) error {
	return s.store.Update(ctx, func(tx *store.Tx) error { return tx.RenewSession(a.User.ID, hash) })
}

// PruneSessions deletes a bounded number of sessions that were not used since a time (ms UTC), and returns how many. It
// looks first: an update that concerns everybody makes the store forget what it remembers of them.
func (s *Service) PruneSessions(ctx context.Context, before int64) (int64, error) {
	const chunk = 500
	var due bool
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.SessionsDue(before)
		return err
	})
	if err != nil || !due {
		return 0, err
	}
	var n int64
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.PruneSessions(before, chunk)
		return err
	})
	return n, err
}

// ServerKey returns the secret of this server with the given name; fresh becomes it when there is none yet.
func (s *Service) ServerKey(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	var key []byte
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		key, err = tx.ServerKey(name, fresh)
		return err
	})
	return key, err
}
