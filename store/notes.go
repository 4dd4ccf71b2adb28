package store

import (
	"fmt"
	"strings"
)

// Note returns what a candidate wrote down about a question and about those that it took in, in Markdown; "" for nothing.
func (tx *Tx) Note(user, question int64) (string, error) {
	if err := tx.own(user); err != nil {
		return "", err
	}
	const query = `
		SELECT text
		FROM notes
		WHERE user_id = $1 AND (question_id = $2 OR question_id IN (SELECT id FROM questions WHERE into_id = $2 AND into_id <> 0))
		ORDER BY at, question_id`
	var texts []string
	err := tx.rows(query, []any{user, question}, func(row scanner) error {
		var text string
		err := row.Scan(&text)
		texts = append(texts, text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("note of user %d: %w", user, err)
	}
	return joinNotes(texts...), nil
}

// joinNotes makes one note of several.
func joinNotes(texts ...string) string { return strings.Join(texts, "\n\n") }

// PutNote stores what a candidate wrote down about a question; "" deletes it.
func (tx *Tx) PutNote(user, question int64, text string) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const clear = `
		DELETE FROM notes
		WHERE user_id = $1 AND (question_id = $2 OR question_id IN (SELECT id FROM questions WHERE into_id = $2 AND into_id <> 0))`
	if err := tx.exec(clear, user, question); err != nil {
		return fmt.Errorf("note of user %d: %w", user, err)
	}
	if text == "" {
		return nil
	}
	const add = `INSERT INTO notes (user_id, question_id, at, text) VALUES ($1, $2, $3, $4)`
	if err := tx.exec(add, user, question, tx.now, text); err != nil {
		return fmt.Errorf("note of user %d on question %d: %w", user, question, err)
	}
	return nil
}

// MoveNotes hands the notes of one candidate to another. Where both wrote about a question, the other's comes first.
func (tx *Tx) MoveNotes(from, into int64) error {
	if err := tx.ownBoth(from, into); err != nil {
		return err
	}
	const query = `
		SELECT f.question_id, f.text, coalesce(i.text, '')
		FROM notes f
		LEFT JOIN notes i ON i.user_id = $2 AND i.question_id = f.question_id
		WHERE f.user_id = $1 AND (i.text IS NULL OR i.text <> f.text)
		ORDER BY f.question_id`
	notes := map[int64]string{}
	err := tx.rows(query, []any{from, into}, func(row scanner) error {
		var (
			question  int64
			his, mine string
		)
		err := row.Scan(&question, &his, &mine)
		notes[question] = his
		if mine != "" {
			notes[question] = joinNotes(mine, his)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("notes of user %d: %w", from, err)
	}
	const put = `
		INSERT INTO notes (user_id, question_id, at, text) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, question_id) DO UPDATE SET at = excluded.at, text = excluded.text`
	for question, text := range notes {
		if err := tx.exec(put, into, question, tx.now, text); err != nil {
			return fmt.Errorf("note of user %d on question %d: %w", into, question, err)
		}
	}
	const remove = `DELETE FROM notes WHERE user_id = $1`
	return tx.exec(remove, from)
}
