package sandbox_test

import (
	"context"
	"errors"
	"testing"

	"rehearse/bank"
	"rehearse/quiz"
	"rehearse/sandbox"
)

// exercise is a question about the shop, with a second data set on which nobody has ordered.
func exercise(query string, change func(*bank.Question)) bank.Question {
	q := bank.Question{ID: "sql-test", Body: bank.Body{Kind: bank.SQL}, KeyHash: query}
	q.Setups = []bank.Rich{{Text: shop}, {Text: shop + "DELETE FROM orders;"}}
	q.Query = bank.Rich{Text: query}
	if change != nil {
		change(&q)
	}
	return q
}

func TestAnswer(t *testing.T) {
	p := newPool(t, 1)
	counts := exercise("SELECT c.name, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id", nil)
	ordered := exercise("SELECT id FROM customers ORDER BY id DESC", func(q *bank.Question) { q.Ordered = true })
	planned := exercise("SELECT id FROM orders WHERE customer_id = 1", func(q *bank.Question) { q.Plan = "index" })
	writes := exercise("DELETE FROM orders WHERE total > 100", func(q *bank.Question) {
		q.Writes, q.Check = true, bank.Rich{Text: "SELECT id FROM orders"}
	})
	tests := []struct {
		name, statement string
		q               bank.Question
		want            quiz.Verdict
		sets            int
	}{
		{"the author's", counts.Query.Text, counts, quiz.Right, 2},
		{"another way", "SELECT name, (SELECT count(*) FROM orders WHERE customer_id = c.id) AS n FROM customers c ORDER BY 2", counts, quiz.Right, 2},
		{"right by luck", "SELECT 'Ada', 2 UNION ALL SELECT 'Linus', 0 UNION ALL SELECT 'Grace', 1", counts, quiz.Wrong, 2},
		{"an inner join", "SELECT c.name, count(o.id) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id", counts, quiz.Wrong, 1},
		{"a broken one", "SELEC 1", counts, quiz.Wrong, 0},
		{"in order", "SELECT id FROM customers ORDER BY name DESC, id", ordered, quiz.Wrong, 1},
		{"in the right order", "SELECT id FROM customers ORDER BY -id", ordered, quiz.Right, 2},
		{"by the index", "SELECT id FROM orders WHERE customer_id = 1", planned, quiz.Right, 2},
		{"by a scan", "SELECT id FROM orders WHERE customer_id + 0 = 1", planned, quiz.Wrong, 2},
		{"deletes", "DELETE FROM orders WHERE id = 11", writes, quiz.Right, 2},
		{"deletes too much", "DELETE FROM orders", writes, quiz.Wrong, 1},
		{"deletes nothing", "SELECT id FROM orders WHERE total > 100", writes, quiz.Wrong, 1},
	}
	for _, tt := range tests {
		run, err := p.Answer(context.Background(), tt.q, tt.statement)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := quiz.Score(tt.q, quiz.Response{Text: tt.statement, Run: &run})
		if got.Verdict != tt.want || len(run.Sets) != tt.sets || (tt.sets == 0) != (run.Error != nil) {
			t.Errorf("%s: %s on %d data sets, want %s on %d: %+v", tt.name, got.Verdict, len(run.Sets), tt.want, tt.sets, run)
		}
	}
}

func TestAnswerToAQuestionThatDoesNotRun(t *testing.T) {
	p := newPool(t, 1)
	for name, q := range map[string]bank.Question{
		"query":   exercise("SELECT nme FROM customers", nil),
		"refused": exercise("PRAGMA query_only", nil),
		"setup":   exercise("SELECT 1", func(q *bank.Question) { q.Setups[0].Text = "CREATE TABLE" }),
	} {
		if _, err := p.Answer(context.Background(), q, "SELECT 1"); !errors.Is(err, sandbox.ErrQuestion) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var refusal *quiz.Refusal
	if _, err := p.Answer(context.Background(), exercise("SELECT 1", nil), "PRAGMA query_only"); !errors.As(err, &refusal) || refusal.Refused != quiz.Forbidden {
		t.Errorf("a PRAGMA: %v", err)
	}
}

func TestCheckQuestion(t *testing.T) {
	p := newPool(t, 1)
	tests := []struct {
		name string
		q    bank.Question
		want string // code of the first fault
	}{
		{"sound", exercise("SELECT id FROM customers ORDER BY id", func(q *bank.Question) { q.Ordered = true }), ""},
		{"no such column", exercise("SELECT nme FROM customers", nil), "query-setup"},
		{"a setup that fails", exercise("SELECT 1", func(q *bank.Question) { q.Setups[1].Text = "INSERT INTO t VALUES (1)" }), "query-setup"},
		{"a PRAGMA", exercise("PRAGMA query_only", nil), "query-setup"},
		{"a limit without an order", exercise("SELECT id FROM customers LIMIT 1", nil), "query-setup"},
		{"nothing found", exercise("SELECT id FROM customers WHERE id > 50", nil), "query-setup"},
		{"a scan", exercise("SELECT id FROM orders WHERE total > 7", func(q *bank.Question) { q.Plan = "index" }), "query-plan"},
		{"a search", exercise("SELECT id FROM orders WHERE customer_id = 1", func(q *bank.Question) { q.Plan = "index" }), ""},
	}
	for _, tt := range tests {
		faults, err := p.CheckQuestion(context.Background(), tt.q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		code := ""
		if len(faults) > 0 {
			code = faults[0].Code
		}
		if code != tt.want {
			t.Errorf("%s: %v, want %q", tt.name, faults, tt.want)
		}
	}
}

func TestVerifyRunsStatements(t *testing.T) {
	sound := exercise("SELECT id FROM customers", nil)
	broken := exercise("SELECT nme FROM customers", nil)
	sound.Runtimes, broken.Runtimes = []string{"sqlite"}, []string{"sqlite"}
	runtimes, err := sandbox.FindRuntimes(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	results, err := sandbox.Verify(context.Background(), []bank.Question{sound, broken}, runtimes, nil, nil)
	if err != nil || len(results) != 2 || results[0].State() != sandbox.Passed || results[1].State() != sandbox.False {
		t.Fatalf("%v %+v", err, results)
	}
	again, err := sandbox.Verify(context.Background(), []bank.Question{sound}, runtimes, sandbox.Record(results, nil, "2026-11-21", nil), nil)
	if err != nil || again[0].Checks[0].Recorded != "2026-11-21" {
		t.Errorf("%v %+v", err, again)
	}
}
