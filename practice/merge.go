package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rehearse/progress"
	"rehearse/store"
)

// ErrSamePerson is returned by Merge for one candidate instead of two.
var ErrSamePerson = errors.New("a candidate cannot be merged into themselves")

// Merge makes two candidates one: what from did becomes part of the log of into, as if into had done it then, and
// attempts, sessions, bookmarks, notes and reports go along. The settings of into stay. From's own log is kept as it is, and counts no more.
func (s *Service) Merge(ctx context.Context, from, into int64) error {
	if from == into {
		return ErrSamePerson
	}
	tried := false
	return s.write(ctx, func(tx *store.Tx) error {
		if tried { // perhaps with success that was never confirmed
			if _, err := tx.EvidenceOnce(into, onceMarker(from)); !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		tried = true
		for _, user := range []int64{from, into} {
			if _, err := tx.User(user); err != nil {
				return err
			}
			if err := s.settleAll(tx, user); err != nil {
				return err
			}
		}
		if err := s.forgetScores(tx, from); err != nil {
			return err
		}
		read, err := allRead(tx, from, into)
		if err != nil {
			return err
		}
		if err := moveLog(tx, from, into); err != nil {
			return fmt.Errorf("merge the log of user %d into %d: %w", from, into, err)
		}
		if err := moveKept(tx, from, into); err != nil {
			return err
		}
		marker, err := appendMerged(tx, from, into)
		if err != nil {
			return err
		}
		if read {
			if err := tx.SetTold(into, marker.Seq); err != nil {
				return err
			}
		}
		if err := tx.SetMerged(from, into); err != nil {
			return err
		}
		if err := tx.ClearProgress(from); err != nil {
			return err
		}
		return s.refold(tx, into)
	})
}

// allRead reports whether neither candidate has a correction left to read of.
func allRead(tx *store.Tx, users ...int64) (bool, error) {
	for _, user := range users {
		news, err := tx.Unread(user, 1)
		if err != nil || len(news) > 0 {
			return false, err
		}
	}
	return true, nil
}

// moveLog appends the log of one candidate to another's, and hands the attempts over. What both have stays once.
func moveLog(tx *store.Tx, from, into int64) error {
	log, err := tx.Log(from)
	if err != nil {
		return err
	}
	m, err := newMoving(tx, from, into)
	if err != nil {
		return err
	}
	for _, e := range progress.InOrder(log) {
		if e.Kind == progress.Set { // the other's settings stand
			continue
		}
		if err := m.move(e); err != nil {
			return err
		}
	}
	if err := tx.JoinAttempts(from, into, m.same); err != nil {
		return err
	}
	return tx.MoveAttempts(from, into, m.seqs)
}

// moveKept hands over what a candidate keeps with questions.
func moveKept(tx *store.Tx, from, into int64) error {
	return errors.Join(tx.MoveBookmarks(from, into), tx.MoveNotes(from, into), tx.MoveReports(from, into))
}

// onceMerged returns the once key of an entry in another's log. Keys that name an attempt are good in any log; all others
// count on the log that they stand in and might clash with one there, now or later.
func onceMerged(from int64, e progress.Evidence) string {
	for _, prefix := range []string{"a:", "m:", "f:"} {
		if strings.HasPrefix(e.Once, prefix) {
			return e.Once
		}
	}
	return fmt.Sprintf("w:%d:%d", from, e.Seq)
}

// onceMarker returns the once key of what marks a merge.
func onceMarker(from int64) string { return fmt.Sprintf("g:%d", from) }

// appendMerged marks the place in the log. No grade before it can be taken back: which was the last one is not clear.
func appendMerged(tx *store.Tx, from, into int64) (progress.Evidence, error) {
	data, err := json.Marshal(struct {
		From int64 `json:"from"`
	}{from})
	if err != nil {
		return progress.Evidence{}, err
	}
	return tx.AppendEvidence(into, progress.Evidence{
		Kind: progress.Merged, Once: onceMarker(from), Score: progress.NotJudged, Data: string(data),
	})
}
