package sandbox

import (
	"math"
	"os"
	"strconv"
	"syscall"
	"time"
)

// confineSelf makes the process give up what it does not need: memory beyond what its limits leave room for, writing files,
// leaving a core, opening more than a few of anything, and its turn before others that want the processor.
func confineSelf() error {
	limits := map[int]uint64{
		syscall.RLIMIT_AS:     2 << 30, // Go reserves addresses generously, and uses few of them
		syscall.RLIMIT_FSIZE:  0,
		syscall.RLIMIT_CORE:   0,
		syscall.RLIMIT_NOFILE: 16,
	}
	for what, most := range limits {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return yield()
}

// yield lets other processes go first. On Linux niceness belongs to a thread; threads started later inherit it.
func yield() error {
	const nicer = 10
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return nil // no /proc here: merely less polite
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, nicer) // a thread may have ended since
		}
	}
	return nil
}

// cpuTime returns the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Duration(math.MaxInt64) // never on a running system; nothing may run without a limit
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// ownProgram is the running program, whatever has become of its file since.
const ownProgram = "/proc/self/exe"
