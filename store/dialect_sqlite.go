package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"rehearse/search"
)

// The settings of every connection, and why:
//   - journal_mode WAL: readers and the writer do not wait for each other;
//   - synchronous FULL: a commit returns only when it would survive a power cut (NORMAL would not promise that in WAL);
//   - busy_timeout: other processes (backup, sqlite3) may hold a lock for a moment;
//   - foreign_keys: off by default in SQLite;
//   - trusted_schema off: a doctored file cannot run functions when it is merely opened;
//   - temp_store MEMORY: nothing of a candidate lands in a temporary file;
//   - secure_delete: what is deleted is overwritten in the file, so that it is gone when Scrub has emptied the log;
//   - wal_autocheckpoint off: a connection in the background does it, so that no answer waits for it (wal.go);
//   - cache_size, in KiB: the ten readers keep the upper pages of the indexes, all others are the system's. A page in its cache
//     takes 8 KiB, so SQLite's own 2000 would be 4 MB for each of them.
var writerPragmas = []pragma{
	{"busy_timeout", "5000", "5000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", synchronous, map[string]string{"NORMAL": "1", "FULL": "2"}[synchronous]},
	{"wal_autocheckpoint", "0", "0"},
	{"foreign_keys", "ON", "1"},
	{"trusted_schema", "OFF", "0"},
	{"temp_store", "MEMORY", "2"},
	{"secure_delete", "ON", "1"},
}

var readerPragmas = []pragma{
	{"busy_timeout", "5000", "5000"},
	{"query_only", "ON", "1"},
	{"trusted_schema", "OFF", "0"},
	{"temp_store", "MEMORY", "2"},
	{"cache_size", "-512", "-512"},
}

// What is left without a promise is seen only by leaving it out: the torture tests build a server with other values
// (go build -ldflags "-X rehearse/store.synchronous=NORMAL"). There is no setting for it.
var (
	synchronous = "FULL"
	groupLimit  = "64"
)

// leastVersion is the oldest SQLite that is trusted with a write-ahead log: older ones could damage the file when two
// connections wrote it back at the same time (the "WAL-reset" bug, sqlite.org/wal.html).
const leastVersion = 3_051_003

// checkVersion refuses an SQLite that is too old, which a change of the driver could bring.
func checkVersion(ctx context.Context, db *sql.DB) error {
	var text string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&text); err != nil {
		return fmt.Errorf("read the version of SQLite: %w", err)
	}
	var major, minor, patch int
	if _, err := fmt.Sscanf(text, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return fmt.Errorf("version %q of SQLite: %w", text, err)
	}
	if v := major*1_000_000 + minor*1000 + patch; v < leastVersion {
		return fmt.Errorf("this SQLite is %s, needed is 3.51.3 or later", text)
	}
	return nil
}

// explain adds to an error of SQLite what it means for the people concerned.
func explain(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	code := e.Code() & 0xff                       // without what extends it
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // there was no room for the file of shared memory
		code = sqlite3.SQLITE_FULL
	}
	var meaning error
	switch code {
	case sqlite3.SQLITE_FULL:
		meaning = ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		meaning = ErrReadOnly
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		meaning = ErrBusy
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		meaning = ErrDamaged
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		meaning = ErrDisk
	default:
		return err
	}
	if errors.Is(err, meaning) {
		return err
	}
	return fmt.Errorf("%w: %w", meaning, err)
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

// openWriter opens the connection that writes. SQLite does not wait for a lock when it turns a new file to write-ahead
// logging, which two programs may do at once; so this waits.
func openWriter(ctx context.Context, path string) (*sql.DB, error) {
	const patience, pause = 5 * time.Second, 20 * time.Millisecond
	for start := time.Now(); ; time.Sleep(pause) {
		db, err := tryOpenWriter(ctx, path)
		if err == nil || !errors.Is(explain(err), ErrBusy) || time.Since(start) > patience {
			return db, err
		}
	}
}

func tryOpenWriter(ctx context.Context, path string) (*sql.DB, error) {
	// SQLite would make a file that everybody on the machine can read. It gives its other files the mode of this one.
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_RDONLY, 0o600); err == nil {
		f.Close()
	}
	db, err := sql.Open("sqlite", dsn(path, writerPragmas))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := errors.Join(checkVersion(ctx, db), checkPragmas(ctx, db, writerPragmas)); err != nil {
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
	db.SetMaxOpenConns(maxViews + 2) // two more: to prepare a statement and to read a body while every view holds its own
	db.SetMaxIdleConns(maxViews + 2)
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
	JOIN pragma_table_list l ON l.schema = 'main' AND l.name = t.name AND l.type = 'table' -- without those of an index of words
	JOIN pragma_table_info(t.name) c
	WHERE t.name <> '` + copyMark + `' AND t.name NOT LIKE 'sqlite%'
	ORDER BY t.rowid, c.cid`

// sqliteSearch finds questions by an expression of FTS5; sqliteRank after it puts the best first. A word counts most in
// the title.
const (
	sqliteSearch = `SELECT rowid FROM search_index WHERE search_index MATCH $1`
	sqliteRank   = ` ORDER BY bm25(search_index, 10.0, 4.0, 6.0, 1.0), rowid`
)

// sqliteMatch writes a query as an expression of FTS5. Stems are letters and digits alone.
func sqliteMatch(q search.Query) string {
	return joinTerms(q, func(stem string) string {
		if q.Opens(stem) {
			return `"` + stem + `"*`
		}
		return `"` + stem + `"`
	}, " AND ", " OR ")
}

// byPlace writes the parameters $1, $2, … of a statement as ? where they get the same number by that, and as ?1, ?2, …
// elsewhere. The driver looks up what has a name each time the statement is run: a search, a text and an allocation for each.
func byPlace(query string) string {
	var b strings.Builder
	for last := 0; ; {
		before, after, found := strings.Cut(query, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		rest := strings.TrimLeft(after, "0123456789")
		number := after[:len(after)-len(rest)]
		switch n, err := strconv.Atoi(number); {
		case err != nil: // no parameter
			b.WriteByte('$')
		case n == last+1:
			b.WriteByte('?')
			last = n
		default:
			b.WriteString("?" + number)
			last = max(last, n)
		}
		query = rest
	}
}
