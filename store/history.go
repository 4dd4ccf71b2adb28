package store

import (
	"database/sql"
	"fmt"

	"rehearse/progress"
)

// HistoryLine is one earlier encounter with a question, as far as the candidate may know of it.
type HistoryLine struct {
	At       int64 // ms UTC
	Kind     progress.EvidenceKind
	Score    int64  // progress.NotJudged: not judged by the program
	Attempt  string // slug, "" outside attempts
	Position int    // from 0
}

// History returns a candidate's latest responses to a question and grades of its cards, newest first. Responses of an
// exam that still runs are left out: their verdict is not known yet. Corrected responses have their new score.
func (tx *Tx) History(user, question int64, limit int) ([]HistoryLine, error) {
	query := `
		SELECT e.at, e.kind, coalesce(c.score, e.score), coalesce(a.slug, ''), e.position
		FROM evidence e` + tx.by("evidence_question") + `
		LEFT JOIN attempts a ON a.id = e.attempt_id
		LEFT JOIN attempt_items i ON i.attempt_id = e.attempt_id AND i.position = e.position
		LEFT JOIN evidence c ON c.user_id = e.user_id AND c.seq = i.fix_seq
		WHERE e.user_id = $1 AND e.question_id <> 0 AND e.question_id IN (` + familyOf2 + `)
			AND (e.kind = 'r' OR e.kind = 'g' AND e.attempt_id = 0)
			AND (e.held = 0 OR a.finished_at > 0)
		ORDER BY e.at DESC, e.seq DESC
		LIMIT $3`
	var lines []HistoryLine
	err := tx.rows(query, []any{user, question, limit}, func(row scanner) error {
		var (
			l     HistoryLine
			kind  string
			score sql.NullInt64
		)
		err := row.Scan(&l.At, &kind, &score, &l.Attempt, &l.Position)
		l.Kind, l.Score = letterKinds[kind], progress.NotJudged
		if score.Valid {
			l.Score = score.Int64
		}
		lines = append(lines, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of user %d with question %d: %w", user, question, err)
	}
	return lines, nil
}
