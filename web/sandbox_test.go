package web_test

import (
	"testing"

	"rehearse/sandbox"
)

func newPool(t testing.TB) *sandbox.Pool {
	t.Helper()
	pool, err := sandbox.NewPool(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}
