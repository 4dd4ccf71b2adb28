package practice_test

import (
	"context"
	"testing"
	"time"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
)

func (w *world) forecast(a practice.Actor) []int {
	w.Helper()
	var due []int
	w.view(func(tx *store.Tx) (err error) {
		due, err = w.svc.Forecast(tx, a.User)
		return err
	})
	return due
}

func TestForecast(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Easy)
	easy := w.turn(a, w.key("single", 0)).Card
	w.grade(a, w.key("multiple", 0), srs.Again) // comes back within minutes
	due := w.forecast(a)
	if len(due) != 30 || due[0] != 1 || due[easy.Interval] != 1 {
		t.Errorf("forecast = %v, want one today and one in %d days", due, easy.Interval)
	}
	// What is put aside is not due.
	key := w.key("single", 0)
	_, err := w.svc.PutAside(context.Background(), a, key, w.turn(a, key).Seq, true)
	w.must(err)
	if due := w.forecast(a); due[easy.Interval] != 0 {
		t.Errorf("forecast = %v, want nothing in %d days", due, easy.Interval)
	}
}

func TestTomorrow(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	a.User.NewPerDay = 2
	tomorrow := func(sel practice.Selection) (got practice.Tomorrow) {
		w.view(func(tx *store.Tx) error {
			today, err := w.svc.Today(tx, a.User, sel)
			if err != nil {
				return err
			}
			got, err = w.svc.Tomorrow(tx, a.User, sel, today)
			return err
		})
		return got
	}
	// Five cards: single, multiple, two gaps, open. Two are met today.
	if got, want := tomorrow(practice.Selection{}), (practice.Tomorrow{New: 2}); got != want {
		t.Errorf("before the first card: %+v, want %+v", got, want)
	}
	for _, id := range []string{"single", "multiple", "open"} {
		w.grade(a, w.key(id, 0), srs.Easy)
	}
	w.grade(a, w.key("cloze", 1), srs.Easy)
	w.clock.add(time.Duration(w.turn(a, w.key("single", 0)).Card.Interval-1) * 24 * time.Hour)
	got := tomorrow(practice.Selection{})
	if got.New != 0 || got.Reviews == 0 {
		t.Errorf("before the first reviews: %+v, want reviews and nothing new: the last new card is for today", got)
	}
	a.User.ReviewsPerDay = 1
	if got := tomorrow(practice.Selection{}); got.Reviews != 1 {
		t.Errorf("with a limit of one review: %+v", got)
	}
	if got := tomorrow(practice.Selection{Pool: practice.Drill}); got.Reviews == 0 || got.New != 0 {
		t.Errorf("of all cards: %+v, want reviews alone", got)
	}
}

// The menu and the topics count what can be shown: neither gaps that are gone nor cards of questions that serve none.
func TestCountsLeaveOutWhatCannotBeShown(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	slug := w.quiz(a, quiz.Practice, 0)
	for _, id := range []string{"single", "cloze"} {
		w.answer(a, slug, id, wrong)
	}
	w.clock.add(2 * time.Hour)
	count := func() (menu, topics int) {
		w.view(func(tx *store.Tx) (err error) {
			if menu, err = w.svc.CountDue(tx, a.User); err != nil {
				return err
			}
			due, err := w.svc.DueByTopic(tx, a.User)
			for _, n := range due {
				topics += n
			}
			return err
		})
		return menu, topics
	}
	if menu, topics := count(); menu != 3 || topics != 3 {
		t.Errorf("due: %d in the menu, %d in topics, want 3", menu, topics)
	}
	w.edit("cloze", func(q *question) { q.parts, q.wording = 1, 1 })
	if menu, topics := count(); menu != 2 || topics != 2 {
		t.Errorf("due without the second gap: %d in the menu, %d in topics, want 2", menu, topics)
	}
	w.edit("single", func(q *question) { q.use = []bank.Use{bank.UseQuiz} })
	if menu, topics := count(); menu != 1 || topics != 1 {
		t.Errorf("due without the card of single: %d in the menu, %d in topics, want 1", menu, topics)
	}
}

// A session of bookmarks holds their cards whenever they are due, new ones included, and ends.
func TestBookmarkedCards(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Easy)
	w.grade(a, w.key("open", 0), srs.Easy)
	for _, key := range []store.CardKey{w.key("single", 0), w.key("multiple", 0)} {
		w.must(w.st.Update(context.Background(), func(tx *store.Tx) error { return tx.SetBookmark(a.User.ID, key.Question, true) }))
	}
	w.clock.add(24 * time.Hour)
	var shown []int64
	for range 9 {
		var today practice.Today
		w.view(func(tx *store.Tx) (err error) {
			today, err = w.svc.Today(tx, a.User, practice.Selection{Pool: practice.Bookmarked})
			return err
		})
		if !today.Ready {
			break
		}
		shown = append(shown, today.Next.Key)
		w.grade(a, store.CardKey{Question: today.Next.Key, Part: today.Next.Part}, srs.Easy)
	}
	if len(shown) != 2 || shown[0] == shown[1] || shown[0] == w.key("open", 0).Question || shown[1] == w.key("open", 0).Question {
		t.Errorf("shown: %v, want the cards of single and multiple", shown)
	}
	w.checkRebuild()
}
