// The files sql*.go, child.go and pool.go run what must not run in the serving process: the statements that candidates
// send.
//
// A Pool keeps a few child processes of this same program (server sandbox). Each takes one Request at a time over its
// standard input, builds a fresh in-memory database from the author's Setup, runs the statement there and writes the
// Outcome to its standard output. A child has no environment, no files, no network, and knows nothing of the store. What
// holds it back, from the inside out:
//
//   - SQLite's authorizer allows reading, and for questions that write changing the exercise's own tables and making an
//     index: no ATTACH, PRAGMA, transaction, temporary table, extension, virtual table or second statement is ever prepared;
//   - the database is query_only once it is built, unless the question writes;
//   - SQLite's own limits bound the length of values, the depth of expressions, columns, terms and triggers, and 32 MiB of heap;
//   - a progress handler ends a statement after 250 ms of processor time (on a busy machine a clock would stop statements that
//     do nothing wrong), and rows and bytes of the result are counted;
//   - a watchdog ends the child when a single function runs on past that;
//   - the kernel (on Linux) bounds its address space and files, and lets everything else go first;
//   - the parent kills a child that has not answered after five seconds by the clock, and starts another.
//
// What a statement came to is never an error of this package: that SQLite refuses it is part of the Outcome. quiz.Refusal says
// that a statement may not run or was stopped, and is nothing to be marked; ErrBusy and ErrBroken are no fault of the statement.
package sandbox

import (
	"errors"
	"time"

	"rehearse/quiz"
)

// The limits of one request.
const (
	StatementTime = 250 * time.Millisecond // processor time of the statement, and of a check after it
	setupTime     = 250 * time.Millisecond // processor time of the author's data set
	spareTime     = 50 * time.Millisecond  // from there to the watchdog
	parentTime    = 5 * time.Second        // from there on, by the clock, the parent kills
	MaxRows       = 10_000
	MaxBytes      = 1 << 20  // of all values of a result together
	maxHeap       = 32 << 20 // bytes, for everything that SQLite keeps
	maxValue      = 1 << 20  // bytes, of one text or blob
)

// Request is one statement to be run on one data set.
type Request struct {
	Setup     string `json:"setup"`
	Statement string `json:"statement"`
	Check     string `json:"check,omitempty"`   // when the question writes: the query whose rows are the result
	Plan      bool   `json:"plan,omitempty"`    // explain the plan of the query whose rows are the result
	Reverse   bool   `json:"reverse,omitempty"` // read tables backwards where no order is asked for
}

// Outcome is what a statement came to. Exactly one of Table, Error and Refused counts.
type Outcome struct {
	Table   quiz.Table       `json:"table"`
	Plan    []quiz.PlanStep  `json:"plan,omitempty"`
	Error   *quiz.QueryError `json:"error,omitempty"`
	Where   Stage            `json:"where,omitempty"`   // of Error and Refused
	Refused quiz.Refused     `json:"refused,omitempty"` // "" when it ran to its end
}

// Stage is a part of a request.
type Stage string

// The stages.
const (
	InSetup     Stage = "setup"
	InStatement Stage = "statement"
	InCheck     Stage = "check"
)

// Conditions that are no fault of a statement.
var (
	// ErrBusy is returned when too many statements wait.
	ErrBusy = errors.New("the sandbox is busy")
	// ErrBroken is returned when no child can be started or reached.
	ErrBroken = errors.New("the sandbox does not work")
	// ErrQuestion is returned when it is the author's part of a question that does not run.
	ErrQuestion = errors.New("the question cannot be run")
)
