package practice_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"rehearse/practice"
	"rehearse/quiz"
	"rehearse/srs"
	"rehearse/store"
	"rehearse/store/storetest"
)

// TestEverythingHappensOnce does all that candidates do while connections break around commits, some of them after the
// server has committed: each thing is done, and none twice.
func TestEverythingHappensOnce(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	w := makeWorld(t, url, standard())
	defer func() { w.st.Close() }()
	cutter := storetest.NewCutter(t, url)
	st, err := store.Open(t.Context(), cutter.URL, store.Options{Clock: w.clock.Now})
	w.must(err)
	defer st.Close()
	svc, err := practice.New(t.Context(), st, pool, "test")
	w.must(err)
	cutter.On.Store(true)

	const candidates = 12
	for i := range candidates {
		w.clock.add(time.Second)
		a := w.visitor()
		var seen []string // kinds of entries that must be there in the end
		switch i % 3 {
		case 0: // becomes a candidate by a question of the start page
			nonce := make([]byte, 16)
			_, _ = rand.Read(nonce)
			e, err := svc.Catalog().Question("single")
			w.must(err)
			_, a.User, err = svc.AnswerOne(t.Context(), a, practice.OneQuestion{Revision: e.RevisionID, Nonce: nonce}, right(e.Question))
			w.must(err)
			seen = []string{"set", "responded", "finished"}
		case 1: // by settings
			want := a.User
			want.Settings.Zone = "Asia/Tokyo"
			a.User, err = svc.PutSettings(t.Context(), a, want)
			w.must(err)
			seen = []string{"set", "set"}
		default: // by a quiz
			seen = []string{"set"}
		}
		// A visitor's settings are on record with the candidate, and the change of them after that.
		slug, user, err := svc.StartQuiz(t.Context(), a, practice.NewQuiz{
			Title: "Quiz", Mode: quiz.Practice, Filter: quiz.Filter{Questions: []string{"single", "text"}, Count: 2},
		})
		w.must(err)
		a.User = user
		at := w.attempt(a, slug)
		for position, item := range at.Items {
			w.clock.add(time.Second)
			w.must(svc.Answer(t.Context(), a, slug, position, right(*item.Question)))
			seen = append(seen, "responded")
		}
		seen = append(seen, "finished")
		w.clock.add(time.Second)
		turn := w.turn(a, w.key("open", 0))
		_, err = svc.GradeCard(t.Context(), a, practice.Grade{Card: w.key("open", 0), Seq: turn.Seq, Rating: srs.Good})
		w.must(err)
		seen = append(seen, "graded")
		undo := w.today(a).Undo
		_, err = svc.UndoGrade(t.Context(), a, undo)
		w.must(err)
		seen = append(seen, "undone")

		var got []string
		for _, e := range w.log(a) {
			got = append(got, string(e.Kind))
		}
		if len(got) != len(seen) {
			t.Errorf("candidate %d: log %v, want %v", i, got, seen)
		}
		w.view(func(tx *store.Tx) error {
			n, err := tx.CountAttempts(a.User.ID)
			want := 1
			if i%3 == 0 {
				want = 2
			}
			if n != want {
				t.Errorf("candidate %d: %d attempts, want %d", i, n, want)
			}
			return err
		})
	}
	w.view(func(tx *store.Tx) error {
		ids, err := tx.UserIDs()
		if len(ids) != candidates {
			t.Errorf("candidates = %d, want %d", len(ids), candidates)
		}
		return err
	})
	var ids []int64
	w.view(func(tx *store.Tx) (err error) {
		ids, err = tx.UserIDs()
		return err
	})
	for i := 1; i < len(ids); i++ { // all become one
		w.clock.add(time.Second)
		if err := svc.Merge(t.Context(), ids[i], ids[0]); err != nil {
			t.Errorf("merge %d: %v", i, err)
		}
	}
	cutter.On.Store(false)
	w.checkRebuild()
	if cutter.Cuts.Load() < 2*candidates {
		t.Errorf("connections cut = %d: the test tests less than it should", cutter.Cuts.Load())
	}
	t.Logf("%d connections cut", cutter.Cuts.Load())
}

// TestOtherProcessesSeeALoad: what one process loads, another serves soon.
func TestOtherProcessesSeeALoad(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	w := newWorld(t, standard()...)
	st, err := store.Open(t.Context(), w.path, store.Options{Clock: w.clock.Now})
	w.must(err)
	defer st.Close()
	other, err := practice.New(t.Context(), st, pool, "test")
	w.must(err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		other.Watch(ctx, func(err error) { t.Errorf("Watch: %v", err) })
	}()
	old := other.Catalog()
	w.edit("single", func(q *question) { q.wording++ })
	for deadline := time.Now().Add(20 * time.Second); other.Catalog() == old; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the other process still serves the old content")
		}
	}
	stop()
	<-ended
	e, err := other.Catalog().Question("single")
	w.must(err)
	if want := "single, wording 1"; e.Title.Text != want {
		t.Errorf("title = %q, want %q", e.Title.Text, want)
	}
}
