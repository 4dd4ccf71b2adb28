package main

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
