package store

import (
	"fmt"

	"rehearse/bank"
	"rehearse/progress"
	"rehearse/quiz"
)

// Extent says how far an export goes. What is appended while it is written is not in it.
type Extent struct {
	Seq     int64 // the last entry of the log
	Attempt int64 // the last attempt
	Since   int64 // when the candidate came, ms UTC
}

// Extent returns how far a candidate's log and attempts go now.
func (tx *Tx) Extent(user int64) (Extent, error) {
	const query = `
		SELECT last_seq, (SELECT coalesce(max(id), 0) FROM attempts WHERE user_id = $1), created_at
		FROM users
		WHERE id = $1 AND merged_into = 0`
	var e Extent
	if err := tx.row(query, []any{user}, &e.Seq, &e.Attempt, &e.Since); err != nil {
		return e, fmt.Errorf("user %d: %w", user, err)
	}
	return e, nil
}

// MetRevision names a version of a question that stands in a candidate's log, attempts or reports.
type MetRevision struct {
	ID       int64
	Slug     string // of the question
	Title    string
	BodyHash string
	KeyHash  string // "" while the key is a secret: whoever tries all choices would find it by its hash
}

// MetRevisions returns the versions of questions that stand in a candidate's log, attempts or reports, oldest first.
func (tx *Tx) MetRevisions(user int64) ([]MetRevision, error) {
	const query = `
		SELECT r.id, q.slug, r.body_hash, r.key_hash, r.model, q.labels, EXISTS (
			SELECT 1
			FROM attempts a
			JOIN attempt_items i ON i.attempt_id = a.id AND i.revision_id = r.id
			WHERE a.user_id = $1 AND a.finished_at = 0 AND a.mode <> 'practice')
		FROM revisions r
		JOIN questions q ON q.id = r.question_id
		WHERE r.id IN (SELECT revision_id FROM evidence WHERE user_id = $1)
			OR r.id IN (SELECT i.revision_id FROM attempt_items i JOIN attempts a ON a.id = i.attempt_id WHERE a.user_id = $1)
			OR r.id IN (SELECT revision_id FROM reports WHERE user_id = $1)
		ORDER BY r.id`
	var met []MetRevision
	err := tx.rows(query, []any{user}, func(row scanner) error {
		var (
			r             MetRevision
			model, labels string
			held          bool // by an exam or a skill check that runs
			q             bank.Question
		)
		if err := row.Scan(&r.ID, &r.Slug, &r.BodyHash, &r.KeyHash, &model, &labels, &held); err != nil {
			return err
		}
		err := unmarshalQuestion(&q, labels, model)
		r.Title = q.Title.Text
		if held || q.Secret() {
			r.KeyHash = ""
		}
		met = append(met, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("questions met by user %d: %w", user, err)
	}
	return met, nil
}

// LogAfter returns up to limit entries of a candidate's log, those after one and up to another.
func (tx *Tx) LogAfter(user, after, upto int64, limit int) ([]progress.Evidence, error) {
	const query = `SELECT ` + evidenceColumns + ` FROM evidence WHERE user_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`
	return tx.evidence(query, user, after, upto, limit)
}

// PastAttempt is an attempt without what the log says of it.
type PastAttempt struct {
	ID         int64
	Slug       string
	Mode       quiz.Mode
	Seed       uint64
	Title      string
	StartedAt  int64 // ms UTC
	Deadline   int64 // 0: none
	FinishedAt int64 // 0: running
	Items      []PastItem
	Check      *PastCheck // of a skill check
}

// PastCheck is what a skill check adds to its attempt, as it is stored.
type PastCheck struct {
	Name     string
	Params   int64
	Extended int
	Log      string // JSON of assess.Log
}

// PastItem is a position of an attempt.
type PastItem struct {
	Revision int64
	Skipped  bool
}

// AttemptsAfter returns up to limit of a candidate's attempts, those after one and up to another, by their keys.
func (tx *Tx) AttemptsAfter(user, after, upto int64, limit int) ([]PastAttempt, error) {
	const query = `
		SELECT a.id, a.slug, a.mode, a.seed, a.title, a.started_at, a.deadline, a.finished_at,
			coalesce(c.name, ''), coalesce(c.params, 0), coalesce(c.extended, 0), coalesce(c.log, '')
		FROM attempts a
		LEFT JOIN skill_checks c ON c.attempt_id = a.id
		WHERE a.user_id = $1 AND a.id > $2 AND a.id <= $3
		ORDER BY a.id
		LIMIT $4`
	var all []PastAttempt
	err := tx.rows(query, []any{user, after, upto, limit}, func(row scanner) error {
		var (
			a    PastAttempt
			c    PastCheck
			seed int64
		)
		err := row.Scan(&a.ID, &a.Slug, &a.Mode, &seed, &a.Title, &a.StartedAt, &a.Deadline, &a.FinishedAt,
			&c.Name, &c.Params, &c.Extended, &c.Log)
		a.Seed = uint64(seed)
		if c.Log != "" {
			a.Check = &c
		}
		all = append(all, a)
		return err
	})
	for i := range all {
		if err == nil {
			all[i].Items, err = tx.pastItems(all[i].ID)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("attempts of user %d: %w", user, err)
	}
	return all, nil
}

func (tx *Tx) pastItems(attempt int64) ([]PastItem, error) {
	const query = `SELECT revision_id, skipped FROM attempt_items WHERE attempt_id = $1 ORDER BY position`
	var items []PastItem
	err := tx.rows(query, []any{attempt}, func(row scanner) error {
		var it PastItem
		err := row.Scan(&it.Revision, &it.Skipped)
		items = append(items, it)
		return err
	})
	return items, err
}

// AttemptName is how an attempt is referred to.
type AttemptName struct {
	Slug    string
	Running bool
}

// AttemptNames returns the names of a candidate's attempts up to one, by their keys.
func (tx *Tx) AttemptNames(user, upto int64) (map[int64]AttemptName, error) {
	const query = `SELECT id, slug, finished_at = 0 FROM attempts WHERE user_id = $1 AND id <= $2`
	names := map[int64]AttemptName{}
	err := tx.rows(query, []any{user, upto}, func(row scanner) error {
		var id int64
		var n AttemptName
		err := row.Scan(&id, &n.Slug, &n.Running)
		names[id] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("attempts of user %d: %w", user, err)
	}
	return names, nil
}

// KeptBookmark is a bookmark as it is stored.
type KeptBookmark struct {
	Slug string // of the question
	At   int64  // ms UTC
}

// KeptNote is a note as it is stored.
type KeptNote struct {
	Slug string // of the question
	At   int64  // of the last change, ms UTC
	Text string
}

// KeptReport is a report as it is stored.
type KeptReport struct {
	Report
	Slug   string // of the question
	ReadAt int64  // ms UTC, 0: never
}

// KeptSession is a browser in which a candidate is known.
type KeptSession struct{ CreatedAt, RenewedAt int64 } // ms UTC

// Kept is what a candidate has beside log and attempts.
type Kept struct {
	Bookmarks []KeptBookmark
	Notes     []KeptNote
	Reports   []KeptReport
	Sessions  []KeptSession
}

// Kept returns what a candidate has beside log and attempts.
func (tx *Tx) Kept(user int64) (k Kept, err error) {
	if err := tx.own(user); err != nil {
		return k, err
	}
	read := func(query string, scan func(scanner) error) {
		if err == nil {
			err = tx.rows(query, []any{user}, scan)
		}
	}
	read(`SELECT q.slug, b.at FROM bookmarks b JOIN questions q ON q.id = b.question_id WHERE b.user_id = $1 ORDER BY b.at, q.slug`,
		func(row scanner) error {
			var b KeptBookmark
			err := row.Scan(&b.Slug, &b.At)
			k.Bookmarks = append(k.Bookmarks, b)
			return err
		})
	read(`SELECT q.slug, n.at, n.text FROM notes n JOIN questions q ON q.id = n.question_id WHERE n.user_id = $1 ORDER BY n.at, q.slug`,
		func(row scanner) error {
			var n KeptNote
			err := row.Scan(&n.Slug, &n.At, &n.Text)
			k.Notes = append(k.Notes, n)
			return err
		})
	read(`SELECT `+reportColumns+`, q.slug, r.read_at FROM reports r JOIN questions q ON q.id = r.question_id WHERE r.user_id = $1 ORDER BY r.id`,
		func(row scanner) error {
			var r KeptReport
			err := row.Scan(append(r.columns(), &r.Slug, &r.ReadAt)...)
			k.Reports = append(k.Reports, r)
			return err
		})
	read(`SELECT created_at, renewed_at FROM sessions WHERE user_id = $1 ORDER BY created_at, renewed_at`,
		func(row scanner) error {
			var s KeptSession
			err := row.Scan(&s.CreatedAt, &s.RenewedAt)
			k.Sessions = append(k.Sessions, s)
			return err
		})
	if err != nil {
		return k, fmt.Errorf("what user %d keeps: %w", user, err)
	}
	return k, nil
}
