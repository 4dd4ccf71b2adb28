package web_test

import (
	"os"
	"testing"

	"rehearse/sandbox"
)

// Statements run in children of this program.
func TestMain(m *testing.M) {
	sandbox.Main()
	os.Exit(m.Run())
}

func newPool(t testing.TB) *sandbox.Pool {
	t.Helper()
	pool, err := sandbox.NewPool(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}
