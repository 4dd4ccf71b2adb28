package sandbox_test

import (
	"fmt"
	"os"
	"testing"

	"rehearse/sandbox"
)

// The pool starts this program again as a child, as it does with the server.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == sandbox.Command {
		if err := sandbox.Child(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
