package store

import (
	"cmp"
	"fmt"
	"time"

	"rehearse/progress"
	"rehearse/srs"
)

// User is a candidate.
type User struct {
	ID         int64
	Settings   progress.Settings
	NewPerDay  int    // new cards a study day
	TwoButtons bool   // cards are graded with Again and Good only
	Language   string // tag of a language of the interface; "" is what the browser asks for
	Theme      string // light or dark; "" follows the system
	KeysOff    bool   // single-key shortcuts are switched off
	Font       string // legible for larger and wider letters; "" is the usual
	Timers     Timers // what becomes of time limits

	ReviewsPerDay int      // cards in review a study day, 0: all that are due
	Week          srs.Week // how much on each day
	CatchUp       int      // the last study day of a backlog that is being spread, 0: none

	Confidence bool // forms ask how sure one is

	Hidden string // names of the parts of today's page that are not shown, with spaces between
}

// Timers says what becomes of the time limits of a candidate's quizzes.
type Timers string

// The preferences.
const (
	TimersShown  Timers = ""       // limits hold, and the time left is shown
	TimersHidden Timers = "hidden" // limits hold unseen
	TimersHalf   Timers = "half"   // half as long again
	TimersDouble Timers = "double" // twice as long
	TimersNone   Timers = "none"   // there are no limits
)

// Limit returns what becomes of a time limit; 0 is none.
func (t Timers) Limit(limit time.Duration) time.Duration {
	switch t {
	case TimersHalf:
		return limit + limit/2
	case TimersDouble:
		return 2 * limit
	case TimersNone:
		return 0
	}
	return limit
}

// DefaultNewPerDay is how many new cards a candidate meets a day unless they say otherwise.
const DefaultNewPerDay = 10

// DefaultReviewsPerDay is how many cards in review a candidate meets a day unless they say otherwise.
const DefaultReviewsPerDay = 200

// NewUser returns a candidate with these settings who is not stored yet.
func NewUser(set progress.Settings) User {
	return User{Settings: set, NewPerDay: DefaultNewPerDay, ReviewsPerDay: DefaultReviewsPerDay}
}

// AddUser adds a candidate without a name.
func (tx *Tx) AddUser(set progress.Settings) (User, error) {
	if err := tx.follow(0); err != nil { // one update, one time
		return User{}, err
	}
	tx.owned = append(tx.owned, 0) // it concerns nobody who is there already
	const query = `
		INSERT INTO users (created_at, zone, rollover, interview, retention, new_per_day, reviews_per_day)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`
	id, err := tx.insert(query, tx.now, set.Zone, set.Rollover, set.Interview, set.Retention, DefaultNewPerDay, DefaultReviewsPerDay)
	if err != nil {
		return User{}, fmt.Errorf("add user: %w", err)
	}
	u := NewUser(set)
	u.ID = id
	return u, tx.own(id)
}

const userColumns = `u.id, u.zone, u.rollover, u.interview, u.retention, u.new_per_day, u.two_buttons, u.language, u.theme, u.keys_off,
	u.reviews_per_day, u.week, u.catch_up, u.font, u.timers, u.confidence, u.hidden`

// columns returns where userColumns are scanned into.
func (u *User) columns() []any {
	return []any{
		&u.ID, &u.Settings.Zone, &u.Settings.Rollover, &u.Settings.Interview, &u.Settings.Retention, &u.NewPerDay, &u.TwoButtons, &u.Language, &u.Theme, &u.KeysOff,
		&u.ReviewsPerDay, (*weekColumn)(&u.Week), &u.CatchUp, &u.Font, &u.Timers, &u.Confidence, &u.Hidden,
	}
}

// weekColumn reads a week as it is stored.
type weekColumn srs.Week

// Scan implements sql.Scanner.
func (w *weekColumn) Scan(value any) error {
	text, _ := value.(string)
	week, ok := srs.ParseWeek(text)
	if !ok {
		return fmt.Errorf("week %v is not seven digits from 0 to 2", value)
	}
	*w = weekColumn(week)
	return nil
}

// User returns a candidate; ErrNotFound for one whose log was merged into another's.
func (tx *Tx) User(id int64) (User, error) {
	if err := tx.own(id); err != nil {
		return User{}, err
	}
	return remember(tx, userKey(id), nil, func() (User, owner, error) {
		const query = `SELECT ` + userColumns + ` FROM users u WHERE u.id = $1 AND u.merged_into = 0`
		var u User
		if err := tx.row(query, []any{id}, u.columns()...); err != nil {
			return User{}, owner{}, fmt.Errorf("user %d: %w", id, err)
		}
		return u, owner{id, true}, nil
	})
}

type userKey int64 // of what is remembered

// PutUser stores a candidate's settings.
func (tx *Tx) PutUser(u User) error {
	if err := tx.own(u.ID); err != nil {
		return err
	}
	const query = `
		UPDATE users
		SET zone = $1, rollover = $2, new_per_day = $3, two_buttons = $4, language = $5, theme = $6, keys_off = $7,
			reviews_per_day = $8, week = $9, catch_up = $10, retention = $11, font = $12, timers = $13, confidence = $14, hidden = $15, interview = $16
		WHERE id = $17`
	err := tx.exec(query, u.Settings.Zone, u.Settings.Rollover, u.NewPerDay, u.TwoButtons, u.Language, u.Theme, u.KeysOff,
		u.ReviewsPerDay, u.Week.String(), u.CatchUp, u.Settings.Retention, u.Font, string(u.Timers), u.Confidence, u.Hidden, u.Settings.Interview, u.ID)
	if err != nil {
		return fmt.Errorf("user %d: %w", u.ID, err)
	}
	return nil
}

// UserIDs returns the keys of all candidates, ascending, without those who were merged into others.
func (tx *Tx) UserIDs() ([]int64, error) {
	const query = `SELECT id FROM users WHERE merged_into = 0 ORDER BY id`
	var ids []int64
	err := tx.rows(query, nil, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// Session says whose browser it is.
type Session struct {
	User      User
	RenewedAt int64  // ms UTC
	Author    string // proof of the author token that was entered, "" without one
	AuthorAt  int64  // when it was, ms UTC
	Stamp     uint64 // on PostgreSQL what changes with everything of the candidate's, see With
}

// AddSession stores a session; one that is there already stays as it is. Hash is the SHA-256 of the id that only the
// browser knows.
func (tx *Tx) AddSession(hash []byte, user int64) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const query = `INSERT INTO sessions (hash, user_id, created_at, renewed_at) VALUES ($1, $2, $3, $3) ON CONFLICT DO NOTHING`
	if err := tx.exec(query, hash, user, tx.now); err != nil {
		return fmt.Errorf("add session: %w", err)
	}
	return nil
}

// Session returns the session with this hash.
func (tx *Tx) Session(hash []byte) (Session, error) {
	return remember(tx, sessionKey(hash), nil, func() (Session, owner, error) {
		var s Session
		err := ErrNotFound
		rowsErr := tx.rows(sessionOf, []any{hash}, func(row scanner) error {
			s, err = scanSession(row, new([]byte))
			return err
		})
		if err = cmp.Or(rowsErr, err); err != nil {
			return Session{}, owner{}, fmt.Errorf("session: %w", err)
		}
		return s, owner{s.User.ID, true}, nil
	})
}

const (
	sessionRows = `
		SELECT s.hash, s.renewed_at, s.author, s.author_at, u.stamp, ` + userColumns + `
		FROM sessions s
		JOIN users u ON u.id = s.user_id`
	sessionOf     = sessionRows + ` WHERE s.hash = $1`
	sessionsWhole = sessionRows + ` WHERE s.hash = ANY ($1)` // on PostgreSQL
	sessionsAsked = `
		SELECT s.hash, s.user_id, u.stamp, s.renewed_at, s.author, s.author_at
		FROM sessions s
		JOIN users u ON u.id = s.user_id
		WHERE s.hash = ANY ($1)`
)

// scanSession reads a row of sessionRows.
func scanSession(row scanner, hash *[]byte) (s Session, err error) {
	var stamp int64
	err = row.Scan(append([]any{hash, &s.RenewedAt, &s.Author, &s.AuthorAt, &stamp}, s.User.columns()...)...)
	s.Stamp = uint64(stamp)
	return s, err
}

type sessionKey string // of what is remembered

// RotateSession gives a session another id, by its hash, and says whether it is an author's.
func (tx *Tx) RotateSession(hash, fresh []byte, author string) error {
	tx.anyone()
	const query = `UPDATE sessions SET hash = $1, author = $2, author_at = $3, renewed_at = $3 WHERE hash = $4`
	n, err := tx.affect(query, fresh, author, tx.now, hash)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("rotate session: %w", err)
	}
	return nil
}

// RenewSession notes that the session of a candidate was used.
func (tx *Tx) RenewSession(user int64, hash []byte) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const query = `UPDATE sessions SET renewed_at = $1 WHERE hash = $2`
	return tx.exec(query, tx.now, hash)
}

// SessionsDue reports whether PruneSessions has anything to delete.
func (tx *Tx) SessionsDue(before int64) (due bool, err error) {
	const query = `
		SELECT EXISTS (SELECT 1 FROM sessions WHERE renewed_at < $1) OR EXISTS (SELECT 1 FROM used_forms WHERE at < $1)`
	err = tx.row(query, []any{before}, &due)
	return due, err
}

// PruneSessions deletes up to limit sessions that were last renewed before the given time (ms UTC), and used forms of
// that age. It returns how many sessions went.
func (tx *Tx) PruneSessions(before int64, limit int) (int64, error) {
	tx.anyone()
	const forms = `
		DELETE FROM used_forms
		WHERE nonce IN (SELECT nonce FROM used_forms WHERE at < $1 ORDER BY at, nonce LIMIT $2)`
	if err := tx.exec(forms, before, limit); err != nil {
		return 0, fmt.Errorf("prune used forms: %w", err)
	}
	const sessions = `
		DELETE FROM sessions
		WHERE hash IN (SELECT hash FROM sessions WHERE renewed_at < $1 ORDER BY renewed_at, hash LIMIT $2)`
	n, err := tx.affect(sessions, before, limit)
	if err != nil {
		return 0, fmt.Errorf("prune sessions: %w", err)
	}
	return n, nil
}

// UsedForm says what came of a form that was shown outside an attempt.
type UsedForm struct {
	User    int64
	Attempt string // slug
	At      int64  // ms UTC
	Fresh   bool   // the candidate was made by this form
}

// UsedForm returns what came of the form with this nonce.
func (tx *Tx) UsedForm(nonce []byte) (UsedForm, error) {
	const query = `
		SELECT f.user_id, a.slug, f.at, u.created_at = f.at
		FROM used_forms f
		JOIN attempts a ON a.id = f.attempt_id
		JOIN users u ON u.id = f.user_id
		WHERE f.nonce = $1`
	var f UsedForm
	if err := tx.row(query, []any{nonce}, &f.User, &f.Attempt, &f.At, &f.Fresh); err != nil {
		return UsedForm{}, fmt.Errorf("form: %w", err)
	}
	return f, nil
}

// AddUsedForm notes that a form was used.
func (tx *Tx) AddUsedForm(nonce []byte, user, attempt int64) error {
	const query = `INSERT INTO used_forms (nonce, user_id, attempt_id, at) VALUES ($1, $2, $3, $4)`
	return tx.exec(query, nonce, user, attempt, tx.now)
}

// ServerKey returns the secret with this name; fresh is stored and returned when there is none yet.
func (tx *Tx) ServerKey(name string, fresh []byte) ([]byte, error) {
	const insert = `INSERT INTO server_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	if err := tx.exec(insert, name, fresh); err != nil {
		return nil, fmt.Errorf("server key %s: %w", name, err)
	}
	const query = `SELECT value FROM server_keys WHERE name = $1`
	var value []byte
	if err := tx.row(query, []any{name}, &value); err != nil {
		return nil, fmt.Errorf("server key %s: %w", name, err)
	}
	return value, nil
}
