package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"rehearse/progress"
	"rehearse/search"
	"rehearse/store/storetest"
)

// filled returns a store in which every table has rows, some of them several chunks.
func filled(t *testing.T, database string) *Store {
	t.Helper()
	st := open(t, database, newClock())
	c := content(t, st, "q1", "q2", "q3", "q4")
	s := &script{Rand: rand.New(rand.NewPCG(1, 2)), catalog: c, load: 1, users: []int64{addUser(t, st).ID}}
	do(t, st, func(tx *Tx) error {
		s.tx = tx
		for _, list := range [][]func(*script) string{create, create, create, keep, keep, keep, keep, keep, keep} {
			for _, op := range list {
				s.n++
				op(s)
			}
		}
		for i := range 3 * copyChunk / 2 {
			e := progress.Evidence{Kind: progress.Set, Once: fmt.Sprintf("many %d", i), Score: progress.NotJudged, Data: "é\n'"}
			if _, err := tx.AppendEvidence(s.users[0], e); err != nil {
				return err
			}
		}
		return errors.Join(tx.AddSession([]byte{0, 1, 255}, s.users[0]), tx.AddUsedForm([]byte{9, 0}, s.users[0], s.attempts[0]),
			tx.AddItemCounts(ItemCounts{{c.Questions[0].ID, "key"}: {"x100": 1}}),
			tx.PutSearched(map[int64]*Words{c.Questions[0].ID: {title: "needl"}}),
			tx.AddActivity(s.users[0], progress.Activity{Day: 20000, Answers: 3}),
			tx.PutState(s.users[0], progress.NewState(c.Questions[0].ID), progress.State{
				Question: c.Questions[0].ID, Topic: 1, Live: true, Seq: 1, LastScore: progress.NotJudged, Cards: []progress.Card{{Part: 1}},
			}))
	})
	return st
}

// TestCopy copies from SQLite to PostgreSQL, interrupted again and again, and back.
func TestCopy(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	from := filled(t, filepath.Join(t.TempDir(), "from.db"))
	middleURL, backPath := storetest.NewPostgres(t), filepath.Join(t.TempDir(), "back.db")
	for _, step := range []struct {
		name string
		from *Store
		to   string
	}{{"sqlite to postgres", from, middleURL}, {"postgres to sqlite", nil, backPath}} {
		t.Run(step.name, func(t *testing.T) {
			if step.from == nil {
				step.from = open(t, middleURL, newClock())
			}
			interruptions := 0
			for after := 0; ; after++ {
				to, err := Open(t.Context(), step.to, Options{Copy: true})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				chunks := 0
				sums, err := Copy(ctx, step.from, to, func(what string, done, total int) {
					if done > total {
						t.Errorf("%s: %d of %d", what, done, total)
					}
					if chunks++; chunks > 6*after {
						cancel()
					}
				})
				cancel()
				if closed := to.Close(); closed != nil {
					t.Fatal(closed)
				}
				if err == nil {
					for _, s := range sums {
						if s.Rows == 0 && s.Table == "evidence" {
							t.Errorf("table %s has no rows: the test tests less than it should", s.Table)
						}
					}
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				interruptions++
				if st, err := Open(t.Context(), step.to, Options{}); !errors.Is(err, ErrHalfCopied) {
					if err == nil {
						st.Close()
					}
					t.Fatalf("Open of a half copy: %v, want %v", err, ErrHalfCopied)
				}
			}
			if interruptions < 4 {
				t.Errorf("interruptions = %d: the test tests less than it should", interruptions)
			}
			// New keys come after those that were copied.
			to := open(t, step.to, newClock())
			if got := find(t, to, search.Parse("needle")); len(got) != 1 {
				t.Errorf("a search of the copy found %v", got)
			}
			if step.to == backPath {
				before := countUsers(t, to)
				addUser(t, to)
				if got := countUsers(t, to); got != before+1 {
					t.Errorf("users = %d, want %d", got, before+1)
				}
				return
			}
			for _, table := range []string{"users", "attempts", "revisions"} {
				var after bool
				query := "SELECT nextval(pg_get_serial_sequence('" + table + "', 'id')) > max(id) FROM " + table
				if err := to.pg.writers.QueryRowContext(t.Context(), query).Scan(&after); err != nil || !after {
					t.Errorf("the next key of %s comes after the others: %v, %v", table, after, err)
				}
			}
		})
	}
}

func TestCopyRefuses(t *testing.T) {
	from := filled(t, storetest.Database(t))
	to := filled(t, storetest.Database(t))
	if _, err := Copy(t.Context(), from, to, func(string, int, int) {}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("Copy to a database with something in it: %v, want %v", err, ErrNotEmpty)
	}
	// What is not the same is noticed, here a row that another program changed.
	url := storetest.Database(t)
	to, err := Open(t.Context(), url, Options{Copy: true})
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	spoiled := false
	_, err = Copy(t.Context(), from, to, func(what string, _, _ int) {
		if !spoiled && what == "copying evidence" {
			spoiled = true
			do(t, to, func(tx *Tx) error { return tx.exec(`UPDATE evidence SET data = 'other' WHERE user_id = 1 AND seq = 7`) })
		}
	})
	if !errors.Is(err, ErrCopyDiffers) {
		t.Errorf("Copy that was spoiled: %v, want %v", err, ErrCopyDiffers)
	}
}
