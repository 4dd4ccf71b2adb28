package practice_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"rehearse/store/storetest"
)

// TestMain runs the tests on every storage engine.
func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

// runDatabase names a new database of a property test: a file in dir, or one on PostgreSQL.
func runDatabase(t *testing.T, dir string, run int) string {
	if storetest.Engine() == storetest.SQLite {
		return filepath.Join(dir, fmt.Sprintf("%d.db", run))
	}
	return storetest.Database(t)
}
