package practice_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"rehearse/sandbox"
	"rehearse/store/storetest"
)

// TestMain runs the tests on every storage engine.
// pool runs the statements of all tests in children of this program.
var pool *sandbox.Pool

func TestMain(m *testing.M) {
	sandbox.Main()
	var err error
	if pool, err = sandbox.NewPool(1); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	code := storetest.Run(m)
	_ = pool.Close()
	os.Exit(code)
}

// runDatabase names a new database of a property test: a file in dir, or one on PostgreSQL.
func runDatabase(t *testing.T, dir string, run int) string {
	if storetest.Engine() == storetest.SQLite {
		return filepath.Join(dir, fmt.Sprintf("%d.db", run))
	}
	return storetest.Database(t)
}
