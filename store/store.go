// Package store keeps everything in SQL: content, people, the evidence log and what is computed from it. It is the only
// package that knows SQL. It works on SQLite and on PostgreSQL, with one text for each statement; what differs is in
// dialect_sqlite.go and dialect_postgres.go.
//
// All reading happens in View, on a pool of read-only connections, each call on one consistent snapshot. All writing
// happens in Update, which returns only after the commit has reached the disk. On SQLite one connection commits many
// waiting updates together (writer.go); on PostgreSQL updates of single candidates share transactions (grouped.go) and each
// other one has its own, beside those of other processes (shared.go).
package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
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
	// ErrOlder is returned by Open with Options.Existing for a database that has to be migrated first.
	ErrOlder = errors.New("database is older than this program")
	// ErrUnreleased is returned by Open for a file whose tables are not those that this program makes.
	ErrUnreleased = errors.New("the database was made by another build of this program, before its first release")
	// ErrEmpty is returned by Open with Options.Existing for a PostgreSQL database that nothing was ever stored in.
	ErrEmpty = errors.New("there is nothing in this database")
	// ErrFull is returned when there is no room left on the disk. What was acknowledged is kept, reading goes on.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly is returned when the file or its disk may not be written. Reading goes on.
	ErrReadOnly = errors.New("the database cannot be written")
	// ErrBusy is returned when another program held a lock on the database for longer than Update waits.
	ErrBusy = errors.New("another program keeps the database locked")
	// ErrDamaged is returned when the file is not what was written to it.
	ErrDamaged = errors.New("the database file is damaged; restore a backup, see docs/hosting.md")
	// ErrAway is returned when no server answers on PostgreSQL, or the connection broke, for longer than Update tries again.
	// Whether the last try was committed is not known.
	ErrAway = errors.New("the database server does not answer")
	// ErrDisk is returned when the disk fails to read or write.
	ErrDisk = errors.New("the disk failed")
)

// Options are the settings of Open. The zero value is right for a server.
type Options struct {
	Clock func() time.Time // default time.Now
	// Serving and Alone say what the database is opened for on PostgreSQL: to serve from it, or for what no server may
	// be using it beside. On SQLite, Lock does the same.
	Serving, Alone bool
	Copy           bool // opens a database that a copy goes to, which may be unfinished
	// Existing opens only a database that is there and has this program's schema: what runs beside a server neither
	// creates nor migrates.
	Existing bool
	// Program names the build of the program: what one build keeps for a quick start is not read by another. "" keeps
	// nothing.
	Program string
	// Logger is told of migrations, the backups before them, and of a write-ahead log that cannot be written back.
	// Default: nobody is told.
	Logger *slog.Logger
	// CheckMemory panics when what is remembered of a candidate is not what is stored: tests ask for it.
	CheckMemory bool
	// Migrations are the scripts below migrations/sqlite that make the schema, in the order of their names. Default:
	// those of the program. Tests of upgrades give others.
	Migrations fs.FS
	// Trace is told of every statement of an update on SQLite, in their order, with its arguments. Yardsticks repeat them.
	Trace func(query string, args []any)
	// Watch is told when a statement of a view on SQLite begins; what it returns is called when the last row was read.
	// Benchmarks ask for it.
	Watch func(query string) (end func())
}

func (o *Options) fill() {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Migrations == nil {
		o.Migrations = migrations
	}
}

// Store is an open database. Its methods may be called from many goroutines.
type Store struct {
	readers *sql.DB
	views   chan struct{} // holds an element for each view that is open
	reads   *statements
	writer  *writer       // of SQLite
	wal     *checkpointer // of SQLite
	pg      *postgres     // nil on SQLite
	memory  *memory       // of SQLite
	program string        // Options.Program
	offered atomic.Pointer[Catalog]
	watch   func(query string) (end func())
	close   func() error
}

// Open opens a database and migrates it: the PostgreSQL database of a URL that begins with postgres:// or postgresql://,
// or else the SQLite file at a path, which may follow "sqlite:" and is created when it does not exist. A file that holds
// anything is migrated after a backup beside it.
func Open(ctx context.Context, database string, opts Options) (*Store, error) {
	opts.fill()
	path, ok := File(database)
	if !ok {
		return openPostgres(ctx, database, opts)
	}
	if _, err := os.Stat(path); opts.Existing && err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	write, err := openWriter(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, explain(err))
	}
	readers, err := openReaders(ctx, path)
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open database %s: %w", path, explain(err))
	}
	memory := newMemory(opts.CheckMemory)
	w, err := newWriter(ctx, write, path, memory, opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, explain(err)), readers.Close(), write.Close())
	}
	return ready(ctx, &Store{
		readers: readers,
		views:   make(chan struct{}, maxViews),
		reads:   newStatements(readers),
		writer:  w,
		memory:  memory,
		program: opts.Program,
		watch:   opts.Watch,
		wal:     keepWALShort(path, w, opts.Logger),
		close:   func() error { return errors.Join(readers.Close(), write.Close()) },
	}, opts)
}

// ready returns a store that may be used.
func ready(ctx context.Context, st *Store, opts Options) (*Store, error) {
	if opts.Copy {
		return st, nil
	}
	if err := st.refuseHalfCopied(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), st.Close())
	}
	return st, nil
}

// File returns the path of the SQLite file that a database name stands for; false for one on PostgreSQL.
func File(database string) (path string, ok bool) {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return "", false
	}
	return strings.TrimPrefix(database, "sqlite:"), true
}

// Close waits for the updates that were handed in, then closes the database.
func (s *Store) Close() error {
	if s.pg != nil {
		return s.pg.stop()
	}
	s.wal.stop()
	s.writer.stop()
	return errors.Join(s.reads.Close(), s.close())
}

// View runs fn on one consistent snapshot. Writing in it fails. A view inside a view may wait for ever. Like that of
// Update, fn may run more than once: it must not change what it captured but by assigning results.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	if s.pg == nil {
		return explain(s.viewFile(ctx, fn))
	}
	return s.viewShared(ctx, fn)
}

// enter waits until another view may have a connection.
func (s *Store) enter(ctx context.Context) error {
	select {
	case s.views <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("begin view: %w", ctx.Err())
	}
}

func (s *Store) leave() { <-s.views }

// Update runs fn in a transaction and returns when the outcome is on disk. When fn returns an error, or one of its
// statements failed, nothing of it stays. Other updates may be committed together with it; they cannot be seen by or
// undone with it. fn must be quick: it never waits, hashes passwords or runs a candidate's code. When ctx ends before fn
// has begun, fn does not run.
//
// fn may run more than once: on PostgreSQL it is run again after a conflict with another process or a broken connection, on
// SQLite when another update that was to be committed together with it failed.
// It then begins from what it began from before, so it must not change what it captured but by assigning results. And
// when the connection broke while it committed, nobody knows whether it did: fn may find its own work done. So what it
// adds has a key that was made before, and what is there already is not added again.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	if s.pg != nil {
		return s.pg.update(ctx, false, fn)
	}
	return explain(s.writer.update(ctx, fn))
}

// UpdateOf is Update for what concerns one candidate alone, which PostgreSQL commits together with those of others. User 0
// is nobody yet.
func (s *Store) UpdateOf(ctx context.Context, user int64, fn func(*Tx) error) error {
	if s.pg != nil && user != 0 {
		return s.pg.updateOf(ctx, user, fn)
	}
	return s.Update(ctx, fn)
}

// Trim gives back memory that much writing took, once it is over.
func (s *Store) Trim(ctx context.Context) error {
	if s.pg != nil {
		return nil
	}
	return explain(s.writer.alone(ctx, func(ctx context.Context, conn *sql.Conn) error {
		if err := s.writer.direct.dropLarge(); err != nil {
			return err
		}
		_, err := conn.ExecContext(ctx, "PRAGMA shrink_memory")
		return err
	}))
}

// UpdateAlone is Update for what must have the database to itself: no other update of any process runs beside it. Loads
// of content do, so that each answer is wholly before a load or wholly after it.
func (s *Store) UpdateAlone(ctx context.Context, fn func(*Tx) error) error {
	if s.pg != nil {
		return s.pg.update(ctx, true, fn)
	}
	return explain(s.writer.updateAlone(ctx, fn))
}

// fromJSON reads a column of JSON. Only what this program wrote is stored, so what cannot be read was damaged since.
func fromJSON(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}
