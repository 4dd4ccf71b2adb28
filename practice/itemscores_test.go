package practice_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// scores returns the counts of the items of the bank by id.
func (w *world) scores() map[string]*store.ItemScore {
	w.Helper()
	out := map[string]*store.ItemScore{}
	w.view(func(tx *store.Tx) error {
		all, err := tx.ItemScores("test")
		for id, s := range all {
			e, err := w.svc.Catalog().ByID(id)
			if err != nil {
				return err
			}
			out[e.Question.ID] = s
		}
		return err
	})
	return out
}

// Counts are those of first responses in attempts that are over, each with the mean of the others; they follow corrections,
// and go with who is erased.
// In a skill check the able get harder questions, so that the rest of it tells nobody apart.
func TestSkillChecksAreNoItemAttempts(t *testing.T) {
	w := newWorld(t, measured(40)...)
	a, b := w.candidate(), w.candidate()
	w.checked(a)
	w.checked(b)
	w.must(w.svc.ScoreItems(t.Context(), 0))
	if rows := w.dump("item_scores"); strings.Contains(rows, "x100") {
		t.Errorf("skill checks are counted:\n%s", rows)
	}
	w.must(w.svc.Merge(t.Context(), a.User.ID, b.User.ID))
	w.must(w.svc.ScoreItems(t.Context(), 0))
	if rows := w.dump("item_scores"); strings.Contains(rows, "x100") {
		t.Errorf("skill checks are counted after a merge:\n%s", rows)
	}
	w.checkRebuild()
}

func TestScoreItems(t *testing.T) {
	var questions []question
	for i := range 6 {
		questions = append(questions, question{id: fmt.Sprintf("q%d", i), topic: "alpha", kind: bank.Single, use: everywhere})
	}
	w := newWorld(t, questions...)
	var people []practice.Actor
	for n := range 3 { // the first n+1 questions right
		a := w.candidate()
		people = append(people, a)
		for range 2 { // the second time counts nothing
			slug := w.quiz(a, quiz.Practice, 0)
			for i := range 6 {
				r := func(q bank.Question) quiz.Response { return quiz.Response{Choices: []string{"choice-1"}} }
				if i <= n {
					r = right
				}
				w.answer(a, slug, fmt.Sprintf("q%d", i), r)
			}
			w.clock.add(time.Minute)
		}
		few := w.quiz(a, quiz.Practice, 0, "q0", "q1") // too few others
		w.answer(a, few, "q0", right)
		w.answer(a, few, "q1", right)
	}
	w.must(w.svc.ScoreItems(t.Context(), 0))
	var want progress.ItemScores
	want.Add(0, 0.2) // q1 of the first candidate: wrong, 1 of the 5 others right
	want.Add(1, 0.2)
	want.Add(1, 0.4)
	got := w.scores()["q1"]
	if diff := cmp.Diff(want, got.Scores); diff != "" {
		t.Errorf("scores of q1 (-want +got):\n%s", diff)
	}
	picked := []progress.ChoiceCount{{ID: "choice-0", N: 2, Rest: 60}, {ID: "choice-1", N: 1, Rest: 20}}
	if diff := cmp.Diff(picked, got.Picked); diff != "" {
		t.Errorf("choices of q1 (-want +got):\n%s", diff)
	}
	w.checkRebuild()

	w.clock.add(time.Hour)
	w.edit("q1", (*question).correct) // choice-1 was right all the time
	w.must(w.svc.CatchUp(t.Context()))
	w.must(w.svc.ScoreItems(t.Context(), 0))
	want = progress.ItemScores{}
	want.Add(1, 0.2)
	want.Add(0, 0.2)
	want.Add(0, 0.4)
	if diff := cmp.Diff(want, w.scores()["q1"].Scores); diff != "" {
		t.Errorf("scores of q1 by the corrected key (-want +got):\n%s", diff)
	}
	for i, a := range people {
		if _, err := w.svc.Erase(t.Context(), a.User.ID); err != nil {
			t.Fatal(err)
		}
		if n := w.scores()["q0"]; i < 2 && n.Scores.N != 2-i || i == 2 && n != nil {
			t.Errorf("after %d erasures q0 has %+v", i+1, n)
		}
	}
}

// Statistics of a set rest on whole attempts at it, each candidate's first.
func TestSetStats(t *testing.T) {
	var questions []question
	ids := []string{"q0", "q1", "q2"}
	for _, id := range ids {
		questions = append(questions, question{id: id, topic: "alpha", kind: bank.Text, use: everywhere})
	}
	w := newWorld(t, questions...)
	w.questions = append(w.questions, question{id: "open", topic: "alpha", kind: bank.Card, use: everywhere})
	w.publish()
	for n := range 4 { // n of three right
		a := w.candidate()
		for range 2 { // the second attempt does not count
			slug := w.quiz(a, quiz.Practice, 0, "q0", "q1", "q2", "open")
			for i, id := range ids {
				r := wrong
				if i < n {
					r = right
				}
				w.answer(a, slug, id, r)
			}
			w.must(w.svc.Finish(t.Context(), a, slug))
		}
		part := w.quiz(a, quiz.Practice, 0, "q0") // not the whole set
		w.answer(a, part, "q0", right)
	}
	st, err := w.svc.SetStats(t.Context(), "Test", []string{"q0", "q1", "open", "q2"})
	if err != nil {
		t.Fatal(err)
	}
	// Totals 0, 1, 2, 3: mean 1.5, variance 5/3. Items with 3, 2 and 1 of 4 right: variances 1/4, 1/3, 1/4.
	// CIC = 100 · 3/2 · (1 − (5/6)/(5/3)) = 75.
	if st.Attempts != 4 || st.Mean.Value != 1.5 || math.Abs(st.CIC.Value-75) > 1e-9 || len(st.Items) != 3 {
		t.Errorf("statistics %+v, want 4 attempts, mean 1.5, reliability 75", st)
	}
}
