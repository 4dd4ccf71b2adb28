package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"
)

// Conditions of copying.
var (
	// ErrHalfCopied is returned by Open for a database that a copy was begun to and not finished.
	ErrHalfCopied = errors.New("a copy to this database was not finished; run it again, or begin with an empty database")
	// ErrNotEmpty is returned by Copy when the database to copy to holds something that is no interrupted copy.
	ErrNotEmpty = errors.New("the database to copy to is not empty")
	// ErrCopyDiffers is returned by Copy when the copy is not the same as what was copied.
	ErrCopyDiffers = errors.New("the copy differs; nothing may write to either database meanwhile: begin again with an empty database")
)

// copyMark is a table that stands in a database as long as a copy to it is not finished.
const copyMark = "unfinished_copy"

// copyChunk is how many rows are written in one transaction.
const copyChunk = 500

// table is a table as a database describes it.
type table struct {
	name    string
	columns []column
	key     []string // columns of the primary key, in its order
}

type column struct {
	name     string
	kind     string // of the engine's types
	nullable bool
}

func (t table) names() string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

func (t table) keyNames() string { return strings.Join(t.key, ", ") }

// TableSum is what a table holds: two tables with the same rows have the same sum, whatever the engine.
type TableSum struct {
	Table string
	Rows  int
	Hash  [sha256.Size]byte
}

// Copy copies all tables to a database that was opened with Options.Copy, and compares the two afterwards, by the number
// of rows and a hash of the contents of each table. When it is interrupted, another call goes on where it ended. No
// server may be using either database. Report is told about each chunk: what is done, and how many of how many rows.
func Copy(ctx context.Context, from, to *Store, report func(what string, done, total int)) ([]TableSum, error) {
	var sums []TableSum
	err := from.View(ctx, func(tx *Tx) error {
		tables, err := to.tables(ctx)
		if err != nil {
			return err
		}
		c := &copier{ctx: ctx, from: tx, to: to, report: report}
		if err := c.begin(tables); err != nil {
			return err
		}
		for _, t := range tables {
			if err := c.copyTable(t); err != nil {
				return fmt.Errorf("copy table %s: %w", t.name, err)
			}
		}
		if sums, err = c.compare(tables); err != nil {
			return err
		}
		if err := errors.Join(from.stillAlone(ctx), to.stillAlone(ctx)); err != nil {
			return err
		}
		return to.endCopy(ctx, tables)
	})
	return sums, err
}

type copier struct {
	ctx    context.Context
	from   *Tx
	to     *Store
	report func(string, int, int)
	done   int
	total  int
}

// begin counts the rows and marks the destination.
func (c *copier) begin(tables []table) error {
	for _, t := range tables {
		var n int
		if err := c.from.row("SELECT count(*) FROM "+t.name, nil, &n); err != nil {
			return fmt.Errorf("count table %s: %w", t.name, err)
		}
		c.total += n
	}
	c.total *= 3 // each row is copied, and read on both sides to compare
	return c.to.UpdateAlone(c.ctx, func(tx *Tx) error {
		if marked, err := c.to.hasTable(tx, copyMark); err != nil || marked {
			return err
		}
		for _, t := range tables {
			var n int
			if err := tx.row("SELECT count(*) FROM (SELECT 1 FROM "+t.name+" LIMIT 1) AS any_row", nil, &n); err != nil {
				return err
			}
			if n > 0 {
				return fmt.Errorf("%w: table %s", ErrNotEmpty, t.name)
			}
		}
		return tx.exec("CREATE TABLE " + copyMark + " (begun INTEGER)")
	})
}

// copyTable copies the rows after the last one that the destination has: rows are copied in the order of their key.
func (c *copier) copyTable(t table) error {
	var last []any
	err := c.to.View(c.ctx, func(tx *Tx) error {
		var have int
		if err := tx.row("SELECT count(*) FROM "+t.name, nil, &have); err != nil {
			return err
		}
		c.done += have
		query := "SELECT " + t.keyNames() + " FROM " + t.name + " ORDER BY " + strings.Join(t.key, " DESC, ") + " DESC LIMIT 1"
		return tx.rows(query, nil, func(row scanner) (err error) {
			last, err = scanValues(row, len(t.key))
			return err
		})
	})
	for err == nil {
		if err = c.ctx.Err(); err != nil {
			return err
		}
		var chunk [][]any
		if chunk, err = c.from.chunk(t, last); err != nil || len(chunk) == 0 {
			return err
		}
		if err = c.put(t, chunk); err == nil {
			last = t.keyOf(chunk[len(chunk)-1])
			c.done += len(chunk)
			c.report("copying "+t.name, c.done, c.total)
		}
	}
	return err
}

// put writes rows. Those that are there are left alone: the same chunk may have been written without a confirmation.
func (c *copier) put(t table, rows [][]any) error {
	return c.to.Update(c.ctx, func(tx *Tx) error {
		query := "INSERT INTO " + t.name + " (" + t.names() + ") VALUES " + tx.places(len(rows), len(t.columns)) + " ON CONFLICT DO NOTHING"
		return tx.exec(query, slices.Concat(rows...)...)
	})
}

// compare returns the sums of all tables, which must be the same on both sides.
func (c *copier) compare(tables []table) ([]TableSum, error) {
	var sums []TableSum
	for _, t := range tables {
		count := func(n int) {
			c.done += n
			c.report("verifying "+t.name, min(c.done, c.total), c.total)
		}
		want, err := c.from.sum(t, count)
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", t.name, err)
		}
		var got TableSum
		err = c.to.View(c.ctx, func(tx *Tx) (err error) {
			got, err = tx.sum(t, count)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read the copy of table %s: %w", t.name, err)
		}
		if got != want {
			return nil, fmt.Errorf("%w: table %s has %d rows with hash %x, its copy %d with %x", ErrCopyDiffers, t.name, want.Rows,
				want.Hash[:8], got.Rows, got.Hash[:8])
		}
		sums = append(sums, got)
	}
	return sums, nil
}

// chunk returns the next rows after a key, nil for the first ones.
func (tx *Tx) chunk(t table, after []any) ([][]any, error) {
	query, where := "SELECT "+t.names()+" FROM "+t.name, ""
	if after != nil {
		var places []string
		for i := range after {
			places = append(places, fmt.Sprintf("$%d", i+1))
		}
		where = " WHERE (" + t.keyNames() + ") > (" + strings.Join(places, ", ") + ")"
	}
	query += where + " ORDER BY " + t.keyNames() + fmt.Sprintf(" LIMIT %d", copyChunk)
	var rows [][]any
	err := tx.rows(query, after, func(row scanner) error {
		values, err := scanValues(row, len(t.columns))
		rows = append(rows, values)
		return err
	})
	return rows, err
}

func (t table) keyOf(row []any) []any {
	var key []any
	for _, name := range t.key {
		for i, c := range t.columns {
			if c.name == name {
				key = append(key, row[i])
			}
		}
	}
	return key
}

func scanValues(row scanner, n int) ([]any, error) {
	values, dest := make([]any, n), make([]any, n)
	for i := range values {
		dest[i] = &values[i]
	}
	return values, row.Scan(dest...)
}

// sum hashes the rows of a table in the order of their key. Read is told of the rows read.
func (tx *Tx) sum(t table, read func(int)) (TableSum, error) {
	sum, digest := TableSum{Table: t.name}, sha256.New()
	for last := []any(nil); ; {
		rows, err := tx.chunk(t, last)
		if err != nil || len(rows) == 0 {
			digest.Sum(sum.Hash[:0])
			return sum, err
		}
		for _, row := range rows {
			for i, v := range row {
				if err := hashValue(digest, v); err != nil {
					return sum, fmt.Errorf("column %s: %w", t.columns[i].name, err)
				}
			}
		}
		sum.Rows += len(rows)
		last = t.keyOf(rows[len(rows)-1])
		read(len(rows))
	}
}

// hashValue adds a value to a hash: its kind, its length and itself.
func hashValue(h hash.Hash, value any) error {
	var kind byte
	var data []byte
	switch v := value.(type) {
	case nil:
		kind = '0'
	case int64:
		kind, data = 'i', binary.BigEndian.AppendUint64(nil, uint64(v))
	case float64:
		kind, data = 'f', binary.BigEndian.AppendUint64(nil, math.Float64bits(v))
	case string:
		kind, data = 't', []byte(v)
	case []byte:
		kind, data = 'b', v
	default:
		return fmt.Errorf("a value of type %T", value)
	}
	head := binary.BigEndian.AppendUint64([]byte{kind}, uint64(len(data)))
	h.Write(head)
	h.Write(data)
	return nil
}

func (s *Store) hasTable(tx *Tx, name string) (bool, error) {
	query := `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`
	if s.pg != nil {
		query = `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1`
	}
	var n int
	err := tx.row(query, []any{name}, &n)
	return n > 0, err
}

// refuseHalfCopied returns ErrHalfCopied for a database that a copy was begun to.
func (s *Store) refuseHalfCopied(ctx context.Context) error {
	return s.View(ctx, func(tx *Tx) error {
		half, err := s.hasTable(tx, copyMark)
		if err == nil && half {
			return ErrHalfCopied
		}
		return err
	})
}

// endCopy makes a database ready for use: new keys come after those that were copied, and the search knows all words.
func (s *Store) endCopy(ctx context.Context, tables []table) error {
	return s.UpdateAlone(ctx, func(tx *Tx) error {
		for _, t := range tables {
			if s.pg == nil || len(t.key) != 1 || t.key[0] != "id" { // SQLite takes the next key by itself
				continue
			}
			if err := tx.exec(setNextKey(t.name)); err != nil {
				return err
			}
		}
		if s.pg == nil {
			if err := tx.exec(`INSERT INTO search_index (search_index) VALUES ('rebuild')`); err != nil {
				return err
			}
		}
		return tx.exec("DROP TABLE IF EXISTS " + copyMark)
	})
}

// tables describes the tables of the database in the order in which they were made: what is referred to comes first.
func (s *Store) tables(ctx context.Context) ([]table, error) {
	query := sqliteColumns
	if s.pg != nil {
		query = postgresColumns
	}
	rows, err := s.readers.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("describe the tables: %w", err)
	}
	defer rows.Close()
	return scanTables(rows)
}

// scanTables reads rows of table, column, type, whether it may be NULL, and place in the primary key (from 1, 0: none).
func scanTables(rows *sql.Rows) ([]table, error) {
	var tables []table
	keys := map[string]map[int]string{}
	for rows.Next() {
		var (
			name  string
			c     column
			place int
		)
		if err := rows.Scan(&name, &c.name, &c.kind, &c.nullable, &place); err != nil {
			return nil, err
		}
		if len(tables) == 0 || tables[len(tables)-1].name != name {
			tables = append(tables, table{name: name})
			keys[name] = map[int]string{}
		}
		t := &tables[len(tables)-1]
		t.columns = append(t.columns, c)
		if place > 0 {
			keys[name][place] = c.name
		}
	}
	for i := range tables {
		t := &tables[i]
		for place := 1; place <= len(keys[t.name]); place++ {
			t.key = append(t.key, keys[t.name][place])
		}
	}
	return tables, rows.Err()
}
