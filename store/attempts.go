package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rehearse/progress"
	"rehearse/quiz"
)

// Attempt is a stored attempt.
type Attempt struct {
	ID    int64
	Slug  string // what its address shows
	User  int64
	Title string // what was chosen, in words
	quiz.Attempt
	Listed  []*Listed // the question of each item, without its body
	Entries []*Entry  // the same with it; of AttemptAt there is no more than that of one position, nor of Items[].Question
	Skipped []bool    // by position

	catalog *Catalog // from which the entries are
	stored  int      // bytes of what was answered
}

// AddAttempt stores a new attempt and returns its key. Slug, User, Title, Mode, Seed, StartedAt, Deadline and Listed
// are stored; the rest begins empty.
func (tx *Tx) AddAttempt(a Attempt) (int64, error) {
	if err := tx.own(a.User); err != nil {
		return 0, err
	}
	gradable := 0
	for _, l := range a.Listed {
		if !l.Kind.Open() {
			gradable++
		}
	}
	const insert = `
		INSERT INTO attempts (slug, user_id, mode, seed, title, started_at, deadline, finished_at, items, gradable)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)
		RETURNING id`
	id, err := tx.insert(insert, a.Slug, a.User, string(a.Mode), int64(a.Seed), a.Title, a.StartedAt, a.Deadline,
		len(a.Listed), gradable)
	if err != nil {
		return 0, fmt.Errorf("add attempt: %w", err)
	}
	const item = `INSERT INTO attempt_items (attempt_id, position, revision_id) VALUES ($1, $2, $3)`
	for i, l := range a.Listed {
		if err := tx.exec(item, id, i, l.RevisionID); err != nil {
			return 0, fmt.Errorf("add position %d of attempt %d: %w", i, id, err)
		}
	}
	return id, nil
}

// Attempt returns a candidate's attempt with all its items. Somebody else's attempt is ErrNotFound. Questions come from
// the catalog, or from the table of revisions where they have been edited or retired since. Items are
// shared with others, and changed by the methods of quiz.Attempt alone.
func (tx *Tx) Attempt(user int64, slug string, c *Catalog) (*Attempt, error) {
	a, err := tx.lean(user, slug, c)
	for i := 0; err == nil && i < len(a.Items); i++ {
		err = a.read(i)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// NoPosition is none in any attempt.
const NoPosition = -1

// AttemptAt is Attempt with the question of a single position, if there is such a position.
func (tx *Tx) AttemptAt(user int64, slug string, c *Catalog, position int) (*Attempt, error) {
	a, err := tx.lean(user, slug, c)
	if err == nil && position >= 0 && position < len(a.Items) {
		err = a.read(position)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// lean returns an attempt without those of its questions that the catalog has. What is remembered of an attempt holds on to none of
// them: many candidates have many questions before them, each of whom asks for one at a time.
func (tx *Tx) lean(user int64, slug string, c *Catalog) (*Attempt, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	fits := func(a *Attempt) bool { return a.catalog == c }
	a, err := Remember(tx, user, attemptKey{user, slug}, fits, func() (*Attempt, error) { return tx.attempt(user, slug, c) })
	if err != nil {
		return nil, err
	}
	own := *a
	own.Items, own.Entries = slices.Clone(a.Items), slices.Clone(a.Entries)
	own.Listed, own.Skipped = slices.Clip(a.Listed), slices.Clip(a.Skipped)
	return &own, nil
}

// read reads the question of a position, if it is not there yet.
func (a *Attempt) read(position int) (err error) {
	if a.Entries[position] != nil {
		return nil
	}
	item := &a.Items[position]
	if a.Entries[position], err = a.catalog.Current(item.RevisionID); err == nil {
		item.Question = &a.Entries[position].Question
	}
	return err
}

// Size returns about how many bytes an attempt keeps in memory.
func (a *Attempt) Size() int {
	const frame, item, answered, older = 1 << 10, 96, 1 << 10, 16 << 10
	n := frame + len(a.Items)*item + a.Answered()*answered + 3*a.stored
	for _, e := range a.Entries {
		if e != nil {
			n += older
		}
	}
	return n
}

// outdated reports whether anything was loaded since the catalog of the attempt was read: labels of an older revision, which no
// catalog has, may be others then, until the next catalog comes with the next request.
func (a *Attempt) outdated(tx *Tx) (bool, error) {
	load, err := tx.LastContentLoad(a.catalog.bank)
	return err == nil && load != a.catalog.Load, err
}

// attemptKey is of what is remembered.
type attemptKey struct {
	user int64
	slug string
}

func (tx *Tx) attempt(user int64, slug string, c *Catalog) (*Attempt, error) {
	const query = `
		SELECT id, title, mode, seed, started_at, deadline, finished_at
		FROM attempts
		WHERE slug = $1 AND user_id = $2`
	a := &Attempt{Slug: slug, User: user, catalog: c}
	var seed int64
	err := tx.row(query, []any{slug, user}, &a.ID, &a.Title, &a.Mode, &seed, &a.StartedAt, &a.Deadline, &a.FinishedAt)
	if err != nil {
		return nil, fmt.Errorf("attempt: %w", err)
	}
	a.Seed = uint64(seed)
	return a, tx.attemptItems(a, c)
}

// itemRow is an item of an attempt with the evidence that belongs to it.
type itemRow struct {
	revision int64
	skipped  bool
	response sql.NullString
	at       sql.NullInt64
	duration sql.NullInt64
	mark     sql.NullString
	fixed    int64 // the revision whose key decides, 0: the one shown
	cause    sql.NullString
}

// size returns how many bytes of text the row has.
func (r itemRow) size() int { return len(r.response.String) + len(r.mark.String) + len(r.cause.String) }

const itemRows = `
	SELECT i.revision_id, i.skipped, e.data, e.at, e.duration, m.data, coalesce(c.revision_id, 0), c.data
	FROM attempt_items i
	LEFT JOIN evidence e ON e.user_id = $1 AND e.seq = i.evidence_seq
	LEFT JOIN evidence m ON m.user_id = $1 AND m.seq = i.mark_seq
	LEFT JOIN evidence c ON c.user_id = $1 AND c.seq = i.fix_seq
	WHERE i.attempt_id = $2
	ORDER BY i.position`

func (tx *Tx) itemRows(user, attempt int64) (found []itemRow, err error) {
	found = make([]itemRow, 0, 16) // more than most attempts have
	err = tx.rows(itemRows, []any{user, attempt}, func(row scanner) error {
		var r itemRow
		err := row.Scan(&r.revision, &r.skipped, &r.response, &r.at, &r.duration, &r.mark, &r.fixed, &r.cause)
		found = append(found, r)
		return err
	})
	return found, err
}

func (tx *Tx) attemptItems(a *Attempt, c *Catalog) error {
	found, err := tx.itemRows(a.User, a.ID)
	if err != nil {
		return fmt.Errorf("items of attempt %d: %w", a.ID, err)
	}
	n := len(found)
	a.Items, a.Listed, a.Entries, a.Skipped = make([]quiz.Item, n), make([]*Listed, n), make([]*Entry, n), make([]bool, n)
	for i, r := range found {
		if a.Items[i], a.Listed[i], a.Entries[i], err = tx.item(c, r); err != nil {
			return fmt.Errorf("position %d of attempt %d: %w", i, a.ID, err)
		}
		a.Skipped[i] = r.skipped
		a.stored += r.size()
	}
	return nil
}

// KeepAnswered remembers an attempt as it is after a position was answered by an entry: the page that comes next asks for it.
// What the update writes after it makes it void, and nothing is remembered when a response was corrected on the way.
func (tx *Tx) KeepAnswered(a *Attempt, e progress.Evidence) error {
	if tx.memory == nil || a.catalog == nil || tx.fixed {
		return nil
	}
	row := itemRow{
		revision: e.Revision,
		response: sql.NullString{String: pack(e.Kind, e.Data), Valid: true},
		at:       sql.NullInt64{Int64: e.At, Valid: true},
		duration: sql.NullInt64{Int64: e.Duration, Valid: true},
	}
	item := a.Items[e.Position] // as Record left it, which is what will be read when no more is stored of it than choices
	if strings.HasPrefix(row.response.String, "{") {
		var err error
		if item, _, _, err = tx.item(a.catalog, row); err != nil {
			return err
		}
	}
	item.AnsweredAt, item.Duration = e.At, e.Duration
	b := *a
	b.Items, b.Entries = slices.Clone(a.Items), slices.Clone(a.Entries)
	b.Items[e.Position] = item
	for i, entry := range b.Entries {
		if _, current := a.catalog.current(b.Listed[i].RevisionID); current && entry != nil {
			b.Items[i].Question, b.Entries[i] = nil, nil
		}
	}
	if b.Skipped[e.Position] {
		b.Skipped = slices.Clone(b.Skipped)
		b.Skipped[e.Position] = false
	}
	b.stored += row.size()
	tx.left = &kept{attemptKey{a.User, a.Slug}, remembered{owner: owner{user: a.User}, value: &b}}
	return nil
}

// item makes an item of its row. Question and entry are those of another revision than the current one, else nil.
func (tx *Tx) item(c *Catalog, r itemRow) (item quiz.Item, listed *Listed, entry *Entry, err error) {
	item.RevisionID = r.revision
	listed, current := c.current(r.revision)
	if !current || r.response.Valid {
		if entry, err = tx.Shown(c, r.revision); err != nil {
			return item, nil, nil, err
		}
		item.Question = &entry.Question
	}
	if !current {
		l := entry.Listed()
		listed = &l
	}
	if r.response.Valid {
		err = tx.respond(c, &item, r)
	}
	if current {
		item.Question, entry = nil, nil
	}
	return item, listed, entry, err
}

// respond adds to an item what was responded, and what that came to.
func (tx *Tx) respond(c *Catalog, item *quiz.Item, r itemRow) error {
	var response quiz.Response
	if err := fromJSON([]byte(unpack(progress.Responded, r.response.String)), &response); err != nil {
		return fmt.Errorf("stored response: %w", err)
	}
	if r.mark.Valid {
		if err := fromJSON([]byte(r.mark.String), &response.SelfMark); err != nil {
			return fmt.Errorf("stored mark: %w", err)
		}
	}
	if r.fixed != 0 && r.fixed != r.revision {
		key, err := tx.Shown(c, r.fixed)
		if err != nil {
			return err
		}
		item.Corrected = &key.Question
		var cause progress.Cause
		if err := fromJSON([]byte(r.cause.String), &cause); err != nil {
			return fmt.Errorf("stored correction: %w", err)
		}
		if cause.Run != nil {
			response.Run = cause.Run
		}
	}
	result := quiz.Score(item.Key(), response)
	item.Response, item.Result = &response, &result
	item.AnsweredAt, item.Duration = r.at.Int64, r.duration.Int64
	return nil
}

// Shown returns the question of a revision, from the catalog when it is current. It is not to be changed.
func (tx *Tx) Shown(c *Catalog, revision int64) (*Entry, error) {
	if e, err := c.Current(revision); !errors.Is(err, ErrNotFound) {
		return e, err
	}
	e, err := tx.Revision(revision)
	return &e, err
}

// SetResponse notes the evidence of the response to a position.
func (tx *Tx) SetResponse(attempt int64, position int, seq int64) error {
	const item = `UPDATE attempt_items SET evidence_seq = $1, skipped = 0 WHERE attempt_id = $2 AND position = $3`
	return tx.later(item, seq, attempt, position)
}

// SetMark notes the evidence of how an open response was marked.
func (tx *Tx) SetMark(attempt int64, position int, seq int64) error {
	const query = `UPDATE attempt_items SET mark_seq = $1 WHERE attempt_id = $2 AND position = $3`
	return tx.later(query, seq, attempt, position)
}

// SetSkipped notes that a position was passed over.
func (tx *Tx) SetSkipped(attempt int64, position int) error {
	const query = `UPDATE attempt_items SET skipped = 1 WHERE attempt_id = $1 AND position = $2 AND evidence_seq = 0`
	return tx.later(query, attempt, position)
}

// SetFinished notes the end of an attempt and counts what was right.
func (tx *Tx) SetFinished(attempt, at int64) error {
	const query = `UPDATE attempts SET finished_at = $1 WHERE id = $2`
	if err := tx.later(query, at, attempt); err != nil {
		return fmt.Errorf("finish attempt %d: %w", attempt, err)
	}
	return tx.CountRight(attempt)
}

// Expired returns up to limit attempts, as user and slug, that are still running though their deadline was before a
// time (ms UTC).
func (tx *Tx) Expired(before int64, limit int) ([]Attempt, error) {
	const query = `
		SELECT id, slug, user_id
		FROM attempts
		WHERE finished_at = 0 AND deadline > 0 AND deadline < $1
		ORDER BY deadline
		LIMIT $2`
	var expired []Attempt
	err := tx.rows(query, []any{before, limit}, func(row scanner) error {
		var a Attempt
		err := row.Scan(&a.ID, &a.Slug, &a.User)
		expired = append(expired, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("expired attempts: %w", err)
	}
	return expired, nil
}

// AttemptLine is an attempt in a list.
type AttemptLine struct {
	ID         int64
	Slug       string
	Title      string
	Mode       quiz.Mode
	StartedAt  int64 // ms UTC
	Deadline   int64 // 0: none
	FinishedAt int64 // 0: running
	Items      int
	Answered   int // while it runs
	Gradable   int // items that the program judges
	Right      int // of them, once finished
}

// attemptColumns count what is answered where it is asked for, lest each answer write to its attempt.
const attemptColumns = `id, slug, title, mode, started_at, deadline, finished_at, items,
	CASE WHEN finished_at = 0 THEN (SELECT count(*) FROM attempt_items a WHERE a.attempt_id = attempts.id AND a.evidence_seq > 0) ELSE 0 END,
	gradable, correct`

// AttemptLines returns up to limit of a candidate's attempts, newest first, after the first skip ones, which are passed over in the index alone.
func (tx *Tx) AttemptLines(user int64, skip, limit int) ([]AttemptLine, error) {
	const query = `
		SELECT ` + attemptColumns + `
		FROM attempts
		WHERE user_id = $1 AND id <= (SELECT id FROM attempts WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $3)
		ORDER BY id DESC
		LIMIT $2`
	return tx.attemptLines(query, user, limit, skip)
}

// RunningAttempts returns a candidate's newest attempts that are not finished at a time (ms UTC).
func (tx *Tx) RunningAttempts(user, now int64, limit int) ([]AttemptLine, error) {
	const query = `
		SELECT ` + attemptColumns + `
		FROM attempts
		WHERE user_id = $1 AND finished_at = 0 AND (deadline = 0 OR deadline > $2)
		ORDER BY id DESC
		LIMIT $3`
	fits := func(lines runningLines) bool { // else time has ended one of them
		return !slices.ContainsFunc(lines, func(l AttemptLine) bool { return l.Deadline != 0 && l.Deadline <= now })
	}
	return Remember(tx, user, runningKey{user, limit}, fits, func() (runningLines, error) {
		return tx.attemptLines(query, user, now, limit)
	})
}

// runningLines are remembered under a runningKey.
type (
	runningLines []AttemptLine
	runningKey   struct {
		user  int64
		limit int
	}
)

// Size returns about how many bytes the lines keep in memory.
func (r runningLines) Size() int { return 512 + 256*len(r) }

func (tx *Tx) attemptLines(query string, args ...any) ([]AttemptLine, error) {
	var lines []AttemptLine
	err := tx.rows(query, args, func(row scanner) error {
		var l AttemptLine
		err := row.Scan(&l.ID, &l.Slug, &l.Title, &l.Mode, &l.StartedAt, &l.Deadline, &l.FinishedAt, &l.Items, &l.Answered,
			&l.Gradable, &l.Right)
		lines = append(lines, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("attempts: %w", err)
	}
	return lines, nil
}

// CountAttempts returns how many attempts a candidate has made.
func (tx *Tx) CountAttempts(user int64) (int, error) {
	const query = `SELECT count(*) FROM attempts WHERE user_id = $1`
	return Remember(tx, user, attemptsKey(user), nil, func() (n int, err error) {
		err = tx.row(query, []any{user}, &n)
		return n, err
	})
}

type attemptsKey int64 // of what is remembered
