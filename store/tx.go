package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Tx is a transaction, valid only inside the function it was handed to.
type Tx struct {
	ctx      context.Context
	run      runner
	now      int64
	clock    *clock
	shared   *shared                        // what an update does because other processes write, too; nil in views and on SQLite
	postgres bool                           // which of the engines it runs on
	owned    []int64                        // candidates, in an update
	memory   *memory                        // nil: nothing is remembered
	content  *contentMemory                 // nil in views, and on PostgreSQL
	trace    func(query string, args []any) // nil: nobody is told
	memo     map[any]any                    // what a view read that remembers nothing else; nil in updates
	number   uint64                         // of the last group before it, see memory
	store    *Store                         // nil in updates
	view     *view                          // nil in updates, and on PostgreSQL
	of       *stamped                       // whose values a view on PostgreSQL may take from memory, nil: nobody's
	wrote    bool                           // on SQLite: something was written
	anybody  bool                           // and it may concern any candidate
	fixed    bool                           // a response was corrected
	left     *kept                          // what is remembered once the update is committed; nil mostly
	failed   error                          // of the first statement that failed: the transaction is lost then
}

// Now returns the time of the transaction in ms UTC. It never goes back from one update to the next.
func (tx *Tx) Now() int64 { return tx.now }

// Time returns Now as a time.
func (tx *Tx) Time() time.Time { return time.UnixMilli(tx.now) }

// Ping reports whether the database answers. It reads a table: on SQLite nothing else begins a snapshot.
func (tx *Tx) Ping() error {
	var any bool
	return tx.row(`SELECT EXISTS (SELECT 1 FROM banks)`, nil, &any)
}

// runner runs statements and returns how many rows they changed, or hands their rows to scan one by one.
type runner interface {
	exec(ctx context.Context, query string, args []any) (changed int64, err error)
	each(ctx context.Context, query string, args []any, scan func(scanner) error) error
}

// queryer is what a connection or a transaction of database/sql does.
type queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// through runs statements through database/sql.
type through struct{ queryer }

func (t through) exec(ctx context.Context, query string, args []any) (int64, error) {
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t through) each(ctx context.Context, query string, args []any, scan func(scanner) error) error {
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// prepared runs statements prepared, in a transaction.
type prepared struct {
	stmts *statements
	tx    *sql.Tx
}

func (p prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := p.stmts.prepare(context.WithoutCancel(ctx), query) // outlives this request
	if err != nil {
		return nil, err
	}
	return p.tx.StmtContext(ctx, stmt), nil
}

func (p prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// statements keeps one prepared statement of SQLite for each query text. The texts are constants of this package, so it stays small.
type statements struct {
	db interface {
		PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	}
	mu   sync.RWMutex
	stmt map[string]*sql.Stmt
}

func newStatements(db interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
},
) *statements {
	return &statements{db: db, stmt: map[string]*sql.Stmt{}}
}

func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt, ok := s.stmt[query]
	s.mu.RUnlock()
	if ok {
		return stmt, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.stmt[query]; ok {
		return stmt, nil
	}
	stmt, err := s.db.PrepareContext(ctx, byPlace(query))
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	s.stmt[query] = stmt
	return stmt, nil
}

// texts returns the texts of all statements.
func (s *statements) texts() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Keys(s.stmt))
}

// Statements returns the text of every statement that was run in a view or an update, for tests of how they are answered.
// PostgreSQL runs the same ones but for those of dialect_postgres.go, and does not tell.
func (s *Store) Statements() []string {
	if s.pg != nil {
		return nil
	}
	return append(s.reads.texts(), s.writer.direct.texts()...)
}

// Close closes the statements.
func (s *statements) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.stmt {
		errs = append(errs, stmt.Close())
	}
	clear(s.stmt)
	return errors.Join(errs...)
}

// exec runs a statement that returns no rows.
func (tx *Tx) exec(query string, args ...any) error {
	_, err := tx.affect(query, args...)
	return err
}

// affect runs a statement and returns how many rows it changed.
func (tx *Tx) affect(query string, args ...any) (n int64, err error) {
	if args, err = bind(args); err != nil {
		return 0, err
	}
	tx.begin(query, args)
	defer func() { tx.note(err) }()
	return tx.run.exec(tx.ctx, query, args)
}

// insert runs an INSERT … RETURNING and returns the new key.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	var id int64
	err := tx.row(query, args, &id)
	return id, err
}

// row reads one row into dest; ErrNotFound when there is none.
func (tx *Tx) row(query string, args []any, dest ...any) error {
	found := false
	err := tx.rows(query, args, func(row scanner) error {
		if found {
			return nil
		}
		found = true
		return row.Scan(dest...)
	})
	if err == nil && !found {
		return ErrNotFound
	}
	return err
}

// rows calls scan for each row. Scan runs no statements: the connection is busy with the rows.
func (tx *Tx) rows(query string, args []any, scan func(scanner) error) (err error) {
	if args, err = bind(args); err != nil {
		return err
	}
	tx.begin(query, args)
	defer func() { tx.note(err) }()
	return tx.run.each(tx.ctx, query, args, scan)
}

// begin comes before a statement.
func (tx *Tx) begin(query string, args []any) {
	if tx.trace != nil {
		tx.trace(query, args)
	}
	tx.writing(query)
}

// note remembers that a statement failed: PostgreSQL runs nothing more in that transaction, and what an update does on
// one engine it does on both.
func (tx *Tx) note(err error) {
	if tx.failed == nil {
		tx.failed = err
	}
}

// outcome is the error of an update whose function returned err.
func (tx *Tx) outcome(err error) error {
	if err == nil && tx.failed != nil {
		return fmt.Errorf("a statement failed in an update that went on: %w", tx.failed)
	}
	return err
}

// bind makes of arguments, in their place, what every engine takes alike: truth values are 0 and 1, and text is UTF-8
// without zero bytes, which PostgreSQL cannot hold. Nothing is stored under a name that is no such text, so it is not found.
func bind(args []any) ([]any, error) {
	for i, arg := range args {
		switch v := arg.(type) {
		case bool:
			args[i] = int64(0)
			if v {
				args[i] = int64(1)
			}
		case string:
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, fmt.Errorf("%q is not text: %w", v, ErrNotFound)
			}
		}
	}
	return args, nil
}

// scanner is what a row of a result offers.
type scanner interface{ Scan(dest ...any) error }
