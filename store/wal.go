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
	walReset = 64 << 20 // from here on the writer sees to it that it begins anew
	walEvery = time.Second
	pageSize = 4096 // SQLite's own choice
)

// checkpointer writes the write-ahead log back into the database in the background, so that no answer waits for it.
//
// PASSIVE takes no lock that anybody waits for, and once it has written everything the next commit begins at the start
// of the file by itself. Readers that are always there can keep that from happening; then the log grows until the
// writer begins it anew between two transactions. That fails at once, and is tried again later, while a reader still
// needs the log. The file keeps its size as long as anybody writes: cutting off 100 MB takes the file system a fifth of a
// second, in which no answer is stored, and it has to find the room again for what is written next.
type checkpointer struct {
	path   string // of the database
	writer *writer
	logger *slog.Logger
	cancel context.CancelFunc
	done   chan struct{}
	frames int // in the log when it was last looked at
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
		full := c.writer.full.Swap(false) // the log may be what fills the disk
		if c.size() < walBack && !full {
			continue
		}
		if db == nil {
			db, _ = sql.Open("sqlite", dsn(c.path, writerPragmas)) // opens nothing yet, and so cannot fail
			db.SetMaxOpenConns(1)
		}
		if err := c.shorten(ctx, db, full); err != nil && ctx.Err() == nil {
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

// shorten writes the log back. When much is left in it all the same, the writer begins it anew; it also cuts off a large
// file to which nobody has written since the last time, and any when the disk is full.
func (c *checkpointer) shorten(ctx context.Context, db *sql.DB, full bool) error {
	var busy, frames, written int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &written); err != nil {
		return err
	}
	idle := frames == c.frames
	c.frames = frames
	restart := c.writer.restartWAL
	switch {
	case full, idle && c.size() >= walReset:
		restart = c.writer.emptyWAL
	case frames*pageSize < walReset:
		return nil
	}
	done, err := restart(ctx)
	if err == nil && !done {
		c.logger.Debug("write-ahead log still in use", "bytes", c.size())
	}
	if errors.Is(err, ErrClosed) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("begin the log anew: %w", err)
	}
	return nil
}

// emptyWAL writes the whole log back and empties its file, between two transactions; false when a reader still needs it.
func (w *writer) emptyWAL(ctx context.Context) (done bool, err error) {
	return w.checkpoint(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

// restartWAL is emptyWAL but for the file, which keeps its size and is written from its start again.
func (w *writer) restartWAL(ctx context.Context) (done bool, err error) {
	return w.checkpoint(ctx, "PRAGMA wal_checkpoint(RESTART)")
}

// checkpoint does not wait for a reader: every answer would wait along.
func (w *writer) checkpoint(ctx context.Context, how string) (done bool, err error) {
	err = w.alone(ctx, func(ctx context.Context, conn *sql.Conn) error {
		var busy, frames, written int
		err := conn.QueryRowContext(ctx, how).Scan(&busy, &frames, &written)
		done = err == nil && busy == 0
		return err
	})
	return done, err
}
