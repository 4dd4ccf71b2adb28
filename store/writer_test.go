package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"rehearse/progress"
	"rehearse/store/storetest"
)

// hold occupies the writer until release is called, so that what is handed in meanwhile is committed together.
func hold(st *Store) (release func()) {
	begun, end, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	tell := sync.OnceFunc(func() { close(begun) }) // it is run twice when what comes behind it fails
	go func() {
		defer close(done)
		_ = st.Update(context.Background(), func(*Tx) error {
			tell()
			<-end
			return nil
		})
	}()
	<-begun
	return func() {
		close(end)
		<-done
	}
}

// inQueue waits until n updates wait for the writer. On PostgreSQL nothing waits: updates run beside each other.
func inQueue(t *testing.T, st *Store, n int) {
	t.Helper()
	if st.pg != nil {
		return
	}
	for deadline := time.Now().Add(20 * time.Second); len(st.writer.queue) < n; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("updates waiting = %d, want %d", len(st.writer.queue), n)
		}
	}
}

func addOne(tx *Tx) error {
	_, err := tx.AddUser(utc)
	return err
}

func TestUpdatesTogether(t *testing.T) {
	st, _ := newStore(t)
	errOwn := errors.New("mine")
	first := addUser(t, st)
	release := hold(st)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			defer func() {
				if p := recover(); (p != nil) != (i%10 == 7) {
					t.Errorf("update %d: panic %v", i, p)
				} else if p != nil && !strings.Contains(fmt.Sprint(p), "all is lost") {
					t.Errorf("update %d: panic %v, want it to say what happened", i, p)
				}
			}()
			err := st.Update(context.Background(), func(tx *Tx) error {
				if err := addOne(tx); err != nil {
					return err
				}
				switch i % 10 {
				case 3:
					return errOwn
				case 5: // a statement that the engine refuses
					return tx.PutUser(User{ID: first.ID, NewPerDay: -1})
				case 7:
					panic("all is lost")
				}
				return nil
			})
			switch i % 10 {
			case 3:
				if !errors.Is(err, errOwn) {
					t.Errorf("update %d: %v, want %v", i, err, errOwn)
				}
			case 5:
				if err == nil {
					t.Errorf("update %d: no error", i)
				}
			default:
				if err != nil {
					t.Errorf("update %d: %v", i, err)
				}
			}
		})
	}
	inQueue(t, st, maxGroup)
	release()
	all.Wait()
	if got, want := countUsers(t, st), 141; got != want {
		t.Errorf("users = %d, want %d", got, want)
	}
}

func TestCancelled(t *testing.T) {
	storetest.On(t, storetest.SQLite) // where updates wait in a queue
	st, _ := newStore(t)

	release := hold(st)
	ctx, cancel := context.WithCancel(t.Context())
	ran, outcome := false, make(chan error)
	go func() {
		outcome <- st.Update(ctx, func(tx *Tx) error {
			ran = true
			return addOne(tx)
		})
	}()
	inQueue(t, st, 1)
	cancel()
	release()
	if err := <-outcome; !errors.Is(err, context.Canceled) || ran {
		t.Errorf("cancelled before its start: error %v, ran %v, want %v, false", err, ran, context.Canceled)
	}

	release = hold(st)
	ctx, cancel = context.WithCancel(t.Context())
	for range 5 {
		go func() { outcome <- st.Update(context.Background(), addOne) }()
	}
	go func() {
		outcome <- st.Update(ctx, func(tx *Tx) error {
			cancel()
			return addOne(tx)
		})
	}()
	inQueue(t, st, 6)
	release()
	for range 6 {
		if err := <-outcome; err != nil {
			t.Errorf("Update while one was cancelled: %v", err)
		}
	}
	if got := countUsers(t, st); got != 6 {
		t.Errorf("users = %d, want 6", got)
	}
}

func TestCloseWaitsForUpdates(t *testing.T) {
	storetest.On(t, storetest.SQLite) // where updates wait in a queue
	path := storetest.Database(t)
	st := open(t, path, newClock())
	release := hold(st)
	outcome := make(chan error)
	for range 20 {
		go func() { outcome <- st.Update(context.Background(), addOne) }()
	}
	inQueue(t, st, 20)
	closed := make(chan error, 1)
	go func() { closed <- st.Close() }()
	release()
	for range 20 {
		if err := <-outcome; err != nil {
			t.Errorf("Update handed in before Close: %v", err)
		}
	}
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := st.Update(t.Context(), addOne); !errors.Is(err, ErrClosed) {
		t.Errorf("Update after Close = %v, want %v", err, ErrClosed)
	}
	if err := st.View(t.Context(), (*Tx).Ping); err == nil {
		t.Error("View after Close: no error")
	}
	if err := st.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
	if got := countUsers(t, open(t, path, newClock())); got != 20 {
		t.Errorf("users after reopening = %d, want 20", got)
	}
}

func TestTimeNeverGoesBack(t *testing.T) {
	st, clock := newStore(t)
	var times []int64
	now := func() {
		do(t, st, func(tx *Tx) error {
			times = append(times, tx.Now())
			return nil
		})
		see(t, st, func(tx *Tx) error {
			times = append(times, tx.Now())
			return nil
		})
	}
	now()
	clock.add(time.Second)
	now()
	clock.add(-time.Hour)
	now()
	var load int64
	do(t, st, func(tx *Tx) error {
		bankID, _, err := tx.PutBank(testBank())
		if err != nil {
			return err
		}
		_, load, err = tx.AddContentLoad(bankID)
		return err
	})
	if last := times[len(times)-1]; load <= last {
		t.Errorf("a load at %d is not after the update at %d", load, last)
	}
	times = append(times, load)
	now()
	clock.add(2 * time.Hour)
	now()
	for i := 1; i < len(times); i++ {
		if times[i] < times[i-1] {
			t.Fatalf("times = %v, they go back at place %d", times, i)
		}
	}
	if last, want := times[len(times)-1], clock.Now().UnixMilli(); last != want {
		t.Errorf("time after the clock was put right = %d, want %d", last, want)
	}
}

func TestTimeNeverGoesBackOverARestart(t *testing.T) {
	entry := func(kind progress.EvidenceKind, held bool) func(*Tx, int64) error {
		return func(tx *Tx, user int64) error {
			_, err := tx.AppendEvidence(user, progress.Evidence{Kind: kind, Once: "x", Held: held})
			return err
		}
	}
	last := map[string]func(*Tx, int64) error{
		"a setting":       entry(progress.Set, false),
		"a held response": entry(progress.Responded, true),
		"an end":          entry(progress.Finished, false),
		"an attempt": func(tx *Tx, user int64) error {
			_, err := tx.AddAttempt(Attempt{User: user, Slug: "s", Attempt: practiceAt(tx.Now())})
			return err
		},
		"a load": func(tx *Tx, _ int64) error {
			bankID, _, err := tx.PutBank(testBank())
			if err != nil {
				return err
			}
			_, _, err = tx.AddContentLoad(bankID)
			return err
		},
	}
	for name, write := range last {
		t.Run(name, func(t *testing.T) {
			path, clock := storetest.Database(t), newClock()
			st := open(t, path, clock)
			u := addUser(t, st)
			other := addUser(t, st)
			do(t, st, func(tx *Tx) error { return entry(progress.Set, false)(tx, other.ID) })
			clock.add(time.Hour)
			var then int64
			do(t, st, func(tx *Tx) error {
				then = tx.Now()
				return write(tx, u.ID)
			})
			if err := st.Close(); err != nil {
				t.Fatal(err)
			}
			clock.add(-time.Hour)
			do(t, open(t, path, clock), func(tx *Tx) error {
				if tx.Now() < then {
					t.Errorf("time after the restart = %d, before it %d", tx.Now(), then)
				}
				return nil
			})
		})
	}
}

// After some errors SQLite takes back the whole transaction. What was not acknowledged is gone then, and nothing else.
func TestALostTransaction(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	addUser(t, st)
	release := hold(st)
	outcome := make(chan error)
	for i := range 21 {
		go func() {
			outcome <- st.Update(context.Background(), func(tx *Tx) error {
				if i == 10 {
					return errors.Join(addOne(tx), tx.exec("ROLLBACK"), errors.New("the disk burns"))
				}
				return addOne(tx)
			})
		}()
	}
	inQueue(t, st, 21)
	release()
	acknowledged := 0
	for range 21 {
		if err := <-outcome; err == nil {
			acknowledged++
		}
	}
	if got, want := countUsers(t, st), 1+acknowledged; got != want {
		t.Errorf("users = %d, want %d, %d of 21 updates having been acknowledged", got, want, acknowledged)
	}
	before := countUsers(t, st)
	addUser(t, st)
	if got := countUsers(t, st); got != before+1 {
		t.Errorf("users after another update = %d, want %d", got, before+1)
	}
}

// A full disk takes back what was not acknowledged and nothing else, and reading goes on.
func TestFullDisk(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	addUser(t, st)
	limit := func(pages string) {
		t.Helper()
		if _, err := st.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // SQLite takes the present size instead
	big := progress.Settings{Zone: strings.Repeat("x", 1<<20)}
	release := hold(st)
	outcome := make(chan error)
	for i := range 30 {
		go func() {
			outcome <- st.Update(context.Background(), func(tx *Tx) error {
				if i == 15 {
					_, err := tx.AddUser(big)
					return err
				}
				return addOne(tx)
			})
		}()
	}
	inQueue(t, st, 30)
	release()
	acknowledged, failed := 0, 0
	for range 30 {
		if err := <-outcome; err == nil {
			acknowledged++
		} else {
			failed++
		}
	}
	if failed == 0 {
		t.Error("no update failed")
	}
	if got, want := countUsers(t, st), 1+acknowledged; got != want {
		t.Errorf("users = %d, want %d, %d of 30 updates having been acknowledged", got, want, acknowledged)
	}
	if err := st.Update(t.Context(), func(tx *Tx) error { _, err := tx.AddUser(big); return err }); err == nil {
		t.Error("Update on the full disk: no error")
	}
	before := countUsers(t, st)
	limit("1000000")
	addUser(t, st)
	if got := countUsers(t, st); got != before+1 {
		t.Errorf("users once there is room = %d, want %d", got, before+1)
	}
}

func TestReadOnlyFile(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	addUser(t, st)
	// As for a file that may not be written; the file's mode would not stop root.
	if _, err := st.writer.conn.ExecContext(t.Context(), "PRAGMA query_only = ON"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := st.Update(t.Context(), addOne); err == nil {
			t.Error("Update: no error")
		}
		if got := countUsers(t, st); got != 1 {
			t.Errorf("users = %d, want 1", got)
		}
	}
	if os.Geteuid() != 0 {
		path := filepath.Join(t.TempDir(), "read-only.db")
		if err := open(t, path, newClock()).Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o400); err != nil {
			t.Fatal(err)
		}
		if st, err := Open(t.Context(), path, Options{}); err == nil {
			defer st.Close()
			if err := st.Update(t.Context(), addOne); err == nil {
				t.Error("Update of a file that may not be written: no error")
			}
		}
	}
}

// A load has a transaction of its own: an update that is refused beside it neither repeats it nor makes others wait twice.
func TestALoadIsNotRepeated(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	u := addUser(t, st)
	var wait sync.WaitGroup
	begun, goOn := make(chan struct{}), make(chan struct{})
	loads, answers := 0, 0
	wait.Go(func() {
		err := st.UpdateAlone(t.Context(), func(tx *Tx) error {
			if loads++; loads == 1 {
				close(begun)
				<-goOn
			}
			return tx.exec(`UPDATE banks SET title = title`)
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	refused := errors.New("refused")
	wait.Go(func() {
		if err := st.Update(t.Context(), func(tx *Tx) error { answers++; return tx.PutUser(u) }); err != nil {
			t.Error(err)
		}
	})
	wait.Go(func() {
		err := st.Update(t.Context(), func(tx *Tx) error { return errors.Join(tx.PutUser(u), refused) })
		if !errors.Is(err, refused) {
			t.Errorf("the update that is refused: %v", err)
		}
	})
	for len(st.writer.queue) < 2 {
		time.Sleep(time.Millisecond)
	}
	close(goOn)
	wait.Wait()
	if loads != 1 || answers > 2 {
		t.Errorf("the load ran %d times, the answer %d times", loads, answers)
	}
}

// An entry whose seq is taken is not one that is there already: who took it for that would lose it.
func TestATakenSeqIsNoDuplicate(t *testing.T) {
	st, _ := newStore(t)
	u := addUser(t, st)
	add := func(once string) error {
		return st.Update(t.Context(), func(tx *Tx) error {
			_, err := tx.AppendEvidence(u.ID, progress.Evidence{Kind: progress.Graded, Once: once, Score: progress.NotJudged})
			return err
		})
	}
	if err := errors.Join(add("c:1"), add("c:2")); err != nil {
		t.Fatal(err)
	}
	if err := add("c:2"); !errors.Is(err, ErrDuplicate) {
		t.Errorf("the same once more: %v", err)
	}
	do(t, st, func(tx *Tx) error { return tx.exec(`UPDATE users SET last_seq = last_seq - 1`) })
	if err := add("c:3"); err == nil || errors.Is(err, ErrDuplicate) {
		t.Errorf("a new entry with a seq that is taken: %v", err)
	}
}

// What only reads keeps what is remembered of the content and of the candidate.
func TestReadingInAnUpdateWritesNothing(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	st, _ := newStore(t)
	u := addUser(t, st)
	do(t, st, func(tx *Tx) error {
		_, err := tx.QuestionLog(u.ID, 1)
		if tx.wrote || tx.content.spoilt {
			t.Errorf("wrote %v, content spoilt %v", tx.wrote, tx.content.spoilt)
		}
		return err
	})
}

func TestDaysCountWithTheirSize(t *testing.T) {
	m := newMemory(false)
	for i := range 10_000 {
		m.put(daysKey{int64(i), 1}, remembered{value: make(days, 366)})
	}
	if n := len(m.recent) + len(m.older); n*366*100 > 3*maxRememberedBytes {
		t.Errorf("%d years of activity are remembered", n)
	}
}

// A command beside a server that always has somebody waiting gets its turn, too.
func TestABusyNeighbourLeavesRoom(t *testing.T) {
	storetest.On(t, storetest.SQLite)
	clock := newClock()
	path := filepath.Join(t.TempDir(), "test.db")
	busy, st := open(t, path, clock), open(t, path, clock)
	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for ctx.Err() == nil {
				err := busy.Update(ctx, func(tx *Tx) error {
					time.Sleep(2 * time.Millisecond)
					return tx.exec(`UPDATE users SET last_at = last_at WHERE id = 0`)
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for range 3 {
		do(t, st, addOne)
	}
	stop()
	clients.Wait()
}
