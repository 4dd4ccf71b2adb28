package store

import (
	"fmt"

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
