package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// Conditions of backups that callers act on.
var (
	// ErrExists is returned by Backup when the file is there already.
	ErrExists = errors.New("exists already")
	// ErrNoFile is returned for a database on PostgreSQL, which has tools of its own for what is asked.
	ErrNoFile = errors.New("this is for SQLite files; on PostgreSQL use pg_dump, pg_restore and pg_amcheck")
	// ErrBackup is returned by Restore for a backup that is not what its manifest says.
	ErrBackup = errors.New("the backup cannot be used")
)

// Manifest says what a backup holds. It lies beside the backup, as JSON, with ".json" appended to the name.
type Manifest struct {
	Program string           `json:"program"` // name and version of the program that wrote it
	SQLite  string           `json:"sqlite"`
	Schema  int              `json:"schema"`
	TakenAt time.Time        `json:"taken_at"`
	Size    int64            `json:"size"` // bytes
	SHA256  string           `json:"sha256"`
	Rows    map[string]int64 `json:"rows"` // by table
}

// manifestOf returns the name of a backup's manifest.
func manifestOf(backup string) string { return backup + ".json" }

// appendOnly are tables that only ever grow: a backup that began later cannot hold fewer of their rows.
var appendOnly = []string{"content_loads", "question_events", "revisions", "evidence"}

// Backup writes a consistent copy of the SQLite database at path to the new file dest, and its manifest beside it. A
// server may go on writing to the database: copying holds no lock that it would wait for. The copy was opened, checked
// and counted before it gets its name, so a file named dest is a whole backup.
func Backup(ctx context.Context, path, dest string) (Manifest, error) {
	if _, err := os.Stat(dest); err == nil {
		return Manifest{}, fmt.Errorf("%s %w; choose another name", dest, ErrExists)
	}
	path, ok := File(path)
	if !ok {
		return Manifest{}, ErrNoFile
	}
	if _, err := os.Stat(path); err != nil {
		return Manifest{}, fmt.Errorf("database: %w", err)
	}
	// Not query_only, which refuses VACUUM INTO as well.
	db, err := sql.Open("sqlite", dsn(path, []pragma{{"busy_timeout", "5000", "5000"}, {"trusted_schema", "OFF", "0"}}))
	if err != nil {
		return Manifest{}, err
	}
	defer db.Close()
	m, err := backup(ctx, db, dest)
	return m, explain(err)
}

// backup copies the database behind db to dest.
func backup(ctx context.Context, db querier, dest string) (_ Manifest, err error) {
	before, err := countRows(ctx, db)
	if err != nil {
		return Manifest{}, err
	}
	tmp, err := placeFor(dest)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, removeAll(tmp)) }()
	// One read transaction. SQLite's online backup would begin again whenever the server commits: never ending.
	if _, err := db.ExecContext(ctx, "VACUUM INTO $1", tmp); err != nil {
		return Manifest{}, fmt.Errorf("copy: %w", err)
	}
	m, err := describe(ctx, tmp)
	if err != nil {
		return Manifest{}, fmt.Errorf("verify the copy: %w", err)
	}
	for _, table := range appendOnly {
		if m.Rows[table] < before[table] {
			return Manifest{}, fmt.Errorf("verify the copy: table %s has %d rows, the database had %d", table, m.Rows[table], before[table])
		}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	// The manifest first: a backup with its name always has one.
	if err := writeWhole(manifestOf(dest), append(text, '\n')); err != nil {
		return Manifest{}, err
	}
	return m, putInPlace(tmp, dest)
}

// describe checks a database file that nobody writes to, and returns its manifest.
func describe(ctx context.Context, path string) (Manifest, error) {
	m := Manifest{Program: programVersion(), TakenAt: time.Now().UTC().Truncate(time.Millisecond)}
	db, err := sql.Open("sqlite", dsn(path, readerPragmas))
	if err != nil {
		return m, err
	}
	defer db.Close()
	findings, err := checkFile(ctx, db)
	if err != nil {
		return m, err
	}
	if len(findings) > 0 {
		return m, fmt.Errorf("%w: %s", ErrDamaged, strings.Join(findings, "; "))
	}
	if m.Rows, err = countRows(ctx, db); err != nil {
		return m, err
	}
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&m.SQLite); err != nil {
		return m, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&m.Schema); err != nil {
		return m, err
	}
	if err := db.Close(); err != nil {
		return m, err
	}
	m.Size, m.SHA256, err = hashFile(path)
	return m, err
}

// Restore puts a backup in place of the SQLite database at path, and returns where the replaced file went ("" when there
// was none). It refuses while anybody else has the database open, and a backup that is not what its manifest says. The
// database is the old one or the new one at every moment, also of a power cut.
func Restore(ctx context.Context, path, from string) (m Manifest, replaced string, err error) {
	path, ok := File(path)
	if !ok {
		return m, "", ErrNoFile
	}
	unlock, err := Lock(path)
	if err != nil {
		return m, "", err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if m, err = readManifest(from); err != nil {
		return m, "", err
	}
	tmp, err := placeFor(path)
	if err != nil {
		return m, "", err
	}
	defer func() { err = errors.Join(err, removeAll(tmp)) }()
	if err := copyFile(from, tmp); err != nil {
		return m, "", fmt.Errorf("copy the backup: %w", err)
	}
	if err := verify(ctx, tmp, m); err != nil {
		return m, "", fmt.Errorf("%w: %w", ErrBackup, err)
	}
	if err := likeFile(tmp, path); err != nil {
		return m, "", fmt.Errorf("owner and mode of the database: %w", err)
	}
	if replaced, err = setAside(ctx, path); err != nil {
		return m, replaced, err
	}
	return m, replaced, putInPlace(tmp, path)
}

func readManifest(from string) (Manifest, error) {
	var m Manifest
	text, err := os.ReadFile(manifestOf(from))
	if err != nil {
		return m, fmt.Errorf("manifest of the backup: %w", err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: its manifest: %w", ErrBackup, err)
	}
	known, err := fs.Glob(migrations, scriptFiles)
	if err != nil {
		return m, err
	}
	if m.Schema > len(known) {
		return m, fmt.Errorf("backup %s: %w: its schema is %d, this program knows %d", from, ErrNewer, m.Schema, len(known))
	}
	return m, nil
}

// verify compares a copy with the manifest that came with it.
func verify(ctx context.Context, path string, want Manifest) error {
	size, sum, err := hashFile(path)
	if err != nil {
		return err
	}
	if size != want.Size || sum != want.SHA256 {
		return fmt.Errorf("it has %d bytes and the SHA-256 %s, its manifest says %d and %s", size, sum, want.Size, want.SHA256)
	}
	got, err := describe(ctx, path)
	if err != nil {
		return err
	}
	if got.Schema != want.Schema {
		return fmt.Errorf("its schema is %d, its manifest says %d", got.Schema, want.Schema)
	}
	for table, n := range want.Rows {
		if got.Rows[table] != n {
			return fmt.Errorf("table %s has %d rows, its manifest says %d", table, got.Rows[table], n)
		}
	}
	return nil
}

// setAside gives the database at path a second name with the time in it, and leaves no write-ahead log behind: SQLite
// would read it into the file that takes the place.
func setAside(ctx context.Context, path string) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", removeAll(path+"-wal", path+"-shm")
	}
	kept := path + ".replaced-" + time.Now().UTC().Format(stamp)
	err := leaveWAL(ctx, path)
	switch {
	case errors.Is(err, ErrBusy):
		return "", fmt.Errorf("%w: a backup, a check, a rebuild or sqlite3; try again when it has ended", err)
	case err != nil: // damaged, which may be why it is replaced: its log is kept with it
		if err := linkOrCopy(path+"-wal", kept+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("keep the replaced file: %w", err)
		}
	}
	if err := linkOrCopy(path, kept); err != nil {
		return "", fmt.Errorf("keep the replaced file: %w", err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return kept, err
	}
	return kept, errors.Join(removeAll(path+"-wal", path+"-shm"), syncDir(filepath.Dir(path)))
}

// stamp is how a time is written in the name of a file.
const stamp = "20060102T150405.000Z"

// leaveWAL writes the write-ahead log back and removes it. ErrBusy when somebody else has the database open: SQLite
// changes the mode only for whoever is alone with it.
func leaveWAL(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, []pragma{{"synchronous", "FULL", "2"}, {"trusted_schema", "OFF", "0"}}))
	if err != nil {
		return err
	}
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	if err == nil && mode != "delete" {
		err = fmt.Errorf("journal mode is %q", mode)
	}
	return explain(errors.Join(err, db.Close()))
}

// CheckFile returns what is wrong with the structure of the SQLite database at path: damaged pages, rows missing from
// an index, values that their column does not allow, keys that lead nowhere. It only reads, beside a server as well.
func CheckFile(ctx context.Context, path string) ([]string, error) {
	path, ok := File(path)
	if !ok {
		return nil, ErrNoFile
	}
	if _, err := os.Stat(path); err != nil { // SQLite would make one
		return nil, fmt.Errorf("database: %w", err)
	}
	db, err := openReaders(ctx, path)
	if err != nil {
		return nil, explain(err)
	}
	defer db.Close()
	findings, err := checkFile(ctx, db)
	return findings, explain(err)
}

func checkFile(ctx context.Context, db querier) ([]string, error) {
	var findings []string
	collect := func(query string, cells int, text func([]sql.NullString) string) error {
		rows, err := db.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			got, dest := make([]sql.NullString, cells), make([]any, cells)
			for i := range got {
				dest[i] = &got[i]
			}
			if err := rows.Scan(dest...); err != nil {
				return err
			}
			if t := text(got); t != "ok" {
				findings = append(findings, t)
			}
		}
		return rows.Err()
	}
	err := collect("PRAGMA integrity_check", 1, func(c []sql.NullString) string { return c[0].String })
	if err != nil {
		return nil, fmt.Errorf("integrity check: %w", err)
	}
	err = collect("PRAGMA foreign_key_check", 4, func(c []sql.NullString) string {
		return fmt.Sprintf("table %s, row %s: refers to a row of %s that is not there", c[0].String, c[1].String, c[2].String)
	})
	if err != nil {
		return nil, fmt.Errorf("foreign key check: %w", err)
	}
	return findings, nil
}

// querier is a connection, or a pool of them.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// countRows returns how many rows each table has.
func countRows(ctx context.Context, db querier) (map[string]int64, error) {
	const query = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		counts[name] = 0
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for name := range counts {
		var n int64
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM "`+name+`"`).Scan(&n); err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", name, err)
		}
		counts[name] = n
	}
	return counts, nil
}

// programVersion names this program and its version, as far as it was built in.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "rehearse"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			version += " " + s.Value
		}
	}
	return strings.TrimSpace("rehearse " + version)
}

// placeFor makes an empty file beside dest, on the same disk, to be filled and then renamed.
func placeFor(dest string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(dest), filepath.Base(dest)+".part-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// putInPlace brings a finished file to the disk and then gives it its name.
func putInPlace(tmp, dest string) error {
	f, err := os.OpenFile(tmp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", tmp, err)
	}
	if err := os.Rename(tmp, dest); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dest))
}

func writeWhole(path string, data []byte) error {
	tmp, err := placeFor(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return putInPlace(tmp, path)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func copyFile(from, to string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	if _, err := io.Copy(dst, src); err != nil {
		return err
	}
	return dst.Sync()
}

// linkOrCopy gives a file a second name; where the file system has no links, a copy of it.
func linkOrCopy(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return copyFile(from, to)
}

// removeAll removes files that may not be there.
func removeAll(paths ...string) error {
	var errs []error
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func hashFile(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return 0, "", err
	}
	return size, hex.EncodeToString(h.Sum(nil)), nil
}
