package practice_test

import (
	"testing"

	"rehearse/practice"
	"rehearse/store"
	"rehearse/store/storetest"
)

// A search that cannot read the words of the bank leaves no half of them behind for those that come later.
func TestWordsThatCannotBeRead(t *testing.T) {
	w := newWorld(t, standard()...)
	misspelt := practice.Search{Words: "multipel"}
	find := func() (found practice.Found, err error) {
		err = w.st.View(t.Context(), func(tx *store.Tx) error {
			found, err = w.svc.Search(tx, store.User{}, misspelt)
			return err
		})
		return found, err
	}
	db, err := storetest.ChangeTables(w.path)
	w.must(err)
	defer db.Close()
	rename := func(from, to string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), `ALTER TABLE `+from+` RENAME TO `+to)
		w.must(err)
	}
	rename("revisions", "away")
	if _, err := find(); err == nil {
		t.Error("no error without the words")
	}
	rename("away", "revisions")
	found, err := find()
	if w.must(err); len(found.Questions) != 1 || !found.Corrected {
		t.Errorf("found %d, corrected %v, want 1, true", len(found.Questions), found.Corrected)
	}
}
