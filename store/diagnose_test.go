package store

import (
	"errors"
	"testing"

	"rehearse/store/storetest"
)

func TestDiagnose(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path, _, _ := backedUp(t, 3)
	st := open(t, path, newClock())
	failed := st.Update(t.Context(), func(tx *Tx) error {
		return tx.exec(`INSERT INTO banks (slug, title, license) VALUES ('twice', '', ''), ('twice', '', '')`)
	})
	if failed == nil {
		t.Fatal("the same bank could be added twice")
	}
	if err := st.Diagnose(t.Context(), failed); err != failed {
		t.Errorf("in a sound file: %v, want %v as it is", err, failed)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, path, "sqlite_autoindex_banks_1")
	st = open(t, path, newClock())
	if err := st.Diagnose(t.Context(), failed); !errors.Is(err, ErrDamaged) || !errors.Is(err, failed) {
		t.Errorf("in a damaged file: %v, want it to be %v", err, ErrDamaged)
	}
	if err := st.Diagnose(t.Context(), ErrBusy); err != ErrBusy {
		t.Errorf("of another error: %v", err)
	}
}
