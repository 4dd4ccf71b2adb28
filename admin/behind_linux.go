package admin

import (
	"runtime"
	"syscall"
)

// Behind lets a goroutine run behind everything else that wants the processor, from now until it ends: a thread of its own has less
// weight, and cannot be given back.
func Behind() {
	const weight = 10 // of 19, a tenth of the usual one
	runtime.LockOSThread()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, weight) // of this thread alone, on Linux; where it is not permitted nothing is lost
}
