//go:build !linux

package sandbox

// confineSelf does nothing where the kernel's limits are others. SQLite's limits, the watchdog and the parent remain.
func confineSelf() error { return nil }

// ownProgram is unknown here: the path of the program is used.
const ownProgram = ""
