package practice

import (
	"context"
	"fmt"
	"time"

	"rehearse/progress"
	"rehearse/store"
)

// Item statistics are counted behind the answers, candidate by candidate: what the log says now, less what it said when it
// was last counted. Both are functions of the log alone, so corrections, merges and erasures come out right, and an answer
// costs nothing for them.

// ScoreItems counts what candidates did since they were last counted, in small updates. It can be interrupted at any point.
// After each candidate it rests for so many times as long as that one took: after a rush there are thousands, and answers
// would wait behind all of them.
func (s *Service) ScoreItems(ctx context.Context, rest int) error {
	after := int64(0)
	for {
		var user int64
		found := false
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			user, found, err = tx.Unscored(after)
			return err
		})
		if err != nil || !found {
			return err
		}
		begun := time.Now()
		if err := s.scoreUser(ctx, user); err != nil {
			return fmt.Errorf("item statistics of candidate %d: %w", user, err)
		}
		select {
		case <-time.After(time.Duration(rest) * time.Since(begun)):
		case <-ctx.Done():
			return ctx.Err()
		}
		after = user
	}
}

// scoreUser counts one candidate. When somebody else did so meanwhile, nothing is done.
func (s *Service) scoreUser(ctx context.Context, user int64) error {
	var from, to int64
	var counts store.ItemCounts
	err := s.store.View(ctx, func(tx *store.Tx) error {
		counts = store.ItemCounts{}
		log, err := tx.Log(user)
		if err != nil || len(log) == 0 {
			return err
		}
		if from, err = tx.ScoredSeq(user); err != nil {
			return err
		}
		to = log[len(log)-1].Seq
		if err := addCounts(tx, user, counts, upTo(log, from), -1, tx.KeyOf); err != nil {
			return err
		}
		return addCounts(tx, user, counts, log, 1, tx.KeyOf)
	})
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if same, err := tx.SetScoredSeq(user, from, to); err != nil || !same {
			return err
		}
		return tx.AddItemCounts(counts)
	})
}

// upTo returns the entries of a log up to a seq.
func upTo(log []progress.Evidence, seq int64) []progress.Evidence {
	for i, e := range log {
		if e.Seq > seq {
			return log[:i]
		}
	}
	return log
}

// addCounts counts what a candidate's log says, by times. KeyOf returns the key hash of a revision.
func addCounts(tx *store.Tx, user int64, counts store.ItemCounts, log []progress.Evidence, times int64, keyOf func(int64) (string, error)) error {
	checks, err := tx.CheckAttempts(user)
	if err != nil {
		return err
	}
	attempts, err := progress.ItemAttempts(log, func(attempt int64) bool { return checks[attempt] })
	if err != nil {
		return err
	}
	for _, a := range attempts {
		key, err := keyOf(a.Revision)
		if err != nil {
			return err
		}
		counts.Add(store.ItemKey{Question: a.Question, KeyHash: key}, a, times)
	}
	return nil
}

// forgetScores takes back what a candidate added to the counts.
func (s *Service) forgetScores(tx *store.Tx, user int64) error {
	seq, err := tx.ScoredSeq(user)
	if err != nil || seq == 0 {
		return err
	}
	log, err := tx.Log(user)
	if err != nil {
		return err
	}
	counts := store.ItemCounts{}
	if err := addCounts(tx, user, counts, upTo(log, seq), -1, tx.KeyOf); err != nil {
		return err
	}
	if err := tx.AddItemCounts(counts); err != nil {
		return err
	}
	_, err = tx.SetScoredSeq(user, seq, 0)
	return err
}

// lackingCounts returns what has to be added to the counts to make them what the logs say, as far as they were counted.
func (s *Service) lackingCounts(tx *store.Tx, report Report) (store.ItemCounts, error) {
	users, err := tx.UserIDs()
	if err != nil {
		return nil, err
	}
	lack := store.ItemCounts{}
	var keys keyHashes
	for i, user := range users {
		report("item statistics", i+1, len(users))
		seq, err := tx.ScoredSeq(user)
		if err != nil {
			return nil, err
		}
		if seq == 0 {
			continue
		}
		log, err := tx.Log(user)
		if err != nil {
			return nil, err
		}
		if err := addCounts(tx, user, lack, upTo(log, seq), 1, keys.of(tx)); err != nil {
			return nil, fmt.Errorf("candidate %d: %w", user, err)
		}
	}
	stored, err := tx.ItemCounts()
	if err != nil {
		return nil, err
	}
	return lack.Minus(stored), nil
}
