package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rehearse/practice"
	"rehearse/store"
)

// The commands for hosts. All but restore run beside a server: none of them holds a lock that it would wait for.

// backup writes a copy of the database to a file.
func backup(ctx context.Context, p *program) error {
	dest, err := oneFile(p)
	if err != nil {
		return err
	}
	start := time.Now()
	m, err := store.Backup(ctx, p.cfg.database, dest)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "backed up to %s: %d bytes, %d rows, verified, in %s\n", dest, m.Size, rowsOf(m), since(start))
	return nil
}

// restore puts a backup in place of the database.
func restore(ctx context.Context, p *program) error {
	from, err := oneFile(p)
	if err != nil {
		return err
	}
	m, replaced, err := store.Restore(ctx, p.cfg.database, from)
	switch {
	case errors.Is(err, store.ErrLocked):
		return fmt.Errorf("%w; stop it first", err)
	case errors.Is(err, store.ErrBackup):
		return fmt.Errorf("%w; nothing was changed", err)
	case err != nil:
		return err
	}
	fmt.Fprintf(p.stdout, "restored the backup of %s: %d rows\n", m.TakenAt.Format(time.RFC3339), rowsOf(m))
	if replaced != "" {
		fmt.Fprintf(p.stdout, "the replaced database is kept as %s\n", replaced)
	}
	return nil
}

// check looks for damage to the database file, and compares what is computed from the log with what is stored.
func check(ctx context.Context, p *program) (err error) {
	start := time.Now()
	findings, err := checkFile(ctx, p.cfg.database)
	if err != nil {
		return err
	}
	if len(findings) == 0 { // on a damaged file it would say the same in other words
		err := beside(ctx, p, func(svc *practice.Service) (err error) {
			show := newMeter(p.stderr)
			findings, err = svc.Check(ctx, show.report)
			show.end()
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, f := range findings {
		fmt.Fprintln(p.stdout, f)
	}
	if len(findings) > 0 {
		return errFindings
	}
	fmt.Fprintf(p.stdout, "no findings in %s\n", since(start))
	return nil
}

// checkFile looks for damage to a database file. PostgreSQL looks after its files itself.
func checkFile(ctx context.Context, database string) ([]string, error) {
	if _, isFile := store.File(database); !isFile {
		return nil, nil
	}
	findings, err := store.CheckFile(ctx, database)
	if errors.Is(err, store.ErrDamaged) { // too damaged to be read to the end
		return append(findings, err.Error()), nil
	}
	return findings, err
}

// rebuild computes everything that is computed from the log anew.
func rebuild(ctx context.Context, p *program) error {
	start := time.Now()
	err := beside(ctx, p, func(svc *practice.Service) error {
		show := newMeter(p.stderr)
		defer show.end()
		return svc.Rebuild(ctx, show.report)
	})
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted; no harm is done, start it again to finish")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "rebuilt in %s\n", since(start))
	return nil
}

// beside calls fn with the database open, which a server may serve from.
func beside(ctx context.Context, p *program, fn func(*practice.Service) error) (err error) {
	st, err := store.Open(ctx, p.cfg.database, store.Options{Existing: true, Logger: p.logger(p.stderr)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	pool, err := newPool() // corrected keys may have to be run
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	return fn(practice.NewOffline(st, pool))
}

// oneFile returns the file that a command was given.
func oneFile(p *program) (string, error) {
	if len(p.args) != 1 {
		return "", fmt.Errorf("give one file, not %d", len(p.args))
	}
	return p.args[0], nil
}

func rowsOf(m store.Manifest) (n int64) {
	for _, rows := range m.Rows {
		n += rows
	}
	return n
}

func since(start time.Time) time.Duration { return time.Since(start).Round(time.Millisecond) }

// meter shows how far long work has come: a bar on a terminal, else a line now and then.
type meter struct {
	w     io.Writer
	bar   bool
	what  string
	begun time.Time // what
	shown time.Time
}

func newMeter(w io.Writer) *meter { return &meter{w: w, bar: isTerminal(w)} }

// report is a practice.Report.
func (p *meter) report(what string, done, total int) {
	every := 5 * time.Second
	if p.bar {
		every = 100 * time.Millisecond
	}
	if what == p.what && done < total && time.Since(p.shown) < every {
		return
	}
	if p.bar && p.what != "" && what != p.what {
		fmt.Fprintln(p.w)
	}
	p.shown = time.Now()
	if what != p.what {
		p.what, p.begun = what, p.shown
	}
	left := ""
	if took := p.shown.Sub(p.begun); took > every && 0 < done && done < total {
		left = fmt.Sprintf(", about %s left", (took * time.Duration(total-done) / time.Duration(done)).Round(time.Second))
	}
	if !p.bar {
		fmt.Fprintf(p.w, "%s: %d of %d%s\n", what, done, total, left)
		return
	}
	const width = 30
	full := width * done / max(1, total)
	fmt.Fprintf(p.w, "\r%-16s [%s%s] %d of %d%s\x1b[K", what, strings.Repeat("#", full), strings.Repeat(".", width-full), done, total, left)
}

// end leaves the line of the bar.
func (p *meter) end() {
	if p.bar && p.what != "" {
		fmt.Fprintln(p.w)
	}
}
