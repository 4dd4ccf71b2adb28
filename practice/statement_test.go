package practice_test

import (
	"context"
	"errors"
	"testing"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/sandbox"
	"rehearse/store"
)

func sqlQuestion() question {
	return question{id: "sql", topic: "alpha", kind: bank.SQL, use: everywhere}
}

func statement(text string) func(bank.Question) quiz.Response {
	return func(bank.Question) quiz.Response { return quiz.Response{Text: text} }
}

func TestStatementsAreRunAndMarked(t *testing.T) {
	w := newWorld(t, sqlQuestion())
	a := w.candidate()
	for text, want := range map[string]quiz.Verdict{
		"SELECT a FROM t ORDER BY a DESC": quiz.Right,
		"SELECT a FROM t WHERE a > 1":     quiz.Wrong,
		"VALUES (1), (2)":                 quiz.Wrong, // right on the data set that is shown
		"SELECT b FROM t":                 quiz.Wrong,
	} {
		slug := w.quiz(a, quiz.Practice, 0)
		w.answer(a, slug, "sql", statement(text))
		item := w.attempt(a, slug).Items[0]
		if item.Result.Verdict != want || item.Response.Run == nil || item.Response.Text != text {
			t.Errorf("%s: %s with %+v, want %s", text, item.Result.Verdict, item.Response, want)
		}
	}
}

// What cannot be marked leaves no trace: the question can be answered as if nothing had been sent.
func TestARefusedStatementIsNotRecorded(t *testing.T) {
	w := newWorld(t, sqlQuestion())
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	ctx := context.Background()
	var refusal *quiz.Refusal
	err := w.svc.Answer(ctx, a, slug, 0, quiz.Response{Text: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n"})
	if !errors.As(err, &refusal) || refusal.Refused != quiz.TooLong {
		t.Errorf("an endless statement: %v", err)
	}
	broken, err := sandbox.NewPool(1)
	w.must(err)
	w.must(broken.Close())
	svc, err := practice.New(ctx, w.st, broken, "test")
	w.must(err)
	w.wantErr("answer with a broken sandbox", svc.Answer(ctx, a, slug, 0, quiz.Response{Text: "SELECT a FROM t"}), practice.ErrNotRun)
	if item := w.attempt(a, slug).Items[0]; item.Result != nil {
		t.Fatalf("recorded: %+v", item)
	}
	w.answer(a, slug, "sql", right)
	w.must(svc.Answer(ctx, a, slug, 0, quiz.Response{Text: "SELECT a FROM t"})) // sent twice: nothing is run
	if item := w.attempt(a, slug).Items[0]; item.Result.Verdict != quiz.Right {
		t.Errorf("then answered right: %+v", item.Result)
	}
}

// A run that comes with a response is not believed.
func TestARunIsNeverTaken(t *testing.T) {
	w := newWorld(t, sqlQuestion())
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	w.must(w.svc.Answer(context.Background(), a, slug, 0, quiz.Response{Text: "SELECT 7", Run: &quiz.Run{Sets: make([]quiz.SetRun, 2)}}))
	if item := w.attempt(a, slug).Items[0]; item.Result.Verdict != quiz.Wrong {
		t.Errorf("verdict %s", item.Result.Verdict)
	}
}

// A visitor's first statement makes a candidate, once, although the update is tried twice.
func TestAVisitorsStatement(t *testing.T) {
	w := newWorld(t, sqlQuestion())
	v := w.visitor()
	e, err := w.svc.Catalog().Question("sql")
	w.must(err)
	slug, user, err := w.svc.AnswerOne(context.Background(), v, practice.OneQuestion{Revision: e.RevisionID, Nonce: []byte("nonce")}, quiz.Response{Text: "SELECT a FROM t"})
	w.must(err)
	if item := w.attempt(practice.Actor{User: user}, slug).Items[0]; item.Result.Verdict != quiz.Right {
		t.Errorf("verdict %s", item.Result.Verdict)
	}
	w.view(func(tx *store.Tx) error {
		users, err := tx.UserIDs()
		if len(users) != 1 {
			t.Errorf("%d candidates", len(users))
		}
		return err
	})
}

// A corrected key runs every statement again, and the verdict shows what it comes to now.
func TestCorrectedStatementsAreRunAgain(t *testing.T) {
	w := newWorld(t, sqlQuestion())
	a, b := w.candidate(), w.candidate()
	slugs := map[string]string{}
	for name, text := range map[string]string{"old": "SELECT a + 0 FROM t", "new": "SELECT a + 1 FROM t", "broken": "SELECT nothing FROM t"} {
		who := a
		if name == "new" {
			who = b
		}
		slugs[name] = w.quiz(who, quiz.Practice, 0)
		w.answer(who, slugs[name], "sql", statement(text))
	}
	w.clock.add(1000)
	w.edit("sql", (*question).correct)
	w.must(w.svc.CatchUp(context.Background()))
	for name, want := range map[string]quiz.Verdict{"old": quiz.Wrong, "new": quiz.Right, "broken": quiz.Wrong} {
		who := a
		if name == "new" {
			who = b
		}
		item := w.attempt(who, slugs[name]).Items[0]
		if item.Result.Verdict != want || item.Corrected == nil {
			t.Errorf("%s: %s, corrected %v", name, item.Result.Verdict, item.Corrected != nil)
		}
		if run := item.Response.Run; name == "new" && (len(run.Sets) != 2 || run.Sets[0].Want.Rows[0][0].Text != "2") {
			t.Errorf("the verdict still shows %+v", run)
		}
	}
	findings, err := w.svc.Check(context.Background(), func(string, int, int) {})
	if err != nil || len(findings) > 0 {
		t.Errorf("check: %v %v", findings, err)
	}
	w.edit("sql", (*question).revert)
	w.must(w.svc.CatchUp(context.Background()))
	if item := w.attempt(a, slugs["old"]).Items[0]; item.Result.Verdict != quiz.Right {
		t.Errorf("after the correction was taken back: %s", item.Result.Verdict)
	}
}

func TestTryRecordsNothing(t *testing.T) {
	w := newWorld(t, sqlQuestion())
	e, err := w.svc.Catalog().Question("sql")
	w.must(err)
	out, err := w.svc.Try(context.Background(), e.Question, "SELECT a AS b FROM t ORDER BY a")
	if err != nil || len(out.Table.Rows) != 2 || out.Table.Columns[0] != "b" {
		t.Errorf("%v %+v", err, out)
	}
}
