package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// piped is the transaction of an update on PostgreSQL. Statements of which nobody waits for the result wait for the next
// one that somebody does, or for the commit, and go to the server together: one round trip instead of one each.
type piped struct {
	conn    *sql.Conn
	waiting pgx.Batch
	open    bool
}

func (p *piped) exec(ctx context.Context, query string, args []any) (int64, error) {
	if err := p.flush(ctx); err != nil {
		return 0, err
	}
	return through{p.conn}.exec(ctx, query, args)
}

func (p *piped) each(ctx context.Context, query string, args []any, scan func(scanner) error) error {
	if err := p.flush(ctx); err != nil {
		return err
	}
	return through{p.conn}.each(ctx, query, args, scan)
}

// begin begins the transaction and takes an advisory lock: without arguments, several statements are one message.
func (p *piped) begin(ctx context.Context, lock string) error {
	_, err := p.conn.ExecContext(ctx, "BEGIN; "+lock)
	p.open = true // even now: a second statement may have failed
	return err
}

// flush sends what waits.
func (p *piped) flush(ctx context.Context) error {
	if p.waiting.Len() == 0 {
		return nil
	}
	batch := p.waiting
	p.waiting = pgx.Batch{}
	return p.conn.Raw(func(driver any) error {
		return driver.(*stdlib.Conn).Conn().SendBatch(ctx, &batch).Close() // the first error of them
	})
}

// commit sends what waits, and the commit after it. When one of them fails, those behind it are not run.
func (p *piped) commit(ctx context.Context) error {
	p.waiting.Queue("COMMIT")
	err := p.flush(ctx)
	if err == nil {
		p.open = false
	}
	return err
}

// end takes back what was not committed.
func (p *piped) end(ctx context.Context) {
	if p.open {
		_, _ = p.conn.ExecContext(ctx, "ROLLBACK") // where that fails, the connection is broken and the server takes it back
	}
}

func (p *piped) later(query string, args []any) { p.waiting.Queue(query, args...) }

// later is exec for a statement of which nobody needs to know the outcome before the next one, or before the update ends:
// on PostgreSQL its error may come with the next one's.
func (tx *Tx) later(query string, args ...any) error {
	run, ok := tx.run.(interface {
		later(query string, args []any)
	})
	if !ok {
		return tx.exec(query, args...)
	}
	args, err := bind(args)
	if err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	tx.begin(query, args)
	run.later(query, args)
	return nil
}
