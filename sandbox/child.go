package sandbox

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// Command is the name of the sub-command that serves as a child. It is not for people.
const Command = "sandbox"

// Main is called first in a program that has a Pool: when the process was started as a child, it serves as one and ends.
func Main() {
	if len(os.Args) != 2 || os.Args[1] != Command {
		return
	}
	if err := Child(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// exitLate is how a child ends itself when a statement outlives its watchdog.
const exitLate = 3

// hello is what a child says once it is ready.
const hello = "rehearse sandbox 1"

// Child answers requests until its input ends. It is the whole life of a child process: it gives up what it does not
// need, and may end the process.
func Child(in io.Reader, out io.Writer) error {
	debug.SetMemoryLimit(maxHeap * 2)
	if err := limitHeap(); err != nil {
		return err
	}
	if err := confineSelf(); err != nil {
		return fmt.Errorf("confine the sandbox: %w", err)
	}
	if err := writeFrame(out, hello); err != nil {
		return err
	}
	dog := new(watchdog)
	go dog.watch()
	requests := bufio.NewReader(in)
	for {
		var r Request
		switch err := readFrame(requests, &r); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		outcome := execute(r, func(limit time.Duration) { dog.set(cpuTime() + limit + spareTime) })
		dog.set(0)
		if err := writeFrame(out, outcome); err != nil {
			return err
		}
	}
}

// watchdog ends the process when it has used more processor time than it may: SQLite itself can only stop a statement
// between two steps of it.
type watchdog struct {
	mu    sync.Mutex
	limit time.Duration // by cpuTime; 0 while nothing runs
}

func (w *watchdog) set(limit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limit = limit
}

func (w *watchdog) watch() {
	for range time.Tick(spareTime / 5) {
		w.mu.Lock() // for good, when the process ends: no answer may go out before
		if w.limit != 0 && cpuTime() > w.limit {
			os.Exit(exitLate)
		}
		w.mu.Unlock()
	}
}

// maxFrame bounds what is read from the other side, in bytes. The values of a result are at most MaxBytes; in JSON each
// may take six times that, and 20 bytes around it.
const maxFrame = 32 << 20

// writeFrame writes a value as JSON after its length, four bytes, the highest first.
func writeFrame(w io.Writer, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(data)), uint32(len(data)))
	_, err = w.Write(append(frame, data...))
	return err
}

// readFrame reads a value. io.EOF says that there is none left.
func readFrame(r io.Reader, value any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > maxFrame {
		return fmt.Errorf("a frame of %d bytes", size)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return fmt.Errorf("a frame cut short: %w", err)
	}
	return json.Unmarshal(data, value)
}
