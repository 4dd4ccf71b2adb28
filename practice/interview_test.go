package practice_test

import (
	"testing"
	"time"

	"rehearse/practice"
	"rehearse/srs"
	"rehearse/store"
)

func (w *world) readiness(a practice.Actor) (r practice.Readiness, ok bool) {
	w.Helper()
	w.view(func(tx *store.Tx) (err error) {
		r, ok, err = w.svc.Readiness(tx, a.User)
		return err
	})
	return r, ok
}

func TestInterviewDate(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	if _, ok := w.readiness(a); ok {
		t.Error("readiness without an interview")
	}
	const today = 20522 // where the clock begins
	want := a.User
	want.Settings.Interview = today + 5
	u, err := w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	a.User = u
	if got, ok := w.readiness(a); !ok || got != (practice.Readiness{Day: today + 5, Left: 5, Cards: 5}) {
		t.Errorf("readiness before the first card = %+v, %v", got, ok)
	}
	w.grade(a, w.key("single", 0), srs.Easy)
	usual := w.turn(a, w.key("single", 0)).Card.Interval
	got, ok := w.readiness(a)
	if !ok || got.Seen != 1 || got.Due != 0 || got.Recall < .8 || got.Recall >= 1 {
		t.Errorf("readiness after the first card = %+v, %v", got, ok)
	}
	w.checkRebuild()

	// Long before it a card is held back; the log knows when that was.
	want.Settings.Interview = today + 60
	u, err = w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	a.User = u
	w.grade(a, w.key("multiple", 0), srs.Easy)
	held := w.turn(a, w.key("multiple", 0)).Card
	if held.Interval < 2*usual {
		t.Errorf("interval 60 days before an interview = %d, five days before it %d", held.Interval, usual)
	}
	w.checkRebuild()

	// In the days before it all come that would not be recalled well enough on the day, the least recalled first.
	want.Settings.Interview = today + 10
	u, err = w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	a.User = u
	if got, _ := w.readiness(a); got.Due != 2 {
		t.Errorf("cards that come before the interview = %d, want 2", got.Due)
	}
	w.clock.add(9 * 24 * time.Hour)
	w.view(func(tx *store.Tx) error {
		due, err := w.svc.CountDue(tx, a.User)
		if err != nil || due != 2 {
			t.Errorf("cards due on the day before = %d, %v, want 2", due, err)
		}
		return err
	})
	if got := w.today(a); !got.Ready || got.Left.Review != 2 {
		t.Errorf("queue on the day before = %+v", got)
	}

	// A day after it there is nothing to be ready for.
	w.clock.add(2 * 24 * time.Hour)
	if _, ok := w.readiness(a); ok {
		t.Error("readiness after the interview")
	}
}
