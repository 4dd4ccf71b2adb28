package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"rehearse/store"
)

// copyDatabase copies everything from one database to another.
func copyDatabase(ctx context.Context, p *program) (err error) {
	if p.cfg.from == "" || p.cfg.to == "" {
		return errors.New("--from and --to are needed, such as --from sqlite:data/rehearse.db --to postgres://rehearse@db.example.org/rehearse")
	}
	from, closeFrom, err := openAlone(ctx, p.cfg.from)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { err = errors.Join(err, closeFrom()) }()
	to, closeTo, err := openCopy(ctx, p.cfg.to)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer func() { err = errors.Join(err, closeTo()) }()
	start := time.Now()
	show := newProgress(p.stderr)
	sums, err := store.Copy(ctx, from, to, show.report)
	show.end()
	if err != nil {
		return err
	}
	rows := 0
	for _, s := range sums {
		fmt.Fprintf(p.stdout, "%-18s %9d rows  sha256 %x\n", s.Table, s.Rows, s.Hash[:8])
		rows += s.Rows
	}
	fmt.Fprintf(p.stdout, "copied and verified: %d rows in %s\n", rows, since(start))
	return nil
}

// openAlone opens a database that exists, for a command that no server may be running beside on SQLite.
func openAlone(ctx context.Context, database string) (*store.Store, func() error, error) {
	if file, isFile := store.File(database); isFile {
		if _, err := os.Stat(file); err != nil {
			return nil, nil, fmt.Errorf("database: %w", err)
		}
	}
	st, close, err := openServing(ctx, database, slog.New(slog.DiscardHandler))
	if errors.Is(err, store.ErrLocked) {
		return nil, nil, fmt.Errorf("%w; stop it first", err)
	}
	return st, close, err
}

// openCopy opens the database that a copy goes to, which no server may be using.
func openCopy(ctx context.Context, database string) (*store.Store, func() error, error) {
	file, isFile := store.File(database)
	options := store.Options{Copy: true}
	if !isFile {
		st, err := store.Open(ctx, database, options)
		if err != nil {
			return nil, nil, err
		}
		return st, st.Close, nil
	}
	unlock, err := store.Lock(file)
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(ctx, file, options)
	if err != nil {
		return nil, nil, errors.Join(err, unlock())
	}
	return st, func() error { return errors.Join(st.Close(), unlock()) }, nil
}
