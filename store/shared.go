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
}

// own locks the row of a candidate until the update ends, gives it another stamp, and makes the time of the update one that is not before the
// last entry of their log nor before the last load of content, whichever process wrote them. On SQLite, where updates
// follow each other anyway, it only tells the memory whose rows the update writes. In views it does nothing.
func (tx *Tx) own(user int64) error {
	if tx.view != nil || tx.of != nil || slices.Contains(tx.owned, user) {
		return nil
	}
	if tx.shared == nil {
		tx.owned = append(tx.owned, user)
		if tx.memory != nil && tx.wrote {
			tx.memory.wrote(owner{user, true}) // it may have been theirs
		}
		return nil
	}
	const lock = `UPDATE users SET stamp = $1 WHERE id = $2 RETURNING last_at`
	var at int64
	err := tx.row(lock, []any{rand.Int64(), user}, &at)
	if errors.Is(err, ErrNotFound) { // there is nothing of theirs
		return nil
	}
	if err != nil {
		return fmt.Errorf("lock user %d: %w", user, err)
	}
	tx.owned = append(tx.owned, user)
	return tx.follow(at)
}

// follow makes the time of the update one that is not before the last load of content, nor before a time in a log.
func (tx *Tx) follow(last int64) error {
	if tx.shared == nil {
		return nil
	}
	// A statement of its own: the one that locks saw the tables as they were before it waited.
	const load = `SELECT coalesce(max(at), 0) FROM (SELECT at FROM content_loads ORDER BY id DESC LIMIT 1) AS load`
	var at int64
	if err := tx.row(load, nil, &at); err != nil {
		return fmt.Errorf("time of the last load: %w", err)
	}
	at = max(at, last)
	tx.now = max(tx.now, at)
	tx.clock.pass(at)
	return nil
}

// beginLoad makes sure that no other update runs beside this one, that the clock is past every entry of every log, and
// that other processes are told when this one is committed.
func (tx *Tx) beginLoad() error {
	if tx.shared == nil {
		return nil
	}
	if err := tx.lockContent(true); err != nil {
		return err
	}
	return tx.exec(notifyContent)
}

// lockContent takes the content lock, and when alone, lets the clock pass every entry of every log.
func (tx *Tx) lockContent(alone bool) error {
	if tx.shared.alone {
		return nil
	}
	query := shareContentLock
	if alone {
		query = takeContentLock
	}
	if err := tx.exec(query); err != nil {
		return fmt.Errorf("lock the content: %w", err)
	}
	if !alone {
		return nil
	}
	tx.shared.alone = true
	var last int64
	if err := tx.row(latestTime, nil, &last); err != nil {
		return fmt.Errorf("read the last time: %w", err)
	}
	tx.now = max(tx.now, last)
	tx.clock.pass(last)
	return nil
}
