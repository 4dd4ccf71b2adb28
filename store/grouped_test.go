package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// meet appends an entry to the log of a candidate and counts it in what is computed from the log.
func meet(tx *Tx, user int64, question Listed, once string) error {
	before, err := tx.State(user, question.ID)
	if err != nil {
		return err
	}
	e, err := tx.AppendEvidence(user, progress.Evidence{Kind: progress.Set, Once: once, Data: once, Score: progress.NotJudged})
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	if err != nil {
		return err
	}
	after := before
	after.Topic, after.Live, after.Seq, after.LastAt = question.TopicID, true, e.Seq, e.At
	after.Answers++
	after.Cards = []progress.Card{{Part: 0}, {Part: 1}}
	after.Cards[after.Answers%2].Changed = true
	if err := tx.PutState(user, before, after); err != nil {
		return err
	}
	return tx.AddActivity(user, progress.Activity{Day: after.Answers % 3, Answers: 1, Duration: 7})
}

// mustHaveMet fails unless a candidate has as many entries in the log, counted as often.
func mustHaveMet(t *testing.T, st *Store, user int64, question Listed, want int) {
	t.Helper()
	see(t, st, func(tx *Tx) error {
		state, err := tx.State(user, question.ID)
		log, err2 := tx.Log(user)
		days, err3 := tx.Days(user, 0)
		topics, err4 := tx.TopicProgress(user)
		answers, duration := 0, int64(0)
		for _, d := range days {
			answers, duration = answers+d.Answers, duration+d.Duration
		}
		if state.Answers != want || len(log) != want || answers != want || duration != 7*int64(want) || topics[question.TopicID].Seen != 1 || len(state.Cards) != 2 {
			t.Errorf("candidate %d: state %+v, %d entries, %d answers in %d ms, topics %v; want %d", user, state, len(log), answers, duration, topics, want)
		}
		last := int64(0)
		for i, e := range log {
			if e.Seq != int64(i+1) || e.At < last || e.Once != e.Data {
				t.Errorf("candidate %d: entry %d is %+v after %d", user, i, e, last)
			}
			last = e.At
		}
		return errors.Join(err, err2, err3, err4)
	})
}

// TestGroupsOfTwoProcesses: updates of the same and of different candidates by two processes, with failures among them: each is
// done once, wholly, and in the order of its candidate's others.
func TestGroupsOfTwoProcesses(t *testing.T) {
	a, b, clocks, _ := two(t)
	c := content(t, a, "q1", "q2", "q3")
	errOwn := errors.New("mine")
	const candidates, each = 12, 12
	var users []User
	for range candidates {
		users = append(users, addUser(t, a))
	}
	var all sync.WaitGroup
	for i, u := range users {
		for j, st := range []*Store{a, b, a, b} {
			question := c.Questions[i%3]
			all.Go(func() {
				for n := range each {
					clocks[j%2].add(1)
					once := fmt.Sprintf("%d:%d", j, n)
					err := st.UpdateOf(context.Background(), u.ID, func(tx *Tx) error {
						if err := meet(tx, u.ID, question, once); err != nil {
							return err
						}
						switch n % 6 {
						case 3: // asks for what it has just written
							s, err := tx.State(u.ID, question.ID)
							log, err2 := tx.RecentEvidence(u.ID, 1)
							if len(log) != 1 || log[0].Once != once || log[0].Seq != s.Seq {
								err2 = fmt.Errorf("it does not see what it wrote, but %+v and %+v: %w", s, log, err2)
							}
							return errors.Join(err, err2)
						case 4: // writes what it asks the outcome of
							return tx.SetBookmark(u.ID, question.ID, j%2 == 0)
						case 5:
							return errOwn
						}
						return nil
					})
					if n%6 == 5 != errors.Is(err, errOwn) || n%6 != 5 && err != nil {
						t.Errorf("candidate %d, %s: %v", i, once, err)
					}
				}
			})
		}
	}
	for range 3 { // beside loads
		all.Go(func() {
			if err := b.UpdateAlone(context.Background(), func(tx *Tx) error { return tx.Ping() }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i, u := range users {
		mustHaveMet(t, b, u.ID, c.Questions[i%3], 4*each*5/6)
	}
	if len(a.pg.grouped.many) == 0 {
		t.Error("no statement wrote for several candidates: the test tests less than it should")
	}
}

// TestGroupsLoseNoCount: what an update reads of a candidate stays so until it is committed, though nothing else would show it.
func TestGroupsLoseNoCount(t *testing.T) {
	a, b, _, _ := two(t)
	const candidates, each = 4, 10
	read := `SELECT mastered FROM topic_progress WHERE user_id = $1 AND topic_id = 1`
	var users []User
	for range candidates {
		u := addUser(t, a)
		do(t, a, func(tx *Tx) error { return tx.exec(`INSERT INTO topic_progress VALUES ($1, 1, 1, 0, 0, 0)`, u.ID) })
		users = append(users, u)
	}
	var all sync.WaitGroup
	for _, u := range users {
		for _, st := range []*Store{a, b, a, b, a, b} {
			all.Go(func() {
				for range each {
					err := st.UpdateOf(context.Background(), u.ID, func(tx *Tx) error {
						var n int
						if err := errors.Join(tx.own(u.ID), tx.row(read, []any{u.ID}, &n)); err != nil {
							return err
						}
						return tx.later(`UPDATE topic_progress SET mastered = $1 WHERE user_id = $2 AND topic_id = 1`, n+1, u.ID)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	for _, u := range users {
		see(t, a, func(tx *Tx) error {
			var n int
			err := tx.row(read, []any{u.ID}, &n)
			if n != 6*each {
				t.Errorf("candidate %d: counted %d, want %d", u.ID, n, 6*each)
			}
			return err
		})
	}
}

// TestGroupsOverBrokenConnections: connections break around the commits of groups, and each update is done once.
func TestGroupsOverBrokenConnections(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	url := storetest.Database(t)
	direct := open(t, url, newClock())
	c := content(t, direct, "q1")
	cutter := storetest.NewCutter(t, url)
	st := open(t, cutter.URL, newClock())
	const candidates, each = 8, 12
	var users []User
	for range candidates {
		users = append(users, addUser(t, direct))
	}
	cutter.On.Store(true)
	var all sync.WaitGroup
	for _, u := range users {
		all.Go(func() {
			for n := range each {
				err := st.UpdateOf(context.Background(), u.ID, func(tx *Tx) error { return meet(tx, u.ID, c.Questions[0], fmt.Sprint(n)) })
				if err != nil {
					t.Errorf("entry %d: %v", n, err)
				}
			}
		})
	}
	all.Wait()
	cutter.On.Store(false)
	for _, u := range users {
		mustHaveMet(t, direct, u.ID, c.Questions[0], each)
	}
	if cutter.Cuts.Load() < 5 {
		t.Errorf("connections cut = %d: the test tests less than it should", cutter.Cuts.Load())
	}
}

// TestGroupsKnowTheContent: what groups remember of the content is that of the last load, by whichever process.
func TestGroupsKnowTheContent(t *testing.T) {
	a, b, _, _ := two(t)
	c := content(t, a, "q1")
	u, question := addUser(t, a), c.Questions[0]
	events := func() (n int) {
		t.Helper()
		err := a.UpdateOf(t.Context(), u.ID, func(tx *Tx) error {
			found, err := tx.QuestionEvents(question.ID, 0)
			n = len(found)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := events()
	do(t, b, func(tx *Tx) error {
		bankID, _, err := tx.PutBank(testBank())
		if err != nil {
			return err
		}
		load, at, err := tx.AddContentLoad(bankID)
		if err != nil {
			return err
		}
		_, err = tx.AppendQuestionEvent(load, progress.QuestionEvent{Question: question.ID, At: at, Kind: progress.Retired, Topic: question.TopicID, Revision: question.RevisionID})
		return err
	})
	if got := events(); got != before+1 {
		t.Errorf("events after a load = %d, before %d", got, before)
	}
}

// TestAPanicInAGroup: it reaches who called, and nobody else.
func TestAPanicInAGroup(t *testing.T) {
	storetest.On(t, storetest.Postgres)
	st, _ := newStore(t)
	c := content(t, st, "q1")
	var users []User
	var all sync.WaitGroup
	for i := range 8 {
		u := addUser(t, st)
		all.Go(func() {
			defer func() {
				if p := recover(); (p != nil) != (i%4 == 3) || p != nil && !strings.Contains(fmt.Sprint(p), "all is lost") {
					t.Errorf("update %d: panic %v", i, p)
				}
			}()
			err := st.UpdateOf(context.Background(), u.ID, func(tx *Tx) error {
				err := meet(tx, u.ID, c.Questions[0], "x")
				if i%4 == 3 && err == nil {
					panic("all is lost")
				}
				return err
			})
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		})
		if i%4 != 3 {
			users = append(users, u)
		}
	}
	all.Wait()
	for _, u := range users {
		mustHaveMet(t, st, u.ID, c.Questions[0], 1)
	}
}

// TestSessionsAskedTogether: each gets its own, as it is after all that was committed before it was asked for.
func TestSessionsAskedTogether(t *testing.T) {
	a, b, _, _ := two(t)
	var all sync.WaitGroup
	for i := range 20 {
		u := addUser(t, a)
		hash := fmt.Appendf(nil, "session %d", i)
		do(t, a, func(tx *Tx) error { return tx.AddSession(hash, u.ID) })
		all.Go(func() {
			for n := range 25 {
				u.NewPerDay = n
				if err := b.Update(context.Background(), func(tx *Tx) error { return tx.PutUser(u) }); err != nil {
					t.Error(err)
				}
				found, err := a.Session(context.Background(), hash)
				if err != nil || found.User != u {
					t.Errorf("session %d: %+v, %v, want %+v", i, found.User, err, u)
				}
				if _, err := a.Session(context.Background(), fmt.Append(hash, "x")); !errors.Is(err, ErrNotFound) {
					t.Errorf("a session that is not there: %v, want %v", err, ErrNotFound)
				}
			}
		})
	}
	all.Wait()
}
