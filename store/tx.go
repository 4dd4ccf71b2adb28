package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Tx is a transaction, valid only inside the function it was handed to.
type Tx struct {
	ctx   context.Context
	run   runner
	now   int64
	clock *clock
}

// Now returns the time of the transaction in ms UTC. It never goes back from one update to the next.
func (tx *Tx) Now() int64 { return tx.now }

// Time returns Now as a time.
func (tx *Tx) Time() time.Time { return time.UnixMilli(tx.now) }

// Ping reports whether the database answers.
func (tx *Tx) Ping() error {
	var one int
	return tx.row(`SELECT 1`, nil, &one)
}

// runner finds the prepared statement for a query text.
type runner interface {
	prepare(ctx context.Context, query string) (*sql.Stmt, error)
}

type writeRunner struct{ stmts *statements }

func (r writeRunner) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	return r.stmts.prepare(ctx, query)
}

type viewRunner struct {
	tx    *sql.Tx
	stmts *statements
}

func (r viewRunner) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := r.stmts.prepare(context.WithoutCancel(ctx), query) // outlives this request
	if err != nil {
		return nil, err
	}
	return r.tx.StmtContext(ctx, stmt), nil
}

// statements keeps one prepared statement for each query text. The texts are constants of this package, so it stays small.
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
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	s.stmt[query] = stmt
	return stmt, nil
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
func (tx *Tx) affect(query string, args ...any) (int64, error) {
	stmt, err := tx.run.prepare(tx.ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// insert runs an INSERT … RETURNING and returns the new key.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	var id int64
	err := tx.row(query, args, &id)
	return id, err
}

// row reads one row into dest; ErrNotFound when there is none.
func (tx *Tx) row(query string, args []any, dest ...any) error {
	stmt, err := tx.run.prepare(tx.ctx, query)
	if err != nil {
		return err
	}
	err = stmt.QueryRowContext(tx.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// rows calls scan for each row.
func (tx *Tx) rows(query string, args []any, scan func(scanner) error) error {
	stmt, err := tx.run.prepare(tx.ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(tx.ctx, args...)
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

// scanner is what a row of a result offers.
type scanner interface{ Scan(dest ...any) error }
