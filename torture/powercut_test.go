//go:build linux

package torture

import (
	"database/sql"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

const powerCut = "power cut"

// powerCuts lets a server run into a number of power cuts. It returns how many answers were acknowledged in all, and how
// many of them are lost.
func powerCuts(t *testing.T, cuts int, variables ...string) (acked, lost int) {
	t.Helper()
	s := newSetup(t, "", variables...)
	l := newLoad()
	files := map[string][]byte{}
	if len(variables) > 0 { // what is lost shall be answers, not the schema
		d := newDisk(nil)
		dir, unmount := mountDisk(t, powerCut, d)
		s.database = filepath.Join(dir, "test.db")
		s.start().stop()
		unmount()
		files["test.db"] = d.names["test.db"].data
	}
	for i := range cuts {
		d := newDisk(files)
		dir, unmount := mountDisk(t, powerCut, d)
		s.database = filepath.Join(dir, "test.db")
		srv := s.start()
		l.begin(srv.url, clients, false)
		l.waitFor(t, 1)
		pause(t.Context(), 400*time.Millisecond)
		d.setFail(syscall.EIO) // the power is off: nothing reaches the disk from here on
		srv.kill()
		l.end()
		unmount()
		files = d.cut(i%2 == 1)
		database := copyOut(t, files)
		if n := unsound(t, database); n > 0 {
			t.Fatalf("cut %d: integrity check has %d findings", i, n)
		}
		missing := len(l.missing(stored(t, database)))
		lost += missing
		if missing > 0 && len(variables) == 0 {
			t.Fatalf("cut %d: %d of %d acknowledged answers are lost", i, missing, l.count())
		}
		acked += l.count()
		if missing > 0 { // told apart from those of the next cut
			l = newLoad()
		} else {
			acked -= l.count()
		}
	}
	acked += l.count()
	s.database = copyOut(t, files)
	s.mustBeSound()
	return acked, lost
}

func unsound(t testing.TB, database string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPowerCut(t *testing.T) {
	t.Parallel()
	cuts := form(5, 500)
	acked, lost := powerCuts(t, cuts)
	proofs := form(3, 20)
	ackedNormal, lostNormal := powerCuts(t, proofs, "synchronous=NORMAL")
	if lostNormal == 0 {
		t.Errorf("with synchronous=NORMAL none of %d answers was lost in %d cuts: the test does not bite", ackedNormal, proofs)
	}
	figure(t, "power cut (unsynced pages dropped, all or a random half): %d cuts, %d answers acknowledged, %d lost; as proof, with synchronous=NORMAL %d of %d lost in %d cuts",
		cuts, acked, lost, lostNormal, ackedNormal, proofs)
}

// A disk that takes no more changes while the server runs: full, switched to read-only after an error, or failing.
func TestDiskTurnsBad(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		errno syscall.Errno
		page  string
		says  string
	}{
		{"full", syscall.ENOSPC, notSaved, "the disk is full"},
		{"read-only", syscall.EROFS, "503 " + notReadOrSaved, "the disk failed"},
		{"failing", syscall.EIO, "503 " + notReadOrSaved, "the disk failed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDisk(nil)
			dir, unmount := mountDisk(t, "a disk that turns "+test.name, d)
			s := newSetup(t, filepath.Join(dir, "test.db"))
			srv := s.start()
			l := newLoad()
			l.begin(srv.url, clients, false)
			l.waitFor(t, 50)
			d.setFail(test.errno)
			l.waitForPage(t, test.page, 50)
			srv.mustRead(t)
			d.setFail(0)
			l.waitFor(t, 50)
			l.end()
			l.onlyPages(t, test.page)
			srv.mustLog(t, test.says)
			if code := srv.stop(); code != 0 {
				t.Errorf("exit code %d:\n%s", code, tail(srv.log.String()))
			}
			unmount()
			s.database = copyOut(t, d.cut(false))
			acked, _ := l.mustHold(t, s.database)
			s.mustBeSound()
			figure(t, "a disk that turns %s under a server: %d answers refused with a page that says so, reading went on, %d acknowledged and stored, also after a power cut",
				test.name, l.pages[test.page], acked)
		})
	}
}
