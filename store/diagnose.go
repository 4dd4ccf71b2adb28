package store

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Diagnose returns err with ErrDamaged when it says that a constraint failed and the file is damaged: where an index has
// lost entries, what is there already is added once more. It reads the whole file, so it is for the start of a program,
// when no constraint should fail at all.
func (s *Store) Diagnose(ctx context.Context, err error) error {
	var e *sqlite.Error
	if s.pg != nil || !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_CONSTRAINT {
		return err
	}
	findings, failed := checkFile(ctx, s.readers)
	if failed = explain(failed); errors.Is(failed, ErrDamaged) || len(findings) > 0 {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}
