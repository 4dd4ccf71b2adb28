package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"

	_ "modernc.org/sqlite" // the driver
)

// The settings of every connection, and why:
//   - journal_mode WAL: readers and the writer do not wait for each other;
//   - synchronous FULL: a commit returns only when it would survive a power cut (NORMAL would not promise that in WAL);
//   - busy_timeout: other processes (backup, sqlite3) may hold a lock for a moment;
//   - foreign_keys: off by default in SQLite;
//   - trusted_schema off: a doctored file cannot run functions when it is merely opened;
//   - temp_store MEMORY: nothing of a candidate lands in a temporary file.
var writerPragmas = []pragma{
	{"busy_timeout", "5000", "5000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "ON", "1"},
	{"trusted_schema", "OFF", "0"},
	{"temp_store", "MEMORY", "2"},
}

var readerPragmas = []pragma{
	{"busy_timeout", "5000", "5000"},
	{"query_only", "ON", "1"},
	{"trusted_schema", "OFF", "0"},
	{"temp_store", "MEMORY", "2"},
}

// pragma is a setting of a connection and the value that it reads back as.
type pragma struct{ name, set, reads string }

func dsn(path string, pragmas []pragma) string {
	values := url.Values{}
	for _, p := range pragmas {
		values.Add("_pragma", p.name+"("+p.set+")")
	}
	// The path is escaped so that a "?" or "#" in a folder's name stays part of it.
	// It is cleaned because what follows a leading "//" would be read as the name of a host.
	opaque := (&url.URL{Path: filepath.ToSlash(filepath.Clean(path))}).EscapedPath()
	return (&url.URL{Scheme: "file", Opaque: opaque, RawQuery: values.Encode()}).String()
}

func openWriter(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, writerPragmas))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := checkPragmas(ctx, db, writerPragmas); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// maxViews is how many views may be open at a time; others wait.
const maxViews = 8

func openReaders(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, readerPragmas))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxViews + 1) // one more, on which a statement is prepared while every view holds its own
	db.SetMaxIdleConns(maxViews + 1)
	if err := checkPragmas(ctx, db, readerPragmas); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// checkPragmas refuses a database whose settings are not what the promises of this package need.
func checkPragmas(ctx context.Context, db *sql.DB, pragmas []pragma) error {
	for _, p := range pragmas {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("pragma %s: %w", p.name, err)
		}
		if got != p.reads {
			return fmt.Errorf("pragma %s is %q, needed is %q", p.name, got, p.reads)
		}
	}
	return nil
}

func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var v int
	err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v)
	return v, err
}

func setSchemaVersion(v int) string { return "PRAGMA user_version = " + strconv.Itoa(v) }

// sqliteColumns describes all columns, see scanTables. SQLite lets an INTEGER PRIMARY KEY look as if it could be NULL.
const sqliteColumns = `
	SELECT t.name, c.name, c.type, c."notnull" = 0 AND c.pk = 0, c.pk
	FROM sqlite_schema t
	JOIN pragma_table_info(t.name) c
	WHERE t.type = 'table' AND t.name <> '` + copyMark + `' AND t.name NOT LIKE 'sqlite%'
	ORDER BY t.rowid, c.cid`
