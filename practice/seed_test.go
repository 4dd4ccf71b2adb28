package practice_test

import (
	"testing"
	"time"

	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/store"
	"rehearse/store/storetest"
)

// seeded returns a world filled with candidates who are made up.
func seeded(t *testing.T, random uint64) *world {
	w := makeWorld(t, storetest.Database(t), standard())
	until := w.clock.Now()
	done, err := w.svc.Seed(t.Context(), practice.Seed{
		Responses: 700, Candidates: 11, Random: random, From: until.AddDate(-1, 0, 0), Until: until,
	}, quiet)
	w.must(err)
	if done.Candidates != 11 || done.Responses != 700 || done.Grades == 0 {
		t.Errorf("seeded %+v, want 11 candidates with 700 responses", done)
	}
	return w
}

// TestSeedIsWhole: what is made up is what a rebuild makes of its log, and life goes on from there.
func TestSeedIsWhole(t *testing.T) {
	w := seeded(t, 1)
	w.checkFinds()
	var actors []practice.Actor
	w.view(func(tx *store.Tx) error {
		users, err := tx.UserIDs()
		for _, id := range users {
			u, err := tx.User(id)
			w.must(err)
			actors = append(actors, practice.Actor{User: u})
			last, err := tx.RecentEvidence(id, 1)
			w.must(err)
			if last[0].At > w.clock.Now().UnixMilli() {
				t.Errorf("candidate %d did something in the future", id)
			}
			lines, err := tx.AttemptLines(id, 0, 1000)
			w.must(err)
			for _, line := range lines {
				at, err := tx.Attempt(id, line.Slug, w.svc.Catalog())
				w.must(err)
				right := 0
				for _, item := range at.Items {
					if item.Result.Verdict == quiz.Right {
						right++
					}
				}
				if line.Right != right || line.Items != len(at.Items) || line.Items != at.Answered() || line.FinishedAt != at.FinishedAt {
					t.Fatalf("attempt of candidate %d: %+v, of which %d are right", id, line, right)
				}
			}
		}
		return err
	})
	if len(actors) != 11 {
		t.Fatalf("%d candidates", len(actors))
	}
	for _, a := range []practice.Actor{actors[3], w.visitor()} {
		slug, user, err := w.svc.StartQuiz(t.Context(), a, practice.NewQuiz{Mode: quiz.Practice, Filter: quiz.Filter{Count: 5}})
		w.must(err)
		a.User = user
		w.clock.add(time.Minute)
		w.answer(a, slug, "single", right)
		w.turn(a, w.key("open", 0))
	}
	w.must(w.svc.ScoreItems(t.Context(), 0))
	w.checkFinds()
	_, err := w.svc.Seed(t.Context(), practice.Seed{Responses: 1, Candidates: 1}, quiet)
	w.wantErr("seeding twice", err, practice.ErrNotEmpty)
}

func TestSeedIsTheSame(t *testing.T) {
	one, same, other := seeded(t, 1), seeded(t, 1), seeded(t, 2)
	tables := []string{"users", "sessions", "attempts", "attempt_items", "evidence", "cards", "item_scores"}
	if one.dump(tables...) != same.dump(tables...) {
		t.Error("the same seed filled two databases differently")
	}
	if one.dump(tables...) == other.dump(tables...) {
		t.Error("two seeds filled two databases alike")
	}
	for _, w := range []*world{one, same, other} {
		w.must(w.st.Close())
	}
}

func TestSeedShares(t *testing.T) {
	for _, plan := range [][2]int{{1, 1}, {200, 200}, {300, 200}, {999, 1}, {1234, 2}, {5000, 77}} {
		w := makeWorld(t, storetest.Database(t), standard())
		done, err := w.svc.Seed(t.Context(), practice.Seed{
			Responses: plan[0], Candidates: plan[1], From: w.clock.Now().AddDate(0, 0, -1), Until: w.clock.Now(),
		}, quiet)
		if err != nil || done.Responses != plan[0] || done.Candidates != plan[1] {
			t.Errorf("%d responses of %d candidates: %+v, %v", plan[0], plan[1], done, err)
		}
		w.must(w.st.Close())
	}
}
