package main

import (
	"io"
	"sync"
	"time"
)

// lateWriter writes what it gets a moment later, together with what comes meanwhile, and not while anybody waits for it: a
// line of the log for each request is a system call for each, and one that takes long on a disk that is busy.
type lateWriter struct {
	w io.Writer

	writing sync.Mutex // of who writes to w: what came first is written first
	spare   []byte     // room for the next lines

	mu    sync.Mutex
	lines []byte // that are to be written
	soon  bool   // somebody will write them
}

const (
	lateness = 100 * time.Millisecond // at most this much is lost when the program is killed
	mostLate = 1 << 20                // bytes; who brings more waits until they are written
)

// Write implements io.Writer.
func (l *lateWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.lines = append(l.lines, p...)
	full, first := len(l.lines) > mostLate, !l.soon
	l.soon = true
	l.mu.Unlock()
	if first {
		time.AfterFunc(lateness, l.flush)
	}
	if full {
		l.flush()
	}
	return len(p), nil
}

func (l *lateWriter) flush() { _ = l.writeNow(nil) } // a log that cannot be written to has nowhere to say so

// writeNow writes what has come so far, and more behind it.
func (l *lateWriter) writeNow(more []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	lines := append(l.lines, more...)
	l.lines, l.soon = l.spare[:0], false
	l.mu.Unlock()
	l.spare = lines
	if len(lines) == 0 {
		return nil
	}
	_, err := l.w.Write(lines)
	return err
}

// prompt writes at once what is more than a line for a request, behind what came before it.
type prompt struct{ *lateWriter }

// Write implements io.Writer.
func (p prompt) Write(line []byte) (int, error) { return len(line), p.writeNow(line) }
