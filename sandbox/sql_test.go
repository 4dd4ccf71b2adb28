package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rehearse/quiz"
	"rehearse/sandbox"
)

func newPool(t testing.TB, size int) *sandbox.Pool {
	t.Helper()
	p, err := sandbox.NewPool(size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

const shop = `
	CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
	CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), total REAL, note BLOB);
	CREATE INDEX orders_customer ON orders (customer_id);
	CREATE VIEW big AS SELECT id FROM orders WHERE total > 100;
	INSERT INTO customers VALUES (1, 'Ada'), (2, 'Linus'), (3, 'Grace');
	INSERT INTO orders VALUES (10, 1, 99.5, x'00ff'), (11, 1, 120, NULL), (12, 3, 7, NULL);`

// text writes a result as one line.
func text(t quiz.Table) string {
	rows := []string{strings.Join(t.Columns, ",")}
	for _, row := range t.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, string(c.Type[:1])+":"+c.Text)
		}
		rows = append(rows, strings.Join(cells, ","))
	}
	return strings.Join(rows, " | ")
}

func TestRun(t *testing.T) {
	p := newPool(t, 1)
	tests := []struct {
		name string
		r    sandbox.Request
		want string
	}{
		{"rows", sandbox.Request{Statement: "SELECT id, name FROM customers ORDER BY id LIMIT 2"}, "id,name | i:1,t:Ada | i:2,t:Linus"},
		{"types", sandbox.Request{Statement: "SELECT total, note, customer_id FROM orders WHERE id = 10"}, "total,note,customer_id | r:99.5,b:00ff,i:1"},
		{"null", sandbox.Request{Statement: "SELECT NULL AS a, '' AS b, x'' AS c, 120.0 AS d, 9e999 AS e"}, "a,b,c,d,e | n:,t:,b:,r:120.0,r:Inf"},
		{"a semicolon and remarks", sandbox.Request{Statement: "-- first\n; /* x */ SELECT 1 AS a ; -- last\n ;"}, "a | i:1"},
		{"nothing found", sandbox.Request{Statement: "SELECT id FROM customers WHERE id = 99"}, "id"},
		{"a view", sandbox.Request{Statement: "SELECT id FROM big"}, "id | i:11"},
		{"json", sandbox.Request{Statement: "SELECT value FROM json_each('[1,2]')"}, "value | i:1 | i:2"},
		{"window", sandbox.Request{Statement: "SELECT id, sum(total) OVER (ORDER BY id) AS s FROM orders WHERE customer_id = 1"}, "id,s | i:10,r:99.5 | i:11,r:219.5"},
		{"recursion", sandbox.Request{Statement: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n"}, "i | i:1 | i:2 | i:3"},
		{"schema", sandbox.Request{Statement: "SELECT count(*) AS n FROM sqlite_schema"}, "n | i:4"},
		{"many rows", sandbox.Request{Statement: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT max(i) AS m FROM (SELECT i FROM n)"}, "m | i:500"},
		{
			"writes", sandbox.Request{
				Statement: "UPDATE orders SET total = total * 2 WHERE customer_id = 1 RETURNING id",
				Check:     "SELECT id, total FROM orders ORDER BY id",
			}, "id,total | i:10,r:199.0 | i:11,r:240.0 | i:12,r:7.0",
		},
		{
			"makes an index", sandbox.Request{
				Statement: "CREATE UNIQUE INDEX i ON orders (total)",
				Check:     "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name",
			}, "name | t:i | t:orders_customer",
		},
		{"backwards", sandbox.Request{Statement: "SELECT id FROM customers", Reverse: true}, "id | i:3 | i:2 | i:1"},
	}
	for _, tt := range tests {
		tt.r.Setup = shop
		out, err := p.Run(context.Background(), tt.r)
		if err != nil || out.Error != nil {
			t.Errorf("%s: %v %v", tt.name, err, out)
			continue
		}
		if got := text(out.Table); got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestRunSaysWhatSQLiteSays(t *testing.T) {
	p := newPool(t, 1)
	tests := []struct {
		name string
		r    sandbox.Request
		want string
	}{
		{"syntax", sandbox.Request{Statement: "SELECT id\nFORM customers"}, `statement, line 2 column 6: near "customers": syntax error`},
		{"column", sandbox.Request{Statement: "SELECT id,\n  'ä', nme FROM customers"}, "statement, line 2 column 8: no such column: nme"},
		{"table", sandbox.Request{Statement: "SELECT id FROM clients"}, "statement: no such table: clients"},
		{"text in double quotes", sandbox.Request{Statement: `SELECT id FROM customers WHERE name = "Ada"`}, `statement, line 1 column 39: no such column: "Ada" - should this be a string literal in single-quotes?`},
		{"incomplete", sandbox.Request{Statement: "SELECT ("}, "statement: incomplete input"},
		{"at run time", sandbox.Request{Statement: "SELECT json('{')"}, "statement: malformed JSON"},
		{"a constraint", sandbox.Request{Statement: "INSERT INTO customers VALUES (1, 'Alan')", Check: "SELECT 1"}, "statement: UNIQUE constraint failed: customers.id"},
		{"a foreign key", sandbox.Request{Statement: "DELETE FROM customers", Check: "SELECT 1"}, "statement: FOREIGN KEY constraint failed"},
		{"with a plan", sandbox.Request{Statement: "SELECT nme FROM customers", Plan: true}, "statement, line 1 column 8: no such column: nme"},
		{"setup", sandbox.Request{Setup: "CREATE TABLE t (a);\nINSERT INTO u VALUES (1)", Statement: "SELECT 1"}, "setup, line 2 column 1: no such table: u"},
		{"check", sandbox.Request{Statement: "DELETE FROM orders", Check: "SELECT x FROM orders"}, "check, line 1 column 8: no such column: x"},
		{"a parameter", sandbox.Request{Statement: "SELECT ?"}, "statement, line 1 column 8: too many SQL variables"},
	}
	for _, tt := range tests {
		if tt.r.Setup == "" {
			tt.r.Setup = shop
		}
		out, err := p.Run(context.Background(), tt.r)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := out.String(); got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// A scan is one of a table or an index, wherever it stands; a search and what is read from a subquery is none.
func TestPlan(t *testing.T) {
	p := newPool(t, 1)
	tests := []struct {
		statement string
		scans     bool
	}{
		{"SELECT id FROM orders WHERE customer_id = 1", false},
		{"SELECT id FROM orders WHERE customer_id + 0 = 1", true},
		{"SELECT * FROM orders WHERE id = 10", false},
		{"SELECT * FROM orders", true},
		{"SELECT customer_id FROM orders ORDER BY customer_id", true}, // all of an index
		{"SELECT count(*) FROM orders", true},
		{"SELECT max(customer_id) FROM orders", false},
		{"SELECT min(total) FROM orders", true},
		{"SELECT o.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = 1", false},
		{"SELECT o.id FROM customers AS c JOIN orders AS o ON o.customer_id = c.id", true},
		{"WITH x AS (SELECT id FROM orders WHERE customer_id = 1 LIMIT 1) SELECT y.id FROM x AS y", false},
		{"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n", false},
		{"WITH x AS MATERIALIZED (SELECT id FROM orders WHERE customer_id = 1) SELECT a.id FROM x AS a, x AS b", false},
		{"SELECT id FROM orders WHERE customer_id IN (1, 2)", false},
		{"SELECT id FROM orders WHERE customer_id = 1 OR id = 3", false},
		{"SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE id > 1)", false},
		{"SELECT 1", false},
	}
	for _, tt := range tests {
		out, err := p.Run(context.Background(), sandbox.Request{Setup: shop, Statement: tt.statement, Plan: true})
		if err != nil || out.Error != nil {
			t.Errorf("%s: %v %v", tt.statement, err, out)
			continue
		}
		if got := quiz.Scans(out.Plan); got != tt.scans || len(out.Plan) == 0 {
			t.Errorf("%s: scans %v, want %v: %+v", tt.statement, got, tt.scans, out.Plan)
		}
	}
}

func TestPlanOfACheck(t *testing.T) {
	p := newPool(t, 1)
	r := sandbox.Request{Setup: shop, Statement: "CREATE INDEX i ON orders (total)", Check: "SELECT id FROM orders WHERE total > 100", Plan: true}
	out, err := p.Run(context.Background(), r)
	if err != nil || len(out.Plan) != 1 || out.Plan[0].Text != "SEARCH orders USING COVERING INDEX i (total>?)" || text(out.Table) != "id | i:11" {
		t.Errorf("%v %+v %s", err, out.Plan, text(out.Table))
	}
}

// What one statement leaves behind no other one meets.
func TestEveryRequestBeginsAnew(t *testing.T) {
	p := newPool(t, 1)
	for range 3 {
		out, err := p.Run(context.Background(), sandbox.Request{Setup: shop, Statement: "INSERT INTO customers VALUES (9, 'Alan')", Check: "SELECT count(*) AS n FROM customers"})
		if err != nil || text(out.Table) != "n | i:4" {
			t.Fatalf("%v %v", err, out)
		}
	}
}

func TestSetupIsHeldBackToo(t *testing.T) {
	p := newPool(t, 1)
	for _, setup := range []string{"PRAGMA query_only = OFF", "ATTACH ':memory:' AS x", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"} {
		out, err := p.Run(context.Background(), sandbox.Request{Setup: setup, Statement: "SELECT 1"})
		if err != nil || out.Refused == "" || out.Where != sandbox.InSetup {
			t.Errorf("%s: %v %v", setup, err, out)
		}
	}
}

func TestClosedPool(t *testing.T) {
	p := newPool(t, 2)
	if _, err := p.Run(context.Background(), sandbox.Request{Statement: "SELECT 1"}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(context.Background(), sandbox.Request{Statement: "SELECT 1"}); !errors.Is(err, sandbox.ErrBroken) {
		t.Errorf("after Close: %v", err)
	}
}

// Requests beyond those at work wait their turn; each gets its own answer.
func TestManyAtOnce(t *testing.T) {
	p := newPool(t, 2)
	results := make(chan error)
	const n = 24
	for i := range n {
		go func() {
			out, err := p.Run(context.Background(), sandbox.Request{Statement: fmt.Sprintf("SELECT %d AS n", i)})
			if want := fmt.Sprintf("n | i:%d", i); err == nil && text(out.Table) != want {
				err = fmt.Errorf("got %s, want %s", text(out.Table), want)
			}
			results <- err
		}()
	}
	for range n {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}
