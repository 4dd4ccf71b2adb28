package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"rehearse/store/storetest"
)

// A connection that falls silent holds up the sessions that were asked for on it for a while, not for good.
func TestSessionsOverASilentConnection(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	cutter := storetest.NewCutter(t, storetest.Database(t))
	st := open(t, cutter.URL, newClock())
	u := addUser(t, st)
	do(t, st, func(tx *Tx) error { return tx.AddSession([]byte("h"), u.ID) })
	cutter.Mute.Store(1)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if s, err := st.Session(t.Context(), []byte("h")); err != nil || s.User.ID != u.ID {
				t.Errorf("session = %+v, %v; want that of user %d", s, err, u.ID)
			}
		})
	}
	all.Wait()
	if left := cutter.Mute.Load(); left > 0 {
		t.Errorf("%d connections were to fall silent and did not", left)
	}
}

// A person's row that cannot be read fails their sessions, and nobody else's that were asked for with them.
func TestASessionThatCannotBeRead(t *testing.T) {
	st, _, _, _ := two(t)
	bad, good := addUser(t, st), addUser(t, st)
	do(t, st, func(tx *Tx) error {
		return errors.Join(tx.AddSession([]byte("bad"), bad.ID), tx.AddSession([]byte("good"), good.ID))
	})
	do(t, st, func(tx *Tx) error { return tx.exec(`UPDATE users SET week = '9999999' WHERE id = $1`, bad.ID) })
	asked := []*ask{{hash: []byte("bad"), done: make(chan struct{})}, {hash: []byte("good"), done: make(chan struct{})}}
	st.pg.answer(asked)
	if asked[0].err == nil {
		t.Errorf("session of a row that cannot be read = %+v, want an error", asked[0].found)
	}
	if asked[1].err != nil || asked[1].found.User.ID != good.ID {
		t.Errorf("session beside it = %+v, %v; want that of user %d", asked[1].found, asked[1].err, good.ID)
	}
}

// Who gives up while others' updates are under way goes, and their update never runs.
func TestAnUpdateInAQueueIsGivenUp(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	st := open(t, url, newClock())
	u, v := addUser(t, st), addUser(t, st)
	other, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	load, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load.Exec(takeContentLock); err != nil {
		t.Fatal(err)
	}
	var held sync.WaitGroup
	held.Go(func() {
		if err := st.UpdateOf(t.Context(), u.ID, func(tx *Tx) error { return tx.own(u.ID) }); err != nil {
			t.Errorf("update that waited for a load: %v", err)
		}
	})
	for len(st.pg.grouped.queue) > 0 || !lockAwaited(t, other) {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	err = st.UpdateOf(ctx, v.ID, func(tx *Tx) error {
		t.Error("an update runs that was given up")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("update that was given up: %v, want %v", err, context.Canceled)
	}
	if err := load.Rollback(); err != nil { // only now does the first go on
		t.Fatal(err)
	}
	held.Wait()
	do(t, st, func(tx *Tx) error { return tx.own(v.ID) })
}

// lockAwaited reports whether a transaction waits for a lock of content.
func lockAwaited(t *testing.T, db *sql.DB) (waits bool) {
	t.Helper()
	const query = `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)`
	if err := db.QueryRow(query).Scan(&waits); err != nil {
		t.Fatal(err)
	}
	return waits
}
