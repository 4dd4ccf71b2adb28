package torture

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rehearse/store"
)

// migrateRows is how many entries the log holds that is migrated.
const migrateRows = 60_000

// script is a migration that touches every entry and makes tables and indexes of them.
const script = `
	ALTER TABLE evidence ADD COLUMN extra INTEGER NOT NULL DEFAULT 0;
	UPDATE evidence SET extra = seq + length(data);
	CREATE TABLE copies (user_id INTEGER NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (user_id, seq)) STRICT;
	INSERT INTO copies SELECT user_id, seq, data FROM evidence;
	CREATE INDEX evidence_extra ON evidence (extra);
	DROP TABLE bookmarks_of_nobody;`

// schema is the program's with, after its first step, a table that the script drops.
func schema(withScript bool) fstest.MapFS {
	first, err := os.ReadFile("../store/migrations/sqlite/0001_start.sql")
	if err != nil {
		panic(err)
	}
	scripts := fstest.MapFS{
		"migrations/sqlite/0001_start.sql": {Data: append(first, "CREATE TABLE bookmarks_of_nobody (x INTEGER) STRICT;"...)},
	}
	if withScript {
		scripts["migrations/sqlite/0002_test.sql"] = &fstest.MapFile{Data: []byte(script)}
	}
	return scripts
}

// migrateChild opens a database, which migrates it. It is this test's program, started once more to be killed.
func migrateChild(file string) int {
	opts := store.Options{Migrations: schema(true), Logger: slog.New(slog.NewJSONHandler(os.Stdout, nil))}
	st, err := store.Open(context.Background(), file, opts)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := st.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// bigLog makes a database of the old schema with migrateRows entries.
func bigLog(t *testing.T, file string) {
	t.Helper()
	st, err := store.Open(t.Context(), file, store.Options{Migrations: schema(false)})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(fmt.Sprintf(`
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
		INSERT INTO users (id, created_at, last_seq, zone, rollover, new_per_day)
		SELECT i, 0, %[1]d / 600, 'UTC', 4, 10 FROM n;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d / 600)
		INSERT INTO evidence (user_id, seq, at, kind, once, data)
		SELECT u.id, n.i, n.i, 's', 's:' || n.i, '{"zone":"UTC","rollover":4}' FROM users u, n;`, migrateRows))
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// migrate starts the child on a database. It is killed at a random moment of the first most after its log has said said,
// unless most is 0. It returns how long it took from there.
func migrateProcess(t *testing.T, file, said string, most time.Duration) (took time.Duration, ended bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "TORTURE_MIGRATE="+file)
	log := new(output)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	copied := make(chan struct{})
	go func() {
		_, _ = io.Copy(log, out)
		close(copied)
	}()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(log.String(), said); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the child does not say %q:\n%s", said, log)
		}
	}
	start := time.Now()
	if most > 0 {
		time.Sleep(rand.N(most))
		_ = cmd.Process.Kill() // fails when it was faster
	}
	<-copied
	err = cmd.Wait()
	if most == 0 && err != nil {
		t.Fatalf("migrate: %v\n%s", err, log)
	}
	return time.Since(start), err == nil
}

// schemaOf returns whether a database has the new schema, and fails when it is neither the old one nor the new one.
func schemaOf(t *testing.T, file string) (migrated bool) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	one := func(query string) (n int) {
		t.Helper()
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	version := one("PRAGMA user_version")
	got := []int{
		one("SELECT count(*) FROM pragma_table_info('evidence') WHERE name = 'extra'"),
		one("SELECT count(*) FROM sqlite_schema WHERE name = 'copies'"),
		one("SELECT count(*) FROM sqlite_schema WHERE name = 'evidence_extra'"),
		1 - one("SELECT count(*) FROM sqlite_schema WHERE name = 'bookmarks_of_nobody'"),
		one("SELECT count(*) FROM evidence") - migrateRows,
		one("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
	}
	step := version - 1
	want := []int{step, step, step, step, 0, 0}
	if version != 1 && version != 2 || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("between the schemas: version %d, %v, want %v", version, got, want)
	}
	if step == 1 {
		if n := one("SELECT count(*) FROM evidence e JOIN copies c USING (user_id, seq) WHERE extra = seq + length(e.data) AND e.data = c.data"); n != migrateRows {
			t.Fatalf("%d of %d entries are migrated", n, migrateRows)
		}
	}
	return step == 1
}

func TestKillDuringMigration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pristine := filepath.Join(dir, "pristine.db")
	bigLog(t, pristine)
	data, err := os.ReadFile(pristine)
	if err != nil {
		t.Fatal(err)
	}
	fresh := func() string {
		t.Helper()
		file := filepath.Join(dir, "test.db")
		old, err := filepath.Glob(file + "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range old {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const backedUp = "backed up before its migration"
	file := fresh()
	took, _ := migrateProcess(t, file, backedUp, 0)
	if !schemaOf(t, file) {
		t.Fatal("nothing was migrated")
	}
	kills := form(5, 200)
	old, migrated, inside, inBackup := 0, 0, 0, 0
	for i := range kills {
		file := fresh()
		var ended bool
		if i%5 == 4 { // some kills meet the backup
			_, ended = migrateProcess(t, file, "", took/2)
			inBackup++
		} else {
			_, ended = migrateProcess(t, file, backedUp, took*5/4) // some come too late
		}
		if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 && !ended {
			inside++ // pages of the migration were on their way
		}
		if schemaOf(t, file) {
			migrated++
		} else {
			old++
		}
		migrateProcess(t, file, "", 0) // the next start finishes
		if !schemaOf(t, file) {
			t.Fatal("the start after the kill did not migrate")
		}
	}
	figure(t, "kill -9 during a migration of %d rows (%d ms): %d kills (%d before it, while it is backed up; %d left pages of it behind), then %d old, %d new, 0 between; each went through at the next start",
		migrateRows, took.Milliseconds(), kills, inBackup, inside, old, migrated)
}
