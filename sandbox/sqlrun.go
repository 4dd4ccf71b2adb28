package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	sqlite3 "modernc.org/sqlite/lib"

	"rehearse/quiz"
)

// execute carries a request out. It runs in the child. Allow is told how long the next stage may take: what holds the
// child from outside begins anew.
func execute(r Request, allow func(time.Duration)) Outcome {
	d, err := openDatabase()
	if err != nil {
		return Outcome{Error: &quiz.QueryError{Text: err.Error()}, Where: InSetup}
	}
	defer d.close()
	var out Outcome
	stage := func(where Stage, text string, limit time.Duration, run func() error) bool {
		d.deadline = cpuTime() + limit
		allow(limit)
		err := run()
		if err != nil {
			out = Outcome{Where: where}
			out.Error, out.Refused = d.verdict(err, text)
		}
		return err == nil
	}
	query := func(text string, mode guardMode, explained bool) func() error {
		return func() (err error) {
			d.guard.set(mode)
			if r.Plan && explained {
				if out.Plan, err = d.plan(text); err != nil {
					return err
				}
			}
			out.Table, err = d.query(text)
			return err
		}
	}
	if !stage(InSetup, r.Setup, setupTime, func() error { return d.build(r) }) {
		return out
	}
	if r.Check == "" {
		stage(InStatement, r.Statement, StatementTime, query(r.Statement, querying, true))
		return out
	}
	if stage(InStatement, r.Statement, StatementTime, query(r.Statement, writing, false)) {
		stage(InCheck, r.Check, StatementTime, query(r.Check, querying, true))
	}
	return out
}

// build makes the data set and locks it.
func (d *database) build(r Request) error {
	d.guard.set(ourselves)
	if err := d.script("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON"); err != nil {
		return err
	}
	d.guard.set(building)
	if err := d.script(r.Setup); err != nil {
		return err
	}
	d.guard.set(ourselves)
	lock := ""
	if r.Check == "" {
		lock += "PRAGMA query_only = ON;"
	}
	if r.Reverse {
		lock += "PRAGMA reverse_unordered_selects = ON;"
	}
	return d.script(lock)
}

// verdict tells what SQLite has against a statement from what the sandbox has against it.
func (d *database) verdict(err error, statement string) (*quiz.QueryError, quiz.Refused) {
	var refusal *quiz.Refusal
	if errors.As(err, &refusal) {
		return nil, refusal.Refused
	}
	var e *sqlError
	if !errors.As(err, &e) {
		return &quiz.QueryError{Text: err.Error()}, ""
	}
	switch {
	case d.guard.denied:
		return nil, quiz.Forbidden
	case e.code == sqlite3.SQLITE_INTERRUPT:
		return nil, quiz.TooLong
	case e.code == sqlite3.SQLITE_NOMEM:
		return nil, quiz.TooHungry
	case e.code == sqlite3.SQLITE_TOOBIG && e.offset < 0:
		return nil, quiz.TooLarge
	case e.code == sqlite3.SQLITE_READONLY:
		return nil, quiz.Forbidden
	}
	q := &quiz.QueryError{Text: e.text}
	q.Line, q.Col = place(statement, e.offset)
	return q, ""
}

// place returns the line and column, in characters, of a byte of a text; 0, 0 when it is not in there.
func place(text string, offset int) (line, col int) {
	if offset < 0 || offset > len(text) {
		return 0, 0
	}
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// plan explains how a query is carried out.
func (d *database) plan(text string) ([]quiz.PlanStep, error) {
	lines, err := d.query("EXPLAIN QUERY PLAN " + text)
	if err != nil {
		return nil, shifted(err, len("EXPLAIN QUERY PLAN "))
	}
	code, err := d.query("EXPLAIN " + text)
	if err != nil {
		return nil, shifted(err, len("EXPLAIN "))
	}
	return planSteps(lines, readsWhole(code)), nil
}

// shifted moves the place of an error back by what was put before the statement.
func shifted(err error, by int) error {
	var e *sqlError
	if errors.As(err, &e) && e.offset >= by {
		e.offset -= by
	}
	return err
}

// planSteps reads the rows of EXPLAIN QUERY PLAN: id, parent, unused, text. A scan is marked only when there is one of a
// table or an index at all: what is read from a subquery is named like a table.
func planSteps(lines quiz.Table, scans bool) []quiz.PlanStep {
	depth := map[string]int{}
	var steps []quiz.PlanStep
	var made []string // subqueries that are computed first
	for _, row := range lines.Rows {
		id, parent, text := row[0].Text, row[1].Text, row[3].Text
		depth[id] = depth[parent] + 1
		for _, how := range []string{"CO-ROUTINE ", "MATERIALIZE "} {
			if name, ok := strings.CutPrefix(text, how); ok {
				made = append(made, name)
			}
		}
		steps = append(steps, quiz.PlanStep{Depth: depth[id] - 1, Text: text, Scan: scans && isScan(text, made)})
	}
	return steps
}

// isScan reports whether a line of a plan is a scan of a table or an index. SQLite calls min and max over a column without
// an index a search, which then uses nothing.
func isScan(text string, made []string) bool {
	if strings.HasPrefix(text, "SEARCH ") {
		return !strings.Contains(text, " USING ")
	}
	name, scan := strings.CutPrefix(text, "SCAN ")
	name, _, _ = strings.Cut(name, " ")
	return scan && text != "SCAN CONSTANT ROW" && !slices.Contains(made, name)
}

// readsWhole reports whether a program, as EXPLAIN lists it (addr, opcode, p1, …), walks through a table or index of the
// database from one of its ends.
func readsWhole(code quiz.Table) bool {
	opened, ends := map[string]bool{}, map[string]bool{}
	for _, row := range code.Rows {
		opcode, cursor := row[1].Text, row[2].Text
		switch opcode {
		case "OpenRead", "OpenWrite", "ReopenIdx":
			opened[cursor] = true
		case "Rewind", "Last", "Count":
			ends[cursor] = true
		}
	}
	for cursor := range ends {
		if opened[cursor] {
			return true
		}
	}
	return false
}

// String is for messages to authors.
func (o Outcome) String() string {
	switch {
	case o.Error != nil && o.Error.Line > 0:
		return fmt.Sprintf("%s, line %d column %d: %s", o.Where, o.Error.Line, o.Error.Col, o.Error.Text)
	case o.Error != nil:
		return fmt.Sprintf("%s: %s", o.Where, o.Error.Text)
	case o.Refused != "":
		return fmt.Sprintf("%s: %s", o.Where, (&quiz.Refusal{Refused: o.Refused}).Error())
	}
	return fmt.Sprintf("%d rows", o.Table.Total)
}
