package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// view is a view of an SQLite file. Its snapshot begins with the first statement: a view that finds everything in memory
// needs none.
type view struct {
	Tx     Tx // what its function gets
	store  *Store
	ctx    context.Context // of who waits for the view
	tx     *sql.Tx         // nil before the first statement
	number uint64          // of the last group of updates before it, see memory
	taken  []owner         // of whom something was taken from memory before the snapshot
	few    [2]owner        // room for as many of them as there are mostly
	moved  bool            // by then something of theirs had been written
}

// viewFile is View on SQLite. What was taken from memory must agree with the snapshot; where it does not, fn begins anew
// and takes nothing.
func (s *Store) viewFile(ctx context.Context, fn func(*Tx) error) error {
	moved, err := s.viewOnce(ctx, s.memory, fn)
	if moved {
		_, err = s.viewOnce(ctx, nil, fn)
	}
	return err
}

func (s *Store) viewOnce(ctx context.Context, m *memory, fn func(*Tx) error) (moved bool, err error) {
	v := &view{store: s, ctx: ctx, number: s.memory.committed.Load()}
	v.taken = v.few[:0]
	defer v.end()
	// Every query of a view is short. Letting it end costs less than the goroutine that database/sql and the driver start
	// for each transaction and each statement that can be cancelled.
	v.Tx = Tx{ctx: context.WithoutCancel(ctx), run: through{v}, now: s.writer.clock.peek(), clock: s.writer.clock, view: v, store: s, memory: m, number: v.number}
	if m == nil {
		v.Tx.memo = map[any]any{}
	}
	if s.watch != nil {
		v.Tx.run = watched{v.Tx.run, s.watch}
	}
	err = fn(&v.Tx)
	return v.moved, err
}

// watched tells when each statement begins and ends.
type watched struct {
	runner
	watch func(query string) (end func())
}

func (w watched) each(ctx context.Context, query string, args []any, scan func(scanner) error) error {
	defer w.watch(query)()
	return w.runner.each(ctx, query, args, scan)
}

func (v *view) end() {
	if v.tx != nil {
		_ = v.tx.Rollback() // it only read
		v.store.leave()
	}
}

func (v *view) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	return prepared{stmts: v.store.reads, tx: v.tx}.ExecContext(ctx, query, args...)
}

func (v *view) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if v.tx != nil {
		return prepared{stmts: v.store.reads, tx: v.tx}.QueryContext(ctx, query, args...)
	}
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	rows, err := prepared{stmts: v.store.reads, tx: v.tx}.QueryContext(ctx, query, args...)
	if err == nil && slices.ContainsFunc(v.taken, func(o owner) bool { return v.store.memory.last(o) > v.number }) {
		v.moved = true
		return nil, errors.Join(errMoved, rows.Close())
	}
	return rows, err
}

// begin begins the transaction, whose snapshot is that of the first query. Each query reads a table.
func (v *view) begin(ctx context.Context) error {
	if v.tx != nil {
		return nil
	}
	if err := v.store.enter(v.ctx); err != nil {
		return err
	}
	tx, err := v.store.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		v.store.leave()
		return fmt.Errorf("begin view: %w", err)
	}
	v.tx = tx
	return nil
}
