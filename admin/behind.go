//go:build !linux

package admin

// behind is for systems where a thread has a priority of its own.
func behind() {}
