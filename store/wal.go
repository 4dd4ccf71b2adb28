package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// Sizes in bytes of the write-ahead log, and how often it is looked at.
const (
	walBack  = 4 << 20  // from here on it is written back into the database
	walReset = 64 << 20 // from here on it also begins anew, with an empty file
	walEvery = time.Second
)

// checkpointer writes the write-ahead log back into the database in the background, so that no answer waits for it.
//
// PASSIVE takes no lock that anybody waits for, and once it has written everything the next commit begins at the start
// of the file by itself. Readers that are always there can keep that from happening; then the file grows until the
// writer truncates it between two transactions. That fails at once, and is tried again later, while a reader still
// needs the log.
type checkpointer struct {
	path   string // of the database
	writer *writer
	logger *slog.Logger
	cancel context.CancelFunc
	done   chan struct{}
}

func keepWALShort(path string, w *writer, logger *slog.Logger) *checkpointer {
	ctx, cancel := context.WithCancel(context.Background())
	c := &checkpointer{path: path, writer: w, logger: logger, cancel: cancel, done: make(chan struct{})}
	go c.loop(ctx)
	return c
}

func (c *checkpointer) stop() {
	c.cancel()
	<-c.done
}

func (c *checkpointer) loop(ctx context.Context) {
	defer close(c.done)
	tick := time.NewTicker(walEvery)
	defer tick.Stop()
	var db *sql.DB
	for {
		select {
		case <-ctx.Done():
			if db != nil {
				db.Close()
			}
			return
		case <-tick.C:
		}
		if c.writer.scrubs.pending.Load() {
			if err := c.writer.finishScrub(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, ErrClosed) {
				c.logger.Error("what was erased is not overwritten in the files yet", "error", explain(err))
			}
		}
		if err := c.writer.noticeOthers(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, ErrClosed) {
			c.logger.Error("what other programs write is not noticed", "error", explain(err))
		}
		limit := int64(walReset)
		if c.writer.full.Swap(false) { // the log may be what fills the disk
			limit = 1
		}
		if c.size() < min(limit, walBack) {
			continue
		}
		if db == nil {
			db, _ = sql.Open("sqlite", dsn(c.path, writerPragmas)) // opens nothing yet, and so cannot fail
			db.SetMaxOpenConns(1)
		}
		if err := c.shorten(ctx, db, limit); err != nil && ctx.Err() == nil {
			c.logger.Error("write-ahead log not written back", "error", explain(err), "bytes", c.size())
		}
	}
}

// size returns the size of the log in bytes; 0 when there is none.
func (c *checkpointer) size() int64 {
	info, err := os.Stat(c.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// shorten writes the log back, and empties it when it is larger than limit.
func (c *checkpointer) shorten(ctx context.Context, db *sql.DB, limit int64) error {
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		return err
	}
	if c.size() < limit {
		return nil
	}
	done, err := c.writer.emptyWAL(ctx)
	if err == nil && !done {
		c.logger.Debug("write-ahead log still in use", "bytes", c.size())
	}
	if errors.Is(err, ErrClosed) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("empty the log: %w", err)
	}
	return nil
}

// emptyWAL writes the whole log back and empties it, between two transactions; false when a reader still needs it. It does
// not wait for one: every answer would wait along.
func (w *writer) emptyWAL(ctx context.Context) (done bool, err error) {
	err = w.alone(ctx, func(ctx context.Context, conn *sql.Conn) (err error) {
		if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
			return err
		}
		defer func() {
			_, back := conn.ExecContext(ctx, "PRAGMA busy_timeout = 5000")
			err = errors.Join(err, back)
		}()
		var busy, pages, written int
		err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &written)
		done = err == nil && busy == 0
		return err
	})
	return done, err
}
