package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// direct runs prepared statements on the driver's connection, without database/sql between. That serves many goroutines on
// many connections; the writer is one goroutine on one, and paid for it as much as for the statements themselves.
type direct struct {
	conn driver.Conn         // inside of on
	args []driver.NamedValue // of the statement at hand

	mu    sync.Mutex // for stmts, against texts
	stmts map[string]*directStmt
}

// directStmt is a prepared statement, with room for one of its rows.
type directStmt struct {
	driverStmt
	row directRow
}

type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func newDirect() *direct { return &direct{stmts: map[string]*directStmt{}} }

// on calls do, which runs statements on a connection.
func (d *direct) on(conn *sql.Conn, do func()) error {
	return conn.Raw(func(c any) error {
		d.conn = c.(driver.Conn)
		defer func() {
			d.conn = nil
			clear(d.args[:cap(d.args)]) // they can be large
		}()
		do()
		return nil
	})
}

func (d *direct) prepare(query string) (*directStmt, error) {
	if s, ok := d.stmts[query]; ok {
		return s, nil
	}
	stmt, err := d.conn.Prepare(byPlace(query))
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	s := &directStmt{driverStmt: stmt.(driverStmt)}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stmts[query] = s
	return s, nil
}

// texts returns the texts of all statements.
func (d *direct) texts() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Collect(maps.Keys(d.stmts))
}

// dropLarge closes the statements of many rows, which keep what they were run with.
func (d *direct) dropLarge() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for query, s := range d.stmts {
		if strings.Count(query, "?") > manyRows {
			delete(d.stmts, query)
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

// Close closes the statements.
func (d *direct) Close() error {
	var errs []error
	for _, s := range d.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// begin prepares a statement and its arguments.
func (d *direct) begin(query string, args []any) (*directStmt, error) {
	s, err := d.prepare(query)
	if err != nil {
		return nil, err
	}
	d.args = d.args[:0]
	for i, arg := range args {
		switch v := arg.(type) {
		case nil, int64, float64, string, []byte: // what the driver takes
		case int:
			arg = int64(v)
		default:
			if arg, err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
				return nil, fmt.Errorf("argument %d: %w", i+1, err)
			}
		}
		d.args = append(d.args, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return s, nil
}

func (d *direct) exec(ctx context.Context, query string, args []any) (int64, error) {
	s, err := d.begin(query, args)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(ctx, d.args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (d *direct) each(ctx context.Context, query string, args []any, scan func(scanner) error) error {
	s, err := d.begin(query, args)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, d.args)
	if err != nil {
		return err
	}
	defer rows.Close()
	if s.row == nil {
		s.row = make(directRow, len(rows.Columns()))
	}
	for {
		if err := rows.Next(s.row); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := scan(s.row); err != nil {
			return err
		}
	}
}

// directRow is a row as the driver gives it.
type directRow []driver.Value

// Scan does what that of sql.Rows does, for the types that this package scans into.
func (r directRow) Scan(dest ...any) error { return assignAll(dest, r) }

func assignAll[V any](dest []any, row []V) error {
	if len(dest) != len(row) {
		return fmt.Errorf("%d columns are scanned into %d values", len(row), len(dest))
	}
	for i, d := range dest {
		if err := assign(d, row[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func assign(dest any, value driver.Value) error {
	switch d := dest.(type) {
	case sql.Scanner:
		return d.Scan(value)
	case *int64:
		if n, ok := value.(int64); ok {
			*d = n
			return nil
		}
	case *int:
		if n, ok := value.(int64); ok {
			*d = int(n)
			return nil
		}
	case *string:
		if s, ok := value.(string); ok {
			*d = s
			return nil
		}
	case *[]byte:
		if b, ok := value.([]byte); ok {
			*d = b
			return nil
		}
	case *bool:
		switch v := value.(type) {
		case int64:
			if v>>1 == 0 {
				*d = v == 1
				return nil
			}
		case bool: // of PostgreSQL
			*d = v
			return nil
		}
	default:
		if assignKind(reflect.ValueOf(dest).Elem(), value) {
			return nil
		}
	}
	return fmt.Errorf("%T %v does not fit into %T", value, value, dest)
}

// assignKind assigns to a value of another type with the same kind; false when it does not fit.
func assignKind(to reflect.Value, value driver.Value) bool {
	switch v := value.(type) {
	case int64:
		if ok := to.CanInt() && !to.OverflowInt(v); ok {
			to.SetInt(v)
			return true
		}
	case float64:
		if to.CanFloat() {
			to.SetFloat(v)
			return true
		}
	case string:
		if to.Kind() == reflect.String {
			to.SetString(v)
			return true
		}
	}
	return false
}
