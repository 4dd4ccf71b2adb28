package store

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// giveUp lets a connection break when what was sent is not acknowledged for as long as it may be silent: the system would
// try for a quarter of an hour, during which those who share a transaction would all wait.
func giveUp(_, _ string, conn syscall.RawConn) error {
	const patience = 11_000 // ms
	var failed error
	err := conn.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, patience)
	})
	if errors.Is(failed, unix.ENOPROTOOPT) || errors.Is(failed, unix.EOPNOTSUPP) { // it is no TCP
		failed = nil
	}
	return errors.Join(err, failed)
}
