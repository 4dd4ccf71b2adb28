package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"rehearse/bank"
)

// maxBodies is how many bytes the bodies of a catalog take in memory, about; those of the bank that ships take 4 MB.
const maxBodies = 8 << 20

// bodies are the questions of a catalog that were asked for lately, whole. Those of a catalog that no store has are there
// from the beginning, and stay.
type bodies struct {
	most  int // bytes, see maxBodies
	read  func(revision int64) (bank.Body, int, error)
	whole []atomic.Pointer[Entry] // by place in Catalog.Questions

	mu    sync.Mutex
	order []int // places in whole, the oldest first
	sizes []int // of the same
	bytes int
}

// entry returns the question at a place.
func (c *Catalog) entry(place int) (*Entry, error) {
	if e := c.bodies.whole[place].Load(); e != nil {
		return e, nil
	}
	e, size, err := c.bodies.entry(&c.Questions[place])
	if err == nil {
		c.bodies.keep(place, e, size)
	}
	return e, err
}

// entry reads a question, and says how many bytes it takes in memory, about.
func (b *bodies) entry(of *Listed) (*Entry, int, error) {
	body, size, err := b.read(of.RevisionID)
	if err != nil {
		return nil, 0, fmt.Errorf("body of question %s: %w", of.Head.ID, err)
	}
	return of.with(body), size, nil
}

// with returns the question with its body.
func (l *Listed) with(body bank.Body) *Entry {
	return &Entry{ID: l.ID, TopicID: l.TopicID, RevisionID: l.RevisionID, Sort: l.Sort, Question: bank.Question{
		ID: l.Head.ID, Topic: l.Topic, File: l.File, Line: l.Line, Labels: l.Labels, Body: body, BodyHash: l.BodyHash, KeyHash: l.KeyHash,
	}}
}

// keep keeps a question in place of the oldest ones.
func (b *bodies) keep(place int, e *Entry, size int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.whole[place].CompareAndSwap(nil, e) {
		return // two have asked at once
	}
	b.order, b.sizes, b.bytes = append(b.order, place), append(b.sizes, size), b.bytes+size
	for b.bytes > b.most && len(b.order) > 1 {
		b.whole[b.order[0]].Store(nil)
		b.bytes -= b.sizes[0]
		b.order, b.sizes = b.order[1:], b.sizes[1:]
	}
}

// Bytes of a body in memory, about: of what is not text, and of a small one in all.
const (
	bodyFrame = 2 << 10
	smallBody = 4 << 10
)

// Body returns what a revision asks.
func (s *Store) Body(revision int64) (bank.Body, error) {
	body, _, err := s.body(revision)
	return body, err
}

// body reads what a catalog does not have in memory. It takes a connection of its own, for a moment: who asks may be in a
// view or an update, and what a revision asks never changes. How it is rendered may, see PutRevision.
func (s *Store) body(revision int64) (body bank.Body, size int, err error) {
	model, err := s.model(context.Background(), revision)
	if err != nil {
		return bank.Body{}, 0, err
	}
	err = fromJSON([]byte(model), &body)
	return body, bodyFrame + len(model), err
}

func (s *Store) model(ctx context.Context, revision int64) (model string, err error) {
	const query = `SELECT model FROM revisions WHERE id = $1`
	if s.pg != nil {
		err = s.pg.patiently(ctx, func(ctx context.Context) error {
			return s.readers.QueryRowContext(ctx, query, revision).Scan(&model)
		})
		err = explainPostgres(luckOf(err), err)
	} else {
		var stmt *sql.Stmt
		if stmt, err = s.reads.prepare(ctx, query); err == nil {
			err = stmt.QueryRowContext(ctx, revision).Scan(&model)
		}
		err = explain(err)
	}
	if errors.Is(err, sql.ErrNoRows) { // none is ever deleted: in a damaged file one can be out of reach, without SQLite noticing
		err = fmt.Errorf("%w: revision %d is not there", ErrDamaged, revision)
	}
	return model, err
}

// Bodies reads the bodies of all questions of a catalog, but those that a load has replaced since, and keeps none: what
// others asked for stays in memory. A body that nobody can make sense of is left out.
func (tx *Tx) Bodies(c *Catalog, read func(*Listed, *bank.Body)) error {
	const query = `
		SELECT r.id, r.model
		FROM questions q
		JOIN revisions r ON r.id = q.revision_id
		WHERE q.bank_id = $1 AND q.live = 1`
	of := make(map[int64]*Listed, len(c.Questions)+len(c.Secret))
	for l := range c.Everything() {
		of[l.RevisionID] = l
	}
	err := tx.rows(query, []any{c.bank}, func(row scanner) error {
		var (
			revision int64
			model    []byte
			body     bank.Body
		)
		err := row.Scan(&revision, &model)
		if l := of[revision]; l != nil && err == nil && json.Unmarshal(model, &body) == nil {
			read(l, &body)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("bodies of bank %d: %w", c.bank, err)
	}
	return nil
}
