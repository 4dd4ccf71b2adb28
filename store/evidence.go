package store

import (
	"database/sql"
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

// append appends an entry as it is, but for its Seq. The insert finds a double by itself. It says by the number of rows that it
// added one: for RETURNING, SQLite makes a table anew each time.
func (tx *Tx) append(user int64, e progress.Evidence) (progress.Evidence, error) {
	once, insert := storedOnce(e), appendOther
	switch {
	case !once.Valid && e.Kind == progress.Responded:
		insert = appendResponse
	case !once.Valid:
		insert = appendFinished
	}
	score := sql.NullInt64{Int64: e.Score, Valid: e.Score != progress.NotJudged}
	run, grouped := tx.run.(*member)
	var last int64
	if grouped {
		last = run.lastSeq
	} else if err := tx.row(lastOf, []any{user}, &last); err != nil {
		return e, fmt.Errorf("last seq of user %d: %w", user, err)
	}
	args := []any{
		user, e.At, kindLetters[e.Kind], once, e.Question, e.Revision, e.Attempt, e.Position, e.Held, e.Imported, score,
		progress.FormatRatings(e.Ratings), e.Unsure, int(e.Confidence), e.Duration, e.Ref, pack(e.Kind, e.Data), last,
	}
	if grouped {
		e.Seq = last + 1
		return e, run.append(tx, insert, e.At, args)
	}
	n, err := tx.affect(onlyOnce[insert], args...)
	if err != nil {
		return e, fmt.Errorf("append %s to the log of user %d: %w", e.Kind, user, err)
	}
	if n == 0 {
		return e, tx.duplicate(user)
	}
	e.Seq = last + 1
	return e, tx.later(countEntry, user, e.Seq, e.At)
}

// duplicate returns the error of an entry that was not appended: ErrDuplicate, unless its seq is taken, which no entry's is
// that was counted.
func (tx *Tx) duplicate(user int64) error {
	const query = `
		SELECT EXISTS (SELECT 1 FROM evidence WHERE user_id = $1 AND seq = (SELECT last_seq + 1 FROM users WHERE id = $1))`
	var taken bool
	if err := tx.row(query, []any{user}, &taken); err != nil {
		return err
	}
	if taken {
		return fmt.Errorf("the log of user %d has an entry that is not counted", user)
	}
	return ErrDuplicate
}

// The statements of append; $18 is the last seq. Where there is no once key, the attempt tells whether the entry is there
// already: then it gets a seq that is taken.
const (
	appendOther    = appendBegin + `1)`
	appendResponse = appendBegin + `CASE WHEN EXISTS (
			SELECT 1 FROM attempt_items i JOIN attempts a ON a.id = i.attempt_id
			WHERE i.attempt_id = $7 AND i.position = $8 AND i.evidence_seq > 0 AND a.user_id = $1
		) THEN 0 ELSE 1 END)`
	appendFinished = appendBegin + `CASE WHEN EXISTS (
			SELECT 1 FROM attempts WHERE id = $7 AND user_id = $1 AND finished_at > 0
		) THEN 0 ELSE 1 END)`

	appendBegin = `
		INSERT INTO evidence (user_id, at, kind, once, question_id, revision_id, attempt_id, position, held, imported,
			score, ratings, unsure, confidence, duration, ref, data, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, CAST($18 AS BIGINT) + `
)

// onlyOnce are the same for one entry alone, which adds nothing when it is there already.
var onlyOnce = map[string]string{
	appendOther:    appendOther + orNothing,
	appendResponse: appendResponse + orNothing,
	appendFinished: appendFinished + orNothing,
}

const (
	orNothing = ` ON CONFLICT DO NOTHING`
	lastOf    = `SELECT last_seq FROM users WHERE id = $1`
)

// countEntry is the one statement that changes a person's row and nothing that User returns.
const countEntry = `UPDATE users SET last_seq = $2, last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END WHERE id = $1`

const evidenceColumns = `seq, at, kind, once, question_id, revision_id, attempt_id, position, held, imported, score, ratings,
	unsure, confidence, duration, ref, data`

// Response returns the entry of the response to a position of a candidate's attempt.
func (tx *Tx) Response(user, attempt int64, position int) (progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return progress.Evidence{}, err
	}
	const query = `
		SELECT ` + evidenceColumns + `
		FROM evidence
		WHERE user_id = $1 AND seq = (SELECT evidence_seq FROM attempt_items WHERE attempt_id = $2 AND position = $3)`
	log, err := tx.evidence(query, user, attempt, position)
	return only(log, err)
}

// EvidenceOnce returns the entry with this once key, which is not the usual one of a response or of the end of an attempt.
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

// RecentTimes returns of the last entries of a candidate's log, newest first, what progress.PaceOf looks at.
func (tx *Tx) RecentTimes(user int64, limit int) ([]progress.Evidence, error) {
	const query = `SELECT kind, attempt_id, coalesce(score, -1), duration FROM evidence WHERE user_id = $1 ORDER BY seq DESC LIMIT $2`
	var log []progress.Evidence
	err := tx.rows(query, []any{user, limit}, func(row scanner) error {
		var (
			e    progress.Evidence
			kind string
		)
		err := row.Scan(&kind, &e.Attempt, &e.Score, &e.Duration)
		e.Kind = letterKinds[kind]
		log = append(log, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("times of user %d: %w", user, err)
	}
	return log, nil
}

// QuestionLog returns what progress.Fold needs of a candidate's log for a question: the entries about it and about those
// that it took in, with all entries that belong to no question, but for the ends of attempts that did not ask it: of those
// there are as many as somebody took quizzes.
func (tx *Tx) QuestionLog(user, question int64) ([]progress.Evidence, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	query := `
		WITH own AS (
			SELECT seq, attempt_id
			FROM evidence` + tx.by("evidence_question") + `
			WHERE user_id = $1 AND question_id <> 0 AND question_id IN (` + familyOf2 + `)
		)
		SELECT ` + evidenceColumns + `
		FROM evidence
		WHERE user_id = $1 AND seq IN (
			SELECT seq FROM own
			UNION ALL
			SELECT seq FROM evidence` + tx.by("evidence_general") + ` WHERE user_id = $1 AND question_id = 0 AND kind <> 'f'
			UNION ALL
			SELECT seq FROM evidence` + tx.by("evidence_finished") + ` WHERE user_id = $1 AND kind = 'f' AND attempt_id IN (SELECT attempt_id FROM own))
		ORDER BY seq`
	return tx.evidence(query, user, question)
}

// by makes SQLite use an index. Knowing nothing of how many entries somebody has, it takes them all to be few.
func (tx *Tx) by(index string) string {
	if tx.postgres {
		return ""
	}
	return " INDEXED BY " + index
}

// familyOf2 are the keys of question $2 and of those that it took in.
const familyOf2 = `SELECT CAST($2 AS BIGINT) UNION ALL SELECT id FROM questions WHERE into_id = $2 AND into_id <> 0`

func (tx *Tx) evidence(query string, args ...any) ([]progress.Evidence, error) {
	var log []progress.Evidence
	err := tx.rows(query, args, func(row scanner) error {
		var (
			e       progress.Evidence
			score   sql.NullInt64
			once    sql.NullString
			kind    string
			ratings string
		)
		err := row.Scan(&e.Seq, &e.At, &kind, &once, &e.Question, &e.Revision, &e.Attempt, &e.Position, &e.Held, &e.Imported, &score,
			&ratings, &e.Unsure, &e.Confidence, &e.Duration, &e.Ref, &e.Data)
		if err != nil {
			return err
		}
		e.Kind, e.Once = letterKinds[kind], once.String
		if !once.Valid {
			e.Once = e.UsualOnce()
		}
		e.Data = unpack(e.Kind, e.Data)
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
