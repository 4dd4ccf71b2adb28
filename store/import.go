package store

import (
	"errors"
	"fmt"
)

// Named is a version of a question as another database knows it by name.
type Named struct{ Bank, Slug, BodyHash, KeyHash string }

// RevisionNamed returns a version of a question with the key that is named, if possible with all that was shown, and the
// question it belongs to. Without a key it is the version with all that was shown. A former id names a question, too.
func (tx *Tx) RevisionNamed(n Named) (revision, question int64, err error) {
	const query = `
		SELECT r.id, q.id
		FROM banks b
		JOIN questions q ON q.bank_id = b.id
		JOIN revisions r ON r.question_id = q.id
		WHERE b.slug = $1 AND (r.key_hash = $4 OR $4 = '' AND r.body_hash = $3)
			AND (q.slug = $2 OR q.id IN (SELECT a.question_id FROM aliases a WHERE a.bank_id = b.id AND a.slug = $2))
		ORDER BY CASE WHEN r.body_hash = $3 THEN 0 ELSE 1 END, CASE WHEN q.slug = $2 THEN 0 ELSE 1 END, r.id DESC
		LIMIT 1`
	err = tx.row(query, []any{n.Bank, n.Slug, n.BodyHash, n.KeyHash}, &revision, &question)
	if err != nil {
		return 0, 0, fmt.Errorf("version of question %s: %w", n.Slug, err)
	}
	return revision, question, nil
}

// QuestionNamed returns the question with an id, now or formerly.
func (tx *Tx) QuestionNamed(bankSlug, slug string) (int64, error) {
	const query = `
		SELECT q.id
		FROM banks b
		JOIN questions q ON q.bank_id = b.id
		WHERE b.slug = $1
			AND (q.slug = $2 OR q.id IN (SELECT a.question_id FROM aliases a WHERE a.bank_id = b.id AND a.slug = $2))
		ORDER BY CASE WHEN q.slug = $2 THEN 0 ELSE 1 END, q.into_id, q.id
		LIMIT 1`
	var id int64
	if err := tx.row(query, []any{bankSlug, slug}, &id); err != nil {
		return 0, fmt.Errorf("question %s: %w", slug, err)
	}
	return id, nil
}

// NamedAttempt returns the attempt with this slug, whose ever it is, with its items; of a skill check without what that adds.
func (tx *Tx) NamedAttempt(slug string) (a PastAttempt, user int64, err error) {
	const query = `SELECT id, user_id, mode, started_at, finished_at FROM attempts WHERE slug = $1`
	if err := tx.row(query, []any{slug}, &a.ID, &user, &a.Mode, &a.StartedAt, &a.FinishedAt); err != nil {
		return a, 0, fmt.Errorf("attempt %s: %w", slug, err)
	}
	a.Slug = slug
	a.Items, err = tx.pastItems(a.ID)
	return a, user, err
}

// AddBookmark marks a question as it was marked then, unless it is marked.
func (tx *Tx) AddBookmark(user, question, at int64) (added bool, err error) {
	if err := tx.own(user); err != nil {
		return false, err
	}
	const query = `INSERT INTO bookmarks (user_id, question_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	n, err := tx.affect(query, user, question, at)
	return n > 0, err
}

// AddNote stores a note as it was last changed then, unless there is one that was changed later or at that time.
func (tx *Tx) AddNote(user, question, at int64, text string) (added bool, err error) {
	if err := tx.own(user); err != nil {
		return false, err
	}
	const query = `
		INSERT INTO notes (user_id, question_id, at, text) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, question_id) DO UPDATE SET at = excluded.at, text = excluded.text WHERE notes.at < excluded.at`
	n, err := tx.affect(query, user, question, at, text)
	return n > 0, err
}

// AddOldReport stores a report as it stood elsewhere, unless it is here.
func (tx *Tx) AddOldReport(user int64, r KeptReport) (added bool, err error) {
	if err := tx.own(user); err != nil {
		return false, err
	}
	const find = `SELECT id FROM reports WHERE user_id = $1 AND question_id = $2 AND at = $3 AND kind = $4 AND text = $5 LIMIT 1`
	var id int64
	err = tx.row(find, []any{user, r.Question, r.At, string(r.Kind), r.Text}, &id)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return false, err
	}
	const add = `
		INSERT INTO reports (user_id, question_id, revision_id, at, kind, text, answer, answered_at, closed, read_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	err = tx.exec(add, user, r.Question, r.Revision, r.At, string(r.Kind), r.Text, r.Answer, r.AnsweredAt, r.Closed, r.ReadAt)
	return err == nil, err
}
