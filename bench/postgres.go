package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"rehearse/store/storetest"
)

// onPostgres compares pages and answers on PostgreSQL with those on SQLite. The database server shares the processor of the
// program, and keeps its usual settings: each commit is on the disk (B8).
func (b *bench) onPostgres(ctx context.Context) (err error) {
	b.note("PostgreSQL")
	c, err := newCluster(ctx)
	if err != nil {
		b.skip("B8", "PostgreSQL against SQLite", err.Error())
		return nil
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	if err := c.do(ctx, "CREATE DATABASE people"); err != nil {
		return err
	}
	all, err := b.makePeople(c.url("people"), 256, 4)
	if err != nil {
		return err
	}
	file, err := b.fresh("ours.db")
	if err != nil {
		return err
	}
	values, steady, err := rounds(2, []string{"page here", "answer here"}, func() (_ map[string]float64, err error) {
		once := map[string]float64{}
		run := func(name string, measure func() (float64, error)) {
			if err == nil {
				once[name], err = measure()
			}
		}
		run("page here", func() (float64, error) { return b.pagesOn(file, b.people) })
		run("page there", func() (float64, error) { return b.pagesOn(c.url("people"), all) })
		run("answer here", func() (float64, error) { return b.answers(ctx, 64, b.program("rehearse")) })
		run("answer there", func() (float64, error) { return b.answersOn(ctx, c, all) })
		return once, err
	})
	if err != nil {
		return err
	}
	b.compare("B8", "question page on PostgreSQL, server and database on one processor, against SQLite", values["page there"], values["page here"], 0.7, steady, "pages/s")
	b.compare("B8", "durable answers, 64 clients, on PostgreSQL against SQLite", values["answer there"], values["answer here"], 0.5, steady, "answers/s")
	return nil
}

// pagesOn returns how many question pages a second 64 clients get from a database.
func (b *bench) pagesOn(database string, all []candidate) (float64, error) {
	s, err := b.serve("rehearse", database)
	if err != nil {
		return 0, err
	}
	o := closed(s.addr, b.time(3*time.Second), reading(all, 64))
	return o.rate(), errors.Join(o.flaw(), s.stop())
}

// answersOn is answers on a copy of the database people.
func (b *bench) answersOn(ctx context.Context, c *cluster, all []candidate) (float64, error) {
	if err := c.do(ctx, "DROP DATABASE IF EXISTS answers", "CREATE DATABASE answers TEMPLATE people"); err != nil {
		return 0, err
	}
	s, err := b.serve("rehearse", c.url("answers"))
	if err != nil {
		return 0, err
	}
	streams, acknowledged := answering(all, 64, false)
	o := closed(s.addr, b.time(4*time.Second), streams)
	if err := errors.Join(o.flaw(), s.stop()); err != nil {
		return 0, err
	}
	stored, err := countIn(ctx, "pgx", c.url("answers"), responded)
	if err == nil && stored != acknowledged() {
		err = fmt.Errorf("%d answers are stored, %d were acknowledged", stored, acknowledged())
	}
	return o.rate(), err
}

// cluster is a PostgreSQL server of the bench's own, which listens on a socket in its folder only.
type cluster struct {
	dir    string
	server *exec.Cmd
}

func newCluster(ctx context.Context) (*cluster, error) {
	bin, err := storetest.Binaries()
	if err != nil {
		return nil, err
	}
	c := &cluster{}
	if c.dir, err = os.MkdirTemp("", "pg"); err != nil {
		return nil, err
	}
	as, err := storetest.Unprivileged(c.dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(c.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "rehearse", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8")
	initdb.SysProcAttr, initdb.Dir = as, c.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(c.dir))
	}
	c.server = exec.Command("taskset", "-c", serverCore, filepath.Join(bin, "postgres"), "-D", data, "-k", c.dir, "-c", "listen_addresses=")
	c.server.SysProcAttr, c.server.Dir = as, c.dir
	if err := c.server.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = c.do(ctx, "SELECT 1"); err == nil {
			return c, nil
		}
	}
	return nil, errors.Join(err, c.stop())
}

func (c *cluster) url(database string) string {
	return "postgres:///" + database + "?host=" + url.QueryEscape(c.dir) + "&user=rehearse&sslmode=disable"
}

// do runs statements one by one.
func (c *cluster) do(ctx context.Context, statements ...string) error {
	db, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func (c *cluster) stop() error {
	_ = c.server.Process.Signal(syscall.SIGINT) // fast shutdown; it may have ended
	_ = c.server.Wait()
	return os.RemoveAll(c.dir)
}
