package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"rehearse/bank"
)

// sqliteRuntime runs SQL in this process, in a database in memory that can reach no file, and prints rows as the sqlite3
// shell does in its list mode. It calls SQLite itself: database/sql knows no scripts of several statements, and makes
// dates of texts in columns that are declared so.
func sqliteRuntime() Runtime {
	tls := libc.NewTLS()
	defer tls.Close()
	version := libc.GoString(sqlite3.Xsqlite3_libversion(tls))
	return Runtime{Name: "sqlite", Version: version, run: func(ctx context.Context, q bank.Question) (Printed, error) {
		return runSQL(ctx, program(q, "sqlite"))
	}}
}

// runSQL executes statements one after the other. As in the shell, one that fails does not end the script.
func runSQL(author context.Context, script string) (Printed, error) {
	ctx, stop := context.WithCancelCause(author)
	defer stop(nil)
	ctx, cancel := context.WithTimeoutCause(ctx, runTime, errRun(fmt.Sprintf("did not end within %s", runTime)))
	defer cancel()
	s, err := openSQL(stop)
	if err != nil {
		return Printed{}, err
	}
	done := s.interruptWith(ctx)
	err = s.execute(ctx, script)
	limit, broken := context.Cause(ctx).(errRun)
	stop(nil)
	<-done
	s.close()
	p := Printed{Text: string(s.out.text), Errors: strings.Join(s.failed, "\n")}
	switch {
	case author.Err() != nil:
		return Printed{}, author.Err()
	case broken:
		p.Status, p.Stopped = string(limit), true
	case len(s.failed) > 0:
		p.Status = "exit status 1"
	}
	return p, err
}

// session is one connection of the C interface. Its pointers are addresses in SQLite's own memory.
type session struct {
	tls    *libc.TLS
	db     uintptr
	cell   uintptr // room for the two pointers that a call gives back
	out    capped
	failed []string
}

var errMemory = errors.New("sqlite: no memory")

func openSQL(stop context.CancelCauseFunc) (*session, error) {
	s := &session{tls: libc.NewTLS(), out: capped{stop: stop}}
	name, err := libc.CString(":memory:")
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(s.tls, name)
	if s.cell = libc.Xmalloc(s.tls, 2*pointerSize); s.cell == 0 {
		return nil, errMemory
	}
	sqlite3.Xsqlite3_hard_heap_limit64(s.tls, maxMemory<<10)
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_MEMORY
	if code := sqlite3.Xsqlite3_open_v2(s.tls, name, s.cell, flags, 0); code != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("sqlite: open: code %d", code)
	}
	s.db = libc.AtomicLoadPUintptr(s.cell)
	sqlite3.Xsqlite3_limit(s.tls, s.db, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
	return s, nil
}

// pointerSize is enough on every machine.
const pointerSize = 8

func (s *session) close() {
	sqlite3.Xsqlite3_close_v2(s.tls, s.db)
	libc.Xfree(s.tls, s.cell)
	s.tls.Close()
}

// interruptWith stops the statement that runs when ctx ends. The channel is closed when the connection may be closed.
func (s *session) interruptWith(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-ctx.Done()
		tls := libc.NewTLS() // one serves one goroutine
		defer tls.Close()
		sqlite3.Xsqlite3_interrupt(tls, s.db)
	}()
	return done
}

// execute does what the shell does with a script: it takes lines until they end a statement, and goes on with the next
// line when one of the statements in them fails.
func (s *session) execute(ctx context.Context, script string) error {
	text := ""
	for line := range strings.SplitAfterSeq(script+"\n", "\n") {
		if text == "" && strings.HasPrefix(line, ".") {
			return fmt.Errorf("sqlite: %s is a command of the shell, which only runs SQL here", strings.TrimSpace(line))
		}
		if text += line; !strings.Contains(line, ";") {
			continue
		}
		done, err := s.executeLines(ctx, text, false)
		if err != nil {
			return err
		}
		if done {
			text = ""
		}
	}
	_, err := s.executeLines(ctx, text, true)
	return err
}

// executeLines runs the statements in a text up to the first that fails, if the text ends where a statement ends.
func (s *session) executeLines(ctx context.Context, text string, last bool) (done bool, err error) {
	start, err := libc.CString(text)
	if err != nil {
		return false, err
	}
	defer libc.Xfree(s.tls, start)
	if !last && sqlite3.Xsqlite3_complete(s.tls, start) == 0 {
		return false, nil
	}
	at := start
	for ok := true; ok && libc.GoString(at) != "" && ctx.Err() == nil; {
		ok = s.next(ctx, &at)
	}
	return true, nil
}

// next runs the statement at an address and moves on behind it.
func (s *session) next(ctx context.Context, at *uintptr) bool {
	tail := s.cell + pointerSize
	if sqlite3.Xsqlite3_prepare_v2(s.tls, s.db, *at, -1, s.cell, tail) != sqlite3.SQLITE_OK {
		return s.fail()
	}
	*at = libc.AtomicLoadPUintptr(tail)
	statement := libc.AtomicLoadPUintptr(s.cell)
	return statement == 0 || s.print(ctx, statement) // 0: only white space or a comment
}

// print runs one statement and prints its rows. It reports whether the statement did not fail.
func (s *session) print(ctx context.Context, statement uintptr) bool {
	defer sqlite3.Xsqlite3_finalize(s.tls, statement)
	columns := sqlite3.Xsqlite3_column_count(s.tls, statement)
	for ctx.Err() == nil {
		switch sqlite3.Xsqlite3_step(s.tls, statement) {
		case sqlite3.SQLITE_ROW:
			s.printRow(statement, columns)
		case sqlite3.SQLITE_DONE:
			return true
		default:
			return s.fail()
		}
	}
	return false
}

// printRow prints values as SQLite turns them into text, NULL as nothing.
func (s *session) printRow(statement uintptr, columns int32) {
	cells := make([]string, columns)
	for i := range cells {
		if text := sqlite3.Xsqlite3_column_text(s.tls, statement, int32(i)); text != 0 {
			cells[i] = libc.GoString(text)
		}
	}
	_, _ = s.out.Write([]byte(strings.Join(cells, "|") + "\n")) // too much stops the run
}

// fail notes SQLite's message. It returns false.
func (s *session) fail() bool {
	s.failed = append(s.failed, libc.GoString(sqlite3.Xsqlite3_errmsg(s.tls, s.db)))
	return false
}
