package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"rehearse/quiz"
)

// How many may want something at the same time, and for how long.
const (
	maxWaiting = 32
	maxWait    = 3 * time.Second
	startTime  = 10 * time.Second // for a child to say that it is ready
)

// Pool runs requests in child processes. Children are started when they are needed, kept, and replaced when they had to
// be killed. Its methods may be called from many goroutines.
type Pool struct {
	program string
	slots   chan struct{} // one for each child that may run at the same time
	waiting atomic.Int64
	mu      sync.Mutex
	idle    []*child
	closed  bool
	wanted  wanted
}

// NewPool returns a pool of up to size children of this program. Nothing is started yet.
func NewPool(size int) (*Pool, error) {
	program := ownProgram
	if _, err := os.Stat(program); err != nil {
		if program, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("find the program for the sandbox: %w", err)
		}
	}
	return &Pool{program: program, slots: make(chan struct{}, size)}, nil
}

// Run carries out a request. The error is a *quiz.Refusal, ErrBusy or ErrBroken, or says that ctx ended while waiting; what
// SQLite has against the statement is no error.
func (p *Pool) Run(ctx context.Context, r Request) (Outcome, error) {
	if err := p.acquire(ctx); err != nil {
		return Outcome{}, err
	}
	out, refused, err := p.run(r)
	if refused == quiz.Crashed { // the child may have been on its way out for another reason
		out, refused, err = p.run(r)
	}
	switch {
	case err != nil:
		<-p.slots
		return Outcome{}, fmt.Errorf("%w: %w", ErrBroken, err)
	case refused != "":
		go p.replace()
		return Outcome{}, &quiz.Refusal{Refused: refused}
	}
	<-p.slots
	if out.Refused != "" && out.Where == InStatement {
		return Outcome{}, &quiz.Refusal{Refused: out.Refused}
	}
	return out, nil
}

// run carries out a request in an idle child, or in a new one. A child that did not bring it to an end is gone, and
// refused says why.
func (p *Pool) run(r Request) (out Outcome, refused quiz.Refused, err error) {
	c, err := p.take()
	if err != nil {
		return out, "", err
	}
	if out, refused = c.run(r); refused == "" {
		p.give(c)
	}
	return out, refused, nil
}

// replace starts a child in place of one that had to go, so that the next statement need not wait for it, and gives the
// turn back. That none can be started is found out again by who needs one.
func (p *Pool) replace() {
	defer func() { <-p.slots }()
	if c, err := p.start(); err == nil {
		p.give(c)
	}
}

// acquire waits for a turn, unless too many wait already.
func (p *Pool) acquire(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	if p.waiting.Add(1) > maxWaiting {
		p.waiting.Add(-1)
		return ErrBusy
	}
	defer p.waiting.Add(-1)
	patience := time.NewTimer(maxWait)
	defer patience.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-patience.C:
		return ErrBusy
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take returns an idle child, or a new one.
func (p *Pool) take() (*child, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 && !p.closed {
		defer p.mu.Unlock()
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return c, nil
	}
	p.mu.Unlock()
	return p.start()
}

// start starts a child, unless the pool is closed.
func (p *Pool) start() (*child, error) {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return nil, os.ErrClosed
	}
	return startChild(p.program)
}

// give takes a child back.
func (p *Pool) give(c *child) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.kill()
		return
	}
	p.idle = append(p.idle, c)
}

// Close ends all children, once those that are at work have come to an end. Requests from then on are ErrBroken.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, c := range idle {
		c.kill()
	}
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	for range cap(p.slots) { // who waits for a turn is told
		<-p.slots
	}
	return nil
}

// child is a process that runs statements.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startChild starts a child and waits until it is ready. It gets no environment but what bounds its own runtime.
func startChild(program string) (*child, error) {
	cmd := exec.Command(program, Command)
	cmd.Env = []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}
	cmd.Dir = string(os.PathSeparator)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd: cmd, in: in, out: bufio.NewReader(out)}
	var said string
	timer := time.AfterFunc(startTime, c.interrupt)
	err = readFrame(c.out, &said)
	timer.Stop()
	if err != nil || said != hello {
		c.kill()
		return nil, fmt.Errorf("%s %s does not answer: %w (%s)", program, Command, err, c.cmd.ProcessState)
	}
	return c, nil
}

// run carries out a request. A child that did not bring it to an end is gone, and refused says why.
func (c *child) run(r Request) (out Outcome, refused quiz.Refused) {
	var late atomic.Bool
	timer := time.AfterFunc(parentTime, func() {
		late.Store(true)
		c.interrupt()
	})
	err := writeFrame(c.in, r)
	if err == nil {
		err = readFrame(c.out, &out)
	}
	if timer.Stop() && err == nil {
		return out, ""
	}
	c.kill()
	if late.Load() || c.cmd.ProcessState.ExitCode() == exitLate {
		return Outcome{}, quiz.TooLong
	}
	return Outcome{}, quiz.Crashed
}

// interrupt ends the process; whoever reads from it is told by the end of its output.
func (c *child) interrupt() { _ = c.cmd.Process.Kill() }

// kill ends the process and waits for it.
func (c *child) kill() {
	c.interrupt()
	_ = c.in.Close()
	_ = c.cmd.Wait() // says only how it ended
}
