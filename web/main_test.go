package web_test

import (
	"os"
	"testing"

	"rehearse/sandbox"
	"rehearse/store/storetest"
)

// TestMain runs the tests on every storage engine.
func TestMain(m *testing.M) {
	sandbox.Main() // statements run in children of this program
	os.Exit(storetest.Run(m))
}
