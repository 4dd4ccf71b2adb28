package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"rehearse/store"
)

// copyDatabase copies everything from one database to another.
func copyDatabase(ctx context.Context, p *program) (err error) {
	if p.cfg.from == "" || p.cfg.to == "" {
		return errors.New("--from and --to are needed, such as --from sqlite:data/rehearse.db --to postgres://rehearse@db.example.org/rehearse")
	}
	from, closeFrom, err := openAlone(ctx, p.cfg.from, store.Options{Existing: true})
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { err = errors.Join(err, closeFrom()) }()
	to, closeTo, err := openAlone(ctx, p.cfg.to, store.Options{Copy: true})
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer func() { err = errors.Join(err, closeTo()) }()
	start := time.Now()
	show := newMeter(p.stderr)
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

// openAlone opens a database for a copy, which no server may be using.
func openAlone(ctx context.Context, database string, options store.Options) (*store.Store, func() error, error) {
	options.Alone = true
	unlock := func() error { return nil }
	if file, isFile := store.File(database); isFile {
		if _, err := os.Stat(file); err != nil && options.Existing {
			return nil, nil, fmt.Errorf("database: %w", err)
		}
		var err error
		if unlock, err = store.Lock(file); err != nil {
			return nil, nil, stopFirst(err)
		}
	}
	st, err := store.Open(ctx, database, options)
	if err != nil {
		return nil, nil, errors.Join(stopFirst(err), unlock())
	}
	return st, func() error { return errors.Join(st.Close(), unlock()) }, nil
}

// stopFirst says what to do about a server that is in the way.
func stopFirst(err error) error {
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("%w; stop it first", err)
	}
	return err
}
