package web

import (
	"strings"
	"testing"

	"rehearse/bank"
	"rehearse/content"
	"rehearse/store"
)

// Of what is there, only what asks least of a visitor is drawn.
func TestTheFirstQuestionIsReadAtAGlance(t *testing.T) {
	question := func(id string, d bank.Difficulty, kind bank.Kind, text, html string) bank.Question {
		q := bank.Question{ID: id}
		q.Difficulty, q.Use, q.Kind, q.Stem = d, []bank.Use{bank.UseQuiz}, kind, bank.Rich{Text: text, HTML: html}
		return q
	}
	long := strings.Repeat("x", glance+1)
	questions := []bank.Question{
		question("long", "easy", bank.Single, long, long),
		question("hard", "hard", bank.Single, "x", "x"),
		question("code", "easy", bank.Single, "x", "<pre>x</pre>"),
		question("several", "easy", bank.Multiple, "x", "x"),
	}
	catalog := func() *store.Catalog {
		return store.NewCatalog("", "", []bank.Topic{{ID: "t", Questions: questions}}, nil)
	}
	if e, err := firstQuestion(catalog()); err != nil || e.Question.ID != "long" && e.Question.ID != "code" {
		t.Errorf("without a short one: %q, want an easy one with one choice", e.Question.ID)
	}
	questions = append(questions, question("short", "easy", bank.Single, "x", "x"))
	for range 20 {
		if e, _ := firstQuestion(catalog()); e.Question.ID != "short" {
			t.Fatalf("firstQuestion = %q, want the short one", e.Question.ID)
		}
	}
}

// Who comes back before answering finds another question, of the bank that ships.
func TestTheBankHasFirstQuestions(t *testing.T) {
	b, _, err := bank.Read(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, topic := range b.Topics {
		for _, q := range topic.Questions {
			if h := q.Head(); q.Kind == bank.Single && q.Serves(bank.UseQuiz) && firstRank(h) == 0 {
				n++
			}
		}
	}
	if n < 6 {
		t.Errorf("%d questions are easy and short, want 6", n)
	}
}
