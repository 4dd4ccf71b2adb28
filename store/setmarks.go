package store

import "fmt"

// SetMarks returns the marks of the latest attempts at a fixed set of questions, at most limit: of each candidate's first
// finished attempt under the set's title that asked exactly so many questions, by attempt, then question, in micro-points.
// Questions that were left out count 0. Open questions, which nobody but the candidate marks, are not among them.
func (tx *Tx) SetMarks(title string, questions, limit int) ([]map[int64]int64, error) {
	const query = `
		SELECT i.attempt_id, r.question_id, coalesce(c.score, e.score, 0)
		FROM (
			SELECT min(id) AS id FROM attempts WHERE title = $1 AND items = $2 AND finished_at > 0 AND mode <> 'check'
			GROUP BY user_id
			ORDER BY 1 DESC
			LIMIT $3
		) f
		JOIN attempts a ON a.id = f.id
		JOIN attempt_items i ON i.attempt_id = a.id
		JOIN revisions r ON r.id = i.revision_id
		LEFT JOIN evidence e ON e.user_id = a.user_id AND e.seq = i.evidence_seq
		LEFT JOIN evidence c ON c.user_id = a.user_id AND c.seq = i.fix_seq
		ORDER BY i.attempt_id, i.position`
	var marks []map[int64]int64
	last := int64(0)
	err := tx.rows(query, []any{title, questions, limit}, func(row scanner) error {
		var attempt, question, score int64
		if err := row.Scan(&attempt, &question, &score); err != nil {
			return err
		}
		if attempt != last {
			marks, last = append(marks, map[int64]int64{}), attempt
		}
		marks[len(marks)-1][question] = score
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("marks of the set %q: %w", title, err)
	}
	return marks, nil
}
