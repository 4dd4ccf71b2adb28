package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSecondServer(t *testing.T) {
	t.Parallel()
	s := newSetup(t, filepath.Join(t.TempDir(), "test.db"))
	first := s.start()
	l := newLoad()
	l.begin(first.url, clients, false)
	l.waitFor(t, clients)
	second, said := s.try()
	if second != nil || !strings.Contains(said, "another server uses this database") {
		t.Fatalf("a second server on the same file: started %v, said %q", second != nil, said)
	}
	l.waitFor(t, clients)
	l.end()
	if len(l.pages) > 0 || l.broken > 0 {
		t.Errorf("clients were shown %s; %d requests broke off", sortedCounts(l.pages), l.broken)
	}
	acked, _ := l.mustHold(t, s.database)
	figure(t, "a second server on one file: refused; the first one went on, %d answers acknowledged and stored", acked)
}

// Backups, checks and rebuilds run one after the other, each kind on its own, while candidates answer.
func TestBesideAServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSetup(t, filepath.Join(dir, "test.db"))
	srv := s.start()
	l := newLoad()
	l.begin(srv.url, clients, false)
	l.waitFor(t, 100)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(form(5, 60))*time.Second)
	defer cancel()
	counts := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	loop := func(name string, do func(i int) error) {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := do(i); err != nil {
					t.Errorf("%s %d: %v", name, i, err)
					return
				}
				mu.Lock()
				counts[name]++
				mu.Unlock()
			}
		})
	}
	command := func(args ...string) error {
		if code, out := s.run(args...); code != 0 {
			return fmt.Errorf("exit code %d: %s", code, tail(out))
		}
		return nil
	}
	last := ""
	loop("backup", func(i int) error {
		acked := l.count()
		file := filepath.Join(dir, fmt.Sprintf("backup-%d.db", i))
		if err := command("backup", file); err != nil {
			return err
		}
		found, err := readStored(file)
		if err != nil {
			return err
		}
		if len(found) < acked {
			return fmt.Errorf("it holds %d answers, %d were acknowledged before", len(found), acked)
		}
		if last != "" {
			if err := os.Remove(last); err != nil {
				return err
			}
		}
		last = file
		return nil
	})
	loop("check", func(int) error { return command("check") })
	loop("rebuild", func(int) error { return command("rebuild") })
	all.Wait()
	if t.Failed() {
		return
	}

	// Rebuilds that have work to do are killed in the middle of it; one that is left alone finishes.
	kills := form(10, 200)
	for range kills {
		s.damageProjections()
		cmd := s.command("rebuild")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		pause(t.Context(), 100*time.Millisecond)
		_ = cmd.Process.Kill() // fails when it has ended
		_ = cmd.Wait()         // says that it was killed
	}
	if code, _ := s.run("check"); code != 1 {
		t.Errorf("check of damaged projections: exit code %d, want 1", code)
	}
	if err := command("rebuild"); err != nil {
		t.Fatal(err)
	}
	s.mustBeSound()
	l.end()
	if len(l.pages) > 0 || l.broken > 0 {
		t.Errorf("clients were shown %s; %d requests broke off", sortedCounts(l.pages), l.broken)
	}
	if t.Failed() {
		return
	}
	acked, _ := l.mustHold(t, s.database)

	// The drill: what the last backup holds is there after a restore, and the rest is in the file that it replaced.
	inBackup := len(stored(t, last))
	if code, out := s.run("restore", last); code == 0 {
		t.Fatalf("restore under a running server succeeded:\n%s", out)
	}
	srv.stop()
	code, out := s.run("restore", last)
	if code != 0 {
		t.Fatalf("restore: exit code %d\n%s", code, out)
	}
	if got := len(stored(t, s.database)); got != inBackup {
		t.Fatalf("answers after the restore = %d, the backup holds %d", got, inBackup)
	}
	replaced := strings.TrimSpace(out[strings.LastIndex(out, "kept as ")+len("kept as "):])
	l.mustHold(t, replaced)
	s.mustBeSound()
	figure(t, "beside a server under load of %d clients: %v, %d rebuilds of damaged tables killed and then one to mend them; %d answers acknowledged and stored, the slowest in %d ms; restore drill: %d of %d answers in the last backup, all in the replaced file",
		clients, counts, kills, acked, l.slow.Milliseconds(), inBackup, acked)
}

// damageProjections spoils what is computed from the log, behind the running server's back.
func (s *setup) damageProjections() {
	s.t.Helper()
	db, err := openTables(s.database)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, statement := range []string{
		"DELETE FROM topic_progress WHERE user_id % 2 = 0",
		"DELETE FROM question_progress WHERE user_id % 3 = 0",
		"UPDATE daily_activity SET answers = answers + 7 WHERE user_id % 5 = 0",
		"UPDATE item_scores SET n = n + 1",
	} {
		_, failed := db.Exec(statement)
		err = errors.Join(err, failed)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		s.t.Fatal(err)
	}
}
