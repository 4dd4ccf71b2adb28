package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// scrubMark is a row of server_keys that stands from the update that erases somebody until Scrub is done, so that a server
// that crashed in between goes on with it.
const scrubMark = "scrub"

// Scrub makes sure that nothing of what was erased before it was called is left in the files of SQLite. Three things do it:
// secure_delete overwrites rows as they are deleted; pages from which rows had moved away before, when the tree was
// balanced, still have them where they have room, so that is overwritten here; and the write-ahead log, which has
// the pages as they were, is emptied. While a view needs the log, that is left to the background, and done is false. On
// PostgreSQL the server's own VACUUM does all of it in its time.
func (s *Store) Scrub(ctx context.Context) (done bool, err error) {
	if s.pg != nil {
		return true, nil
	}
	done, err = s.writer.scrub(ctx)
	return done, explain(err)
}

// scrubbing is what is still to be scrubbed. Many who wait for it are served by one pass.
type scrubbing struct {
	pending atomic.Bool // a pass was asked for, or was not completed
	asked   atomic.Int64
	mu      sync.Mutex // guards what follows, and is held during a pass
	cleaned int64      // the last of those who asked for whom the pages are clean
}

func (w *writer) scrub(ctx context.Context) (done bool, err error) {
	mine := w.scrubs.asked.Add(1)
	w.scrubs.pending.Store(true)
	w.scrubs.mu.Lock()
	defer w.scrubs.mu.Unlock()
	if w.scrubs.cleaned < mine {
		all := w.scrubs.asked.Load()
		if err := w.cleanPages(ctx); err != nil {
			return false, fmt.Errorf("overwrite what was erased: %w", err)
		}
		w.scrubs.cleaned = all
	}
	if done, err = w.emptyWAL(ctx); err != nil || !done {
		return false, err
	}
	if w.scrubs.asked.Load() > w.scrubs.cleaned { // somebody was erased meanwhile and does the rest
		return true, nil
	}
	w.scrubs.pending.Store(false)
	return true, w.update(ctx, func(tx *Tx) error {
		return tx.exec(`DELETE FROM server_keys WHERE name = $1`, scrubMark)
	})
}

// finishScrub goes on with a pass that could not be completed.
func (w *writer) finishScrub(ctx context.Context) error {
	if w.scrubs.mu.TryLock() { // else somebody is at it
		w.scrubs.mu.Unlock()
		_, err := w.scrub(ctx)
		return err
	}
	return nil
}

// cleanPages overwrites the room in all pages of trees, in short transactions between those of others.
func (w *writer) cleanPages(ctx context.Context) error {
	const chunk = 128
	for first, count := 1, 1; first <= count; first += chunk {
		err := w.alone(ctx, func(ctx context.Context, conn *sql.Conn) error {
			if err := conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&count); err != nil {
				return err
			}
			err := w.begin(func() error {
				_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
				return err
			})
			if err != nil {
				return err
			}
			err = cleanChunk(ctx, conn, first, min(first+chunk-1, count))
			if err == nil {
				_, err = conn.ExecContext(ctx, "COMMIT")
			}
			if err != nil {
				_, _ = conn.ExecContext(ctx, "ROLLBACK") // fails when SQLite has rolled back by itself
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func cleanChunk(ctx context.Context, conn *sql.Conn, first, last int) error {
	for number := first; number <= last; number++ {
		var page []byte
		if err := conn.QueryRowContext(ctx, "SELECT data FROM sqlite_dbpage WHERE pgno = ?", number).Scan(&page); err != nil {
			return err
		}
		if !cleanPage(page, number == 1) {
			continue
		}
		if _, err := conn.ExecContext(ctx, "UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?", page, number); err != nil {
			return err
		}
	}
	return nil
}

// cleanPage zeroes the room in a page of a tree: that between the pointers to the cells and the first cell, and the free
// blocks between cells. It reports whether that changed anything. Other pages, and any that are not as the description of the
// file format (sqlite.org/fileformat2.html, 1.6) has them, stay as they are.
func cleanPage(page []byte, first bool) (changed bool) {
	head := 0
	if first {
		head = 100
	}
	if len(page) < 512 {
		return false
	}
	pointers := head + 8
	switch page[head] {
	case 0x0a, 0x0d: // leaves
	case 0x02, 0x05:
		pointers += 4
	default:
		return false
	}
	number := func(at int) int { return int(binary.BigEndian.Uint16(page[at:])) }
	from, to := pointers+2*number(head+3), number(head+5)
	if to == 0 {
		to = 65536
	}
	if from > to || to > len(page) {
		return false
	}
	for i := pointers; i < from; i += 2 {
		if number(i) < to {
			return false
		}
	}
	changed = zero(page[from:to])
	for block := number(head + 1); block != 0; {
		if block < to || block+4 > len(page) {
			break
		}
		next, size := number(block), number(block+2)
		if size < 4 || block+size > len(page) || next != 0 && next < block+size {
			break
		}
		changed = zero(page[block+4:block+size]) || changed
		block = next
	}
	return changed
}

// zero fills with zeroes and reports whether that changed anything.
func zero(b []byte) (changed bool) {
	for i, v := range b {
		if v != 0 {
			b[i], changed = 0, true
		}
	}
	return changed
}

// scrubPending reports whether a server ended between erasing and scrubbing.
func scrubPending(ctx context.Context, conn *sql.Conn) (bool, error) {
	var n int
	err := conn.QueryRowContext(ctx, `SELECT count(*) FROM server_keys WHERE name = ?`, scrubMark).Scan(&n)
	if err != nil {
		return false, errors.Join(errors.New("look for what was erased"), err)
	}
	return n > 0, nil
}
