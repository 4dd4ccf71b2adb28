package practice

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"rehearse/progress"
	"rehearse/store"
)

// Erase deletes everything of a candidate: log, attempts, sessions, settings, and the logs that were merged into theirs. What
// they added to the statistics of items is taken back in the same update. Scrubbed says that nothing of it is left in the
// files either; else that follows within seconds, in the background.
func (s *Service) Erase(ctx context.Context, user int64) (scrubbed bool, err error) {
	const tries = 4 // while the log grows, or content is loaded
	done := false
	for try := 0; err == nil && !done && try < tries; try++ {
		done, err = s.eraseUnchanged(ctx, user)
	}
	if err == nil && !done {
		err = s.eraseAtOnce(ctx, user)
	}
	if err != nil {
		return false, fmt.Errorf("erase candidate %d: %w", user, err)
	}
	return s.store.Scrub(ctx)
}

// eraseUnchanged adds up in a snapshot what a candidate's log adds to the items, and erases all of it in one short update if
// neither log nor content have changed since; false when one has.
func (s *Service) eraseUnchanged(ctx context.Context, user int64) (done bool, err error) {
	if err := s.CatchUp(ctx); err != nil {
		return false, err
	}
	var (
		mark    store.LogMark
		adds    map[store.ItemKey]progress.ItemStats
		loading bool
	)
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if _, loading, err = tx.StaleQuestion(); err != nil || loading {
			return err
		}
		if _, err = tx.User(user); err != nil {
			return err
		}
		if mark, err = tx.LogMark(user); err != nil {
			return err
		}
		r, err := s.rebuilt(tx, user, allEvents)
		adds = r.items
		return err
	})
	if err != nil || loading {
		return false, err
	}
	tried := false
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		now, err := tx.LogMark(user)
		if tried && errors.Is(err, store.ErrNotFound) { // a run before this one was committed
			done = true
			return nil
		}
		tried, done = true, now == mark
		if err != nil || !done {
			return err
		}
		for _, key := range slices.SortedFunc(maps.Keys(adds), store.ItemKey.Compare) {
			if err := tx.AddToItem(key, progress.ItemStats{}.Minus(adds[key])); err != nil {
				return err
			}
		}
		if err := s.forgetScores(tx, user); err != nil {
			return err
		}
		return tx.Erase(user)
	})
	return done, err
}

// eraseAtOnce does all of it in one update, for a log that never rests.
func (s *Service) eraseAtOnce(ctx context.Context, user int64) error {
	tried := false
	return s.write(ctx, func(tx *store.Tx) error {
		_, err := tx.User(user)
		if tried && errors.Is(err, store.ErrNotFound) {
			return nil
		}
		tried = true
		if err != nil {
			return err
		}
		if err := s.forgetItems(tx, user); err != nil {
			return err
		}
		if err := s.forgetScores(tx, user); err != nil {
			return err
		}
		return tx.Erase(user)
	})
}
