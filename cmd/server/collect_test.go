package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestGCPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 4800, 1 << 20: 4800, 12 << 20: 400, 48 << 20: 100, 1 << 30: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("gcPercent(%d) = %d, want %d", live, got, want)
		}
	}
}

// What is in use decides anew at each collection.
func TestCollectSeldom(t *testing.T) {
	if os.Getenv("GOGC") != "" {
		t.Fatal("GOGC is set")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	collectSeldom()
	until := func(held []byte, low, high int) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			runtime.GC()
			got := debug.SetGCPercent(100)
			debug.SetGCPercent(got)
			if low <= got && got <= high {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("percentage beside %d bytes = %d, want %d to %d", len(held), got, low, high)
			}
		}
		runtime.KeepAlive(held)
	}
	until(nil, 200, 4800)
	until(make([]byte, 60<<20), 100, 100)
	until(nil, 200, 4800)
}
