package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// shared is what an update on PostgreSQL keeps in mind because other updates run beside it.
//
// Every update holds the content lock, most of them in common, a load alone: see beginLoad. An update locks the row of a
// candidate before it reads or writes anything of theirs, so that all updates of one candidate follow each other. Rows
// that candidates share, those of item_scores, are written in the order of their key, so that no two updates wait for
// each other.
type shared struct {
	alone bool
	stamp uint64 // of the candidate who was locked last, once this is committed
}

// own locks the row of a candidate until the update ends, gives it another stamp, and makes the time of the update one
// that is not before the last entry of their log nor before the last load of content, whichever process wrote them. From
// then on, until it writes, the update may take from memory what was read under the stamp of before. On SQLite, where
// updates follow each other anyway, it only tells the memory whose rows the update writes. In views it does nothing.
func (tx *Tx) own(user int64) error {
	if tx.view != nil || tx.of != nil && tx.shared == nil || slices.Contains(tx.owned, user) {
		return nil
	}
	if tx.shared == nil {
		tx.owned = append(tx.owned, user)
		if tx.memory != nil && tx.wrote {
			tx.memory.wrote(owner{user, true}) // it may have been theirs
		}
		return nil
	}
	// No load can come since this update holds the content lock, so it does not matter that the last one is looked up
	// before the row is locked.
	const lock = `
		UPDATE users SET stamp = $1
		FROM (SELECT id, stamp FROM users WHERE id = $2 FOR UPDATE) AS before
		WHERE users.id = before.id
		RETURNING before.stamp, users.last_at, coalesce((SELECT at FROM content_loads ORDER BY id DESC LIMIT 1), 0)`
	untouched := !tx.wrote
	var before, last, load int64
	stamp := rand.Int64()
	err := tx.row(lock, []any{stamp, user}, &before, &last, &load)
	if errors.Is(err, ErrNotFound) { // there is nothing of theirs
		return nil
	}
	if err != nil {
		return fmt.Errorf("lock user %d: %w", user, err)
	}
	tx.owned, tx.shared.stamp = append(tx.owned, user), uint64(stamp)
	if untouched {
		tx.wrote, tx.of = false, &stamped{user: user, stamp: uint64(before)}
	}
	tx.pass(max(last, load))
	return nil
}

// pass makes the time of the update one that is not before another.
func (tx *Tx) pass(at int64) {
	tx.now = max(tx.now, at)
	tx.clock.pass(at)
}

// follow makes the time of the update one that is not before the last load of content, nor before a time in a log.
func (tx *Tx) follow(last int64) error {
	if tx.shared == nil {
		return nil
	}
	const load = `SELECT coalesce(max(at), 0) FROM (SELECT at FROM content_loads ORDER BY id DESC LIMIT 1) AS load`
	var at int64
	if err := tx.row(load, nil, &at); err != nil {
		return fmt.Errorf("time of the last load: %w", err)
	}
	tx.pass(max(at, last))
	return nil
}

// beginLoad makes sure that no other update runs beside this one, that the clock is past every entry of every log, and
// that other processes are told when this one is committed.
func (tx *Tx) beginLoad() error {
	if tx.shared == nil {
		return nil
	}
	if err := tx.lockContent(); err != nil {
		return err
	}
	return tx.exec(notifyContent)
}

// lockContent takes the content lock alone, and lets the clock pass every entry of every log.
func (tx *Tx) lockContent() error {
	if tx.shared.alone {
		return nil
	}
	if err := tx.exec(takeContentLock); err != nil {
		return fmt.Errorf("lock the content: %w", err)
	}
	tx.shared.alone = true
	var last int64
	if err := tx.row(latestTime, nil, &last); err != nil {
		return fmt.Errorf("read the last time: %w", err)
	}
	tx.pass(last)
	return nil
}
