package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"rehearse/store/storetest"
)

// The log is written back while readers come and go, and emptied by the writer on a full disk once nobody needs it.
func TestWALIsKeptShort(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	db, err := sql.Open("sqlite", dsn(st.wal.path, writerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 50 {
		addUser(t, st)
	}
	if st.wal.size() == 0 {
		t.Fatal("there is no log to shorten")
	}
	see(t, st, func(tx *Tx) error { // a reader that needs the log
		if _, err := tx.UserIDs(); err != nil {
			return err
		}
		addUser(t, st)
		before := st.wal.size()
		if err := st.wal.shorten(t.Context(), db, true); err != nil {
			t.Errorf("shorten while a reader needs the log: %v", err)
		}
		if got := st.wal.size(); got != before {
			t.Errorf("log = %d bytes, want the %d that a reader may need", got, before)
		}
		addUser(t, st)
		return nil
	})
	if err := st.wal.shorten(context.Background(), db, true); err != nil {
		t.Errorf("shorten: %v", err)
	}
	if got := st.wal.size(); got != 0 {
		t.Errorf("log = %d bytes, want none", got)
	}
	addUser(t, st)
	if got := countUsers(t, st); got != 53 {
		t.Errorf("users = %d, want 53", got)
	}
}

// A log that grows under a reader begins anew in the same file once the reader is gone, and the file is cut off when nobody
// writes any more.
func TestWALIsCutWhenIdle(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	st.wal.stop() // the test looks at the log itself
	db, err := sql.Open("sqlite", dsn(st.wal.path, writerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	text := []byte(strings.Repeat("x", 1<<20))
	write := func(megabytes int) {
		t.Helper()
		for range megabytes {
			for i := 0; i < len(text); i += 1000 {
				text[i]++ // what stays as it was is not written
			}
			if err := st.writer.update(t.Context(), func(tx *Tx) error {
				return tx.exec(`INSERT INTO server_keys (name, value) VALUES ('log', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, text)
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	look := func(full bool) int64 {
		t.Helper()
		if err := st.wal.shorten(t.Context(), db, full); err != nil {
			t.Fatal(err)
		}
		return st.wal.size()
	}

	reader, err := st.readers.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRowContext(t.Context(), "SELECT count(*) FROM server_keys").Scan(&n); err != nil {
		t.Fatal(err)
	}
	write(80)
	grown := look(false)
	if grown < 80<<20 {
		t.Fatalf("the log has %d bytes beside a reader, wanted more than 80 MiB", grown)
	}
	write(1)
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	look(false) // begins the log anew
	write(10)
	if now := look(false); now < grown || now > grown+4<<20 {
		t.Errorf("the log has %d bytes, had %d: wanted it to begin anew in the same file", now, grown)
	}
	if now := look(false); now != 0 {
		t.Errorf("the log has %d bytes after a time without writes, wanted 0", now)
	}
	write(5)
	if now := look(true); now != 0 {
		t.Errorf("the log has %d bytes on a full disk, wanted 0", now)
	}
}
