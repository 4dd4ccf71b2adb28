//go:build !linux

package store

import "syscall"

// giveUp leaves it to the system when a connection breaks that nobody acknowledges.
func giveUp(_, _ string, _ syscall.RawConn) error { return nil }
