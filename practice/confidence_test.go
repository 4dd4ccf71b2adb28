package practice_test

import (
	"context"
	"testing"
	"time"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/quiz"
	"rehearse/store"
)

// said makes of a way to answer the same one, given with a confidence.
func said(c quiz.Confidence, answer func(bank.Question) quiz.Response) func(bank.Question) quiz.Response {
	return func(q bank.Question) quiz.Response {
		r := answer(q)
		r.Confidence, r.Unsure = c, c == quiz.Unsure
		return r
	}
}

// days returns what is stored of a candidate's days.
func (w *world) days(a practice.Actor) []progress.Activity {
	w.Helper()
	var days []progress.Activity
	w.view(func(tx *store.Tx) (err error) {
		days, err = tx.Days(a.User.ID, 0)
		return err
	})
	return days
}

func TestConfidenceCostsNothing(t *testing.T) {
	for _, answer := range []func(bank.Question) quiz.Response{right, wrong, partly} {
		scores := map[int64]bool{}
		for _, c := range []quiz.Confidence{quiz.Unasked, quiz.Unsure, quiz.FairlySure, quiz.Sure} {
			w := newWorld(t, standard()...)
			a := w.candidate()
			slug := w.quiz(a, quiz.Practice, 0)
			for _, id := range []string{"single", "multiple", "cloze", "text"} {
				w.answer(a, slug, id, said(c, answer))
			}
			score, _ := w.attempt(a, slug).Points()
			scores[score] = true
		}
		if len(scores) != 1 {
			t.Errorf("scores by confidence: %v, want one", scores)
		}
	}
}

func TestConfidenceIsCounted(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	second := func(bank.Question) quiz.Response { return quiz.Response{Choices: []string{"choice-1"}} }
	w.answer(a, slug, "single", said(quiz.Sure, second))
	w.answer(a, slug, "multiple", said(quiz.Sure, right))
	w.answer(a, slug, "text", said(quiz.Unsure, right))
	w.answer(a, slug, "cloze", right)
	w.answer(a, slug, "open", said(quiz.Sure, right)) // nobody judges it
	want := progress.Confident{{N: 1, Right: 1}, {}, {N: 2, Right: 1}}
	if got := progress.CalibrationOf(w.days(a)); got.Steps[0].Hits != want[0] || got.Steps[1].Hits != want[1] || got.Steps[2].Hits != want[2] {
		t.Errorf("calibration = %+v, want %v", got, want)
	}
	if s := w.state(a, "single"); !s.Surprise {
		t.Errorf("state after a sure and wrong answer: %+v, want a surprise", s)
	}
	w.checkRebuild()

	// What was wrong by a wrong key is right after the correction, and no surprise.
	w.clock.add(time.Minute)
	w.edit("single", (*question).correct)
	w.must(w.svc.CatchUp(context.Background()))
	if s := w.state(a, "single"); s.Surprise {
		t.Errorf("state after the correction: %+v, want no surprise", s)
	}
	if got := progress.CalibrationOf(w.days(a)).Steps[2].Hits; got != (progress.Hits{N: 2, Right: 2}) {
		t.Errorf("sure after the correction: %+v, want 2 of 2", got)
	}
	w.checkRebuild()
}

// What an exam holds says nothing before it is finished.
func TestConfidenceOfAnExamIsHeld(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Exam, 0)
	w.answer(a, slug, "single", said(quiz.Sure, wrong))
	if got := progress.CalibrationOf(w.days(a)); got.N != 0 {
		t.Errorf("calibration while the exam runs = %+v, want nothing", got)
	}
	w.must(w.svc.Finish(context.Background(), a, slug))
	if got := progress.CalibrationOf(w.days(a)); got.N != 1 || got.Right != 0 {
		t.Errorf("calibration after the exam = %+v, want one wrong", got)
	}
	w.checkRebuild()
}

func TestSurprisesComeFirst(t *testing.T) {
	questions := standard()
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		questions = append(questions, question{id: id, topic: "alpha", kind: bank.Single, use: everywhere})
	}
	w := newWorld(t, questions...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	for _, q := range questions {
		switch q.id {
		case "d", "f":
			w.answer(a, slug, q.id, said(quiz.Sure, wrong))
		default:
			w.answer(a, slug, q.id, said(quiz.FairlySure, wrong))
		}
	}
	again, err := w.svc.RepeatMistakes(context.Background(), a, slug)
	w.must(err)
	var first []string
	for _, item := range w.attempt(a, again).Items[:2] {
		first = append(first, item.Question.ID)
	}
	if first[0]+first[1] != "df" && first[0]+first[1] != "fd" {
		t.Errorf("the mistakes begin with %v, want d and f", first)
	}

	// Days later, among the cards, too.
	w.clock.add(30 * 24 * time.Hour)
	shown := map[int64]bool{}
	for range 2 {
		var today practice.Today
		w.view(func(tx *store.Tx) (err error) {
			today, err = w.svc.Today(tx, a.User, practice.Selection{Pool: practice.Mistakes})
			return err
		})
		shown[today.Next.Key] = true
		turn := w.turn(a, store.CardKey{Question: today.Next.Key})
		_, err := w.svc.GradeCard(context.Background(), a, practice.Grade{Card: store.CardKey{Question: turn.Entry.ID}, Seq: turn.Seq, Rating: 4})
		w.must(err)
	}
	if !shown[w.key("d", 0).Question] || !shown[w.key("f", 0).Question] {
		t.Errorf("the cards of mistakes begin with %v, want d and f", shown)
	}
}
