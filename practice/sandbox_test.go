package practice_test

import (
	"fmt"
	"os"
	"testing"

	"rehearse/sandbox"
)

// pool runs the statements of all tests in children of this program.
var pool *sandbox.Pool

func TestMain(m *testing.M) {
	sandbox.Main()
	var err error
	if pool, err = sandbox.NewPool(1); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	code := m.Run()
	_ = pool.Close()
	os.Exit(code)
}
