package store

import (
	"errors"
	"fmt"
	"slices"

	"rehearse/progress"
)

// AppendFrom appends an entry out of somebody else's log to a candidate's, with the time at which it was made, and
// returns its seq there.
func (tx *Tx) AppendFrom(user int64, e progress.Evidence) (seq int64, err error) {
	if err := tx.own(user); err != nil {
		return 0, err
	}
	e, err = tx.append(user, e)
	return e.Seq, err
}

// ownBoth locks the rows of two candidates, always in the same order: so no two updates wait for each other.
func (tx *Tx) ownBoth(a, b int64) error {
	if err := tx.own(min(a, b)); err != nil {
		return err
	}
	return tx.own(max(a, b))
}

// SameAttempts returns the attempts of one candidate that another has, too, with the other's: those that began at the same
// time with the same seed and the same questions. One of the two was imported.
func (tx *Tx) SameAttempts(from, into int64) (map[int64]int64, error) {
	if err := tx.ownBoth(from, into); err != nil {
		return nil, err
	}
	const query = `SELECT id, mode, seed, started_at FROM attempts WHERE user_id = $1 ORDER BY id`
	type begun struct {
		mode     string
		seed, at int64
	}
	read := func(user int64, each func(id int64, b begun)) error {
		return tx.rows(query, []any{user}, func(row scanner) error {
			var (
				id int64
				b  begun
			)
			err := row.Scan(&id, &b.mode, &b.seed, &b.at)
			each(id, b)
			return err
		})
	}
	others, same := map[begun]int64{}, map[int64]int64{}
	err := read(into, func(id int64, b begun) { others[b] = id })
	if err == nil {
		err = read(from, func(id int64, b begun) {
			if other := others[b]; other != 0 {
				same[id] = other
			}
		})
	}
	for id, other := range same {
		a, err2 := tx.pastItems(id)
		b, err3 := tx.pastItems(other)
		err = errors.Join(err, err2, err3)
		if !slices.EqualFunc(a, b, func(a, b PastItem) bool { return a.Revision == b.Revision }) {
			delete(same, id)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("attempts of users %d and %d: %w", from, into, err)
	}
	return same, nil
}

// JoinAttempts forgets those attempts of a candidate that are the same as the other's: what led to them leads to those.
func (tx *Tx) JoinAttempts(from, into int64, same map[int64]int64) error {
	if err := tx.ownBoth(from, into); err != nil {
		return err
	}
	forms := map[string]int64{}
	const query = `SELECT nonce, attempt_id FROM used_forms WHERE user_id = $1`
	err := tx.rows(query, []any{from}, func(row scanner) error {
		var (
			nonce   []byte
			attempt int64
		)
		err := row.Scan(&nonce, &attempt)
		forms[string(nonce)] = same[attempt]
		return err
	})
	for nonce, attempt := range forms {
		if err == nil && attempt != 0 {
			err = tx.exec(`UPDATE used_forms SET attempt_id = $2 WHERE nonce = $1`, []byte(nonce), attempt)
		}
	}
	for attempt := range same {
		for _, query := range []string{
			`DELETE FROM skill_checks WHERE attempt_id = $1`,
			`DELETE FROM attempt_items WHERE attempt_id = $1`,
			`DELETE FROM attempts WHERE id = $1`,
		} {
			if err == nil {
				err = tx.exec(query, attempt)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("join the attempts of users %d and %d: %w", from, into, err)
	}
	return nil
}

// MoveAttempts hands the attempts of one candidate to another. Seqs says where the entries of the one's log stand in the
// other's.
func (tx *Tx) MoveAttempts(from, into int64, seqs map[int64]int64) error {
	if err := tx.ownBoth(from, into); err != nil {
		return err
	}
	const query = `
		SELECT i.attempt_id, i.position, i.evidence_seq, i.mark_seq, i.fix_seq
		FROM attempt_items i
		JOIN attempts a ON a.id = i.attempt_id
		WHERE a.user_id = $1 AND i.evidence_seq > 0`
	type place struct{ attempt, position, response, mark, fix int64 }
	var places []place
	err := tx.rows(query, []any{from}, func(row scanner) error {
		var p place
		err := row.Scan(&p.attempt, &p.position, &p.response, &p.mark, &p.fix)
		places = append(places, p)
		return err
	})
	if err != nil {
		return fmt.Errorf("attempts of user %d: %w", from, err)
	}
	const item = `UPDATE attempt_items SET evidence_seq = $1, mark_seq = $2, fix_seq = $3 WHERE attempt_id = $4 AND position = $5`
	for _, p := range places {
		if err := tx.exec(item, seqs[p.response], seqs[p.mark], seqs[p.fix], p.attempt, p.position); err != nil {
			return fmt.Errorf("position %d of attempt %d: %w", p.position, p.attempt, err)
		}
	}
	const attempts = `UPDATE attempts SET user_id = $1 WHERE user_id = $2`
	return tx.exec(attempts, into, from)
}

// SetMerged notes that one candidate is another one: sessions and forms become the other's.
func (tx *Tx) SetMerged(from, into int64) error {
	if err := tx.ownBoth(from, into); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE sessions SET user_id = $2 WHERE user_id = $1`,
		`UPDATE used_forms SET user_id = $2 WHERE user_id = $1`,
		`UPDATE users SET merged_into = $2 WHERE id = $1 OR merged_into = $1`,
	} {
		if err := tx.exec(query, from, into); err != nil {
			return fmt.Errorf("merge user %d into %d: %w", from, into, err)
		}
	}
	return nil
}
