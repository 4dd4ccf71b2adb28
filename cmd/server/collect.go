package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// garbage is how many bytes are made at least between two collections of memory. Go collects when as much was made as is in
// use, which of a small heap is several times a second under load, and each time those who ask wait for tens of milliseconds.
const garbage = 48 << 20

// collectSeldom keeps collections apart from now on, unless the environment sets GOGC.
func collectSeldom() {
	if os.Getenv("GOGC") != "" {
		return
	}
	set := 100
	type mark struct{ _ *int } // nobody has it, so that it is found at each collection
	var collected func(*mark)
	collected = func(m *mark) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if want := gcPercent(live[0].Value.Uint64()); want*10 > set*11 || want*10 < set*9 { // each change stops everybody for a moment
			debug.SetGCPercent(want)
			set = want
		}
		runtime.SetFinalizer(m, collected)
	}
	runtime.SetFinalizer(new(mark), collected)
}

// gcPercent returns GOGC for a heap of which so many bytes are in use.
func gcPercent(live uint64) int { return max(100, int(garbage*100/max(live, 1<<20))) }
