package store

import (
	"encoding/json"
	"fmt"

	"rehearse/assess"
	"rehearse/quiz"
)

// SkillCheck is what a skill check adds to its attempt.
type SkillCheck struct {
	Attempt int64
	Name    string // which one, "" over all topics
	Params  int64  // the calibration whose item parameters it uses, 0: authors' labels
	Log     assess.Log

	Extended int  // how often its time limit was extended
	Imported bool // from a file of the candidate's
}

// AddSkillCheck stores what a skill check adds to its attempt, which is there already.
func (tx *Tx) AddSkillCheck(c SkillCheck) error {
	log, err := json.Marshal(c.Log)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO skill_checks (attempt_id, name, params, extended, imported, log) VALUES ($1, $2, $3, $4, $5, $6)`
	if err := tx.exec(insert, c.Attempt, c.Name, c.Params, c.Extended, c.Imported, string(log)); err != nil {
		return fmt.Errorf("add skill check %d: %w", c.Attempt, err)
	}
	return nil
}

// SkillCheck returns what a skill check adds to its attempt.
func (tx *Tx) SkillCheck(attempt int64) (SkillCheck, error) {
	const query = `SELECT name, params, extended, log FROM skill_checks WHERE attempt_id = $1`
	c := SkillCheck{Attempt: attempt}
	var log string
	if err := tx.row(query, []any{attempt}, &c.Name, &c.Params, &c.Extended, &log); err != nil {
		return c, fmt.Errorf("skill check %d: %w", attempt, err)
	}
	if err := fromJSON([]byte(log), &c.Log); err != nil {
		return c, fmt.Errorf("log of skill check %d: %w", attempt, err)
	}
	return c, nil
}

// PutCheckLog stores how far a skill check has come.
func (tx *Tx) PutCheckLog(attempt int64, log assess.Log) error {
	text, err := json.Marshal(log)
	if err != nil {
		return err
	}
	const query = `UPDATE skill_checks SET log = $1 WHERE attempt_id = $2`
	if err := tx.exec(query, string(text), attempt); err != nil {
		return fmt.Errorf("log of skill check %d: %w", attempt, err)
	}
	return nil
}

// ExtendCheck gives a skill check a later deadline (ms UTC).
func (tx *Tx) ExtendCheck(attempt, deadline int64) error {
	for _, q := range []struct {
		text string
		args []any
	}{
		{`UPDATE attempts SET deadline = $1 WHERE id = $2`, []any{deadline, attempt}},
		{`UPDATE skill_checks SET extended = extended + 1 WHERE attempt_id = $1`, []any{attempt}},
	} {
		if err := tx.exec(q.text, q.args...); err != nil {
			return fmt.Errorf("extend skill check %d: %w", attempt, err)
		}
	}
	return nil
}

// AddAttemptItem puts a question at the end of an attempt.
func (tx *Tx) AddAttemptItem(a *Attempt, e *Entry) error {
	position := len(a.Items)
	const item = `INSERT INTO attempt_items (attempt_id, position, revision_id) VALUES ($1, $2, $3)`
	if err := tx.exec(item, a.ID, position, e.RevisionID); err != nil {
		return fmt.Errorf("add position %d of attempt %d: %w", position, a.ID, err)
	}
	const count = `UPDATE attempts SET items = items + 1, gradable = gradable + 1 WHERE id = $1`
	if err := tx.exec(count, a.ID); err != nil {
		return fmt.Errorf("attempt %d: %w", a.ID, err)
	}
	a.Items = append(a.Items, quiz.Item{RevisionID: e.RevisionID, Question: &e.Question})
	l := e.Listed()
	a.Listed, a.Entries, a.Skipped = append(a.Listed, &l), append(a.Entries, e), append(a.Skipped, false)
	return nil
}

// CheckLine is a skill check in a list.
type CheckLine struct {
	AttemptLine
	Name      string
	Log       assess.Log
	Corrected bool // keys of its questions were, which the log does not say
}

// Ended returns when a skill check ended (ms UTC); false while it runs. Its deadline ends it too.
func (l CheckLine) Ended(now int64) (at int64, over bool) {
	switch {
	case l.FinishedAt != 0:
		return l.FinishedAt, true
	case l.Deadline != 0 && now > l.Deadline+quiz.Grace.Milliseconds():
		return l.Deadline, true
	}
	return 0, false
}

// SkillChecks returns up to limit of a candidate's skill checks, newest first.
func (tx *Tx) SkillChecks(user int64, limit int) ([]CheckLine, error) {
	const query = `
		SELECT ` + attemptColumns + `, c.name, c.log,
			EXISTS (SELECT 1 FROM attempt_items i WHERE i.attempt_id = attempts.id AND i.fix_seq > 0)
		FROM attempts
		JOIN skill_checks c ON c.attempt_id = attempts.id
		WHERE user_id = $1 AND mode = 'check'
		ORDER BY started_at DESC, id DESC
		LIMIT $2`
	var lines []CheckLine
	err := tx.rows(query, []any{user, limit}, func(row scanner) error {
		var (
			l   CheckLine
			log string
		)
		err := row.Scan(&l.ID, &l.Slug, &l.Title, &l.Mode, &l.StartedAt, &l.Deadline, &l.FinishedAt, &l.Items, &l.Answered,
			&l.Gradable, &l.Right, &l.Name, &log, &l.Corrected)
		if err != nil {
			return err
		}
		lines = append(lines, l)
		return fromJSON([]byte(log), &lines[len(lines)-1].Log)
	})
	if err != nil {
		return nil, fmt.Errorf("skill checks of user %d: %w", user, err)
	}
	return lines, nil
}

// CheckAttempts returns the attempts of a candidate that are skill checks.
func (tx *Tx) CheckAttempts(user int64) (map[int64]bool, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `SELECT c.attempt_id FROM skill_checks c JOIN attempts a ON a.id = c.attempt_id WHERE a.user_id = $1`
	checks := map[int64]bool{}
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		checks[id] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("skill checks of user %d: %w", user, err)
	}
	return checks, nil
}

// Exposure returns in which share of the latest skill checks taken here, at most so many, each question was asked.
func (tx *Tx) Exposure(latest int) (map[int64]float64, error) {
	const query = `
		WITH latest AS (SELECT attempt_id FROM skill_checks WHERE imported = 0 ORDER BY attempt_id DESC LIMIT $1)
		SELECT r.question_id, count(*), (SELECT count(*) FROM latest)
		FROM latest l
		JOIN attempt_items i ON i.attempt_id = l.attempt_id
		JOIN revisions r ON r.id = i.revision_id
		GROUP BY r.question_id`
	exposure := map[int64]float64{}
	err := tx.rows(query, []any{latest}, func(row scanner) error {
		var question, asked, checks int64
		err := row.Scan(&question, &asked, &checks)
		exposure[question] = float64(asked) / float64(checks)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("exposure of items: %w", err)
	}
	return exposure, nil
}
