package practice

import (
	"context"
	"errors"
	"fmt"

	"rehearse/store"
)

// Erase deletes everything of a candidate: log, attempts, sessions, settings, and the logs that were merged into theirs. What
// they added to the statistics of items is taken back in the same update. Scrubbed says that nothing of it is left in the
// files either; else that follows within seconds, in the background.
func (s *Service) Erase(ctx context.Context, user int64) (scrubbed bool, err error) {
	tried := false
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.User(user)
		if tried && errors.Is(err, store.ErrNotFound) { // a run before this one was committed
			return nil
		}
		tried = true
		if err != nil {
			return err
		}
		if err := s.forgetScores(tx, user); err != nil {
			return err
		}
		return tx.Erase(user)
	})
	if err != nil {
		return false, fmt.Errorf("erase candidate %d: %w", user, err)
	}
	return s.store.Scrub(ctx)
}
