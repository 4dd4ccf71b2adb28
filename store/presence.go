package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Servers on PostgreSQL hold a lock in common, so that who needs the database alone notices them; on SQLite, Lock does
// this. The lock goes with its connection, however that ends.

// ErrTaken is returned by Open with Options.Serving while a copy has the database to itself.
var ErrTaken = errors.New("a copy of this database is being made")

// attend returns a connection that hears of content, and on which a server is noticed.
func (p *postgres) attend(ctx context.Context) (*sql.Conn, error) {
	conn, err := p.readers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if p.serving {
		if err := tryLock(ctx, conn, shareServingLock, ErrTaken); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	if _, err := conn.ExecContext(ctx, listenContent); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// takeAlone returns a connection that keeps servers off, and all updates but those of this store: a server whose own
// connection broke a moment ago is not noticed, but cannot write either.
func (p *postgres) takeAlone(ctx context.Context) (*sql.Conn, error) {
	conn, err := p.writers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := tryLock(ctx, conn, takeServingLock, ErrLocked); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if _, err := conn.ExecContext(ctx, holdContentLock); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for updates to end: %w", err), conn.Close())
	}
	return conn, nil
}

// tryLock takes a lock, or returns refused. It waits for a moment: PostgreSQL gives the locks of a program up shortly after
// the program has ended.
func tryLock(ctx context.Context, conn *sql.Conn, query string, refused error) error {
	const patience, pause = 3 * time.Second, 50 * time.Millisecond
	for start := time.Now(); ; time.Sleep(pause) {
		var got bool
		if err := conn.QueryRowContext(ctx, query).Scan(&got); err != nil {
			return fmt.Errorf("look for other programs: %w", err)
		}
		if got {
			return nil
		}
		if time.Since(start) > patience {
			return refused
		}
	}
}

// stillAlone fails when the connection of takeAlone was lost: others may have written since.
func (s *Store) stillAlone(ctx context.Context) error {
	if s.pg == nil || s.pg.alone == nil {
		return nil
	}
	if _, err := s.pg.alone.ExecContext(ctx, `SELECT 1`); err != nil {
		return fmt.Errorf("the lock on the database was lost: %w", err)
	}
	return nil
}
