package store

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store/storetest"
)

// What is known of candidates is what is stored, whatever was written since it was read, in groups that grow while views begin
// and end. On SQLite most of it is patched.
func TestKnownIsWhatIsStored(t *testing.T) {
	st, _ := newStore(t)
	var slugs []string
	for i := range 80 {
		slugs = append(slugs, "q"+strconv.Itoa(i))
	}
	c := content(t, st, slugs...)
	users := []User{addUser(t, st), addUser(t, st)}
	write := func(r *rand.Rand) error {
		user := users[r.IntN(len(users))].ID
		return st.Update(t.Context(), func(tx *Tx) error {
			var errs []error
			if r.IntN(40) == 0 {
				errs = append(errs, tx.ClearProgress(user))
			}
			for range 1 + r.IntN(3)*r.IntN(20) {
				before, err := tx.State(user, c.Questions[r.IntN(len(c.Questions))].ID)
				after := before
				after.Topic, after.Seq, after.LastScore, after.Cards = 1, before.Seq+1, r.Int64N(3), nil
				for part := range r.IntN(3) {
					after.Cards = append(after.Cards, progress.Card{Part: part, Card: srs.Card{State: srs.Review, DueAt: r.Int64N(9)}, Suspended: r.IntN(9) == 0})
				}
				errs = append(errs, err)
				switch {
				case before.Seq > 0 && r.IntN(9) == 0:
					errs = append(errs, tx.DropState(user, before))
				default:
					errs = append(errs, tx.PutState(user, before, after))
				}
			}
			if r.IntN(9) == 0 {
				errs = append(errs, errTakenBack)
			}
			if _, err := tx.Known(user); r.IntN(5) == 0 && err != nil {
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		})
	}
	read := func(r *rand.Rand) error {
		user := users[r.IntN(len(users))].ID
		return st.View(t.Context(), func(tx *Tx) error {
			got, err := tx.Known(user)
			if err != nil {
				return err
			}
			want, err := tx.allKnown(user)
			if diff := cmp.Diff(want, got); err == nil && diff != "" {
				t.Errorf("known of user %d (-stored +known):\n%s", user, diff)
			}
			return err
		})
	}
	var group sync.WaitGroup
	for i, act := range []func(*rand.Rand) error{write, write, read, read} {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 1))
			for range 60 {
				if err := act(r); err != nil && !errors.Is(err, errTakenBack) {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

var errTakenBack = errors.New("taken back")

// Of somebody who has met many questions, a page after an answer reads the rows of that question alone.
func TestKnownReadsWhatIsNew(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2")
	u := addUser(t, st)
	put := func(question int64) {
		do(t, st, func(tx *Tx) error {
			before, err := tx.State(u.ID, question)
			after := before
			after.Topic, after.Seq = 1, before.Seq+1
			return errors.Join(err, tx.PutState(u.ID, before, after))
		})
	}
	known := func() (read int) {
		see(t, st, func(tx *Tx) error {
			before, touched, ok := tx.knownBefore(u.ID)
			_, err := tx.Known(u.ID)
			if read = len(touched); !ok {
				read = -1
			} else if len(before.Met) != 2 {
				t.Errorf("before, %d were known", len(before.Met))
			}
			return err
		})
		return read
	}
	put(c.Questions[0].ID)
	put(c.Questions[1].ID)
	if read := known(); read != -1 {
		t.Errorf("questions read at first = %d, want all", read)
	}
	put(c.Questions[1].ID)
	if read := known(); read != 1 {
		t.Errorf("questions read after an answer = %d", read)
	}
	if read := known(); read != 0 {
		t.Errorf("questions read after nothing = %d", read)
	}
	for range maxTouches + 1 {
		put(c.Questions[1].ID)
	}
	if read := known(); read != -1 {
		t.Errorf("questions read after very many = %d, want all", read)
	}
}

// Of a candidate whose rows were copied from SQLite, or made up, no stamp says which update they come from.
func TestKnownOfWhoHasNoStampYet(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	name := storetest.Database(t)
	st := open(t, name, newClock())
	memoryOf(st).check = false // which would find it before the test does
	c := content(t, st, "q1")
	u := addUser(t, st)
	put := func(due int64) {
		do(t, st, func(tx *Tx) error {
			before, err := tx.State(u.ID, c.Questions[0].ID)
			after := before
			after.Topic, after.Seq = 1, before.Seq+1
			after.Cards = []progress.Card{{Card: srs.Card{State: srs.Review, DueAt: due}}}
			return errors.Join(err, tx.PutState(u.ID, before, after))
		})
	}
	put(5)
	do(t, st, func(tx *Tx) error { return tx.AddSession([]byte("u"), u.ID) })
	db, err := storetest.ChangeTables(name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE users SET stamp = 0`); err != nil {
		t.Fatal(err)
	}
	st = open(t, name, newClock())
	memoryOf(st).check = false
	for i, due := range []int64{5, 1000, 1000} {
		if i == 1 {
			put(due)
		}
		found, err := st.Session(t.Context(), []byte("u"))
		if err != nil {
			t.Fatal(err)
		}
		err = st.View(st.With(t.Context(), found), func(tx *Tx) error {
			k, err := tx.Known(u.ID)
			if err == nil && k.Cards[0].DueAt != due {
				t.Errorf("known to be due at %d, stored %d", k.Cards[0].DueAt, due)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
