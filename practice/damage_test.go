package practice_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/srs"
)

// busyWorld is a world in which two candidates have done some of everything.
func busyWorld(t *testing.T) (*world, []practice.Actor) {
	w := newWorld(t, append(standard(), six()...)...)
	candidates := []practice.Actor{w.candidate(), w.candidate()}
	for _, a := range candidates {
		slug := w.quiz(a, quiz.Practice, 0)
		w.answer(a, slug, "single", right)
		w.answer(a, slug, "multiple", partly)
		w.answer(a, slug, "cloze", wrong)
		w.answer(a, slug, "text", unsure)
		w.clock.add(26 * time.Hour)
		w.grade(a, w.key("cloze", 1), srs.Good)
		w.answerSix(a)
	}
	return w, candidates
}

func TestRebuildMendsWhatCheckFinds(t *testing.T) {
	tests := []struct {
		name, damage string
		want         []string
	}{
		{"a card moved", "UPDATE cards SET due_at = due_at + 1 WHERE user_id = 1 AND question_id = 1", []string{"candidate 1: question 1: stored is"}},
		{"a card gone", "DELETE FROM cards WHERE user_id = 2 AND question_id = 3 AND part = 2", []string{"candidate 2: question 3: stored is"}},
		{"a card too many", "INSERT INTO cards SELECT 1, 4, part, state, step, stability, difficulty, due_at, last_at, interval, reviews, lapses, changed, suspended FROM cards LIMIT 1", []string{"candidate 1: question 4: stored is"}},
		{"a stability in its last bit", "UPDATE cards SET stability = stability * (1 + 2.3e-16) WHERE user_id = 1 AND question_id = 3 AND part = 1", []string{"candidate 1: question 3: stored is"}},
		{"a question gone", "DELETE FROM question_progress WHERE user_id = 1 AND question_id = 2", []string{"candidate 1: question 2"}},
		{"a last score", "UPDATE question_progress SET last_score = 5 WHERE user_id = 1 AND question_id = 2", []string{"candidate 1: question 2"}},
		{"a topic's counts", "UPDATE topic_progress SET correct = correct + 1 WHERE user_id = 1 AND topic_id = 1", []string{"candidate 1: topic 1"}},
		{"a topic gone", "DELETE FROM topic_progress WHERE user_id = 2", []string{"candidate 2: topic 1: nothing is stored", "candidate 2: topic 2: nothing is stored", "candidate 2: topic 3: nothing is stored"}},
		{"a topic too many", "INSERT INTO topic_progress VALUES (1, 9, 1, 1, 1, 1)", []string{"candidate 1: topic 9: stored is {Seen:1 Answered:1 Correct:1 Mastered:1}, the log says nothing of it"}},
		{"a day", "UPDATE daily_activity SET answers = answers + 1 WHERE user_id = 1 AND reviews > 0", []string{"candidate 1: day"}},
		{"a day too many", "INSERT INTO daily_activity VALUES (2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)", []string{"candidate 2: day 1: stored is"}},
		{"an item's score", "UPDATE item_scores SET n = n - 7 WHERE question_id = 6 AND part = 'xo'", []string{"scores of question 6: the logs add map[xo:7]"}},
		{"an item gone", "DELETE FROM item_scores WHERE question_id = 8", []string{"scores of question 8: the logs add map["}},
		{"an item too many", "INSERT INTO item_scores VALUES (4, 'x', 'x0', 2)", []string{"scores of question 4: the logs add map[x0:-2]"}},
		{"a load that never arrives", "UPDATE question_progress SET event_seq = 0 WHERE user_id = 1 AND question_id = 2", []string{"candidate 1: question 2: a content load has not reached", "candidate 1: question 2: stored is", "candidate 1: topic 1"}},
	}
	w, _ := busyWorld(t) // each leaves it as it was, or the test ends
	w.must(w.svc.ScoreItems(t.Context(), 0))
	for _, test := range tests {
		ok := t.Run(test.name, func(t *testing.T) {
			w.tester = t
			w.checkFinds()
			before := w.dump(projections...)
			w.exec(test.damage)
			if w.dump(projections...) == before {
				t.Fatal("the damage changed nothing")
			}
			w.checkFinds(test.want...)
			w.must(w.svc.Rebuild(t.Context(), quiet))
			if after := w.dump(projections...); after != before {
				t.Errorf("after the rebuild (-before the damage +after the rebuild):\n%s", diffLines(before, after))
			}
			w.checkFinds()
		})
		if !ok {
			break
		}
	}
	w.tester = t
}

func TestCheckFindsAHoleInTheLog(t *testing.T) {
	w, _ := busyWorld(t)
	w.exec("DELETE FROM evidence WHERE user_id = 1 AND seq = 3")
	found, err := w.svc.Check(t.Context(), quiet)
	w.must(err)
	if len(found) == 0 || found[0] != "candidate 1: the log has 12 entries, it should have 13" {
		t.Errorf("Check found %q", found)
	}
}

// Wherever a rebuild is interrupted, what is there is either as before or right, and the next one finishes.
func TestRebuildInterrupted(t *testing.T) {
	for step := 1; step <= 4; step++ { // two candidates, in two passes
		t.Run(fmt.Sprint(step), func(t *testing.T) {
			w, _ := busyWorld(t)
			w.must(w.svc.ScoreItems(t.Context(), 0))
			before := w.dump(projections...)
			for _, table := range projections {
				w.exec("DELETE FROM " + table)
			}
			ctx, cancel := context.WithCancel(t.Context())
			steps := 0
			err := w.svc.Rebuild(ctx, func(string, int, int) {
				if steps++; steps == step {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("interrupted rebuild: %v, want %v", err, context.Canceled)
			}
			w.must(w.svc.Rebuild(t.Context(), quiet))
			if after := w.dump(projections...); after != before {
				t.Errorf("after the second rebuild (-before the damage +after):\n%s", diffLines(before, after))
			}
		})
	}
}

// Rebuilds, of which one would be enough, run against damage while candidates answer.
func TestRebuildsWhileCandidatesAnswer(t *testing.T) {
	w, candidates := busyWorld(t)
	for _, table := range projections {
		w.exec("DELETE FROM " + table)
	}
	w.exec("INSERT INTO item_scores SELECT id, 'x', 'x100', 5 FROM questions")
	var all sync.WaitGroup
	for _, a := range candidates {
		for range 2 {
			all.Go(func() {
				for range 25 {
					slug, _, err := w.svc.StartQuiz(context.Background(), a, practice.NewQuiz{Mode: quiz.Practice, Filter: quiz.Filter{Count: 50}})
					if err != nil {
						t.Error(err)
						return
					}
					if err := w.svc.Answer(context.Background(), a, slug, 0, quiz.Response{Text: "an answer", Choices: []string{"choice-0"}, Blanks: []string{"", ""}}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	for range 3 {
		all.Go(func() {
			for range 3 {
				if err := w.svc.Rebuild(context.Background(), quiet); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w.checkFinds()
	w.checkRebuild()
}
