package sandbox_test

import (
	"os"
	"testing"

	"rehearse/sandbox"
)

// The pool starts this program again as a child, as it does with the server.
func TestMain(m *testing.M) {
	sandbox.Main()
	os.Exit(m.Run())
}
