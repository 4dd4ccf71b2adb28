package practice_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/practice"
	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store"
)

// late sends a grade of a card, given some time ago, as a browser does that had no connection.
func (w *world) late(a practice.Actor, id string, r srs.Rating, ago time.Duration, name string) practice.Late {
	w.Helper()
	e, err := w.svc.Catalog().Question(id)
	w.must(err)
	g := practice.Late{
		Grade:    practice.Grade{ID: name, Card: store.CardKey{Question: e.ID}, Rating: r, Duration: 3 * time.Second},
		Revision: e.RevisionID,
		Ago:      ago,
	}
	w.must(w.svc.GradeLate(context.Background(), a, g))
	return g
}

// TestALateGradeIsAsIfItHadComeInTime compares a grade that comes late with one that comes in time, while another device
// grades the same card.
func TestALateGradeIsAsIfItHadComeInTime(t *testing.T) {
	const day = 24 * time.Hour
	play := func(inTime bool) (*world, practice.Actor) {
		w := newWorld(t, standard()...)
		a := w.candidate()
		w.grade(a, w.key("single", 0), srs.Good)
		w.clock.add(2 * day)
		offline := w.clock.Now()
		if inTime {
			w.late(a, "single", srs.Again, w.clock.Now().Sub(offline), "x")
		}
		w.clock.add(day)
		w.grade(a, w.key("single", 0), srs.Good)
		w.clock.add(day)
		if !inTime {
			w.late(a, "single", srs.Again, w.clock.Now().Sub(offline), "x")
		}
		w.checkRebuild()
		return w, a
	}
	first, a := play(true)
	second, b := play(false)
	want, got := first.state(a, "single"), second.state(b, "single")
	want.Seq, got.Seq = 0, 0 // the logs differ in their order
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state (-in time +late):\n%s", diff)
	}
	if got.Cards[0].Reviews != 3 || got.Cards[0].Lapses+got.Cards[0].Step == 0 {
		t.Errorf("card = %+v, want three reviews, one of them Again", got.Cards[0])
	}
	if x, y := first.dump("daily_activity"), second.dump("daily_activity"); x != y {
		t.Errorf("days (-in time +late):\n%s", diffLines(x, y))
	}
}

func TestALateGradeCountsOnce(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.clock.add(time.Hour)
	g := w.late(a, "single", srs.Good, time.Minute, "x")
	before := w.dump(append(projections, "evidence")...)
	w.must(w.svc.GradeLate(t.Context(), a, g))
	g.Rating = srs.Again
	w.must(w.svc.GradeLate(t.Context(), a, g))
	online := g.Grade // the request that seemed lost arrives after all
	_, err := w.svc.GradeCard(t.Context(), a, online)
	w.must(err)
	online.Seq = w.turn(a, g.Card).Seq
	_, err = w.svc.GradeCard(t.Context(), a, online)
	w.must(err)
	if after := w.dump(append(projections, "evidence")...); after != before {
		t.Errorf("sent once more, it changes something:\n%s", diffLines(before, after))
	}
	// And the other way round: it arrived, and seemed lost.
	key := w.key("multiple", 0)
	_, err = w.svc.GradeCard(t.Context(), a, practice.Grade{ID: "y", Card: key, Seq: w.turn(a, key).Seq, Rating: srs.Good})
	w.must(err)
	before = w.dump(append(projections, "evidence")...)
	w.late(a, "multiple", srs.Good, 0, "y")
	if after := w.dump(append(projections, "evidence")...); after != before {
		t.Errorf("sent as late, too, it changes something:\n%s", diffLines(before, after))
	}
}

func TestTheTimeOfALateGradeIsBounded(t *testing.T) {
	const day = 24 * time.Hour
	began := func(w *world, a practice.Actor) int64 { return w.log(a)[0].At }
	tests := []struct {
		name  string
		given time.Duration // before it is sent
		seq   bool          // names the last entry about the card
		want  func(w *world, a practice.Actor) int64
	}{
		{"as it was", day, false, func(w *world, _ practice.Actor) int64 { return w.clock.Now().Add(-day).UnixMilli() }},
		{"in the future", -day, false, func(w *world, _ practice.Actor) int64 { return w.clock.Now().UnixMilli() }},
		{"before there was anything", 100 * day, false, began},
		{"before what the page knew", 100 * day, true, func(w *world, a practice.Actor) int64 { return w.log(a)[1].At }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, standard()...)
			a := w.candidate()
			w.clock.add(day)
			w.grade(a, w.key("single", 0), srs.Good)
			e, err := w.svc.Catalog().Question("single")
			w.must(err)
			g := practice.Late{
				Grade:    practice.Grade{ID: "x", Card: w.key("single", 0), Rating: srs.Good},
				Revision: e.RevisionID,
			}
			if test.seq {
				g.Seq = w.state(a, "single").Seq
			}
			w.clock.add(5 * day)
			g.Ago = test.given
			want := test.want(w, a)
			w.must(w.svc.GradeLate(t.Context(), a, g))
			log := w.log(a)
			if got := log[len(log)-1].At; got != want {
				t.Errorf("time = %v, want %v", time.UnixMilli(got).UTC(), time.UnixMilli(want).UTC())
			}
			w.checkRebuild()
		})
	}
}

// A grade of a key that was changed since then says nothing of the new one.
func TestALateGradeOfAnOldKey(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Easy)
	old, err := w.svc.Catalog().Question("single")
	w.must(err)
	w.clock.add(time.Hour)
	w.edit("single", func(q *question) { q.key++ })
	w.must(w.svc.CatchUp(t.Context()))
	w.clock.add(time.Hour)
	send := func(name string, revision int64) progress.Card {
		t.Helper()
		g := practice.Late{
			Grade:    practice.Grade{ID: name, Card: store.CardKey{Question: old.ID}, Rating: srs.Easy},
			Revision: revision,
		}
		w.must(w.svc.GradeLate(t.Context(), a, g))
		w.checkRebuild()
		card, _ := w.state(a, "single").Card(0)
		return card
	}
	if card := send("old", old.RevisionID); !card.Changed || card.Reviews != 2 {
		t.Errorf("card = %+v, want a second review, and the key changed since", card)
	}
	now, err := w.svc.Catalog().Question("single")
	w.must(err)
	if card := send("new", now.RevisionID); card.Changed {
		t.Errorf("card = %+v, want the new key reviewed", card)
	}
}

func TestLateGradesOfNoCard(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	single, err := w.svc.Catalog().Question("single")
	w.must(err)
	multiple, err := w.svc.Catalog().Question("multiple")
	w.must(err)
	before := w.dump("evidence")
	for name, g := range map[string]practice.Late{
		"no question":      {Grade: practice.Grade{Card: store.CardKey{Question: 99}}, Revision: single.RevisionID},
		"no part":          {Grade: practice.Grade{Card: store.CardKey{Question: single.ID, Part: 1}}, Revision: single.RevisionID},
		"not its revision": {Grade: practice.Grade{Card: store.CardKey{Question: single.ID}}, Revision: multiple.RevisionID},
		"no revision":      {Grade: practice.Grade{Card: store.CardKey{Question: single.ID}}},
	} {
		g.ID, g.Rating = name, srs.Good
		w.wantErr(name, w.svc.GradeLate(t.Context(), a, g), store.ErrNotFound)
	}
	bad := practice.Late{Grade: practice.Grade{ID: "bad", Card: store.CardKey{Question: single.ID}}, Revision: single.RevisionID}
	if err := w.svc.GradeLate(t.Context(), a, bad); err == nil {
		t.Error("no rating: no error")
	}
	w.edit("single", func(q *question) { q.out = true })
	gone := practice.Late{Grade: practice.Grade{ID: "gone", Card: store.CardKey{Question: single.ID}, Rating: srs.Good}, Revision: single.RevisionID}
	w.wantErr("a retired question", w.svc.GradeLate(t.Context(), a, gone), store.ErrNotFound)
	if after := w.dump("evidence"); after != before {
		t.Errorf("a refused grade is on record:\n%s", diffLines(before, after))
	}
}

// A grade that was sent before two candidates became one is not taken again after that.
func TestALateGradeCountsOnceAcrossAMerge(t *testing.T) {
	w := newWorld(t, standard()...)
	from, into := w.candidate(), w.candidate()
	w.clock.add(time.Hour)
	g := w.late(from, "single", srs.Good, 0, "x")
	w.late(from, "multiple", srs.Good, 0, "y")
	w.late(into, "multiple", srs.Again, 0, "y") // a browser that was used by both
	w.must(w.svc.Merge(t.Context(), from.User.ID, into.User.ID))
	w.must(w.svc.GradeLate(t.Context(), into, g))
	if card, _ := w.state(into, "single").Card(0); card.Reviews != 1 {
		t.Errorf("card = %+v, want one review", card)
	}
	if card, _ := w.state(into, "multiple").Card(0); card.Reviews != 2 {
		t.Errorf("card = %+v, want both reviews", card)
	}
	w.checkRebuild()
}

func TestUndoOfALateGrade(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Good)
	w.clock.add(72 * time.Hour)
	w.grade(a, w.key("single", 0), srs.Good)
	before := w.state(a, "single").Cards
	w.late(a, "single", srs.Again, 24*time.Hour, "x")
	_, err := w.svc.UndoGrade(t.Context(), a, w.today(a).Undo)
	w.must(err)
	if diff := cmp.Diff(before, w.state(a, "single").Cards); diff != "" {
		t.Errorf("cards (-before +undone):\n%s", diff)
	}
	w.checkRebuild()
}

func TestUpcoming(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("single", 0), srs.Good)   // comes back in minutes
	w.grade(a, w.key("multiple", 0), srs.Easy) // in days
	w.view(func(tx *store.Tx) error {
		kept, err := w.svc.Upcoming(tx, a.User, 50)
		if err != nil {
			return err
		}
		var states []string
		for _, k := range kept {
			states = append(states, k.Card.State.String())
		}
		if diff := cmp.Diff([]string{"new", "new", "new", "learning", "review"}, states); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if some, err := w.svc.Upcoming(tx, a.User, 2); err != nil || len(some) != 2 {
			t.Errorf("Upcoming(2) = %d cards, %v", len(some), err)
		}
		return nil
	})
}
