//go:build !linux

package admin

// Behind is for systems where a thread has a priority of its own.
func Behind() {}
