package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// What a view takes from memory agrees with what it reads, whatever is written meanwhile: each update writes one number in
// four places, of which the first three are remembered.
func TestMemoryAgreesWithTheSnapshot(t *testing.T) {
	for _, check := range []bool{false, true} {
		t.Run(fmt.Sprintf("checked %v", check), func(t *testing.T) {
			st, _ := newStore(t)
			memoryOf(st).check = check
			c := content(t, st, "q1", "q2")
			question := c.Questions[0].ID
			var users []User
			for i := range 3 {
				u := addUser(t, st)
				users = append(users, u)
				do(t, st, func(tx *Tx) error {
					_, err := tx.AddAttempt(Attempt{User: u.ID, Slug: strconv.FormatInt(u.ID, 10), Listed: c.All(), Attempt: practiceAt(tx.Now())})
					return errors.Join(err, tx.AddSession([]byte{byte(i)}, u.ID))
				})
			}
			write := func(r *rand.Rand) error {
				u := users[r.IntN(len(users))]
				return st.Update(t.Context(), func(tx *Tx) error {
					u.NewPerDay = r.IntN(100)
					at, err := tx.Attempt(u.ID, strconv.FormatInt(u.ID, 10), c)
					if err != nil {
						return err
					}
					errs := []error{
						tx.PutUser(u), tx.SetBookmark(u.ID, question, u.NewPerDay%2 == 1), tx.PutNote(u.ID, question, strconv.Itoa(u.NewPerDay)),
						tx.exec(`UPDATE attempts SET title = $1 WHERE id = $2`, strconv.Itoa(u.NewPerDay), at.ID),
					}
					if r.IntN(4) == 0 {
						errs = append(errs, errTakenBack)
					}
					return errors.Join(errs...)
				})
			}
			read := func(r *rand.Rand) error {
				i := r.IntN(len(users))
				user := users[i].ID
				found, err := st.Session(t.Context(), []byte{byte(i)})
				if err != nil {
					return err
				}
				return st.View(st.With(t.Context(), found), func(tx *Tx) error {
					if r.IntN(2) == 0 { // the snapshot begins before anything is taken from memory
						if err := tx.Ping(); err != nil {
							return err
						}
						time.Sleep(time.Duration(r.IntN(5)) * time.Millisecond) // for others to write
					}
					s, err := tx.Session([]byte{byte(i)})
					u, err2 := tx.User(user)
					marked, err3 := tx.Bookmarked(user, question)
					at, err4 := tx.Attempt(user, strconv.FormatInt(user, 10), c)
					note, err5 := tx.Note(user, question)
					if err := errors.Join(err, err2, err3, err4, err5); err != nil {
						return err
					}
					want := strconv.Itoa(u.NewPerDay)
					if s.User != u || marked != (u.NewPerDay%2 == 1) || note != "" && (note != want || at.Title != want) {
						return fmt.Errorf("session %d, user %d, marked %v, attempt %q, note %q", s.User.NewPerDay, u.NewPerDay, marked, at.Title, note)
					}
					return nil
				})
			}
			var done sync.WaitGroup
			for worker := range 6 {
				done.Go(func() {
					r := rand.New(rand.NewPCG(uint64(worker), 7))
					for range 100 {
						act := read
						if worker < 2 {
							act = write
						}
						if err := act(r); err != nil && !errors.Is(err, errTakenBack) {
							t.Error(err)
							return
						}
					}
				})
			}
			done.Wait()
		})
	}
}

// memoryOf returns where a store keeps what it read of candidates.
func memoryOf(st *Store) *memory {
	if st.pg != nil {
		return st.pg.memory
	}
	return st.memory
}

// On PostgreSQL a view takes from memory what was read under the same stamp, by whichever process it was changed since.
func TestMemorySavesStatementsOfOtherProcesses(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	name := storetest.Database(t)
	open := func() *Store {
		st, err := Open(t.Context(), name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st
	}
	st, elsewhere := open(), open()
	u, other := addUser(t, st), addUser(t, st)
	do(t, st, func(tx *Tx) error { return tx.AddSession([]byte("u"), u.ID) })
	steps := []struct {
		name string
		do   func(*Tx) error
		want int
	}{ // the candidate comes with the session
		{"first", nil, 1},
		{"second", nil, 0},
		{"after a write of somebody else", func(tx *Tx) error { return tx.PutUser(other) }, 0},
		{"after a write", func(tx *Tx) error { return tx.PutUser(u) }, 1},
		{"in the end", nil, 0},
	}
	for _, step := range steps {
		if step.do != nil {
			do(t, elsewhere, step.do)
		}
		found, err := st.Session(t.Context(), []byte("u"))
		if err != nil {
			t.Fatal(err)
		}
		if got := queries(st.With(t.Context(), found), t, st, u.ID); got != step.want {
			t.Errorf("%s: %d statements, want %d", step.name, got, step.want)
		}
	}
}

// A request that wrote something takes nothing from memory afterwards.
func TestAWriteVoidsTheStamp(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	st, _ := newStore(t)
	memoryOf(st).check = false
	u := addUser(t, st)
	do(t, st, func(tx *Tx) error { return tx.AddSession([]byte("u"), u.ID) })
	question := content(t, st, "q1").Questions[0].ID
	found, err := st.Session(t.Context(), []byte("u"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := st.With(t.Context(), found)
	for _, on := range []bool{false, true} {
		if on { // not the first time: something is remembered by then
			if err := st.Update(ctx, func(tx *Tx) error { return tx.SetBookmark(u.ID, question, true) }); err != nil {
				t.Fatal(err)
			}
		}
		err := st.View(ctx, func(tx *Tx) error {
			if marked, err := tx.Bookmarked(u.ID, question); err != nil || marked != on {
				return fmt.Errorf("marked %v, want %v: %w", marked, on, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// queries counts the statements of a view that reads what a page does.
func queries(ctx context.Context, t *testing.T, st *Store, user int64) (n int) {
	t.Helper()
	err := st.View(ctx, func(tx *Tx) error {
		heard := map[string]bool{}
		tx.run = listener{tx.run, heard}
		_, err := tx.User(user)
		_, err2 := tx.Bookmarked(user, 1)
		n = len(heard)
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMemorySavesStatements(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	st.memory.check = false
	u, other := addUser(t, st), addUser(t, st)
	steps := []struct {
		name string
		do   func(*Tx) error
		want int
	}{
		{"first", nil, 2},
		{"second", nil, 0},
		{"after a write of somebody else", func(tx *Tx) error { return tx.PutUser(other) }, 0},
		{"after a new candidate", func(tx *Tx) error { _, err := tx.AddUser(utc); return err }, 0},
		{"after reading in an update", func(tx *Tx) error { _, err := tx.User(u.ID); return err }, 0},
		{"after a write", func(tx *Tx) error { return tx.PutUser(u) }, 2},
		{"after an entry of the log", func(tx *Tx) error {
			_, err := tx.AppendEvidence(u.ID, progress.Evidence{Kind: progress.Finished, Once: "x"})
			return err
		}, 1},
		{"after a write that names nobody", func(tx *Tx) error { _, err := tx.PruneSessions(0, 1); return err }, 2},
		{"in the end", nil, 0},
	}
	for _, step := range steps {
		if step.do != nil {
			do(t, st, step.do)
		}
		if got := queries(t.Context(), t, st, u.ID); got != step.want {
			t.Errorf("%s: %d statements, want %d", step.name, got, step.want)
		}
	}
}

// A load of content goes on for seconds. Until it is committed pages take from memory; updates of its group do not.
func TestMemoryHoldsUntilTheCommit(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	st.memory.check = false
	u := addUser(t, st)
	queries(t.Context(), t, st, u.ID)
	do(t, st, func(tx *Tx) error {
		if err := tx.exec(`UPDATE users SET new_per_day = 77`); err != nil {
			return err
		}
		if got := queries(t.Context(), t, st, u.ID); got != 0 {
			t.Errorf("while it goes on: %d statements, want 0", got)
		}
		next := Tx{ctx: tx.ctx, run: tx.run, now: tx.now, clock: tx.clock, memory: tx.memory, number: tx.number} // of the same group
		if old, ok := next.recall(userKey(u.ID)); ok {
			t.Errorf("an update of the same group takes %+v from memory", old.value)
		}
		return nil
	})
	if got := queries(t.Context(), t, st, u.ID); got != 2 {
		t.Errorf("after it: %d statements, want 2", got)
	}
	do(t, st, func(tx *Tx) error {
		again, err := tx.User(u.ID)
		if again.NewPerDay != 77 {
			t.Errorf("after it: %d, want 77", again.NewPerDay)
		}
		return err
	})
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory(false)
	for i := range 5 * maxRemembered {
		m.put(i, remembered{value: i})
		if _, ok := m.get(0); !ok {
			t.Fatalf("what is asked for again and again is gone after %d others", i)
		}
	}
	if n := len(m.recent) + len(m.older); n > 2*maxRemembered {
		t.Errorf("%d values are kept, at most %d may be", n, 2*maxRemembered)
	}
}

// sized is a value that says how much it takes.
type sized int

func (s sized) Size() int { return int(s) }

func TestMemoryIsBoundedInBytes(t *testing.T) {
	m := newMemory(false)
	for i := range 100 {
		m.put(i, remembered{value: sized(maxRememberedBytes / 10)})
		if n := len(m.recent) + len(m.older); n > 20 {
			t.Fatalf("%d values of a tenth of the room are kept", n)
		}
	}
}

// Another program, such as a rebuild beside the server, is noticed by the next update, and by views after a moment.
func TestMemoryNoticesOtherPrograms(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	path := storetest.Database(t)
	st := open(t, path, newClock())
	st.memory.check = false
	u := addUser(t, st)
	other := open(t, path, newClock())
	name := func(tx *Tx) int {
		got, err := tx.User(u.ID)
		if err != nil {
			t.Error(err)
		}
		return got.NewPerDay
	}
	for want := 50; want < 53; want++ {
		see(t, st, func(tx *Tx) error { name(tx); return nil })
		u.NewPerDay = want
		do(t, other, func(tx *Tx) error { return tx.PutUser(u) })
		if want == 51 {
			do(t, st, func(tx *Tx) error {
				if got := name(tx); got != want {
					t.Errorf("an update reads %d, want %d", got, want)
				}
				return nil
			})
		}
		for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
			var got int
			see(t, st, func(tx *Tx) error { got = name(tx); return nil })
			if got == want {
				break
			}
			if time.Since(start) > 20*time.Second {
				t.Fatalf("a view reads %d, want %d", got, want)
			}
		}
	}
}

// A session that is remembered is as it was last written.
func TestARememberedSessionIsTheLatest(t *testing.T) {
	st, _ := newStore(t)
	memoryOf(st).check = false
	u := addUser(t, st)
	do(t, st, func(tx *Tx) error { return tx.AddSession([]byte("h"), u.ID) })
	for i := range 20 {
		u.NewPerDay = i
		do(t, st, func(tx *Tx) error { return errors.Join(tx.own(u.ID), tx.PutUser(u)) })
		for range 2 {
			if s, err := st.Session(t.Context(), []byte("h")); err != nil || s.User.NewPerDay != i {
				t.Fatalf("after update %d: %+v, %v", i, s, err)
			}
		}
	}
	do(t, st, func(tx *Tx) error { return tx.RotateSession([]byte("h"), []byte("g"), "") })
	if s, err := st.Session(t.Context(), []byte("h")); !errors.Is(err, ErrNotFound) {
		t.Errorf("a session that was rotated: %+v, %v", s, err)
	}
}

// Labels of a question in an older revision are those of the moment. A load may change them while an attempt with it is
// remembered, until the next catalog comes with another request.
func TestMemoryBesideALoad(t *testing.T) {
	st, _ := newStore(t)
	c := content(t, st, "q1")
	u := addUser(t, st)
	do(t, st, func(tx *Tx) error {
		_, err := tx.AddAttempt(Attempt{User: u.ID, Slug: "a", Entries: whole(c), Attempt: practiceAt(tx.Now())})
		return errors.Join(err, tx.AddSession([]byte("u"), u.ID))
	})
	before := &Catalog{Load: c.Load, bank: c.bank} // of which q1 is in another revision
	before.index()
	for _, labels := range []string{`{}`, `{"tags": ["new"]}`} {
		do(t, st, func(tx *Tx) error {
			if labels == "{}" {
				return nil
			}
			load, _, err := tx.AddContentLoad(c.bank)
			return errors.Join(err, tx.exec(`UPDATE questions SET labels = $1, load_id = $2`, labels, load))
		})
		found, err := st.Session(t.Context(), []byte("u"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			err = st.View(st.With(t.Context(), found), func(tx *Tx) error {
				_, err := tx.Attempt(u.ID, "a", before)
				return err
			})
			if err != nil {
				t.Errorf("labels %s: %v", labels, err)
			}
		}
	}
}

// A remembered list of running attempts loses those that time ends, and gains what is started.
func TestRememberedRunningAttemptsEnd(t *testing.T) {
	st, _ := newStore(t)
	c, u := content(t, st, "q1"), addUser(t, st)
	add := func(slug string, deadline int64) {
		do(t, st, func(tx *Tx) error {
			at := practiceAt(tx.Now())
			at.Deadline = deadline
			_, err := tx.AddAttempt(Attempt{User: u.ID, Slug: slug, Entries: whole(c), Attempt: at})
			return err
		})
	}
	running := func(now int64) (slugs string) {
		t.Helper()
		err := st.View(t.Context(), func(tx *Tx) error {
			lines, err := tx.RunningAttempts(u.ID, now, 3)
			slugs = ""
			for _, l := range lines {
				slugs += l.Slug
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return slugs
	}
	add("a", 1000)
	add("b", 0)
	for _, at := range []int64{500, 999} {
		if got := running(at); got != "ba" {
			t.Errorf("at %d: %q", at, got)
		}
	}
	if got := running(1000); got != "b" {
		t.Errorf("at the deadline: %q", got)
	}
	add("c", 0)
	if got := running(1000); got != "cb" {
		t.Errorf("one later: %q", got)
	}
}
