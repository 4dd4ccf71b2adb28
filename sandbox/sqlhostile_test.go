package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rehearse/quiz"
	"rehearse/sandbox"
)

const (
	endless  = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
	to       = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
	million  = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
	thousand = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
)

// hostile is what somebody might send who wants to break things, and what it comes to: a reason for which it was refused
// or stopped, or what SQLite says about it, or, where it is merely large, "fine".
var hostile = []struct {
	name      string
	statement string
	check     string
	want      string // several, separated by |, where it depends on the machine which limit is met first
}{
	{"endless recursion, counted", endless + "SELECT count(*) FROM n", "", "time"},
	{"endless recursion, returned", endless + "SELECT i FROM n", "", "rows"},
	{"endless recursion of texts", "WITH RECURSIVE n(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM n) SELECT max(length(s)) FROM n", "", "bytes"},
	{"endless recursion, kept apart", "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT max(i) FROM n", "", "time|memory"},
	{"endless recursion, doubled", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n UNION ALL SELECT i + 2 FROM n) SELECT count(*) FROM n", "", "time|memory"},
	{"recursion of blobs", "WITH RECURSIVE n(b) AS (SELECT zeroblob(900000) UNION ALL SELECT randomblob(900000) FROM n) SELECT count(b) FROM n ORDER BY 1", "", "time|memory"},
	{"sorted recursion of blobs", "WITH RECURSIVE n(b) AS (SELECT randomblob(900000) UNION ALL SELECT randomblob(900000) FROM n LIMIT 1000) SELECT length(b) FROM n ORDER BY b", "", "memory|time"},
	{"a Mandelbrot set", "WITH RECURSIVE x(v) AS (VALUES(-2.0) UNION ALL SELECT v + 0.001 FROM x WHERE v < 1.2), y(v) AS (VALUES(-1.0) UNION ALL SELECT v + 0.001 FROM y WHERE v < 1.0), m(i, cx, cy, a, b) AS (SELECT 0, x.v, y.v, 0.0, 0.0 FROM x, y UNION ALL SELECT i + 1, cx, cy, a*a - b*b + cx, 2*a*b + cy FROM m WHERE a*a + b*b < 4 AND i < 1000) SELECT max(i) FROM m", "", "time|memory"},

	{"zeroblob of a gigabyte", "SELECT zeroblob(1000000000)", "", "bytes"},
	{"zeroblob, hex", "SELECT hex(zeroblob(900000))", "", "bytes"},
	{"randomblob of a gigabyte", "SELECT randomblob(1000000000)", "", "bytes"},
	{"randomblobs, many", million + "SELECT sum(length(randomblob(1000000))) FROM n", "", "time"},
	{"replace that grows", "SELECT replace(hex(zeroblob(100000)), '0', hex(zeroblob(1000)))", "", "bytes"},
	{"replace, nested", thousand + "SELECT max(length(replace(replace(hex(zeroblob(200000 + a.i)), '00', '0'), '0', 'abcd'))) FROM n AS a, n AS b", "", "time"},
	{"printf, wide", "SELECT printf('%1000000000d', 1)", "", "bytes"},
	{"printf, precise", "SELECT printf('%.*f', 100000000, 1.0)", "", "bytes|fine"},
	{"printf, many", million + "SELECT sum(length(printf('%900000d%900000s', i, 'x'))) FROM n", "", "bytes|time"},
	{"concatenation", "SELECT hex(zeroblob(400000)) || hex(zeroblob(400000))", "", "bytes"},
	{"group_concat", million + "SELECT group_concat(i || 'xxxxxxxxxxxxxxxx') FROM n", "", "bytes|memory|time"},
	{"group_concat of wide values", thousand + "SELECT length(group_concat(hex(zeroblob(1000)), hex(zeroblob(1000)))) FROM n, n", "", "bytes|time"},
	{"json_group_array", million + "SELECT json_group_array(i) FROM n", "", "bytes|memory|time"},
	{"json_each of much", "SELECT count(*) FROM json_each('[' || replace(hex(zeroblob(200000)), '0', '1,') || '1]') AS a, json_each('[1,2,3]') AS b, json_each('[' || replace(hex(zeroblob(100000)), '0', '1,') || '1]') AS c", "", "bytes|time"},
	{"json nested deep", "SELECT json(replace(hex(zeroblob(200000)), '0', '['))", "", "malformed JSON"},
	{"json_tree of a large tree", "SELECT count(*) FROM json_tree('[' || replace(hex(zeroblob(100000)), '0', '[],') || '1]') AS a, json_tree('[[[1,2],3],4]')", "", "time|bytes|memory|fine"},

	{"LIKE with many wildcards", million + "SELECT sum(hex(zeroblob(400000 + i)) LIKE '%0%0%0%0%0%0%0%0%0%0%0%1%') FROM n", "", "time"},
	{"LIKE with a long pattern", "SELECT 'a' LIKE hex(zeroblob(1000))", "", "LIKE or GLOB pattern too complex"},
	{"GLOB with many wildcards", million + "SELECT sum(hex(zeroblob(400000 + i)) GLOB '*0*0*0*0*0*0*0*0*0*0*0*1*') FROM n", "", "time"},
	{"GLOB with classes", million + "SELECT sum(hex(zeroblob(400000 + i)) GLOB '*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*[a-z]') FROM n", "", "time"},
	{"one function that runs for minutes", "SELECT instr(hex(zeroblob(400000)), hex(zeroblob(200000)) || '1')", "", "time"},
	{"instr, many", million + "SELECT sum(instr(hex(zeroblob(400000)), hex(zeroblob(1000)) || '1')) FROM n", "", "time"},

	{"a join of tens", "SELECT count(*) FROM " + joined("customers", 30), "", "time"},
	{"a join of sixty-five", "SELECT count(*) FROM " + joined("customers", 65), "", "at most 64 tables in a join"},
	{"a join that is hard to plan", "SELECT count(*) FROM " + joined("orders", 20) + " WHERE " + chained(20), "", "time|fine"},
	{"a join without a condition, sorted", thousand + "SELECT a.i, b.i FROM n AS a, n AS b ORDER BY a.i * b.i", "", "time|memory|rows"},
	{"a correlated subquery", million + "SELECT count(*) FROM n AS a WHERE a.i = (SELECT max(b.i) FROM n AS b WHERE b.i <= a.i)", "", "time|memory"},
	{"wide texts, sorted", fmt.Sprintf(to, 60) + "SELECT length(s) FROM (SELECT hex(zeroblob(400000)) || i AS s FROM n) ORDER BY s DESC", "", "memory|time"},
	{"wide blobs, kept", fmt.Sprintf(to, 60) + ", m(s) AS MATERIALIZED (SELECT CAST(zeroblob(900000) AS TEXT) || i FROM n) SELECT count(*) FROM m AS a, m AS b WHERE a.s = b.s", "", "memory|time"},
	{"wide blobs, sorted", fmt.Sprintf(to, 60) + "SELECT length(s) FROM (SELECT CAST(zeroblob(900000) AS TEXT) || i AS s FROM n) ORDER BY s DESC", "", "memory|time"},
	{"wide texts, kept", fmt.Sprintf(to, 60) + ", m(s) AS MATERIALIZED (SELECT hex(zeroblob(400000)) || i FROM n) SELECT count(*) FROM m AS a, m AS b WHERE a.s = b.s", "", "memory|time"},
	{"DISTINCT over much", million + "SELECT count(DISTINCT i || randomblob(1000)) FROM n", "", "time|memory"},
	{"window frames", million + "SELECT sum(sum(i)) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM n GROUP BY i", "", "time|memory|rows"},
	{"window frames, quadratic", fmt.Sprintf(to, 20000) + "SELECT max(m) FROM (SELECT max(i) OVER (ORDER BY i DESC ROWS BETWEEN 10000 PRECEDING AND 10000 FOLLOWING EXCLUDE CURRENT ROW) AS m FROM n)", "", "time|memory"},
	{"rows of wide values", "SELECT a.name, hex(zeroblob(200000)) FROM " + joinedAs("customers", 3), "", "bytes"},
	{"very many rows", fmt.Sprintf(to, 10001) + "SELECT i FROM n", "", "rows"},

	{"a deep expression", "SELECT " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000), "", "Recursion limit"},
	{"a long expression", "SELECT 1" + strings.Repeat("+1", 5000), "", "Expression tree is too large (maximum depth 100)"},
	{"nested functions", "SELECT " + strings.Repeat("abs(", 2000) + "1" + strings.Repeat(")", 2000), "", "Recursion limit|Expression tree is too large (maximum depth 100)"},
	{"nested subqueries", "SELECT * FROM " + strings.Repeat("(SELECT * FROM ", 300) + "customers" + strings.Repeat(")", 300), "", "Recursion limit|fine"},
	{"many columns", "SELECT 1" + strings.Repeat(", 1", 3000), "", "too many columns in result set"},
	{"a compound of many", "SELECT 1" + strings.Repeat(" UNION ALL SELECT 1", 1000), "", "too many terms in compound SELECT"},
	{"many VALUES", "VALUES (1)" + strings.Repeat(", (1)", 10001), "", "rows|memory"},
	{"views that double", doublingViews(), "", "time|memory|too many|at most 64 tables in a join|fine"},
	{"a long statement", "SELECT '" + strings.Repeat("x", 100_000) + "'", "", "bytes|query string is too large|string or blob too big"},

	{"ATTACH", "ATTACH '/tmp/rehearse-hostile.db' AS x", "", "forbidden"},
	{"ATTACH of the store", "ATTACH 'data/rehearse.db' AS x", "", "forbidden"},
	{"DETACH", "DETACH main", "", "forbidden"},
	{"PRAGMA", "PRAGMA query_only = OFF", "", "forbidden"},
	{"PRAGMA, heap", "PRAGMA hard_heap_limit = 0", "", "forbidden"},
	{"PRAGMA as a table", "SELECT * FROM pragma_database_list", "", "forbidden"},
	{"PRAGMA as a function", "SELECT * FROM pragma_query_only(0)", "", "forbidden"},
	{"load_extension", "SELECT load_extension('/tmp/x.so')", "", "forbidden|no such function: load_extension"},
	{"writefile", "SELECT writefile('/tmp/rehearse-hostile.db', 'x')", "", "forbidden|no such function: writefile"},
	{"readfile", "SELECT readfile('/etc/passwd')", "", "forbidden|no such function: readfile"},
	{"fts3_tokenizer", "SELECT fts3_tokenizer('simple', x'0000000000000000')", "", "forbidden|no such function: fts3_tokenizer"},
	{"VACUUM INTO", "VACUUM INTO '/tmp/rehearse-hostile.db'", "", "forbidden|cannot VACUUM"},
	{"VACUUM", "VACUUM", "", "forbidden"},
	{"a virtual table", "CREATE VIRTUAL TABLE v USING fts5(x)", "", "forbidden"},
	{"raw pages", "SELECT data FROM sqlite_dbpage", "", "forbidden|no such table: sqlite_dbpage"},
	{"BEGIN", "BEGIN", "", "forbidden"},
	{"SAVEPOINT", "SAVEPOINT x", "", "forbidden"},
	{"a temporary table", "CREATE TEMP TABLE t AS SELECT 1", "", "forbidden"},
	{"a temporary trigger", "CREATE TEMP TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END", "", "forbidden"},
	{"INSERT where only a query is asked", "INSERT INTO customers VALUES (4, 'Eve')", "", "forbidden"},
	{"DROP", "DROP TABLE customers", "", "forbidden"},
	{"two statements", "SELECT 1; DROP TABLE customers", "", "several"},
	{"two statements, the second broken", "SELECT 1; nonsense", "", "several"},
	{"nothing", " -- nothing\n", "", "empty"},
	{"nothing but a NUL", "\x00", "", "empty"},
	{"a NUL inside", "SELECT 1 \x00; DROP TABLE customers", "", "fine"},
	{"ANALYZE", "ANALYZE", "", "forbidden"},
	{"EXPLAIN of a PRAGMA", "EXPLAIN PRAGMA query_only = OFF", "", "forbidden"},

	{"INSERT without end", endless + "INSERT INTO customers SELECT i + 100, 'x' FROM n", "SELECT 1", "time|memory"},
	{"INSERT of blobs", million + "INSERT INTO orders SELECT i + 100, 1, 1, randomblob(100000) FROM n", "SELECT 1", "memory|time"},
	{"UPDATE to wide values", "UPDATE orders SET note = zeroblob(900000)", "SELECT hex(note) FROM orders", "bytes"},
	{"a trigger that recurs", "INSERT INTO log VALUES (1)", "SELECT count(*) FROM log", "too many levels of trigger recursion|fine"},
	{"CREATE TRIGGER", "CREATE TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END", "SELECT 1", "forbidden"},
	{"CREATE TABLE", "CREATE TABLE mine AS SELECT 1", "SELECT 1", "forbidden"},
	{"ALTER TABLE", "ALTER TABLE customers RENAME TO x", "SELECT 1", "forbidden"},
	{"the schema written", "UPDATE sqlite_schema SET sql = 'x'", "SELECT 1", "forbidden|table sqlite_master may not be modified"},
	{"COMMIT", "COMMIT", "SELECT 1", "forbidden"},
	{"an index on everything", "CREATE INDEX i ON customers (replace(hex(zeroblob(900000)), '0', name))", "SELECT 1", "bytes|time|memory"},
}

func joined(table string, n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("%s AS t%d", table, i))
	}
	return strings.Join(names, ", ")
}

func joinedAs(table string, n int) string {
	return strings.Replace(joined(table, n), "t0", "a", 1)
}

func chained(n int) string {
	var terms []string
	for i := range n - 1 {
		terms = append(terms, fmt.Sprintf("(t%d.customer_id = t%d.customer_id OR t%d.id = t%d.id + %d)", i, i+1, i, (i*7)%n, i))
	}
	return strings.Join(terms, " AND ")
}

// doublingViews returns common tables each of which reads the one before it twice.
func doublingViews() string {
	parts := []string{"v0(i) AS (SELECT id FROM customers)"}
	for i := range 20 {
		parts = append(parts, fmt.Sprintf("v%d(i) AS (SELECT a.i FROM v%d AS a, v%d AS b)", i+1, i, i))
	}
	return "WITH " + strings.Join(parts, ", ") + " SELECT count(*) FROM v20"
}

const hostileSetup = shop + `
	CREATE TABLE log (n INTEGER);
	CREATE TRIGGER again AFTER INSERT ON log BEGIN INSERT INTO log VALUES (new.n + 1); END;`

// outcome is what a statement came to, in a word or in SQLite's own.
func outcome(out sandbox.Outcome, err error) string {
	var refusal *quiz.Refusal
	switch {
	case errors.As(err, &refusal):
		return string(refusal.Refused)
	case err != nil:
		return "failed: " + err.Error()
	case out.Refused != "":
		return string(out.Refused)
	case out.Error != nil:
		return out.Error.Text
	}
	return "fine"
}

// Each statement is stopped by a limit of its own, and never by the parent, which comes last: the figures go to the log.
func TestHostileStatements(t *testing.T) {
	p := newPool(t, 1)
	for _, tt := range hostile {
		start := time.Now()
		out, err := p.Run(context.Background(), sandbox.Request{Setup: hostileSetup, Statement: tt.statement, Check: tt.check})
		took := time.Since(start)
		got := outcome(out, err)
		known := slices.ContainsFunc(strings.Split(tt.want, "|"), func(w string) bool { return strings.Contains(got, w) })
		if !known && !(slow && got == string(quiz.TooLong)) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		t.Logf("%7.1f ms  %-38s %s", float64(took.Microseconds())/1000, tt.name, got)
		if out, err := p.Run(context.Background(), sandbox.Request{Setup: shop, Statement: "SELECT count(*) AS n FROM customers"}); err != nil || text(out.Table) != "n | i:3" {
			t.Fatalf("after %q the sandbox does not work: %v %v", tt.name, err, out)
		}
	}
	if _, err := os.Stat("/tmp/rehearse-hostile.db"); err == nil {
		t.Error("a statement has written a file")
	}
}
