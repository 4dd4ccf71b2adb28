package torture

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The titles of the pages that people are shown.
const (
	notSaved       = "503 This could not be saved"
	notReadOrSaved = "This could not be read or saved"
)

// onlyPages fails unless clients were shown pages of the given titles alone, and one of them at least once.
func (l *load) onlyPages(t testing.TB, want ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, title := range want {
		n += l.pages[title]
	}
	if n == 0 || len(l.pages) > len(want) || l.broken > 0 {
		t.Errorf("clients were shown %s, %d requests broke off; want pages %q only", sortedCounts(l.pages), l.broken, want)
	}
}

// waitForPage waits until clients were shown a page n more times.
func (l *load) waitForPage(t testing.TB, title string, n int) {
	t.Helper()
	read := func() (count int) {
		l.note(func() { count = l.pages[title] })
		return count
	}
	want := read() + n
	for deadline := time.Now().Add(time.Minute); read() < want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no page %q in a minute, but %s", title, sortedCounts(l.pages))
		}
	}
}

// mustRead fails unless pages are served.
func (s *server) mustRead(t testing.TB) {
	t.Helper()
	for _, path := range []string{"/", "/questions/word", "/topics", "/readyz"} {
		if status, page, err := get(newClient(true), s.url+path); status != 200 || err != nil {
			t.Errorf("reading %s: status %d %q, %v", path, status, title(page), err)
		}
	}
}

// mustLog fails unless an error in the log has this text.
func (s *server) mustLog(t testing.TB, text string) {
	t.Helper()
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, `"level":"ERROR"`) && strings.Contains(line, text) {
			return
		}
	}
	t.Errorf("no error in the log says %q:\n%s", text, tail(s.log.String()))
}

// mount mounts a tmpfs of a size; the test is skipped where that is not allowed.
func mount(t testing.TB, promise *testing.T, name, size string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		cannot(promise, name, "mounting a tmpfs needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0777,size="+size); err != nil {
		cannot(promise, name, "mount a tmpfs: "+err.Error())
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	const promise = "disk full"
	dir := mount(t, t, promise, "1m")
	s := newSetup(t, filepath.Join(dir, "test.db"))
	srv := s.start()
	l := newLoad()
	l.begin(srv.url, clients, false)
	l.waitForPage(t, notSaved, 200)
	srv.mustRead(t)
	l.end()
	full := l.count()
	l.onlyPages(t, notSaved)
	srv.mustLog(t, "the disk is full")
	refused := l.pages[notSaved]
	l.mustHold(t, s.database)

	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "mode=0777,size=32m"); err != nil {
		t.Fatal(err)
	}
	l.begin(srv.url, clients, false)
	l.waitFor(t, 200)
	l.end()
	if code := srv.stop(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, tail(srv.log.String()))
	}
	acked, _ := l.mustHold(t, s.database)
	s.mustBeSound()
	figure(t, "disk full (1 MiB): %d answers acknowledged until then, %d refused with a page that says so, reading went on; after making room %d acknowledged, all stored",
		full, refused, acked)
}

func TestStartOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := mount(t, t, "start on a full disk", "1m")
	s := newSetup(t, filepath.Join(dir, "test.db"))
	if err := os.WriteFile(filepath.Join(dir, "filler"), make([]byte, 1<<20-8192), 0o600); err != nil {
		t.Fatal(err)
	}
	srv, said := s.try()
	if srv != nil || !strings.Contains(said, "the disk is full") {
		t.Fatalf("start on a full disk: started %v, said %q", srv != nil, said)
	}
	figure(t, "start on a full disk: refused, says %q", strings.TrimSpace(said))
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	dir := mount(t, t, "read-only mount or file", "32m")
	s := newSetup(t, filepath.Join(dir, "test.db"))
	srv := s.start()
	l := newLoad()
	l.begin(srv.url, clients, false)
	l.waitFor(t, 100)
	l.end()
	srv.stop()

	// A file that the server's user may not write, as after a restore by root.
	if err := os.Chmod(s.database, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.database+".lock", 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	s.user = 65534
	srv, saidFile := s.try()
	if srv != nil || !strings.Contains(saidFile, "the database cannot be written") {
		t.Fatalf("start on a read-only file: started %v, said %q", srv != nil, saidFile)
	}
	s.user = 0

	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	srv, saidMount := s.try()
	if srv != nil || !strings.Contains(saidMount, "read-only file system") {
		t.Fatalf("start on a read-only mount: started %v, said %q", srv != nil, saidMount)
	}
	acked, _ := len(l.acked), 0
	backup := filepath.Join(t.TempDir(), "rescued.db")
	if code, out := s.run("backup", backup); code == 0 {
		l.mustHold(t, backup)
	} else if !strings.Contains(out, "cannot be written") && !strings.Contains(out, "the disk failed") {
		t.Errorf("backup from a read-only mount: exit code %d: %s", code, out)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, ""); err != nil {
		t.Fatal(err)
	}
	srv = s.start()
	srv.mustRead(t)
	srv.stop()
	l.mustHold(t, s.database)
	figure(t, "read-only: a server refuses to start on a file (%q) and on a mount (%q); %d acknowledged answers are there when it is writable again",
		lastPart(saidFile), lastPart(saidMount), acked)
}

// lastPart returns the end of a message.
func lastPart(said string) string {
	said = strings.TrimSpace(said)
	return said[strings.LastIndex(said, ": ")+1:]
}

func TestLockedByAnother(t *testing.T) {
	t.Parallel()
	s := newSetup(t, filepath.Join(t.TempDir(), "test.db"))
	srv := s.start()
	l := newLoad()
	l.begin(srv.url, clients, false)
	l.waitFor(t, 100)
	db, err := sql.Open("sqlite", "file:"+s.database+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	held := time.Now()
	time.Sleep(500 * time.Millisecond)
	srv.mustRead(t)
	time.Sleep(time.Until(held.Add(10 * time.Second)))
	if _, err := conn.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	l.waitFor(t, 100)
	l.end()
	l.onlyPages(t, notSaved)
	srv.mustLog(t, "another program keeps the database locked")
	srv.stop()
	acked, _ := l.mustHold(t, s.database)
	s.mustBeSound()
	figure(t, "lock held by another process for 10 s: %d answers refused with a page that says so, reading went on, %d acknowledged and stored", l.pages[notSaved], acked)
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newSetup(t, filepath.Join(dir, "test.db"))
	srv := s.start()
	l := newLoad()
	l.begin(srv.url, clients, false)
	l.waitFor(t, 400)
	l.end()
	srv.stop()
	backup := filepath.Join(dir, "backup.db")
	if code, out := s.run("backup", backup); code != 0 {
		t.Fatalf("backup: exit code %d: %s", code, out)
	}
	sound, err := os.ReadFile(s.database)
	if err != nil {
		t.Fatal(err)
	}
	acked, _ := l.mustHold(t, s.database)
	outcomes := map[string]int{}
	damages := form(40, 200)
	for i := range damages {
		data := append([]byte(nil), sound...)
		at := rand.N(len(data))
		what := fmt.Sprintf("truncated to %d bytes", at)
		if i%4 == 3 {
			data = data[:at]
		} else {
			n := min(len(data)-at, 1<<rand.N(14)) // 1 byte to 8 KiB
			what = fmt.Sprintf("%d bytes at %d", n, at)
			for j := range n {
				data[at+j] ^= byte(1 + rand.N(255))
			}
		}
		for _, suffix := range []string{"-wal", "-shm"} {
			_ = os.Remove(s.database + suffix) // mostly not there
		}
		if err := os.WriteFile(s.database, data, 0o600); err != nil {
			t.Fatal(err)
		}
		noticed, lost := s.probeDamaged(what, outcomes)
		code, out := s.run("check")
		if lost && code == 0 {
			t.Errorf("%s: what was stored a moment ago is not found, and check finds nothing", what)
		}
		switch {
		case code == 0 && !noticed:
			outcomes["check finds nothing"]++
			if found, err := readStored(s.database); err != nil || len(l.missing(found)) > 0 {
				outcomes["of those, with answers changed"]++
			}
		case code == 0:
			outcomes["only serving noticed"]++
		default:
			outcomes["check finds it"]++
			if strings.TrimSpace(out) == "" || strings.Contains(out, "panic") {
				t.Errorf("%s: check says %q", what, out)
			}
		}
		if code, out := s.run("restore", backup); code != 0 {
			t.Fatalf("%s: restore: exit code %d: %s", what, code, out)
		}
		l.mustHold(t, s.database)
		kept, err := filepath.Glob(s.database + ".replaced-*")
		if err != nil || len(kept) == 0 {
			t.Fatalf("%s: the replaced file is not kept: %v", what, err)
		}
		for _, name := range kept {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	figure(t, "database file damaged at %d random places, every fourth time truncated: %s; after restore all %d acknowledged answers were there each time",
		damages, sortedCounts(outcomes), acked)
}

// probeDamaged starts a server on a damaged file. It must refuse with a sentence, or answer every request in time with a
// page. It reports whether anything was noticed.
func (s *setup) probeDamaged(what string, outcomes map[string]int) (noticed, lost bool) {
	s.t.Helper()
	srv, said := s.try()
	if srv == nil {
		outcomes["server refuses to start"]++
		if !strings.Contains(said, "damaged") || strings.Contains(said, "goroutine ") {
			s.t.Errorf("%s: the server refuses with %q", what, tail(said))
		}
		return true, false
	}
	outcomes["server starts"]++
	l := newLoad()
	l.begin(srv.url, 4, true)
	for range 20 {
		for _, path := range []string{"/", "/questions/word", "/topics"} {
			status, page, err := get(newClient(true), srv.url+path)
			if err != nil || status != 200 && !strings.Contains(page, notReadOrSaved) {
				s.t.Errorf("%s: reading %s: status %d %q, %v\n%s", what, path, status, title(page), err, tail(srv.log.String()))
			}
			noticed = noticed || status != 200
		}
	}
	l.end()
	for page := range l.pages {
		if page == "404 This page does not exist" { // an index that is damaged in a way that SQLite does not notice as it looks something up
			outcomes["what was just stored is not found"]++
			lost = true
			continue
		}
		noticed = true
		if page == "500 Something went wrong here" { // a table came back empty, and keys that it gives out are taken
			outcomes["answer refused with a page that names no cause"]++
			srv.mustLog(s.t, "constraint failed")
			continue
		}
		if !strings.Contains(page, notReadOrSaved) {
			s.t.Errorf("%s: a page %q\n%s", what, page, tail(srv.log.String()))
		}
	}
	if noticed && !strings.Contains(srv.log.String(), "constraint failed") {
		srv.mustLog(s.t, "damaged")
	}
	srv.stop()
	return noticed, lost
}
