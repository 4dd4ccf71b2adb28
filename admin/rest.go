package admin

import (
	"runtime"
	"sync/atomic"
	"time"
)

// rest lets pages go first while a large load is worked on. A few edited files are done before that begins.
//
// The goroutines of a load then run on threads that the system puts behind all others. Where that does not help, since there is
// no processor beside them in the eyes of Go, and where it cannot be, in the goroutine that all writing shares, the load works for a millisecond
// and stands aside for one: otherwise each step of a page waits until the load has had its 10 ms.
type rest struct {
	since time.Time    // the load
	last  atomic.Int64 // time of the last rest, after since
}

const (
	restAfter = 100 * time.Millisecond
	restEvery = time.Millisecond
	restFor   = time.Millisecond
)

// begin returns what a goroutine of the load calls between two pieces of work. It may not serve anybody else after that.
func (r *rest) begin() func() {
	last := false
	return func() {
		if !last && time.Since(r.since) > restAfter {
			Behind()
			last = true
		}
		if runtime.GOMAXPROCS(0) == 1 {
			r.between()
		}
	}
}

// between comes between two pieces of work, of which several may be done at the same time.
func (r *rest) between() {
	if now := time.Since(r.since); now > restAfter && now-time.Duration(r.last.Load()) > restEvery {
		time.Sleep(restFor)
		r.last.Store(int64(time.Since(r.since)))
	}
}
