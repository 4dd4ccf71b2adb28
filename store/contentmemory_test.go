package store

import (
	"errors"
	"testing"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// TestContentIsAsItIsInTheTransaction: what updates remember of the content is what is stored, before, inside and after a group
// that changes it, and after one that fails to.
func TestContentIsAsItIsInTheTransaction(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	question := content(t, st, "q").Questions[0].ID
	events := 1
	look := func(tx *Tx) error {
		got, err := tx.QuestionEvents(question, 0)
		stored, storedErr := tx.questionEvents(question, 0)
		if len(got) != len(stored) || len(got) != events {
			t.Errorf("events = %d, stored %d, want %d", len(got), len(stored), events)
		}
		return errors.Join(err, storedErr)
	}
	add := func(tx *Tx) error {
		_, err := tx.AppendQuestionEvent(1, progress.QuestionEvent{Question: question, Kind: progress.Retired, At: tx.Now()})
		events++
		return errors.Join(err, look(tx))
	}
	do(t, st, look)
	release := hold(st)
	ended := make(chan error, 3)
	for i, fn := range []func(*Tx) error{look, add, look} { // one group
		go func() { ended <- st.Update(t.Context(), fn) }()
		inQueue(t, st, i+1)
	}
	release()
	for range 3 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	do(t, st, look)
	err := st.Update(t.Context(), func(tx *Tx) error {
		before := events
		err := errors.Join(add(tx), errTakenBack)
		events = before
		return err
	})
	if !errors.Is(err, errTakenBack) {
		t.Errorf("update = %v, want %v", err, errTakenBack)
	}
	do(t, st, look)
}

// TestAnUpdateThatFailsAfterWritingSpoilsNoOther: those of its group run again, and are stored once.
func TestAnUpdateThatFailsAfterWritingSpoilsNoOther(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	u := addUser(t, st)
	add := func(once string, end error) func(*Tx) error {
		return func(tx *Tx) error {
			_, err := tx.AppendEvidence(u.ID, progress.Evidence{Kind: progress.Set, Once: once})
			return errors.Join(err, end)
		}
	}
	release := hold(st)
	ended := make([]chan error, 4)
	for i, fn := range []func(*Tx) error{
		add("a", nil), add("b", errTakenBack),
		func(*Tx) error { return errTakenBack }, // which wrote nothing
		add("c", nil),
	} {
		ended[i] = make(chan error, 1)
		go func() { ended[i] <- st.Update(t.Context(), fn) }()
		inQueue(t, st, i+1)
	}
	release()
	for i, want := range []error{nil, errTakenBack, errTakenBack, nil} {
		if err := <-ended[i]; !errors.Is(err, want) {
			t.Errorf("update %d = %v, want %v", i, err, want)
		}
	}
	see(t, st, func(tx *Tx) error {
		log, err := tx.Log(u.ID)
		if len(log) != 2 || log[0].Once != "a" || log[1].Once != "c" || log[1].Seq != 2 {
			t.Errorf("log = %+v, want a and c", log)
		}
		return err
	})
}
