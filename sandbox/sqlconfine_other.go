//go:build !linux

package sandbox

import "time"

// confineSelf does nothing where the kernel's limits are others. SQLite's limits, the watchdog and the parent remain.
func confineSelf() error { return nil }

var started = time.Now()

// cpuTime returns the time since the start by the clock, which is never less than what this process has used of one
// processor.
func cpuTime() time.Duration { return time.Since(started) }

// ownProgram is unknown here: the path of the program is used.
const ownProgram = ""
