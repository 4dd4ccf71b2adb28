package practice_test

import (
	"testing"
	"time"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/srs"
	"rehearse/store"
)

func TestPutAside(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	aside := func(key store.CardKey, aside bool) {
		t.Helper()
		_, err := w.svc.PutAside(t.Context(), a, key, w.turn(a, key).Seq, aside)
		w.must(err)
	}
	reviewed, fresh := w.key("single", 0), w.key("multiple", 0)
	w.grade(a, reviewed, srs.Again)
	a.User.NewPerDay = 9
	before := w.today(a).Left
	aside(reviewed, true)
	aside(fresh, true)
	if got := w.today(a).Left; got.Learning != before.Learning-1 || got.New != before.New-1 {
		t.Errorf("left = %+v after two were put aside, before %+v", got, before)
	}
	stale := w.turn(a, reviewed).Seq - 1
	_, err := w.svc.PutAside(t.Context(), a, reviewed, stale, false)
	w.must(err)
	if c, _ := w.state(a, "single").Card(0); !c.Suspended {
		t.Error("a page out of date brought a card back")
	}
	w.view(func(tx *store.Tx) error {
		marked, err := w.svc.Marked(tx, a.User, 10)
		if len(marked) != 2 || !marked[0].Suspended {
			t.Errorf("Marked = %+v", marked)
		}
		return err
	})
	w.checkRebuild()
	aside(reviewed, false)
	aside(fresh, false)
	if got := w.today(a).Left; got != before {
		t.Errorf("left = %+v after they came back, want %+v", got, before)
	}
	w.checkRebuild()
}

func TestReviewLimitAndBacklog(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	for today := w.today(a); today.Ready; today = w.today(a) {
		w.grade(a, store.CardKey{Question: today.Next.Key, Part: today.Next.Part}, srs.Easy)
	}
	w.clock.add(40 * 24 * time.Hour)
	a.User.NewPerDay = 0
	all := w.today(a)
	if all.Left.Review != 5 || all.Waiting != 5 {
		t.Fatalf("after a holiday %+v, %d waiting, want 5 reviews", all.Left, all.Waiting)
	}
	a.User.ReviewsPerDay = 2
	if got := w.today(a).Left.Review; got != 2 {
		t.Errorf("reviews = %d, want the limit of 2", got)
	}
	w.view(func(tx *store.Tx) error {
		n, err := w.svc.CountDue(tx, a.User)
		if n != 2 {
			t.Errorf("CountDue = %d, want what the page of the cards says, 2", n)
		}
		return err
	})
	u, err := w.svc.SpreadBacklog(t.Context(), a, 4)
	w.must(err)
	a.User = u
	for day, want := range []int{2, 1, 1, 1} {
		today := w.today(a)
		if today.Left.Review != want {
			t.Errorf("reviews on day %d = %d, want %d", day+1, today.Left.Review, want)
		}
		for range today.Left.Review {
			next := w.today(a).Next
			w.grade(a, store.CardKey{Question: next.Key, Part: next.Part}, srs.Easy)
		}
		w.clock.add(24 * time.Hour)
	}
	w.checkRebuild()
}

// The days that were chosen are in the log: a rebuild comes to them although it does not know what stood there then.
func TestLoadBalance(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	due := map[int64]int{}
	for today := w.today(a); today.Ready; today = w.today(a) {
		key := store.CardKey{Question: today.Next.Key, Part: today.Next.Part}
		w.grade(a, key, srs.Easy)
	}
	chosen := 0
	for _, e := range w.log(a) {
		for _, r := range e.Ratings {
			if r.Days != 0 {
				chosen++
			}
		}
	}
	w.view(func(tx *store.Tx) error {
		known, err := tx.Known(a.User.ID)
		if err != nil {
			return err
		}
		for _, c := range known.Cards {
			due[c.DueAt]++
		}
		return err
	})
	if len(due) != 5 || chosen != 4 {
		t.Errorf("five cards are due at %v, %d were moved; want five days and four", due, chosen)
	}
	w.checkRebuild()
}

func TestSessionsOnTop(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	for today := w.today(a); today.Ready; today = w.today(a) {
		w.grade(a, store.CardKey{Question: today.Next.Key, Part: today.Next.Part}, srs.Easy)
	}
	slug := w.quiz(a, "practice", 0)
	w.answer(a, slug, "single", wrong)
	left := func(sel practice.Selection) (n int) {
		w.view(func(tx *store.Tx) error {
			today, err := w.svc.Today(tx, a.User, sel)
			n = today.Left.Total()
			return err
		})
		return n
	}
	w.clock.add(5 * 24 * time.Hour)
	if got := left(practice.Selection{Pool: practice.Mistakes}); got != 1 {
		t.Errorf("mistakes = %d, want 1", got)
	}
	if got := left(practice.Selection{Pool: practice.Drill}); got != 5 {
		t.Errorf("all = %d, want 5", got)
	}
	if got := left(practice.Selection{Pool: practice.Drill, Search: practice.Search{Kinds: []bank.Kind{bank.Multiple}}}); got != 1 {
		t.Errorf("of one question = %d, want 1", got)
	}
	if got := left(practice.Selection{Pool: practice.Ahead}); got < 2 || got > 4 {
		t.Errorf("ahead = %d, want those due on the next three days", got)
	}
	if got := left(practice.Selection{Search: practice.Search{Tags: []string{"no-such-tag"}}}); got != 0 {
		t.Errorf("of a tag that nothing has = %d", got)
	}
	w.checkRebuild()
}
