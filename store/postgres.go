package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// postgres runs the updates and views of one process on PostgreSQL.
type postgres struct {
	readers *sql.DB
	writers *sql.DB
	clock   *clock
	memory  *memory // of candidates, by their stamps
	asking  *asking // sessions
	grouped *grouped

	mu      sync.RWMutex // held in common by each update, alone by stop
	closed  bool
	serving bool
	listens atomic.Pointer[sql.Conn] // waits for other processes' loads; nil: not yet, or it broke
	alone   *sql.Conn                // keeps others off; nil: they may write
}

// maxUpdates is how many updates of one process run at a time; others wait.
const maxUpdates = 16

// patience is how long an update that failed by bad luck is tried again: as long as a standby takes to be promoted, and
// less than a browser waits.
const patience = 15 * time.Second

// maxClashes is how often an update may meet a row that another one added between its look and its own insert. Once is
// enough to find that row at the next try.
const maxClashes = 3

func (p *postgres) update(ctx context.Context, alone bool, fn func(*Tx) error) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return ErrClosed
	}
	voidStamp(ctx)
	return p.keepTrying(ctx, alone, false, fn)
}

// keepTrying runs fn in a transaction of its own until it is committed, for a while. Again says that another one may have been.
func (p *postgres) keepTrying(ctx context.Context, alone, again bool, fn func(*Tx) error) error {
	clashes := 0
	for start, pause := time.Now(), 5*time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		if err := ctx.Err(); err != nil {
			return err
		}
		luck, err := p.try(ctx, alone, again, fn)
		again = true
		switch {
		case err == nil:
			return nil
		case luck == clash:
			clashes++
		}
		if luck == mistake || clashes > maxClashes || time.Since(start) > patience {
			return explainPostgres(luck, err)
		}
		// Of two that met, one comes back first.
		wait := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return err
		}
	}
}

// try runs fn once. The luck says whether another try may end better.
//
// Another try may find its work done by one that was never confirmed, because the server crashed while it waited for a
// standby. Then it has nothing to write, and would be confirmed without the standby having anything: so it writes.
func (p *postgres) try(ctx context.Context, alone, again bool, fn func(*Tx) error) (luck, error) {
	conn, err := p.writers.Conn(ctx)
	if err != nil {
		return luckOf(err), fmt.Errorf("begin update: %w", err)
	}
	defer conn.Close()
	ctx = context.WithoutCancel(ctx) // what has begun is carried through
	begun := &piped{conn: conn}
	defer begun.end(ctx)
	tx := &Tx{ctx: ctx, run: begun, now: p.clock.tick(), clock: p.clock, postgres: true, memory: p.memory, shared: &shared{alone: p.alone != nil}}
	lock := "SELECT 1"
	if !alone && !tx.shared.alone {
		lock = shareContentLock
	}
	if err := begun.begin(ctx, lock); err != nil {
		return luckOn(conn, err), fmt.Errorf("begin update: %w", err)
	}
	if alone {
		err = tx.lockContent()
	}
	if err == nil && again {
		err = tx.exec(writeSomething)
	}
	if err == nil {
		err = fn(tx)
	}
	if err = tx.outcome(err); err != nil {
		if tx.failed == nil {
			return mistake, err // fn's own
		}
		return luckOn(conn, tx.failed), err
	}
	if err := begun.commit(ctx); err != nil {
		return luckOn(conn, err), fmt.Errorf("commit: %w", err)
	}
	if tx.left != nil && len(tx.owned) == 1 {
		p.memory.leave(tx.left, tx.shared.stamp)
	}
	return fine, nil
}

// luck says what an error means for another try.
type luck int

const (
	fine    luck = iota
	mistake      // it would fail again
	bad          // it may do: a conflict, a broken connection, a server that is starting
	clash        // another update added a row with the same key
)

// luckOn returns the luck of an error on a connection.
func luckOn(conn *sql.Conn, err error) luck {
	broken := true
	if failed := conn.Raw(func(driver any) error {
		broken = driver.(*stdlib.Conn).Conn().IsClosed()
		return nil
	}); broken || failed != nil {
		return bad
	}
	return luckOf(err)
}

// beginView begins a transaction that only reads.
func (p *postgres) beginView(ctx context.Context) (tx *sql.Tx, err error) {
	err = p.patiently(ctx, func(ctx context.Context) error {
		tx, err = p.readers.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		return err
	})
	return tx, err
}

// stop waits for the updates that run, then closes the connections.
func (p *postgres) stop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	close(p.asking.quit)
	close(p.grouped.queue)
	<-p.grouped.done
	for _, conn := range []*sql.Conn{p.listens.Swap(nil), p.alone} {
		if conn != nil {
			conn.Close() // says that it is broken
		}
	}
	return errors.Join(p.readers.Close(), p.writers.Close())
}

// WaitForContent returns when another process says that it loaded content, and at the latest after a while, whether or
// not anything happened: who waits looks at Tx.ContentVersion then. It is called by one goroutine. On SQLite, which
// serves one process, it only waits.
func (s *Store) WaitForContent(ctx context.Context, atMost time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	if s.pg != nil && s.pg.hear(ctx) == nil {
		return
	}
	<-ctx.Done() // no word can come; who waits has to look
}

// hear waits for a word about content on a connection of its own.
func (p *postgres) hear(ctx context.Context) error {
	conn := p.listens.Load()
	if conn == nil {
		conn, err := p.attend(ctx)
		if err != nil {
			return err
		}
		p.listens.Store(conn)
		return nil // a word may have been missed before
	}
	err := conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().WaitForNotification(ctx)
		return err
	})
	if err != nil && ctx.Err() == nil && p.listens.CompareAndSwap(conn, nil) {
		conn.Close()
	}
	return err
}
