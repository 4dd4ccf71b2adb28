package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

const scriptFiles = "migrations/sqlite/*.sql"

// migrate brings the database to the schema of this program, each step in one transaction. A database that holds
// anything is backed up beside itself before.
func migrate(ctx context.Context, conn *sql.Conn, path string, opts Options) error {
	files, err := fs.Glob(opts.Migrations, scriptFiles) // sorted by number
	if err != nil {
		return err
	}
	have, err := schemaVersion(ctx, conn)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	switch {
	case have > len(files):
		return errNewer(have, len(files))
	case have == len(files) && opts.Migrations == fs.FS(migrations):
		return hasTables(ctx, conn)
	case have == len(files):
		return nil
	case opts.Existing:
		return errOlder(have, len(files))
	case have > 0:
		dest := fmt.Sprintf("%s.schema-%d-%s", path, have, time.Now().UTC().Format(stamp))
		if _, err := backup(ctx, conn, dest); err != nil {
			return fmt.Errorf("back up before the migration: %w", err)
		}
		opts.Logger.Info("database backed up before its migration", "backup", dest, "schema", have)
	}
	for v := have + 1; v <= len(files); v++ {
		script, err := fs.ReadFile(opts.Migrations, files[v-1])
		if err != nil {
			return err
		}
		start := time.Now()
		if err := migrateTo(ctx, conn, v, string(script)); err != nil {
			return fmt.Errorf("migrate to schema %d: %w", v, err)
		}
		if have > 0 {
			opts.Logger.Info("database migrated", "schema", v, "took", time.Since(start))
		}
	}
	return nil
}

func errNewer(have, want int) error {
	return fmt.Errorf("%w: its schema is %d, this program knows %d; start a newer program", ErrNewer, have, want)
}

func errOlder(have, want int) error {
	return fmt.Errorf("%w: its schema is %d, this program needs %d; start the server once", ErrOlder, have, want)
}

func migrateTo(ctx context.Context, conn *sql.Conn, version int, script string) error {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := runScript(ctx, conn, version, script)
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = conn.ExecContext(ctx, "ROLLBACK") // fails when SQLite has rolled back by itself
	}
	return err
}

func runScript(ctx context.Context, conn *sql.Conn, version int, script string) error {
	have, err := schemaVersion(ctx, conn)
	if err != nil || have >= version { // another process was faster
		return err
	}
	if _, err := conn.ExecContext(ctx, script); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, setSchemaVersion(version))
	return err
}

//go:embed schema.sql
var currentSchema string

// hasTables refuses a database that lacks a table or an index as this program makes it, though its schema has the same number:
// until the first release the scripts are edited in place.
func hasTables(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	defer rows.Close()
	have := map[string]bool{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		have[text] = true
	}
	_, statements, _ := strings.Cut(currentSchema, "\n\n") // behind the comment that it begins with
	for text := range strings.SplitSeq(statements, ";\n\n") {
		text = strings.TrimSuffix(text, ";\n")
		if !have[text] && !strings.HasPrefix(text, "CREATE TABLE '") && !hasButForComments(have, text) { // ': a part of the index of words
			return fmt.Errorf("%w; start that one, export what is to be kept, and import it into a new database; what is missing:\n%s", ErrUnreleased, text)
		}
	}
	return rows.Err()
}

// hasButForComments reports whether a statement is among others that may have other comments and spaces.
func hasButForComments(have map[string]bool, text string) bool {
	text = withoutComments(text)
	for other := range have {
		if withoutComments(other) == text {
			return true
		}
	}
	return false
}

// withoutComments returns a statement in one line.
func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "--")
		for word := range strings.FieldsSeq(line) {
			b.WriteString(word + " ")
		}
	}
	return b.String()
}
