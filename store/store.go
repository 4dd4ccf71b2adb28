// Package store keeps everything in SQL: content, people, the evidence log and what is computed from it. It is the only
// package that knows SQL.
//
// All reading happens in View, on a pool of read-only connections, each call on one consistent snapshot. All writing
// happens in Update, on one connection whose goroutine commits many waiting updates together; Update returns only after
// the commit has reached the disk.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Conditions that callers act on.
var (
	// ErrNotFound is returned when the thing asked for does not exist, or belongs to somebody else.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate is returned when evidence with the same once key is already in the candidate's log.
	ErrDuplicate = errors.New("already recorded")
	// ErrClosed is returned by Update after Close.
	ErrClosed = errors.New("store is closed")
	// ErrNewer is returned by Open for a database made by a newer program.
	ErrNewer = errors.New("database is newer than this program")
)

// Options are the settings of Open. The zero value is right for a server.
type Options struct {
	Clock func() time.Time // default time.Now
}

// Store is an open database. Its methods may be called from many goroutines.
type Store struct {
	readers *sql.DB
	views   chan struct{} // holds an element for each view that is open
	reads   *statements
	writer  *writer
	close   func() error
}

// Open opens the SQLite database file at path, creates it when it does not exist, and migrates it.
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	write, err := openWriter(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	readers, err := openReaders(ctx, path)
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	w, err := newWriter(ctx, write, opts.Clock)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), readers.Close(), write.Close())
	}
	return &Store{
		readers: readers,
		views:   make(chan struct{}, maxViews),
		reads:   newStatements(readers),
		writer:  w,
		close:   func() error { return errors.Join(readers.Close(), write.Close()) },
	}, nil
}

// Close waits for the updates that were handed in, then closes the database.
func (s *Store) Close() error {
	s.writer.stop()
	return errors.Join(s.reads.Close(), s.close())
}

// View runs fn on one consistent snapshot. Writing in it fails. A view inside a view may wait for ever.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	select {
	case s.views <- struct{}{}:
		defer func() { <-s.views }()
	case <-ctx.Done():
		return fmt.Errorf("begin view: %w", ctx.Err())
	}
	// Every query of a view is short. Letting it end costs less than the goroutine that database/sql and the driver start
	// for each transaction and each statement that can be cancelled.
	ctx = context.WithoutCancel(ctx)
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	defer tx.Rollback()
	return fn(&Tx{ctx: ctx, run: viewRunner{tx, s.reads}, now: s.writer.clock.peek(), clock: s.writer.clock})
}

// Update runs fn in a transaction and returns when the outcome is on disk. When fn returns an error nothing of it stays.
// Other updates may be committed together with it; they cannot be seen by or undone with it. fn must be quick: it never
// waits, hashes passwords or runs a candidate's code. When ctx ends before fn has begun, fn does not run.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	return s.writer.update(ctx, fn)
}
