package sandbox

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"rehearse/quiz"
)

// database is an in-memory SQLite database. It is used through SQLite's own interface: that of database/sql knows neither
// authorizer nor progress handler nor the place of an error.
type database struct {
	tls      *libc.TLS
	db       uintptr
	guard    guard
	deadline time.Duration // by cpuTime
	keep     []any         // what SQLite points to and the garbage collector cannot see
}

// sqlError is a result code of SQLite with what it says about it.
type sqlError struct {
	code   int32
	text   string
	offset int // in bytes into the statement, -1 when unknown
}

func (e *sqlError) Error() string { return e.text }

// limitHeap bounds the heap of all databases of the process, none of which may be open. SQLite counts what it keeps only
// when it is told to before it begins.
func limitHeap() error {
	tls := libc.NewTLS()
	defer tls.Close()
	args := libc.Xmalloc(tls, 2*argument)
	defer libc.Xfree(tls, args)
	sqlite3.Xsqlite3_shutdown(tls)
	if rc := sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_MEMSTATUS, libc.VaList(args, int32(1))); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("let SQLite count its memory: code %d", rc)
	}
	if rc := sqlite3.Xsqlite3_initialize(tls); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("start SQLite: code %d", rc)
	}
	sqlite3.Xsqlite3_hard_heap_limit64(tls, maxHeap)
	return nil
}

// argument is the size of one argument of a list of arguments, in bytes.
const argument = 8

// openDatabase returns an empty database on which everything is allowed.
func openDatabase() (*database, error) {
	d := &database{tls: libc.NewTLS()}
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_MEMORY
	out := d.pointer()
	defer libc.Xfree(d.tls, out)
	name := d.text(":memory:")
	defer libc.Xfree(d.tls, name)
	rc := sqlite3.Xsqlite3_open_v2(d.tls, name, out, flags, 0)
	d.db = libc.AtomicLoadPUintptr(out)
	if rc != sqlite3.SQLITE_OK {
		d.close()
		return nil, fmt.Errorf("open a database in memory: code %d", rc)
	}
	d.limit()
	d.watch()
	return d, nil
}

func (d *database) close() {
	sqlite3.Xsqlite3_close_v2(d.tls, d.db)
	d.tls.Close()
}

// limit sets SQLite's own limits and switches.
func (d *database) limit() {
	for id, most := range map[int32]int32{
		sqlite3.SQLITE_LIMIT_LENGTH:              maxValue,
		sqlite3.SQLITE_LIMIT_SQL_LENGTH:          64 << 10,
		sqlite3.SQLITE_LIMIT_COLUMN:              100,
		sqlite3.SQLITE_LIMIT_EXPR_DEPTH:          100,
		sqlite3.SQLITE_LIMIT_COMPOUND_SELECT:     50,
		sqlite3.SQLITE_LIMIT_VDBE_OP:             25_000,
		sqlite3.SQLITE_LIMIT_FUNCTION_ARG:        32,
		sqlite3.SQLITE_LIMIT_ATTACHED:            0,
		sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
		sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER:     0,
		sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH:       10,
		sqlite3.SQLITE_LIMIT_WORKER_THREADS:      0,
	} {
		sqlite3.Xsqlite3_limit(d.tls, d.db, id, most)
	}
	for op, on := range map[int32]int32{
		sqlite3.SQLITE_DBCONFIG_DEFENSIVE:             1,
		sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA:        0,
		sqlite3.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION: 0,
		sqlite3.SQLITE_DBCONFIG_DQS_DML:               0, // "a" is a name, never a text
		sqlite3.SQLITE_DBCONFIG_DQS_DDL:               0,
	} {
		args := libc.Xmalloc(d.tls, 2*argument)
		sqlite3.Xsqlite3_db_config(d.tls, d.db, op, libc.VaList(args, on, uintptr(0)))
		libc.Xfree(d.tls, args)
	}
}

// watch installs what SQLite asks before it prepares anything, and while it runs.
func (d *database) watch() {
	const often = 1000 // instructions: a few microseconds
	authorize := func(_ *libc.TLS, _ uintptr, action int32, first, second, _, _ uintptr) int32 {
		if d.guard.allows(action, libc.GoString(first), libc.GoString(second)) {
			return sqlite3.SQLITE_OK
		}
		return sqlite3.SQLITE_DENY
	}
	progress := func(*libc.TLS, uintptr) int32 {
		if cpuTime() > d.deadline {
			return 1
		}
		return 0
	}
	d.keep = []any{authorize, progress}
	sqlite3.Xsqlite3_set_authorizer(d.tls, d.db, callback(authorize), 0)
	sqlite3.Xsqlite3_progress_handler(d.tls, d.db, often, callback(progress), 0)
}

// callback returns a function as SQLite, translated from C, calls it. Who passes it on keeps the function alive.
func callback[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }

// script runs statements one after the other and forgets their rows.
func (d *database) script(text string) error {
	zero := d.text(text)
	defer libc.Xfree(d.tls, zero)
	for next := zero; ; {
		stmt, tail, err := d.prepare(next)
		if err != nil {
			return located(err, text, int(next-zero))
		}
		if stmt == 0 && libc.GoString(tail) == "" {
			return nil
		}
		if stmt != 0 {
			_, err = d.rows(stmt)
			sqlite3.Xsqlite3_finalize(d.tls, stmt)
		}
		if err != nil {
			return located(err, text, int(next-zero))
		}
		next = tail
	}
}

// located gives the error of a statement that begins at an offset of a text its place in that text: where SQLite names
// none, the start of the statement.
func located(err error, text string, from int) error {
	var e *sqlError
	if !errors.As(err, &e) || e.code == sqlite3.SQLITE_TOOBIG {
		return err
	}
	rest := text[from:]
	e.offset = from + max(e.offset, len(rest)-len(strings.TrimLeft(rest, " \t\r\n")))
	return err
}

// query runs one statement and returns its rows.
func (d *database) query(text string) (quiz.Table, error) {
	zero := d.text(text)
	defer libc.Xfree(d.tls, zero)
	stmt, err := d.only(zero)
	if err != nil {
		return quiz.Table{}, err
	}
	defer sqlite3.Xsqlite3_finalize(d.tls, stmt)
	return d.rows(stmt)
}

// only prepares a text that must hold exactly one statement.
func (d *database) only(text uintptr) (uintptr, error) {
	stmt, tail, err := d.prepare(text)
	if err != nil {
		return 0, err
	}
	for stmt == 0 { // a semicolon or a comment
		if libc.GoString(tail) == "" {
			return 0, &quiz.Refusal{Refused: quiz.Empty}
		}
		if stmt, tail, err = d.prepare(tail); err != nil {
			return 0, err
		}
	}
	for libc.GoString(tail) != "" {
		var second uintptr
		second, tail, err = d.prepare(tail)
		if second != 0 {
			sqlite3.Xsqlite3_finalize(d.tls, second)
		}
		if second != 0 || err != nil {
			sqlite3.Xsqlite3_finalize(d.tls, stmt)
			return 0, &quiz.Refusal{Refused: quiz.Several}
		}
	}
	return stmt, nil
}

// prepare compiles the first statement of a text; 0 when there is only a comment. Tail is what follows.
func (d *database) prepare(text uintptr) (stmt, tail uintptr, err error) {
	outStmt, outTail := d.pointer(), d.pointer()
	defer libc.Xfree(d.tls, outStmt)
	defer libc.Xfree(d.tls, outTail)
	if rc := sqlite3.Xsqlite3_prepare_v2(d.tls, d.db, text, -1, outStmt, outTail); rc != sqlite3.SQLITE_OK {
		return 0, 0, d.fault(rc)
	}
	return libc.AtomicLoadPUintptr(outStmt), libc.AtomicLoadPUintptr(outTail), nil
}

// rows runs a prepared statement to its end.
func (d *database) rows(stmt uintptr) (quiz.Table, error) {
	t := quiz.Table{}
	columns := sqlite3.Xsqlite3_column_count(d.tls, stmt)
	for i := range columns {
		t.Columns = append(t.Columns, libc.GoString(sqlite3.Xsqlite3_column_name(d.tls, stmt, i)))
	}
	size := 0
	for {
		switch rc := sqlite3.Xsqlite3_step(d.tls, stmt); rc {
		case sqlite3.SQLITE_DONE:
			t.Total = len(t.Rows)
			return t, nil
		case sqlite3.SQLITE_ROW:
		default:
			return t, d.fault(rc)
		}
		if len(t.Rows) == MaxRows {
			return t, &quiz.Refusal{Refused: quiz.TooMany}
		}
		row := make([]quiz.Cell, columns)
		for i := range row {
			row[i] = d.cell(stmt, int32(i))
			size += len(row[i].Text) + 1
		}
		if size > MaxBytes {
			return t, &quiz.Refusal{Refused: quiz.TooLarge}
		}
		t.Rows = append(t.Rows, row)
	}
}

func (d *database) cell(stmt uintptr, i int32) quiz.Cell {
	switch sqlite3.Xsqlite3_column_type(d.tls, stmt, i) {
	case sqlite3.SQLITE_NULL:
		return quiz.Cell{Type: quiz.Null}
	case sqlite3.SQLITE_INTEGER:
		return quiz.Cell{Type: quiz.Integer, Text: strconv.FormatInt(sqlite3.Xsqlite3_column_int64(d.tls, stmt, i), 10)}
	case sqlite3.SQLITE_FLOAT:
		return quiz.Cell{Type: quiz.Real, Text: realText(sqlite3.Xsqlite3_column_double(d.tls, stmt, i))}
	case sqlite3.SQLITE_BLOB:
		p := sqlite3.Xsqlite3_column_blob(d.tls, stmt, i)
		return quiz.Cell{Type: quiz.Blob, Text: hex.EncodeToString(d.bytes(p, stmt, i))}
	default:
		p := sqlite3.Xsqlite3_column_text(d.tls, stmt, i)
		return quiz.Cell{Type: quiz.Chars, Text: validText(d.bytes(p, stmt, i))}
	}
}

// bytes copies the text or blob at p, which is that of a column.
func (d *database) bytes(p, stmt uintptr, i int32) []byte {
	n := sqlite3.Xsqlite3_column_bytes(d.tls, stmt, i)
	if p == 0 || n == 0 {
		return nil
	}
	return libc.GoBytes(p, int(n))
}

// fault returns what SQLite says about a result code that is not OK.
func (d *database) fault(rc int32) error {
	return &sqlError{
		code:   rc & 0xff, // without what extends it
		text:   libc.GoString(sqlite3.Xsqlite3_errmsg(d.tls, d.db)),
		offset: int(sqlite3.Xsqlite3_error_offset(d.tls, d.db)),
	}
}

// text returns a copy of a text as SQLite takes it.
func (d *database) text(s string) uintptr {
	p, err := libc.CString(s)
	if err != nil {
		panic(fmt.Sprintf("sandbox: no memory for %d bytes: %v", len(s), err))
	}
	return p
}

// pointer returns room for one pointer, set to 0.
func (d *database) pointer() uintptr { return libc.Xcalloc(d.tls, 1, pointerSize) }
