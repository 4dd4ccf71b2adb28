package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// On PostgreSQL, where several processes write, each update of anything of a candidate's leaves a random number in their
// row: their stamp. It comes with the session, in the one statement that every page runs anyway. What was read under the
// same stamp holds still, whoever wrote what meanwhile; and no two states of a candidate share a stamp, not even when a
// standby took over that had missed the last of them.

// stamped says whose values the views of a request may take from memory: those that were read under this stamp.
type stamped struct {
	user  int64
	stamp uint64
	void  atomic.Bool // something was written in this request
}

type stampedKey struct{}

// With returns the context of a request whose views may take from memory what was read of the session's candidate
// before. On SQLite, where every view may, it returns ctx.
func (s *Store) With(ctx context.Context, of Session) context.Context {
	if s.pg == nil || of.User.ID == 0 {
		return ctx
	}
	return context.WithValue(ctx, stampedKey{}, &stamped{user: of.User.ID, stamp: of.Stamp})
}

// stampOf returns the stamp of a request, nil without one or once something was written in it.
func stampOf(ctx context.Context) *stamped {
	if s, ok := ctx.Value(stampedKey{}).(*stamped); ok && !s.void.Load() {
		return s
	}
	return nil
}

// voidStamp notes that something is written in a request.
func voidStamp(ctx context.Context) {
	if s := stampOf(ctx); s != nil {
		s.void.Store(true)
	}
}

// Session returns the session with this hash, as Tx.Session does in a view of its own. One that is remembered needs none.
func (s *Store) Session(ctx context.Context, hash []byte) (found Session, err error) {
	if s.pg == nil {
		if found, ok := s.memory.session(hash); ok {
			return found, nil
		}
		err = s.View(ctx, func(tx *Tx) error {
			found, err = tx.Session(hash)
			return err
		})
		return found, err
	}
	return s.pg.session(ctx, hash)
}

// Forget forgets what is remembered of everybody: what depends on the content may have changed.
func (s *Store) Forget() {
	if s.pg != nil {
		s.pg.memory.forget()
	}
}

// sharedView is a view on PostgreSQL. Its snapshot begins with the first statement: a view that finds everything in memory
// needs none.
type sharedView struct {
	store *Store
	ctx   context.Context // of who waits for the view
	of    *stamped        // nil: nothing is taken from memory
	tx    *sql.Tx         // nil before the first statement
	moved bool            // the stamp was another one by then
}

// viewShared is View on PostgreSQL. When something of the candidate was written since the session was read, fn begins anew
// and takes nothing from memory.
func (s *Store) viewShared(ctx context.Context, fn func(*Tx) error) error {
	moved, err := s.viewUnder(ctx, stampOf(ctx), fn)
	if moved {
		_, err = s.viewUnder(ctx, nil, fn)
	}
	return explainPostgres(luckOf(err), err)
}

func (s *Store) viewUnder(ctx context.Context, of *stamped, fn func(*Tx) error) (moved bool, err error) {
	v := &sharedView{store: s, ctx: ctx, of: of}
	defer v.end()
	tx := &Tx{ctx: context.WithoutCancel(ctx), run: through{v}, now: s.pg.clock.peek(), clock: s.pg.clock, postgres: true, store: s}
	if of != nil {
		tx.memory, tx.of = s.pg.memory, of
	} else {
		tx.memo = map[any]any{}
	}
	err = fn(tx)
	return v.moved, err
}

func (v *sharedView) end() {
	if v.tx != nil {
		_ = v.tx.Rollback() // it only read
		v.store.leave()
	}
}

func (v *sharedView) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	return v.tx.ExecContext(ctx, query, args...)
}

func (v *sharedView) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	return v.tx.QueryContext(ctx, query, args...)
}

// begin begins the transaction, and sees whether its snapshot is that of the stamp.
func (v *sharedView) begin(ctx context.Context) error {
	if v.moved {
		return errMoved
	}
	if v.tx != nil {
		return nil
	}
	if err := v.store.enter(v.ctx); err != nil {
		return err
	}
	tx, err := v.store.pg.beginView(v.ctx)
	if err != nil {
		v.store.leave()
		return fmt.Errorf("begin view: %w", err)
	}
	v.tx = tx
	if v.of == nil {
		return nil
	}
	const query = `SELECT stamp FROM users WHERE id = $1`
	var now int64
	switch err := tx.QueryRowContext(ctx, query, v.of.user).Scan(&now); {
	case errors.Is(err, sql.ErrNoRows), err == nil && uint64(now) != v.of.stamp:
		v.moved = true
		return errMoved
	case err != nil:
		return fmt.Errorf("begin view: %w", err)
	}
	return nil
}

// patiently runs what reads one thing, again when the connection from the pool turns out to be broken.
func (p *postgres) patiently(ctx context.Context, read func(context.Context) error) error {
	for start, pause := time.Now(), 5*time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		err := read(context.WithoutCancel(ctx))
		if err == nil || ctx.Err() != nil || luckOf(err) != bad || time.Since(start) > patience {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}
