package storetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Scans returns, for a statement of package store, the tables among those given that the current engine would read from
// one end to the other to answer it: every plan that does not begin at a place in an index.
func Scans(ctx context.Context, db *sql.DB, statement string, tables []string) ([]string, error) {
	plan := sqliteScans
	if current == Postgres {
		plan = postgresScans
	}
	found, err := plan(ctx, db, numbered(statement), tables)
	if err != nil {
		return nil, fmt.Errorf("plan of %s: %w", strings.Join(strings.Fields(statement), " "), err)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

var named = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?`)

// sqliteScans asks SQLite, which calls tables by the names that the statement gives them.
func sqliteScans(ctx context.Context, db *sql.DB, statement string, tables []string) ([]string, error) {
	table := map[string]string{}
	for _, m := range named.FindAllStringSubmatch(statement, -1) {
		if slices.Contains(tables, m[1]) {
			table[m[1]], table[m[2]] = m[1], m[1]
		}
	}
	args := make([]any, places(statement))
	rows, err := db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		words := strings.Fields(detail)
		if words[0] == "SCAN" && table[words[1]] != "" {
			found = append(found, table[words[1]])
		}
	}
	return found, rows.Err()
}

// postgresScans asks PostgreSQL for a plan that is good for any arguments, without what it would rather do as long as
// tables are small.
func postgresScans(ctx context.Context, db *sql.DB, statement string, tables []string) ([]string, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for _, query := range []string{
		"SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan", "PREPARE planned AS " + statement,
	} {
		if _, err := conn.ExecContext(ctx, query); err != nil {
			return nil, err
		}
	}
	defer func() { _, _ = conn.ExecContext(ctx, "DEALLOCATE planned") }()
	execute := "EXPLAIN (FORMAT JSON) EXECUTE planned"
	if n := places(statement); n > 0 {
		execute += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"
	}
	var text []byte
	if err := conn.QueryRowContext(ctx, execute, pgx.QueryExecModeSimpleProtocol).Scan(&text); err != nil {
		return nil, err
	}
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal(text, &plans); err != nil {
		return nil, err
	}
	return plans[0].Plan.scans("", tables), nil
}

type planNode struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Cond     string `json:"Index Cond"`
	Plans    []planNode
}

func (n planNode) scans(relation string, tables []string) (found []string) {
	if n.Relation != "" { // a bitmap scan of an index does not say of which table
		relation = n.Relation
	}
	whole := n.Type == "Seq Scan" || strings.Contains(n.Type, "Index") && n.Cond == ""
	if whole && slices.Contains(tables, relation) {
		found = append(found, relation)
	}
	for _, child := range n.Plans {
		found = append(found, child.scans(relation, tables)...)
	}
	return found
}

// numbered returns a statement with numbers for places that have none (see Tx.places).
func numbered(statement string) string {
	parts := strings.Split(statement, "?")
	for i := range parts[1:] {
		parts[i] += fmt.Sprintf("$%d", i+1)
	}
	return strings.Join(parts, "")
}

var place = regexp.MustCompile(`\$\d+`)

// places returns how many arguments a statement takes.
func places(statement string) (n int) {
	for _, p := range place.FindAllString(statement, -1) {
		var i int
		_, _ = fmt.Sscanf(p, "$%d", &i) // matches
		n = max(n, i)
	}
	return n
}
