package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorder keeps what is written to it, write by write.
type recorder struct {
	mu     sync.Mutex
	writes []string
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writes = append(r.writes, string(p))
	return len(p), nil
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.writes, "")
}

// Every line is written, once, and each writer's in their order; many share a write.
func TestLateLines(t *testing.T) {
	var out recorder
	late := &lateWriter{w: &out}
	const writers, each = 8, 2000
	var done sync.WaitGroup
	for w := range writers {
		done.Go(func() {
			for i := range each {
				line := fmt.Sprintf("%d %d\n", w, i)
				if i%500 == 499 {
					_, _ = prompt{late}.Write([]byte(line)) // a recorder takes everything
					if !strings.Contains(out.text(), line) {
						t.Errorf("line %q is not written yet", line)
					}
				} else {
					_, _ = late.Write([]byte(line)) // the same
				}
			}
		})
	}
	done.Wait()
	late.flush()
	next := [writers]int{}
	for line := range strings.Lines(out.text()) {
		var w, i int
		if _, err := fmt.Sscanf(line, "%d %d\n", &w, &i); err != nil || i != next[w] {
			t.Fatalf("line %q, want %d of writer %d", line, next[w], w)
		}
		next[w]++
	}
	if next != [writers]int{each, each, each, each, each, each, each, each} || len(out.writes) > writers*each/10 {
		t.Errorf("%v lines in %d writes", next, len(out.writes))
	}
}

// A line comes although nobody asks for it; too many at once wait for nobody.
func TestLateLinesComeByThemselves(t *testing.T) {
	var out recorder
	late := &lateWriter{w: &out}
	for range 3 { // each time anew
		before := len(out.text())
		_, _ = late.Write([]byte("a line\n")) // a recorder takes everything
		for start := time.Now(); len(out.text()) == before; time.Sleep(time.Millisecond) {
			if time.Since(start) > 20*time.Second {
				t.Fatal("the line does not come")
			}
		}
	}
	late.soon = true // whoever was to write it never does
	_, _ = late.Write(bytes.Repeat([]byte("x"), mostLate+1))
	if got := len(out.text()); got < mostLate {
		t.Errorf("%d bytes are written, more than %d came", got, mostLate)
	}
}
