package store

import (
	"errors"
	"testing"

	"rehearse/bank"
	"rehearse/store/storetest"
)

// All bodies can be read without making those that others asked for leave the memory.
func TestBodiesAreNotKept(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1", "q2", "q3")
	c.bodies.most = 1 // the last one
	kept, err := c.Question("q1")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	see(t, st, func(tx *Tx) error {
		read = 0
		return tx.Bodies(c, func(*Listed, *bank.Body) { read++ })
	})
	if again, err := c.Question("q1"); err != nil || again != kept {
		t.Errorf("the question is read anew, %v", err)
	}
	if read != len(c.Questions) {
		t.Errorf("read %d of %d", read, len(c.Questions))
	}
}

// Of an attempt that is asked for at a position, that question alone is read, and none is remembered with the attempt.
func TestAnAttemptReadsOneQuestion(t *testing.T) {
	st, _ := newStore(t)
	user := addUser(t, st).ID
	c := content(t, st, "q1", "q2", "q3")
	do(t, st, func(tx *Tx) error {
		_, err := tx.AddAttempt(Attempt{User: user, Slug: "slug", Listed: c.All(), Attempt: practiceAt(tx.Now())})
		return err
	})
	read := 0
	of := c.bodies.read
	c.bodies.read = func(revision int64) (bank.Body, int, error) { read++; return of(revision) }
	c.bodies.most = 1 // the last one
	for range 2 {
		see(t, st, func(tx *Tx) error {
			a, err := tx.AttemptAt(user, "slug", c, 1)
			if err != nil {
				return err
			}
			if a.Entries[0] != nil || a.Items[0].Question != nil || a.Items[1].Question != &a.Entries[1].Question || a.Items[1].Question.ID != c.Questions[1].Head.ID {
				t.Errorf("items = %+v, entries = %+v", a.Items, a.Entries)
			}
			if a.Listed[2] != &c.Questions[2] {
				t.Errorf("listed = %+v", a.Listed[2])
			}
			return nil
		})
	}
	if read != 1 {
		t.Errorf("%d bodies were read, want 1", read)
	}
	see(t, st, func(tx *Tx) error {
		a, err := tx.Attempt(user, "slug", c)
		if err == nil && (a.Items[0].Question.ID != c.Questions[0].Head.ID || a.Entries[2].Question.ID != c.Questions[2].Head.ID) {
			t.Errorf("whole: items = %+v, entries = %+v", a.Items, a.Entries)
		}
		return err
	})
	if read != 4 { // the second is not kept any more
		t.Errorf("%d bodies were read, want 4", read)
	}
}

// When connections break, bodies are read like all else: again.
func TestBodiesAreReadPatiently(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	cutter := storetest.NewCutter(t, url)
	st := open(t, cutter.URL, newClock())
	c := content(t, st, "q1", "q2")
	const many = 10 // more than the driver tries by itself
	cutter.Lose.Store(many)
	if _, err := c.Question("q1"); err != nil {
		t.Errorf("outside of a view: %v", err)
	}
	lost := false
	err := st.Update(t.Context(), func(tx *Tx) error {
		if !lost {
			lost = true
			cutter.Lose.Store(many)
		}
		_, err := c.Question("q2")
		return err
	})
	if err != nil || cutter.Lose.Load() > 0 {
		t.Errorf("in an update: %v, %d connections still to lose", err, cutter.Lose.Load())
	}
}

// A question of the catalog whose revision is not there is damage, not a page that does not exist.
func TestAMissingBodyIsDamage(t *testing.T) {
	st, _ := newStore(t)
	if _, err := st.model(t.Context(), 999); !errors.Is(err, ErrDamaged) {
		t.Errorf("model = %v, want %v", err, ErrDamaged)
	}
}

// What a damaged file holds instead of a question is told as damage.
func TestADamagedBodyIsDamage(t *testing.T) {
	st, _ := newStore(t)
	revision := content(t, st, "q1").Questions[0].RevisionID
	do(t, st, func(tx *Tx) error { return tx.exec("UPDATE revisions SET model = '{\"\x7f' WHERE id = $1", revision) })
	if _, err := st.Body(revision); !errors.Is(err, ErrDamaged) {
		t.Errorf("Body = %v, want %v", err, ErrDamaged)
	}
}
