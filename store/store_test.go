package store

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// TestMain runs the tests on every engine: what they say of a store is true of each.
func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

var update = flag.Bool("update", false, "rewrite schema.sql")

// handClock is moved by hand.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *handClock { return &handClock{now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)} }

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func open(t *testing.T, path string, clock *handClock) *Store {
	t.Helper()
	st, err := Open(t.Context(), path, Options{Clock: clock.Now, CheckMemory: true})
	if err != nil {
		t.Fatalf("Open(%s): %v", path, err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return st
}

func newStore(t *testing.T) (*Store, *handClock) {
	t.Helper()
	clock := newClock()
	return open(t, storetest.Database(t), clock), clock
}

// do runs fn as an update, and see as a view; both must succeed. fn must not end the test: it runs elsewhere.
func do(t *testing.T, st *Store, fn func(*Tx) error) {
	t.Helper()
	if err := st.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func see(t *testing.T, st *Store, fn func(*Tx) error) {
	t.Helper()
	if err := st.View(t.Context(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

var utc = progress.Settings{Zone: "UTC", Rollover: 4}

func addUser(t *testing.T, st *Store) User {
	t.Helper()
	var u User
	do(t, st, func(tx *Tx) (err error) {
		u, err = tx.AddUser(utc)
		return err
	})
	return u
}

func countUsers(t *testing.T, st *Store) int {
	t.Helper()
	var ids []int64
	see(t, st, func(tx *Tx) (err error) {
		ids, err = tx.UserIDs()
		return err
	})
	return len(ids)
}

func TestReopenKeepsData(t *testing.T) {
	path := storetest.Database(t)
	st := open(t, path, newClock())
	want := User{Settings: progress.Settings{Zone: "Asia/Tokyo", Rollover: 5, Interview: 20700, Retention: 85}, NewPerDay: 25, TwoButtons: true, Confidence: true, Font: "legible", Timers: TimersHalf}
	do(t, st, func(tx *Tx) error {
		u, err := tx.AddUser(utc)
		if err != nil {
			return err
		}
		want.ID = u.ID
		return tx.PutUser(want)
	})
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	st = open(t, path, newClock())
	var got User
	see(t, st, func(tx *Tx) (err error) {
		got, err = tx.User(want.ID)
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("user after reopening (-want +got):\n%s", diff)
	}
}

func TestOpenTakesAnyPath(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	dir := t.TempDir()
	t.Chdir(dir)
	for _, path := range []string{
		"with space.db", "what?.db", "a#b.db", "100%.db", "%41.db", "a:b.db", "ключ.db", "./dotted.db", "&x=1;+.db",
		filepath.Join(dir, "abs?olute #1 %20.db"), "/" + filepath.Join(dir, "two slashes.db"),
	} {
		t.Run(path, func(t *testing.T) {
			st := open(t, path, newClock())
			addUser(t, st)
			if _, err := os.Stat(path); err != nil {
				t.Errorf("the database is elsewhere: %v", err)
			}
		})
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 11 {
		t.Errorf("files made: %q, %v, want 11", files, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	dir := t.TempDir()
	notADatabase := filepath.Join(dir, "text.db")
	if err := os.WriteFile(notADatabase, []byte(strings.Repeat("This is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	st := open(t, newer, newClock())
	if _, err := st.writer.conn.ExecContext(t.Context(), setSchemaVersion(99)); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	unreleased := filepath.Join(dir, "unreleased.db")
	st = open(t, unreleased, newClock())
	if _, err := st.writer.conn.ExecContext(t.Context(), "ALTER TABLE notes DROP COLUMN at"); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		want       error // nil: any
	}{
		{"newer database", newer, ErrNewer},
		{"database of another build", unreleased, ErrUnreleased},
		{"no database", notADatabase, nil},
		{"no such folder", filepath.Join(dir, "none", "test.db"), nil},
		{"a folder", dir, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			st, err := Open(t.Context(), test.path, Options{})
			if err == nil {
				st.Close()
				t.Fatal("Open: no error")
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("Open: %v, want %v", err, test.want)
			}
		})
	}
}

func TestTwoOpenANewDatabaseAtOnce(t *testing.T) {
	path := storetest.Database(t)
	errs := make(chan error)
	for range 4 {
		go func() {
			st, err := Open(context.Background(), path, Options{})
			if err == nil {
				err = st.Close()
			}
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Errorf("Open: %v", err)
		}
	}
}

func TestPragmas(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	reader, err := st.readers.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	tests := []struct {
		name string
		conn *sql.Conn
		want map[string]string
	}{
		{"writer", st.writer.conn, map[string]string{
			"journal_mode": "wal", "synchronous": "2", "busy_timeout": "0", "foreign_keys": "1", "trusted_schema": "0",
			"temp_store": "2", "query_only": "0",
		}},
		{"reader", reader, map[string]string{
			"journal_mode": "wal", "busy_timeout": "5000", "trusted_schema": "0", "temp_store": "2", "query_only": "1",
		}},
	}
	for _, test := range tests {
		for name, want := range test.want {
			var got string
			if err := test.conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != want {
				t.Errorf("%s: pragma %s = %q, %v, want %q", test.name, name, got, err, want)
			}
		}
	}
	if err := checkPragmas(t.Context(), st.readers, []pragma{{"synchronous", "EXTRA", "3"}}); err == nil {
		t.Error("checkPragmas: a setting that was not taken is not noticed")
	}
}

func TestMigrationsAreAtomic(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	conn := st.writer.conn // nothing else uses it here
	version := func() int {
		t.Helper()
		v, err := schemaVersion(t.Context(), conn)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	start := version()
	scripts := fstest.MapFS{}
	opts := Options{Migrations: scripts}
	opts.fill()
	for i := range start {
		scripts["migrations/sqlite/000"+string(rune('1'+i))+"_old.sql"] = file("SELECT this would fail")
	}
	scripts["migrations/sqlite/0008_good.sql"] = file("CREATE TABLE good (x INTEGER); INSERT INTO good VALUES (1);")
	scripts["migrations/sqlite/0009_bad.sql"] = file("CREATE TABLE bad (x INTEGER); INSERT INTO good VALUES (2); INSERT INTO nowhere VALUES (1);")
	if err := migrate(t.Context(), conn, st.wal.path, opts); err == nil {
		t.Fatal("migrate with a script that fails: no error")
	}
	if got, want := version(), start+1; got != want {
		t.Errorf("version after the script that fails = %d, want %d", got, want)
	}
	var tables, rows int
	if err := conn.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema WHERE name IN ('good', 'bad')").Scan(&tables); err != nil || tables != 1 {
		t.Errorf("tables good and bad: %d are there, %v, want only good", tables, err)
	}
	if err := conn.QueryRowContext(t.Context(), "SELECT count(*) FROM good").Scan(&rows); err != nil || rows != 1 {
		t.Errorf("rows of good = %d, %v, want 1", rows, err)
	}
	scripts["migrations/sqlite/0009_bad.sql"] = file("CREATE TABLE bad (x INTEGER);")
	if err := migrate(t.Context(), conn, st.wal.path, opts); err != nil {
		t.Errorf("migrate with the script mended: %v", err)
	}
	if got, want := version(), start+2; got != want {
		t.Errorf("version after mending = %d, want %d", got, want)
	}
}

// TestSchema keeps schema.sql, where a reader finds the current schema in one place.
func TestSchema(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	var b strings.Builder
	b.WriteString("-- The current schema. Written by `go test ./store -run TestSchema -update`; do not edit.\n")
	rows, err := st.readers.QueryContext(t.Context(), "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n" + text + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("schema.sql is out of date; run the test with -update (-file +database):\n%s", diff)
	}
}

func TestViewIsOneSnapshot(t *testing.T) {
	st, _ := newStore(t)
	addUser(t, st)
	see(t, st, func(tx *Tx) error {
		before, err := tx.UserIDs()
		if err != nil {
			return err
		}
		addUser(t, st)
		after, err := tx.UserIDs()
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("a view saw an update (-before +after):\n%s", diff)
		}
		return err
	})
	if got := countUsers(t, st); got != 2 {
		t.Errorf("users in a later view = %d, want 2", got)
	}
}

func TestViewCannotWrite(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	writes := map[string]func(*Tx) error{
		"AddUser":        func(tx *Tx) error { _, err := tx.AddUser(utc); return err },
		"PutUser":        func(tx *Tx) error { return tx.PutUser(User{ID: u.ID, NewPerDay: 99}) },
		"AddRebuild":     func(tx *Tx) error { return tx.AddRebuild() },
		"AddContentLoad": func(tx *Tx) error { _, _, err := tx.AddContentLoad(1); return err },
	}
	for name, write := range writes {
		if err := st.View(t.Context(), write); err == nil {
			t.Errorf("%s in a view: no error", name)
		}
	}
	if got := countUsers(t, st); got != 1 {
		t.Errorf("users = %d, want 1", got)
	}
}

// TestViewsPrepareWhileAllAreOpen would not end if preparing a statement needed a connection that a view holds.
func TestViewsPrepareWhileAllAreOpen(t *testing.T) {
	// Not by newStore: closing the store would wait for the views, too.
	st, err := Open(t.Context(), storetest.Database(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var allOpen, done sync.WaitGroup
	allOpen.Add(maxViews)
	for range maxViews {
		done.Go(func() {
			err := st.View(context.Background(), func(tx *Tx) error {
				allOpen.Done()
				allOpen.Wait()
				_, err := tx.UserIDs()
				return err
			})
			if err != nil {
				t.Errorf("View: %v", err)
			}
		})
	}
	ended := make(chan struct{})
	go func() {
		done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the views wait for each other")
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}

func TestViewWaitsForAPlaceOnlyAsLongAsItsContext(t *testing.T) {
	st, _ := newStore(t)
	for range maxViews {
		st.views <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := st.View(ctx, (*Tx).Ping); !errors.Is(err, context.Canceled) {
		t.Errorf("View = %v, want %v", err, context.Canceled)
	}
	for range maxViews {
		<-st.views
	}
}

func TestLockRefusesASecondHolder(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path := filepath.Join(t.TempDir(), "test.db")
	unlock, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrLocked) {
		t.Errorf("second Lock = %v, want %v", err, ErrLocked)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	unlock, err = Lock(path)
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if _, err := Lock(filepath.Join(t.TempDir(), "none", "test.db")); err == nil || errors.Is(err, ErrLocked) {
		t.Errorf("Lock in no folder = %v, want another error than ErrLocked", err)
	}
}
