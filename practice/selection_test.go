package practice_test

import (
	"slices"
	"testing"
	"time"

	"rehearse/bank"
	"rehearse/practice"
	"rehearse/srs"
	"rehearse/store"
)

// found returns the ids of the questions that a search finds, in their order.
func (w *world) found(a practice.Actor, what practice.Search) (ids []string) {
	w.Helper()
	w.view(func(tx *store.Tx) error {
		f, err := w.svc.Search(tx, a.User, what)
		for _, e := range f.Questions {
			ids = append(ids, e.Head.ID)
		}
		return err
	})
	return ids
}

func TestSearchByStanding(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.grade(a, w.key("open", 0), srs.Good) // in a minute step
	slug := w.quiz(a, "practice", 0)
	w.answer(a, slug, "single", wrong)
	w.must(w.st.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetBookmark(a.User.ID, w.key("text", 0).Question, true)
	}))
	check := func(want []string, what ...practice.Status) {
		t.Helper()
		if got := w.found(a, practice.Search{Statuses: what}); !slices.Equal(got, want) {
			t.Errorf("found by %v: %v, want %v", what, got, want)
		}
	}
	check([]string{"multiple", "cloze", "text"}, practice.StatusNew)
	check([]string{"single"}, practice.StatusWrong)
	check([]string{"text"}, practice.StatusBookmarked)
	check([]string{"single", "text"}, practice.StatusBookmarked, practice.StatusWrong)
	check(nil, practice.StatusDue)
	w.clock.add(20 * time.Minute)
	check([]string{"single", "open"}, practice.StatusDue)
	if got := w.found(practice.Actor{}, practice.Search{Statuses: []practice.Status{practice.StatusWrong, practice.StatusBookmarked}}); got != nil {
		t.Errorf("of a visitor: %v, want none", got)
	}
	if got := w.found(a, practice.Search{Statuses: []practice.Status{practice.StatusNew}, Topics: []string{"beta"}, Kinds: []bank.Kind{bank.Text, bank.Single}}); !slices.Equal(got, []string{"text"}) {
		t.Errorf("found by several filters: %v, want text", got)
	}
}

// A session of cards has the questions that its search finds, and no others.
func TestSessionsOfASearch(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	w.view(func(tx *store.Tx) error {
		for _, test := range []struct {
			what practice.Search
			want int
		}{
			{practice.Search{}, 5},
			{practice.Search{Words: "multiple"}, 1},
			{practice.Search{Words: "multiple", Topics: []string{"beta"}}, 0},
			{practice.Search{Topics: []string{"beta"}}, 3},
			{practice.Search{Words: "nowhere", Literal: true}, 0},
		} {
			today, err := w.svc.Today(tx, a.User, practice.Selection{Search: test.what})
			if err != nil {
				return err
			}
			if today.Left.New != test.want {
				t.Errorf("new cards of %+v = %d, want %d", test.what, today.Left.New, test.want)
			}
		}
		return nil
	})
}

// A set has its own order, wherever it leads: in the list, in the quiz, and among the cards, of which none is left out
// because of a limit.
func TestSets(t *testing.T) {
	w := newWorld(t, standard()...)
	a := w.candidate()
	a.User.NewPerDay = 1
	what := practice.Search{Sets: []string{"some"}, InSets: []string{"text", "open", "gone", "single"}}
	want := []string{"text", "open", "single"}
	if got := w.found(a, what); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if got := w.found(a, practice.Search{Sets: []string{"none"}}); got != nil {
		t.Errorf("found in a set that is not there: %v", got)
	}
	slug, _, err := w.svc.StartSelected(t.Context(), a, "Some", what)
	w.must(err)
	var asked []string
	for _, it := range w.attempt(a, slug).Items {
		asked = append(asked, it.Question.ID)
	}
	if !slices.Equal(asked, want) {
		t.Errorf("the quiz asks %v, want %v", asked, want)
	}
	next := func() (id string, left int) {
		w.view(func(tx *store.Tx) error {
			today, err := w.svc.Today(tx, a.User, practice.Selection{Search: what})
			if e, err := w.svc.Catalog().ByID(today.Next.Key); err == nil {
				id = e.Question.ID
			}
			left = today.Left.Total()
			return err
		})
		return id, left
	}
	for i, want := range []string{"open", "single", ""} {
		id, left := next()
		if id != want || left != 2-i {
			t.Errorf("card %d is %q, and %d are left; want %q and %d", i+1, id, left, want, 2-i)
		}
		if id != "" {
			w.grade(a, w.key(id, 0), srs.Easy)
		}
	}
	w.clock.add(24 * time.Hour)
	if _, left := next(); left != 2 {
		t.Errorf("on another day %d cards are left, want both, due or not", left)
	}
}
