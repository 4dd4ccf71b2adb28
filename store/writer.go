package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxGroup is how many updates are committed together at most: enough to share one disk flush among many candidates,
// few enough that the first does not wait long for the last.
var maxGroup, _ = strconv.Atoi(groupLimit)

// writer owns the one connection that writes.
type writer struct {
	conn    *sql.Conn
	direct  *direct
	trace   func(query string, args []any) // nil: nobody is told
	clock   *clock
	memory  *memory
	content *contentMemory
	left    map[int64]*kept // what the updates of the group at hand leave behind, by candidate
	queue   chan *job
	done    chan struct{}
	full    atomic.Bool // the disk was full for a group
	scrubs  scrubbing
	foreign int64       // changes with what other programs write
	busy    int         // how many were served or waited when the last group was committed
	linger  *time.Timer // of another

	mu     sync.RWMutex // guards closed against sends on queue
	closed bool
}

type job struct {
	ctx      context.Context
	fn       func(*Tx) error
	single   bool                                   // in a transaction of its own
	alone    func(context.Context, *sql.Conn) error // instead of fn, outside any transaction
	err      error
	panicked any
	stack    []byte
	done     chan struct{}
}

func newWriter(ctx context.Context, db *sql.DB, path string, m *memory, opts Options) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, conn, path, opts); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	last, err := lastTime(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil { // from here on begin waits, and nothing else
		return nil, errors.Join(err, conn.Close())
	}
	pending, err := scrubPending(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{
		conn:    conn,
		direct:  newDirect(),
		trace:   opts.Trace,
		clock:   &clock{now: opts.Clock, last: last},
		memory:  m,
		content: newContentMemory(),
		left:    map[int64]*kept{},
		queue:   make(chan *job, maxGroup),
		done:    make(chan struct{}),
		linger:  time.NewTimer(0),
	}
	w.scrubs.pending.Store(pending)
	go w.loop()
	return w, nil
}

func (w *writer) update(ctx context.Context, fn func(*Tx) error) error {
	return w.do(&job{ctx: ctx, fn: fn, done: make(chan struct{})})
}

// updateAlone is update in a transaction that no other shares: others would wait for one that takes long, and twice for it
// when one of them fails.
func (w *writer) updateAlone(ctx context.Context, fn func(*Tx) error) error {
	return w.do(&job{ctx: ctx, fn: fn, single: true, done: make(chan struct{})})
}

// alone runs fn on the connection that writes, between transactions.
func (w *writer) alone(ctx context.Context, fn func(context.Context, *sql.Conn) error) error {
	return w.do(&job{ctx: ctx, alone: fn, done: make(chan struct{})})
}

func (w *writer) do(j *job) error {
	if err := w.send(j); err != nil {
		return err
	}
	<-j.done
	if j.panicked != nil {
		panic(fmt.Sprintf("in an update: %v\n%s", j.panicked, j.stack))
	}
	return j.err
}

func (w *writer) send(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

func (w *writer) stop() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	for first := range w.queue {
		for first != nil {
			first = w.turn(first)
		}
	}
	w.direct.Close()
	w.conn.Close()
}

// turn runs the first job, and those that wait behind it in one group with it. It returns a job that came too soon for that.
func (w *writer) turn(first *job) (next *job) {
	group := []*job{first}
	if first.alone != nil {
		first.err = first.alone(context.Background(), w.conn)
	} else if err := w.direct.on(w.conn, func() { group, next = w.runGroup(group) }); err != nil { // the connection is closed
		group = w.refuse(group, fmt.Errorf("begin update: %w", err))
	}
	for _, j := range group {
		close(j.done)
	}
	return next
}

// groups reports whether a job may share a transaction with others.
func (j *job) groups() bool { return j.alone == nil && !j.single }

// runGroup runs the jobs of a group and all that wait behind them in one transaction, and commits. When one of them fails
// after it has written something, all are run again, each so that it can be undone by itself: most never fail, and all that
// it takes to undo a job would cost more than its statements. After is a job that waits behind them and belongs to no group.
func (w *writer) runGroup(group []*job) (_ []*job, after *job) {
	// The connection outlives any request: a cancelled request must not roll back its neighbours.
	ctx := context.Background()
	if err := w.begin(func() error { return w.run(ctx, "BEGIN IMMEDIATE") }); err != nil {
		return w.refuse(group, fmt.Errorf("begin update: %w", err)), nil
	}
	err := w.lookAbroad(ctx)
	spoilt := false
	for i := 0; err == nil; i++ {
		if i == len(group) {
			var next *job
			if len(group) < maxGroup && group[0].groups() {
				next = w.another(len(group))
			}
			if next == nil {
				break
			}
			if !next.groups() {
				after = next
				break
			}
			group = append(group, next)
		}
		if spoilt = w.runJob(ctx, group[i]); spoilt {
			break
		}
	}
	if spoilt {
		err = w.runAgain(ctx, group)
	}
	if err == nil {
		w.memory.settle()
		err = w.run(ctx, "COMMIT")
	}
	if err != nil {
		_ = w.run(ctx, "ROLLBACK") // fails when SQLite has rolled back by itself
		if errors.Is(explain(err), ErrFull) {
			w.full.Store(true)
		}
		for _, j := range group {
			j.err = errors.Join(j.err, fmt.Errorf("commit: %w", err))
		}
	} else {
		w.memory.commit(w.left)
		w.busy = len(group) + len(w.queue)
	}
	clear(w.left)
	w.content.renew()
	return group, after
}

// runAgain begins the transaction of a group anew and runs each job inside a savepoint. The error says that the
// transaction is lost with all that it held: after some errors (a full disk) SQLite rolls back all of it.
func (w *writer) runAgain(ctx context.Context, group []*job) error {
	_ = w.run(ctx, "ROLLBACK") // fails when SQLite has rolled back by itself
	clear(w.left)
	w.content.renew()
	if err := w.begin(func() error { return w.run(ctx, "BEGIN IMMEDIATE") }); err != nil {
		return fmt.Errorf("begin update: %w", err)
	}
	if err := w.lookAbroad(ctx); err != nil {
		return err
	}
	for _, j := range group {
		if err := w.run(ctx, "SAVEPOINT job"); err != nil {
			return fmt.Errorf("begin update: %w", err)
		}
		var err error
		if w.runJob(ctx, j) {
			err = w.run(ctx, "ROLLBACK TO job")
		}
		if err == nil {
			err = w.run(ctx, "RELEASE job")
		}
		if err != nil {
			return fmt.Errorf("end update: %w", err)
		}
	}
	return nil
}

// lookAbroad forgets what is remembered when another program has written to the file.
func (w *writer) lookAbroad(ctx context.Context) error {
	const query = `PRAGMA data_version`
	before := w.foreign
	err := (&Tx{ctx: ctx, run: w.direct}).row(query, nil, &w.foreign)
	if err == nil && w.foreign != before {
		w.memory.forget()
		w.content.spoil()
		w.content.renew()
	}
	return err
}

// noticeOthers forgets what is remembered when another program has written to the file.
func (w *writer) noticeOthers(ctx context.Context) error {
	return w.alone(ctx, func(ctx context.Context, _ *sql.Conn) error {
		before := w.foreign
		var err error
		closed := w.direct.on(w.conn, func() { err = w.lookAbroad(ctx) })
		if w.foreign != before {
			w.memory.committed.Add(1)
		}
		return errors.Join(err, closed)
	})
}

// refuse ends a group, and what waits behind it, with an error. When another program holds a lock, those that wait have
// waited as long as the first; each waiting anew would keep the last of them for minutes.
func (w *writer) refuse(group []*job, err error) []*job {
	for len(group) < maxGroup {
		j := w.waiting()
		if j == nil {
			break
		}
		group = append(group, j)
	}
	for _, j := range group {
		j.err = err
	}
	return group
}

func (w *writer) waiting() *job {
	select {
	case j := <-w.queue: // nil when closed and empty
		return j
	default:
		return nil
	}
}

// When at least manyBusy were busy, a group waits up to maxLinger for each of them that is still to come: who was answered
// a moment ago sends the next answer. Otherwise half of them are committed while the other half waits, which costs
// twice as many commits. A group that waited in vain is the measure of the next.
const (
	manyBusy  = 16
	maxLinger = 200 * time.Microsecond
)

// another returns a job that goes with a group of some size, nil when it should wait no longer.
func (w *writer) another(size int) *job {
	j := w.waiting()
	if j != nil || w.busy < manyBusy || size >= w.busy {
		return j
	}
	w.linger.Reset(maxLinger)
	select {
	case j = <-w.queue: // nil when closed and empty
	case <-w.linger.C:
	}
	return j
}

// runJob runs one job; what became of it is in the job. Spoilt says that the transaction holds what a job wrote that failed.
func (w *writer) runJob(ctx context.Context, j *job) (spoilt bool) {
	j.panicked = nil
	if j.err = j.ctx.Err(); j.err != nil {
		return false
	}
	tx := &Tx{ctx: ctx, run: w.direct, trace: w.trace, now: w.clock.tick(), clock: w.clock, memory: w.memory, content: w.content, number: w.memory.committed.Load()}
	j.err = w.call(j, tx)
	if errors.Is(explain(j.err), ErrFull) {
		w.full.Store(true)
	}
	if j.err == nil && j.panicked == nil {
		tx.leave(w.left)
		return false
	}
	return tx.wrote || tx.failed != nil
}

// begin waits for the lock of another program. One that writes all the time leaves it for moments only, which SQLite, asking
// ten times a second, would miss.
func (w *writer) begin(try func() error) error {
	const patience, pause = 5 * time.Second, time.Millisecond
	for start := time.Now(); ; time.Sleep(pause) {
		err := try()
		if err == nil || !errors.Is(explain(err), ErrBusy) || time.Since(start) > patience {
			return err
		}
	}
}

// run runs a prepared statement without arguments. It is told to nobody: yardsticks commit by themselves.
func (w *writer) run(ctx context.Context, query string) error {
	s, err := w.direct.prepare(query)
	if err == nil {
		_, err = s.ExecContext(ctx, nil)
	}
	return err
}

func (w *writer) call(j *job, tx *Tx) error {
	defer func() {
		if p := recover(); p != nil {
			j.panicked, j.stack = p, debug.Stack()
		}
	}()
	return tx.outcome(j.fn(tx))
}

// clock gives times that never go back, whatever the machine's clock does: the order of the log is the order of time.
type clock struct {
	now  func() time.Time
	mu   sync.Mutex
	last int64 // ms UTC
}

// tick returns the time of an update.
func (c *clock) tick() int64 { return c.after(0) }

// pass makes sure that no time before one that is known from elsewhere (ms UTC) is given any more.
func (c *clock) pass(ms int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.last, ms)
}

// next returns a time after every one given before. A content load takes it, so that no answer shares its time.
func (c *clock) next() int64 { return c.after(1) }

func (c *clock) after(step int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = max(c.now().UnixMilli(), c.last+step)
	return c.last
}

// peek returns the time without passing it on.
func (c *clock) peek() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(c.now().UnixMilli(), c.last)
}

// latestTime reads the time of the latest entry of any log. Keys of loads and attempts grow with time, so it looks at the last of each.
const latestTime = `
	SELECT coalesce(max(at), 0)
	FROM (
		SELECT at FROM (SELECT at FROM content_loads ORDER BY id DESC LIMIT 1) AS load
		UNION ALL
		SELECT started_at FROM (SELECT started_at FROM attempts ORDER BY id DESC LIMIT 1) AS attempt
		UNION ALL
		SELECT max(last_at) FROM users
	) AS latest`

func lastTime(ctx context.Context, conn *sql.Conn) (int64, error) {
	var last int64
	if err := conn.QueryRowContext(ctx, latestTime).Scan(&last); err != nil {
		return 0, fmt.Errorf("read the last time: %w", err)
	}
	return last, nil
}
