package sandbox_test

import (
	"context"
	"testing"

	"rehearse/bank"
	"rehearse/content"
	"rehearse/quiz"
)

// Every question of kind sql that ships is run: its statement answers it on all data sets, and no other statement of the
// bank does so by chance.
func TestShippedQuestions(t *testing.T) {
	b, findings, err := bank.Read(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
	p := newPool(t, 1)
	questions, plans := 0, 0
	for _, topic := range b.Topics {
		for _, q := range topic.Questions {
			if q.Kind != bank.SQL {
				continue
			}
			questions++
			if q.Plan != "" {
				plans++
			}
			faults, err := p.CheckQuestion(context.Background(), q)
			if err != nil || len(faults) > 0 {
				t.Errorf("%s:%d: %s: %v %v", q.File, q.Line, q.ID, faults, err)
			}
			run, err := p.Answer(context.Background(), q, q.Query.Text)
			if err != nil || quiz.Score(q, quiz.Response{Run: &run}).Verdict != quiz.Right {
				t.Errorf("%s: the author's own statement is not right: %v %+v", q.ID, err, run)
			}
		}
	}
	if questions < 15 || plans < 3 {
		t.Errorf("%d questions, %d about plans; want 15 and 3", questions, plans)
	}
}

// wrongAnswers is what people write who have not seen the point of a question.
var wrongAnswers = map[string][]string{
	"sql-run-paid-counts": {
		"SELECT c.name, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.state = 'paid' GROUP BY c.id ORDER BY 1",
		"SELECT c.name, count(*) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.state = 'paid' GROUP BY c.id ORDER BY 1",
		"SELECT c.name, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id ORDER BY 1",
		"SELECT c.name,sum(o.state='paid') FROM customers c LEFT JOIN orders o ON o.customer_id=c.id GROUP BY c.id ORDER BY 1",
		"SELECT c.name,count(o.state='paid') FROM customers c LEFT JOIN orders o ON o.customer_id=c.id GROUP BY c.id ORDER BY 1",
	},
	"sql-run-never-ordered": {
		"SELECT name FROM products WHERE id NOT IN (SELECT product_id FROM lines) ORDER BY name",
		"SELECT p.name FROM products p LEFT JOIN lines l ON l.product_id=p.id WHERE l.note IS NULL ORDER BY 1",
		"SELECT p.name FROM products p LEFT JOIN lines l ON l.id=p.id WHERE l.product_id IS NULL ORDER BY 1",
		"SELECT name FROM products WHERE id NOT IN (SELECT id FROM lines) ORDER BY 1",
		"SELECT name FROM products ORDER BY name LIMIT 0",
	},
	"sql-run-pivot": {"SELECT team, sum(priority = 'high'), sum(priority <> 'high') FROM tickets WHERE open = 1 GROUP BY team ORDER BY team"},
	"sql-run-balance": {
		"SELECT id, sum(amount) OVER (ORDER BY at) FROM movements ORDER BY at, id", "SELECT id, sum(amount) OVER (ORDER BY id) FROM movements ORDER BY at, id",
		"SELECT id,(SELECT sum(amount) FROM movements b WHERE b.at<=a.at) FROM movements a ORDER BY at,id",
		"SELECT id,(SELECT sum(amount) FROM movements b WHERE b.id<=a.id) FROM movements a ORDER BY at,id",
		"SELECT id,(SELECT sum(amount) FROM movements b WHERE b.at<=a.at AND b.id<=a.id) FROM movements a ORDER BY at,id",
		"SELECT id,sum(amount) OVER (ORDER BY at,id) FROM movements ORDER BY id",
	},
	"sql-run-latest-event": {
		"SELECT e.parcel, e.state FROM events e WHERE e.id = (SELECT max(id) FROM events WHERE parcel = e.parcel) ORDER BY 1",
		"SELECT e.parcel, e.state FROM events e WHERE e.at = (SELECT max(at) FROM events WHERE parcel = e.parcel) ORDER BY 1",
		"SELECT parcel,state FROM events GROUP BY parcel HAVING max(at) ORDER BY 1",
		"SELECT parcel,state FROM (SELECT parcel,state,max(at) FROM events GROUP BY parcel) ORDER BY 1",
		"SELECT parcel,state FROM (SELECT parcel,state,row_number() OVER (PARTITION BY parcel ORDER BY at DESC,id) n FROM events) WHERE n=1 ORDER BY 1",
		"SELECT parcel,state FROM (SELECT parcel,state,rank() OVER (PARTITION BY parcel ORDER BY at DESC) n FROM events) WHERE n=1 ORDER BY 1",
	},
	"sql-run-top-two": {
		"SELECT team, name, salary FROM (SELECT *, rank() OVER (PARTITION BY team ORDER BY salary DESC) AS p FROM people) WHERE p <= 2 ORDER BY team, salary DESC, name",
		"SELECT team, name, salary FROM (SELECT *, row_number() OVER (PARTITION BY team ORDER BY salary DESC, name) AS p FROM people) WHERE p <= 2 ORDER BY team, salary DESC, name",
		"SELECT team,name,salary FROM people p WHERE (SELECT count(*) FROM people q WHERE q.team=p.team AND q.salary>p.salary)<2 ORDER BY 1,3 DESC,2",
		"SELECT team,name,salary FROM people p WHERE (SELECT count(DISTINCT salary) FROM people q WHERE q.salary>p.salary)<2 ORDER BY 1,3 DESC,2",
	},
	"sql-run-gaps":    {"SELECT a.number + 1, a.number + 1 FROM invoices a WHERE NOT EXISTS (SELECT 1 FROM invoices b WHERE b.number = a.number + 1) ORDER BY 1"},
	"sql-run-overlap": {"SELECT a.id, b.id FROM bookings a JOIN bookings b ON b.room = a.room AND b.id > a.id AND b.since <= a.until AND a.since <= b.until ORDER BY 1, 2", "SELECT a.id, b.id FROM bookings a JOIN bookings b ON b.room = a.room AND b.id > a.id AND b.since BETWEEN a.since AND a.until - 1 ORDER BY 1, 2"},
	"sql-run-upsert": {
		"INSERT INTO stock SELECT sku, sum(pieces) FROM delivery GROUP BY sku ON CONFLICT (sku) DO UPDATE SET pieces = excluded.pieces", "INSERT OR REPLACE INTO stock SELECT sku, sum(pieces) FROM delivery GROUP BY sku", "UPDATE stock SET pieces = pieces + coalesce((SELECT sum(pieces) FROM delivery d WHERE d.sku = stock.sku), 0)",
		"INSERT INTO stock SELECT sku,pieces FROM delivery WHERE true ON CONFLICT (sku) DO NOTHING",
		"INSERT INTO stock SELECT DISTINCT sku,pieces FROM delivery WHERE true ON CONFLICT (sku) DO UPDATE SET pieces=pieces+excluded.pieces",
		"INSERT INTO stock SELECT sku,max(pieces) FROM delivery GROUP BY sku ON CONFLICT (sku) DO UPDATE SET pieces=pieces+excluded.pieces",
	},
	"sql-run-dedupe": {"DELETE FROM accounts WHERE id NOT IN (SELECT min(id) FROM accounts GROUP BY email)", "DELETE FROM accounts WHERE id NOT IN (SELECT max(id) FROM accounts GROUP BY lower(email))"},
	"sql-run-tree-path": {
		"SELECT c.id, coalesce(g.name || '/', '') || coalesce(p.name || '/', '') || c.name FROM categories c LEFT JOIN categories p ON p.id = c.parent_id LEFT JOIN categories g ON g.id = p.parent_id ORDER BY 2",
		"WITH RECURSIVE t(id,path) AS (SELECT id,name FROM categories UNION ALL SELECT c.id,t.path||'/'||c.name FROM t JOIN categories c ON c.parent_id=t.id) SELECT id,path FROM t ORDER BY path",
	},
	"sql-run-sessions": {"SELECT user, count(*) FROM (SELECT user, minute - lag(minute) OVER (PARTITION BY user ORDER BY minute) AS p FROM clicks) WHERE p IS NULL OR p >= 30 GROUP BY user ORDER BY user", "SELECT user, count(*) FROM (SELECT user, minute - lag(minute) OVER (PARTITION BY user ORDER BY id) AS p FROM clicks) WHERE p IS NULL OR p > 30 GROUP BY user ORDER BY user"},
	"sql-run-all-skills": {
		"SELECT person FROM skills JOIN needed USING (skill) GROUP BY person HAVING count(*) = (SELECT count(*) FROM needed) ORDER BY 1",
		"SELECT person FROM skills JOIN needed USING (skill) GROUP BY person HAVING count(*) >= (SELECT count(*) FROM needed) ORDER BY 1",
	},
	"sql-run-day-index": {
		"SELECT id FROM orders WHERE date(placed_at) = '2025-03-01'", "SELECT id FROM orders WHERE placed_at LIKE '2025-03-01%'",
		"SELECT id FROM orders WHERE placed_at BETWEEN '2025-03-01' AND '2025-03-02 00:00:00'",
	},
	"sql-run-keyset": {
		"SELECT id FROM posts WHERE written_at < 40 ORDER BY written_at DESC, id DESC LIMIT 2",
		"SELECT id FROM posts ORDER BY written_at DESC, id DESC LIMIT 2 OFFSET 3",
	},
	"sql-run-expression-index": {
		"CREATE INDEX i ON users (email COLLATE NOCASE)", "CREATE INDEX i ON users (upper(email))",
		"CREATE INDEX i ON users (id, lower(email))",
		"CREATE INDEX i ON users (lower(email)) WHERE email='x'",
		"UPDATE users SET email=lower(email)",
	},
	"sql-run-either-side": {
		"SELECT id FROM messages WHERE 7 IN (sender_id, recipient_id)",
		"SELECT id FROM messages WHERE sender_id = 7 UNION ALL SELECT id FROM messages WHERE recipient_id = 7",
		"SELECT id FROM messages WHERE sender_id=7",
		"SELECT id FROM messages WHERE sender_id=7 AND recipient_id=7",
		"SELECT id FROM messages WHERE sender_id=7 INTERSECT SELECT id FROM messages WHERE recipient_id=7",
	},
}

// otherAnswers are right, too.
var otherAnswers = map[string][]string{
	"sql-run-latest-event": {"SELECT e.parcel, e.state FROM events e WHERE NOT EXISTS (SELECT 1 FROM events l WHERE l.parcel = e.parcel AND (l.at, l.id) > (e.at, e.id)) ORDER BY e.parcel"},
	"sql-run-upsert":       {"INSERT INTO stock SELECT sku, pieces FROM delivery WHERE true ON CONFLICT DO UPDATE SET pieces = pieces + excluded.pieces"},
	"sql-run-all-skills":   {"SELECT DISTINCT person FROM skills s WHERE NOT EXISTS (SELECT 1 FROM needed n WHERE NOT EXISTS (SELECT 1 FROM skills x WHERE x.person = s.person AND x.skill = n.skill)) ORDER BY 1"},
	"sql-run-keyset":       {"SELECT id FROM posts WHERE written_at <= 40 AND (written_at < 40 OR id < 4) ORDER BY written_at DESC, id DESC LIMIT 2"},
	"sql-run-either-side":  {"SELECT id FROM messages WHERE sender_id = 7 UNION SELECT id FROM messages WHERE recipient_id = 7"},
	"sql-run-day-index":    {"SELECT id FROM orders WHERE placed_at BETWEEN '2025-03-01' AND '2025-03-01 23:59:59'"},
}

func TestShippedQuestionsTellRightFromWrong(t *testing.T) {
	b, _, err := bank.Read(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(t, 1)
	for _, topic := range b.Topics {
		for _, q := range topic.Questions {
			if q.Kind != bank.SQL {
				continue
			}
			if len(wrongAnswers[q.ID]) == 0 {
				t.Errorf("%s: no wrong answer is known", q.ID)
			}
			for want, statements := range map[quiz.Verdict][]string{quiz.Wrong: wrongAnswers[q.ID], quiz.Right: otherAnswers[q.ID]} {
				for _, s := range statements {
					run, err := p.Answer(context.Background(), q, s)
					if got := quiz.Score(q, quiz.Response{Run: &run}).Verdict; err != nil || run.Error != nil || got != want {
						t.Errorf("%s: %s is %s (%v, %v), want %s", q.ID, s, got, err, run.Error, want)
					}
				}
			}
		}
	}
}
