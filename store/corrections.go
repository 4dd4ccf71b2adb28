package store

import (
	"encoding/json"
	"fmt"

	"rehearse/bank"
	"rehearse/progress"
)

// Absorb notes that in a load one question took in another, with all that the other had taken in before. The id of the
// other may be used anew from then on.
func (tx *Tx) Absorb(question, other, load int64) error {
	const query = `UPDATE questions SET into_id = $1, live = 0, load_id = $3 WHERE id = $2 OR into_id = $2`
	if err := tx.exec(query, question, other, load); err != nil {
		return fmt.Errorf("question %d takes in %d: %w", question, other, err)
	}
	return nil
}

// Absorbed returns all questions that others took in, with those.
func (tx *Tx) Absorbed() (map[int64]int64, error) {
	const query = `SELECT id, into_id FROM questions WHERE into_id <> 0`
	into := map[int64]int64{}
	err := tx.rows(query, nil, func(row scanner) error {
		var id, root int64
		err := row.Scan(&id, &root)
		into[id] = root
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("questions taken in: %w", err)
	}
	return into, nil
}

// Family returns a question, or the one that took it in, followed by all that this one took in, ascending.
func (tx *Tx) Family(question int64) ([]int64, error) {
	const find = `SELECT CASE WHEN into_id = 0 THEN id ELSE into_id END FROM questions WHERE id = $1`
	family := []int64{0}
	if err := tx.row(find, []any{question}, &family[0]); err != nil {
		return nil, fmt.Errorf("question %d: %w", question, err)
	}
	const members = `SELECT id FROM questions WHERE into_id = $1 AND into_id <> 0 ORDER BY id`
	err := tx.rows(members, []any{family[0]}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		family = append(family, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("questions taken in by %d: %w", question, err)
	}
	return family, nil
}

// Aliases returns the former ids of a bank's questions.
func (tx *Tx) Aliases(bankID int64) (map[string]int64, error) {
	const query = `SELECT slug, question_id FROM aliases WHERE bank_id = $1`
	aliases := map[string]int64{}
	err := tx.rows(query, []any{bankID}, func(row scanner) error {
		var (
			slug string
			id   int64
		)
		err := row.Scan(&slug, &id)
		aliases[slug] = id
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("aliases of bank %d: %w", bankID, err)
	}
	return aliases, nil
}

// PutAlias notes a former id of a question.
func (tx *Tx) PutAlias(bankID int64, slug string, question int64) error {
	const query = `
		INSERT INTO aliases (bank_id, slug, question_id)
		VALUES ($1, $2, $3)
		ON CONFLICT (bank_id, slug) DO UPDATE
		SET question_id = excluded.question_id`
	return tx.exec(query, bankID, slug, question)
}

// DropAlias forgets a former id, because a question has it now.
func (tx *Tx) DropAlias(bankID int64, slug string) error {
	const query = `DELETE FROM aliases WHERE bank_id = $1 AND slug = $2`
	return tx.exec(query, bankID, slug)
}

// Correction is a correction of a key.
type Correction struct {
	Question int64
	Slug     string
	Title    bank.Rich // of the question as it is now
	Secret   bool      // the question serves assessments alone
	Live     bool
	Seq      int64 // of its event
	At       int64 // ms UTC
	Date     string
	Reason   string
	Entries  []bank.Correction // as the author wrote them
	Before   int64             // the revision with the wrong key
	Reverted int64             // ms UTC, 0: it stands
	Rescored int               // responses that were scored anew
	Changed  int               // of them, those with another score
}

// AddCorrection stores a correction.
func (tx *Tx) AddCorrection(c Correction) error {
	entries, err := json.Marshal(c.Entries)
	if err != nil {
		return err
	}
	const insert = `
		INSERT INTO corrections (question_id, seq, at, date, reason, entries, before_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	if err := tx.exec(insert, c.Question, c.Seq, c.At, c.Date, c.Reason, string(entries), c.Before); err != nil {
		return fmt.Errorf("correction of question %d: %w", c.Question, err)
	}
	return nil
}

// StandingCorrections returns the corrections of a question that were not taken back, oldest first, with the hash of
// the wrong key of each.
func (tx *Tx) StandingCorrections(question int64) (standing []Correction, wrongKeys []string, err error) {
	const query = `
		SELECT c.seq, c.entries, c.before_id, r.key_hash
		FROM corrections c
		JOIN revisions r ON r.id = c.before_id
		WHERE c.question_id = $1 AND c.reverted_at = 0
		ORDER BY c.seq`
	err = tx.rows(query, []any{question}, func(row scanner) error {
		c := Correction{Question: question}
		var entries, key string
		if err := row.Scan(&c.Seq, &entries, &c.Before, &key); err != nil {
			return err
		}
		standing, wrongKeys = append(standing, c), append(wrongKeys, key)
		return fromJSON([]byte(entries), &standing[len(standing)-1].Entries)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("corrections of question %d: %w", question, err)
	}
	return standing, wrongKeys, nil
}

// RevertCorrections notes that the corrections of a question from one on were taken back.
func (tx *Tx) RevertCorrections(question, from, at int64) error {
	const query = `UPDATE corrections SET reverted_at = $1 WHERE question_id = $2 AND seq >= $3 AND reverted_at = 0`
	return tx.exec(query, at, question, from)
}

// CountCorrected adds responses that were scored anew to a correction, and those of them with another score.
func (tx *Tx) CountCorrected(question, seq int64, rescored, changed int) error {
	const query = `UPDATE corrections SET rescored = rescored + $1, changed = changed + $2 WHERE question_id = $3 AND seq = $4`
	return tx.exec(query, rescored, changed, question, seq)
}

// Corrections returns up to limit corrections of a bank's questions, the latest first.
func (tx *Tx) Corrections(bankSlug string, limit int) ([]Correction, error) {
	const query = `
		SELECT c.question_id, q.slug, r.model, q.labels, q.live, c.seq, c.at, c.date, c.reason, c.reverted_at, c.rescored, c.changed
		FROM corrections c
		JOIN questions q ON q.id = c.question_id
		JOIN revisions r ON r.id = q.revision_id
		JOIN banks b ON b.id = q.bank_id
		WHERE b.slug = $1
		ORDER BY c.at DESC, c.question_id
		LIMIT $2`
	var all []Correction
	err := tx.rows(query, []any{bankSlug, limit}, func(row scanner) error {
		var (
			c             Correction
			model, labels string
			q             bank.Question
		)
		err := row.Scan(&c.Question, &c.Slug, &model, &labels, &c.Live, &c.Seq, &c.At, &c.Date, &c.Reason, &c.Reverted, &c.Rescored, &c.Changed)
		if err != nil {
			return err
		}
		err = unmarshalQuestion(&q, labels, model)
		c.Title, c.Secret = q.Title, q.Secret()
		all = append(all, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("corrections: %w", err)
	}
	return all, nil
}

// InForce reports whether a question is marked by the key of this revision now.
func (tx *Tx) InForce(question, revision int64) (bool, error) {
	return fromContent(tx.content, func(m *contentMemory) map[questionRevision]bool { return m.inForce }, questionRevision{question, revision}, func() (same bool, err error) {
		const query = `
			SELECT r.key_hash = (SELECT key_hash FROM revisions WHERE id = $2)
			FROM questions q
			JOIN revisions r ON r.id = q.revision_id
			WHERE q.id = $1`
		if err := tx.row(query, []any{question, revision}, &same); err != nil {
			return false, fmt.Errorf("key of question %d: %w", question, err)
		}
		return same, nil
	})
}

// KeyOf returns the key hash of a revision.
func (tx *Tx) KeyOf(revision int64) (string, error) {
	const query = `SELECT key_hash FROM revisions WHERE id = $1`
	var key string
	if err := tx.row(query, []any{revision}, &key); err != nil {
		return "", fmt.Errorf("key of revision %d: %w", revision, err)
	}
	return key, nil
}

// SetCorrected notes the last correction of the response to a position.
func (tx *Tx) SetCorrected(attempt int64, position int, seq int64) error {
	tx.fixed = true
	const query = `UPDATE attempt_items SET fix_seq = $1 WHERE attempt_id = $2 AND position = $3`
	return tx.exec(query, seq, attempt, position)
}

// CountRight counts anew how many items of a finished attempt are right, corrections taken in.
func (tx *Tx) CountRight(attempt int64) error {
	const query = `
		UPDATE attempts
		SET correct = (
			SELECT count(*)
			FROM attempt_items i
			JOIN evidence e ON e.user_id = attempts.user_id AND e.seq = CASE WHEN i.fix_seq > 0 THEN i.fix_seq ELSE i.evidence_seq END
			WHERE i.attempt_id = attempts.id AND e.score = 1000000)
		WHERE id = $1 AND finished_at > 0`
	return tx.later(query, attempt)
}

// News is a correction that a candidate has not read of.
type News struct {
	Entry   progress.Evidence // of their log
	Cause   progress.Cause
	Slug    string // of the question
	Title   bank.Rich
	Secret  bool   // the question serves assessments alone
	Reason  string // "" when a correction was taken back
	Attempt string // slug, "" outside attempts
}

// Unread returns up to limit corrections of a candidate's responses that they have not read of, newest first, those that
// changed no score included.
func (tx *Tx) Unread(user int64, limit int) ([]News, error) {
	query := `
		SELECT ` + evidenceColumns + `
		FROM evidence` + tx.by("evidence_corrected") + `
		WHERE user_id = $1 AND kind = 'c' AND seq > (SELECT told_seq FROM users WHERE id = $1)
		ORDER BY seq DESC
		LIMIT $2`
	log, err := Remember(tx, user, unreadKey{user, limit}, nil, func() ([]progress.Evidence, error) {
		return tx.evidence(query, user, limit)
	})
	if err != nil {
		return nil, err
	}
	var news []News
	for _, e := range log {
		n, err := tx.news(e)
		if err != nil {
			return nil, fmt.Errorf("correction %d of user %d: %w", e.Seq, user, err)
		}
		news = append(news, n)
	}
	return news, nil
}

// unreadKey is of what is remembered: the entries, since what they are about may be edited.
type unreadKey struct {
	user  int64
	limit int
}

func (tx *Tx) news(e progress.Evidence) (News, error) {
	n := News{Entry: e}
	if err := fromJSON([]byte(e.Data), &n.Cause); err != nil {
		return n, err
	}
	const query = `
		SELECT q.slug, r.model, q.labels, coalesce(c.reason, ''), coalesce(a.slug, '')
		FROM questions q
		JOIN revisions r ON r.id = q.revision_id
		LEFT JOIN corrections c ON c.question_id = q.id AND c.seq = $2
		LEFT JOIN attempts a ON a.id = $3
		WHERE q.id = $1`
	var model, labels string
	if err := tx.row(query, []any{n.Cause.Question, n.Cause.Event, e.Attempt}, &n.Slug, &model, &labels, &n.Reason, &n.Attempt); err != nil {
		return n, err
	}
	var q bank.Question
	err := unmarshalQuestion(&q, labels, model)
	n.Title, n.Secret = q.Title, q.Secret()
	return n, err
}

// SetTold notes that a candidate has read of all corrections up to an entry of their log.
func (tx *Tx) SetTold(user, seq int64) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const query = `UPDATE users SET told_seq = $1 WHERE id = $2 AND told_seq < $1 AND last_seq >= $1`
	return tx.exec(query, seq, user)
}
