package admin_test

import (
	"slices"
	"testing"

	"rehearse/bank"
	"rehearse/search"
	"rehearse/store"
	"rehearse/store/storetest"
)

// finds compares the slugs of the questions that a search hits with what they should be.
func (a *author) finds(words string, want ...string) {
	a.Helper()
	var got []string
	c := a.catalog()
	err := a.st.View(a.Context(), func(tx *store.Tx) error {
		ids, ranked, err := tx.Search(search.Parse(words))
		for _, e := range c.Find(ids, ranked) {
			got = append(got, e.Head.ID)
		}
		if len(c.Find(ids, ranked)) != len(ids) {
			a.Errorf("search for %q found %d questions, %d of them live", words, len(ids), len(got))
		}
		return err
	})
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) {
		a.Errorf("search for %q found %v, %v, want %v", words, got, err, want)
	}
}

// TestLoadsKeepTheSearchInStep is about everything that a load can do to a question.
func TestLoadsKeepTheSearchInStep(t *testing.T) {
	a := newAuthor(t)
	a.question(0, 0).Title = bank.Rich{Text: "Locks and latches", HTML: "Locks and latches"}
	a.publish()
	a.finds("lock", "a1")
	a.finds("b1", "b1")

	a.question(0, 0).Title = bank.Rich{Text: "Queues", HTML: "Queues"}
	a.question(0, 0).BodyHash = "a1 body 2"
	a.question(0, 1).Tags = []string{"latches"}
	a.publish()
	a.finds("locks")
	a.finds("queue", "a1")
	a.finds("latch", "a2")

	a.question(1, 0).Use = []bank.Use{bank.UseAssessment}
	a.publish()
	a.finds("b1")
	a.question(1, 0).Use = []bank.Use{bank.UseQuiz}
	a.publish()
	a.finds("b1", "b1")

	a.question(0, 0).ID, a.question(0, 0).Aliases = "a9", []string{"a1"}
	a.publish()
	a.finds("queue", "a9")

	gone := a.bank.Topics[0].Questions[1]
	a.bank.Topics[0].Questions = a.bank.Topics[0].Questions[:1]
	a.publish()
	a.finds("latch")
	a.bank.Topics[0].Questions = append(a.bank.Topics[0].Questions, gone)
	a.publish()
	a.finds("latch", "a2")

	if report := a.publish(); !report.Empty() {
		t.Errorf("a second load of the same: %+v", report)
	}
}

// TestLoadsStemAnewWhatIsMissing is about a database whose words another program made, or nobody.
func TestLoadsStemAnewWhatIsMissing(t *testing.T) {
	a := newAuthor(t)
	a.publish()
	db, err := storetest.ChangeTables(a.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE search_texts SET edition = 0, title = 'other'`); err != nil {
		t.Fatal(err)
	}
	a.finds("other", "a1", "a2", "b1", "b2")
	a.publish()
	a.finds("other")
	a.finds("a1", "a1")
}
