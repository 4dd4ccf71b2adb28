package practice_test

import (
	"runtime"
	"testing"

	"rehearse/practice"
	"rehearse/quiz"
)

// Nothing that happens while a check goes on looks like a fault: answers, their statistics, an erasure, a merge.
func TestCheckBesideAServer(t *testing.T) {
	w := newWorld(t, append(standard(), six()...)...)
	var people []practice.Actor
	for range runtime.GOMAXPROCS(0) + 4 {
		a := w.candidate()
		w.answerSix(a)
		people = append(people, a)
	}
	w.must(w.svc.ScoreItems(t.Context(), 0))
	for _, erased := range []bool{false, true} {
		found, err := w.svc.Check(t.Context(), func(what string, done, _ int) {
			if what != "candidates" || done != 1 {
				return
			}
			n := len(people)
			w.answer(people[n-4], w.quiz(people[n-4], quiz.Practice, 0, "single"), "single", wrong)
			w.answerSix(people[n-3])
			if erased {
				_, err := w.svc.Erase(t.Context(), people[n-1].User.ID)
				w.must(err)
				w.must(w.svc.Merge(t.Context(), people[n-2].User.ID, people[n-3].User.ID))
			}
			w.must(w.svc.ScoreItems(t.Context(), 0))
		})
		w.must(err)
		if len(found) > 0 {
			t.Errorf("with an erasure: %t; found %q", erased, found)
		}
	}
}
