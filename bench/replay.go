package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver of the program
)

// replay is what c/replay.c does, with the driver that the program uses: it prints how many seconds the statements of a
// trace take, in batches of 64 answers.
func replay(ctx context.Context, database, trace string) error {
	file, err := os.Open(trace)
	if err != nil {
		return err
	}
	defer file.Close()
	statements, steps, err := readTrace(bufio.NewReader(file))
	if err != nil {
		return err
	}
	const pragmas = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=secure_delete(ON)"
	db, err := sql.Open("sqlite", "file:"+database+pragmas)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	start := time.Now()
	if err := runAll(ctx, conn, statements, steps); err != nil {
		return err
	}
	fmt.Printf("%.3f\n", time.Since(start).Seconds())
	return nil
}

// step is a statement of a trace with its arguments.
type step struct {
	statement int
	args      []any
}

func runAll(ctx context.Context, conn *sql.Conn, statements []string, steps []step) error {
	const batch = 64
	prepared := make([]*sql.Stmt, len(statements))
	for i, text := range statements {
		stmt, err := conn.PrepareContext(ctx, text)
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		defer stmt.Close()
		prepared[i] = stmt
	}
	answers, begun := 0, false
	exec := func(text string) error { _, err := conn.ExecContext(ctx, text); return err }
	for _, s := range steps {
		if !begun {
			if err := exec("BEGIN IMMEDIATE"); err != nil {
				return err
			}
			begun = true
		}
		if err := runOne(ctx, prepared[s.statement], statements[s.statement], s.args); err != nil {
			return fmt.Errorf("%s: %w", statements[s.statement], err)
		}
		if !strings.Contains(statements[s.statement], "INSERT INTO evidence") {
			continue
		}
		if answers++; answers%batch == 0 {
			begun = false
			if err := exec("COMMIT"); err != nil {
				return err
			}
		}
	}
	if begun {
		return exec("COMMIT")
	}
	return nil
}

// runOne runs a statement and looks at none of its values, as little as a loop can do.
func runOne(ctx context.Context, stmt *sql.Stmt, text string, args []any) error {
	if !strings.HasPrefix(strings.TrimSpace(text), "SELECT") && !strings.Contains(text, "RETURNING") {
		_, err := stmt.ExecContext(ctx, args...)
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// readTrace reads what bench/record wrote.
func readTrace(in *bufio.Reader) (statements []string, steps []step, err error) {
	for {
		var kind string
		switch _, err := fmt.Fscan(in, &kind); {
		case err == io.EOF:
			return statements, steps, nil
		case err != nil:
			return nil, nil, err
		}
		if kind == "S" {
			text, err := readBytes(in)
			if err != nil {
				return nil, nil, err
			}
			statements = append(statements, string(text))
			continue
		}
		var s step
		var count int
		if _, err := fmt.Fscan(in, &s.statement, &count); err != nil {
			return nil, nil, err
		}
		for range count {
			arg, err := readArg(in)
			if err != nil {
				return nil, nil, err
			}
			s.args = append(s.args, arg)
		}
		steps = append(steps, s)
	}
}

func readArg(in *bufio.Reader) (any, error) {
	var kind string
	if _, err := fmt.Fscan(in, &kind); err != nil {
		return nil, err
	}
	switch kind {
	case "n":
		return nil, nil
	case "i":
		var v int64
		_, err := fmt.Fscan(in, &v)
		return v, err
	case "r":
		var v float64
		_, err := fmt.Fscan(in, &v)
		return v, err
	}
	text, err := readBytes(in)
	if kind == "t" {
		return string(text), err
	}
	return text, err
}

// readBytes reads a length, the end of its line, and that many bytes.
func readBytes(in *bufio.Reader) ([]byte, error) {
	var n int
	if _, err := fmt.Fscan(in, &n); err != nil {
		return nil, err
	}
	if _, err := in.ReadByte(); err != nil {
		return nil, err
	}
	text := make([]byte, n)
	_, err := io.ReadFull(in, text)
	return text, err
}

// count returns how many rows a query counts in a database that nobody has open.
func count(ctx context.Context, database, query string) (n int, err error) {
	return countIn(ctx, "sqlite", "file:"+database, query)
}

// countIn is count in a database of any driver.
func countIn(ctx context.Context, driver, database, query string) (n int, err error) {
	db, err := sql.Open(driver, database)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}
