// Package storetest runs the tests of a package on every storage engine, so that both do the same. PostgreSQL is a real
// server: a cluster of its own in a temporary folder, which is started when a test first asks for it, listens on a Unix
// socket in that folder only, and goes away with the tests however they end.
//
// A package takes part by its TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }
//
// and by opening the databases that Database names. Without PostgreSQL its tests are skipped, or fail where CI is set:
// REHEARSE_TEST_ENGINE=sqlite leaves them out on purpose.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// The engines.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// current is the engine that tests run on now.
var current = SQLite

// engines names the variable that chooses between them.
const engines = "REHEARSE_TEST_ENGINE"

// Engine returns the engine that tests run on now. The variable is read again for the cache of go test: what was read
// before the tests began, it does not know of, and takes the result of one engine for that of the other.
func Engine() string {
	_ = os.Getenv(engines)
	return current
}

// Run runs all tests on each engine in turn and returns the exit code.
func Run(m *testing.M) int {
	code := 0
	only := os.Getenv(engines)
	for _, engine := range []string{SQLite, Postgres} {
		if only != "" && only != engine {
			continue
		}
		current = engine
		fmt.Printf("engine %s\n", engine)
		code = max(code, m.Run())
	}
	Stop()
	return code
}

// On skips a test of what only one engine has, when another one is tested.
func On(t testing.TB, engine string) {
	t.Helper()
	if Engine() != engine {
		t.Skipf("is about %s", engine)
	}
}

// Database returns the name of a new, empty database of the current engine, as store.Open takes it.
func Database(t testing.TB) string {
	t.Helper()
	if Engine() == SQLite {
		return filepath.Join(t.TempDir(), "test.db")
	}
	return NewPostgres(t)
}

// OpenTables opens a database of the current engine for a test that looks into its tables.
func OpenTables(database string) (*sql.DB, error) {
	if current == SQLite {
		return sql.Open("sqlite", "file:"+filepath.ToSlash(database)+"?mode=ro")
	}
	return sql.Open("pgx", database)
}

// ChangeTables opens a database of the current engine for a test that changes it behind the program's back.
func ChangeTables(database string) (*sql.DB, error) {
	if current == SQLite {
		return sql.Open("sqlite", "file:"+filepath.ToSlash(database))
	}
	return sql.Open("pgx", database)
}

// Tables returns the names of all tables, sorted.
func Tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	query := `SELECT name FROM sqlite_schema WHERE type = 'table'`
	if current == Postgres {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// InOrder returns an ORDER BY for all rows of a table: by its first columns, where the key of every table is.
func InOrder(table string) string {
	switch table {
	case "question_progress", "topic_progress", "daily_activity", "attempt_items", "evidence", "question_events":
		return " ORDER BY 1, 2"
	case "cards", "item_scores":
		return " ORDER BY 1, 2, 3"
	}
	return " ORDER BY 1"
}

var (
	started sync.Once
	running *cluster
	startup error
	counter atomic.Int64
)

// Stop ends the server. A package whose tests do not go through Run calls it after them.
func Stop() {
	if running != nil {
		running.stop()
	}
}

// NewPostgres returns the URL of a new, empty database on PostgreSQL. It is dropped with the test.
func NewPostgres(t testing.TB) string {
	t.Helper()
	started.Do(func() { running, startup = startCluster() })
	if startup != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL is needed where CI is true: %v", startup)
		}
		t.Skipf("not tested on PostgreSQL: %v", startup)
	}
	name := fmt.Sprintf("test_%d", counter.Add(1))
	running.exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { running.exec(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return running.url(name)
}

func (c *cluster) exec(t testing.TB, statement string) {
	t.Helper()
	if _, err := c.admin.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
