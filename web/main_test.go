package web_test

import (
	"os"
	"testing"

	"rehearse/store/storetest"
)

// TestMain runs the tests on every storage engine.
func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }
