package store

import (
	"database/sql"
	"errors"
	"fmt"

	"rehearse/progress"
)

// AppendEvidence appends an entry to a candidate's log and returns it with Seq and At filled in. ErrDuplicate means that
// an entry with the same Once is there already; nothing was written then.
func (tx *Tx) AppendEvidence(user int64, e progress.Evidence) (progress.Evidence, error) {
	if err := tx.own(user); err != nil { // which may set the time of the update
		return e, err
	}
	e.At = tx.now
	return tx.AppendLate(user, e)
}

// AppendLate appends an entry as AppendEvidence does, with the time that it has, which is not in the future.
func (tx *Tx) AppendLate(user int64, e progress.Evidence) (progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return e, err
	}
	e.At = min(e.At, tx.now)
	return tx.append(user, e)
}

// append appends an entry as it is, but for its Seq. The insert finds the seq and the double at once: each statement
// costs as much as all the rest of an entry.
func (tx *Tx) append(user int64, e progress.Evidence) (progress.Evidence, error) {
	const insert = `
		INSERT INTO evidence (user_id, seq, at, kind, once, question_id, revision_id, attempt_id, position, held, imported,
			score, ratings, unsure, confidence, duration, ref, data)
		VALUES ($1, (SELECT last_seq + 1 FROM users WHERE id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
			$16, $17)
		ON CONFLICT (user_id, once) DO NOTHING
		RETURNING seq`
	score := sql.NullInt64{Int64: e.Score, Valid: e.Score != progress.NotJudged}
	args := []any{
		user, e.At, string(e.Kind), e.Once, e.Question, e.Revision, e.Attempt, e.Position, e.Held, e.Imported, score,
		progress.FormatRatings(e.Ratings), e.Unsure, int(e.Confidence), e.Duration, e.Ref, e.Data,
	}
	err := tx.row(insert, args, &e.Seq)
	if errors.Is(err, ErrNotFound) {
		return e, ErrDuplicate
	}
	if err != nil {
		return e, fmt.Errorf("append %s to the log of user %d: %w", e.Kind, user, err)
	}
	return e, tx.exec(countEntry, user, e.Seq, e.At)
}

// countEntry is the one statement that changes a person's row and nothing that User returns.
const countEntry = `UPDATE users SET last_seq = $2, last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END WHERE id = $1`

const evidenceColumns = `seq, at, kind, once, question_id, revision_id, attempt_id, position, held, imported, score, ratings,
	unsure, confidence, duration, ref, data`

// EvidenceOnce returns the entry with this once key.
func (tx *Tx) EvidenceOnce(user int64, once string) (progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return progress.Evidence{}, err
	}
	const query = `SELECT ` + evidenceColumns + ` FROM evidence WHERE user_id = $1 AND once = $2`
	log, err := tx.evidence(query, user, once)
	return only(log, err)
}

// Evidence returns the entry with this seq.
func (tx *Tx) Evidence(user, seq int64) (progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return progress.Evidence{}, err
	}
	const query = `SELECT ` + evidenceColumns + ` FROM evidence WHERE user_id = $1 AND seq = $2`
	log, err := tx.evidence(query, user, seq)
	return only(log, err)
}

func only(log []progress.Evidence, err error) (progress.Evidence, error) {
	if err != nil {
		return progress.Evidence{}, err
	}
	if len(log) == 0 {
		return progress.Evidence{}, ErrNotFound
	}
	return log[0], nil
}

// Log returns a candidate's whole log, oldest first.
func (tx *Tx) Log(user int64) ([]progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `SELECT ` + evidenceColumns + ` FROM evidence WHERE user_id = $1 ORDER BY seq`
	return tx.evidence(query, user)
}

// RecentEvidence returns the last entries of a candidate's log, newest first.
func (tx *Tx) RecentEvidence(user int64, limit int) ([]progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `SELECT ` + evidenceColumns + ` FROM evidence WHERE user_id = $1 ORDER BY seq DESC LIMIT $2`
	return tx.evidence(query, user, limit)
}

// QuestionLog returns what progress.Fold needs of a candidate's log for a question: the entries about it and about those
// that it took in, with all entries that belong to no question.
func (tx *Tx) QuestionLog(user, question int64) ([]progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `
		SELECT ` + evidenceColumns + `
		FROM evidence
		WHERE user_id = $1 AND (question_id IN ($2, 0) OR question_id IN (SELECT id FROM questions WHERE into_id = $2 AND into_id <> 0))
		ORDER BY seq`
	return tx.evidence(query, user, question)
}

func (tx *Tx) evidence(query string, args ...any) ([]progress.Evidence, error) {
	var log []progress.Evidence
	err := tx.rows(query, args, func(row scanner) error {
		var (
			e       progress.Evidence
			score   sql.NullInt64
			ratings string
		)
		err := row.Scan(&e.Seq, &e.At, &e.Kind, &e.Once, &e.Question, &e.Revision, &e.Attempt, &e.Position, &e.Held, &e.Imported, &score,
			&ratings, &e.Unsure, &e.Confidence, &e.Duration, &e.Ref, &e.Data)
		if err != nil {
			return err
		}
		e.Score = progress.NotJudged
		if score.Valid {
			e.Score = score.Int64
		}
		e.Ratings, err = progress.ParseRatings(ratings)
		log = append(log, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	return log, nil
}
