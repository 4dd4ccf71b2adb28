package admin

import (
	"sync/atomic"
	"time"
)

// rest lets pages go first while a large load is worked on. Without it, on one processor, each step of a page waits until
// the load has had its 10 ms; so the load works for a millisecond and stands aside for one. A few edited files are done
// before that begins.
type rest struct {
	since time.Time    // the load
	last  atomic.Int64 // time of the last rest, after since
}

const (
	restAfter = 100 * time.Millisecond
	restEvery = time.Millisecond
	restFor   = time.Millisecond
)

// between comes between two pieces of work, of which several may be done at the same time.
func (r *rest) between() {
	if now := time.Since(r.since); now > restAfter && now-time.Duration(r.last.Load()) > restEvery {
		time.Sleep(restFor)
		r.last.Store(int64(time.Since(r.since)))
	}
}
