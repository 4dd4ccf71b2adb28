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
	card := w.turn(a, w.key("single", 0)).Card
	if card.Interval < 1 || card.Interval > 4 {
		t.Errorf("interval of an easy card = %d, want it to come back before the interview in 5 days", card.Interval)
	}
	got, ok := w.readiness(a)
	if !ok || got.Seen != 1 || got.Due != 1 || got.Recall < .8 || got.Recall >= 1 {
		t.Errorf("readiness after the first card = %+v, %v", got, ok)
	}
	w.checkRebuild()

	// Without an interview the card is reviewed as ever; the log knows when it was there.
	want.Settings.Interview = 0
	u, err = w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	a.User = u
	w.grade(a, w.key("multiple", 0), srs.Easy)
	if long := w.turn(a, w.key("multiple", 0)).Card; long.Interval <= 4 {
		t.Errorf("interval without an interview = %d, want more than 4", long.Interval)
	}
	w.checkRebuild()

	// A day after it there is nothing to be ready for.
	want.Settings.Interview = today + 5
	u, err = w.svc.PutSettings(t.Context(), a, want)
	w.must(err)
	a.User = u
	w.clock.add(6 * 24 * time.Hour)
	if _, ok := w.readiness(a); ok {
		t.Error("readiness after the interview")
	}
}
