package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the database to the schema of this program, each step in one transaction.
func migrate(ctx context.Context, conn *sql.Conn, scripts fs.FS) error {
	files, err := fs.Glob(scripts, "migrations/sqlite/*.sql") // sorted by number
	if err != nil {
		return err
	}
	have, err := schemaVersion(ctx, conn)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if have > len(files) {
		return fmt.Errorf("%w: its schema is %d, this program knows %d; start a newer program", ErrNewer, have, len(files))
	}
	for v := have + 1; v <= len(files); v++ {
		script, err := fs.ReadFile(scripts, files[v-1])
		if err != nil {
			return err
		}
		if err := migrateTo(ctx, conn, v, string(script)); err != nil {
			return fmt.Errorf("migrate to schema %d: %w", v, err)
		}
	}
	return nil
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
