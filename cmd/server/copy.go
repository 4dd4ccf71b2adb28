package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
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
	bar := &progressBar{out: p.stderr, terminal: isTerminal(p.stderr)}
	sums, err := store.Copy(ctx, from, to, bar.show)
	bar.end()
	if err != nil {
		return err
	}
	rows := 0
	for _, s := range sums {
		fmt.Fprintf(p.stdout, "%-18s %9d rows  sha256 %x\n", s.Table, s.Rows, s.Hash[:8])
		rows += s.Rows
	}
	fmt.Fprintf(p.stdout, "copied and verified: %d rows in %s\n", rows, time.Since(start).Round(time.Millisecond))
	return nil
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

// progressBar shows how far long work is: as a bar on a terminal, else as a line every few seconds.
type progressBar struct {
	out      io.Writer
	terminal bool
	last     time.Time
	shown    bool
}

func (b *progressBar) show(what string, done, total int) {
	every := 5 * time.Second
	if b.terminal {
		every = 100 * time.Millisecond
	}
	if time.Since(b.last) < every && done < total {
		return
	}
	b.last = time.Now()
	if !b.terminal {
		fmt.Fprintf(b.out, "%s: %d of %d rows\n", what, done, total)
		return
	}
	const width = 30
	full := width
	if total > 0 {
		full = min(width, width*done/total)
	}
	b.shown = true
	fmt.Fprintf(b.out, "\r\x1b[K%s%s %3d %% %s", strings.Repeat("█", full), strings.Repeat("░", width-full), 100*full/width, what)
}

// end leaves the line of the bar.
func (b *progressBar) end() {
	if b.shown {
		fmt.Fprintln(b.out)
	}
}
