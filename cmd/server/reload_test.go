package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/store"
)

// eventually waits until something is so: it may take as long as a slow machine needs, and not for ever.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for start := time.Now(); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			t.Fatalf("after 30 seconds still not: %s", what)
		}
	}
}

// replaceText changes a file as many editors do: a new file takes the old one's name.
func replaceText(t *testing.T, file, old, new string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(file+"~", []byte(strings.Replace(string(text), old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+"~", file); err != nil {
		t.Fatal(err)
	}
}

func TestServeWatches(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic})
	s := start(t, "--content", dir, "--watch", "--database", filepath.Join(t.TempDir(), "test.db"))
	c := browser(t)
	shows := func(path, text string) func() bool {
		return func() bool { _, body := read(t, c, s.url+path); return strings.Contains(body, text) }
	}
	file := filepath.Join(dir, "questions/ports.md")
	replaceText(t, file, "Which port does HTTPS use by default?", "Which port is for HTTPS?")
	eventually(t, "an edited question is served", shows("/questions/https-port", "Which port is for HTTPS?"))

	// A broken file keeps its last good version.
	replaceText(t, file, "- [x] 443", "- [ ] 443")
	eventually(t, "the mistake is in the log", func() bool { return strings.Contains(s.stderr.String(), "choice-none") })
	if !shows("/questions/https-port", "Which port is for HTTPS?")() {
		t.Error("the question of a broken file is gone")
	}
	replaceText(t, file, "- [ ] 443", "- [x] 443 or so")
	eventually(t, "a mended question is served", shows("/questions/https-port", "443 or so"))

	// A folder that comes later is watched, too.
	sub := filepath.Join(dir, "questions", "later")
	if err := os.Mkdir(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	later := strings.NewReplacer("id: ports", "id: later", "https-port", "later-port").Replace(listedTopic)
	if err := os.WriteFile(filepath.Join(sub, "later.md"), []byte(later), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a file in a new folder is served", shows("/questions/later-port", "Which port does HTTPS"))
	replaceText(t, filepath.Join(sub, "later.md"), "Which port does", "Whose port does")
	eventually(t, "an edit in a new folder is served", shows("/questions/later-port", "Whose port does"))
}

func TestServeLoadsAnewOnSIGHUP(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic})
	s := start(t, "--content", dir, "--database", filepath.Join(t.TempDir(), "test.db"))
	replaceText(t, filepath.Join(dir, "questions/ports.md"), "Which port does HTTPS use by default?", "Which port is for HTTPS?")
	if _, body := read(t, browser(t), s.url+"/questions/https-port"); strings.Contains(body, "Which port is for HTTPS?") {
		t.Fatal("the folder is loaded without being told")
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the edit is served", func() bool {
		_, body := read(t, browser(t), s.url+"/questions/https-port")
		return strings.Contains(body, "Which port is for HTTPS?")
	})
}

func TestWatchNeedsAFolder(t *testing.T) {
	if code, _, errs := runCommand(t, "--watch", "--database", filepath.Join(t.TempDir(), "test.db")); code != exitCannot || !strings.Contains(errs, "needs --content") {
		t.Errorf("--watch without --content: code %d, %q", code, errs)
	}
}

// A folder that is put in the place of another one, as deployments do, is seen; so is everything in it from then on.
func TestWatchFollowsAFolderThatIsReplaced(t *testing.T) {
	for name, follow := range map[string]func(dir string, changed func()){
		"notified": func(dir string, changed func()) { watch(t.Context(), dir, slog.New(slog.DiscardHandler), changed) },
		"polled":   func(dir string, changed func()) { poll(t.Context(), dir, changed) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := newFolder(t, map[string]string{"questions/a.md": "one"})
			calls := make(chan struct{}, 1000)
			go follow(dir, func() { calls <- struct{}{} })
			drain := func() {
				for len(calls) > 0 {
					<-calls
				}
			}
			called := func() bool { return len(calls) > 0 }
			write := func(text string) {
				drain()
				eventually(t, "a change is seen", func() bool { // the first ones may come before the watch stands
					text += "."
					_ = os.WriteFile(filepath.Join(dir, "questions/a.md"), []byte(text), 0o600)
					time.Sleep(50 * time.Millisecond)
					return called()
				})
			}
			write("two")
			if err := os.Rename(dir, dir+".old"); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(newFolder(t, map[string]string{"questions/a.md": "three"}), dir); err != nil {
				t.Fatal(err)
			}
			write("four")
			write("five")
		})
	}
}

// BenchmarkReload changes one file in a folder of 10,000 questions and loads it, as a server that watches does.
func BenchmarkReload(b *testing.B) {
	dir, files := b.TempDir(), 200
	for i := range files {
		writeBig(b, dir, i, 50, 0)
	}
	if err := os.WriteFile(filepath.Join(dir, "bank.yaml"), []byte("id: big\ntitle: Big\nlicense: MIT\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	st, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "test.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	desk := admin.NewDesk(os.DirFS(dir), st, nil)
	first := desk.Load(b.Context(), false)
	if first.Err != nil || first.Bank.Size() != files*50 {
		b.Fatalf("%v: %d questions, %v", first.Err, first.Bank.Size(), first.Findings[:min(3, len(first.Findings))])
	}
	start := time.Now()
	svc, err := practice.New(b.Context(), st, nil, "big")
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("first load %s, catalog %s", first.Took, time.Since(start))
	desk.Serve(svc.Reload)
	cpu := func(b *testing.B, since time.Duration) {
		b.ReportMetric((cpuTime()-since).Seconds()*1000/float64(b.N), "cpu-ms/op")
	}
	edition := 0
	b.Run("one file", func(b *testing.B) {
		defer cpu(b, cpuTime())
		for range b.N {
			b.StopTimer()
			edition++
			writeBig(b, dir, 7, 50, edition)
			b.StartTimer()
			if l := desk.Load(b.Context(), false); l.Err != nil || len(l.Report.Edited) == 0 {
				b.Fatalf("%v %+v", l.Err, l.Report)
			}
		}
	})
	b.Run("nothing", func(b *testing.B) {
		defer cpu(b, cpuTime())
		for range b.N {
			if l := desk.Load(b.Context(), false); l.Err != nil || !l.Report.Empty() {
				b.Fatalf("%v %+v", l.Err, l.Report)
			}
		}
	})
}

// cpuTime returns what the process has used so far: on a machine that others use, too, it says more than the clock.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// writeBig writes one file of a large folder; another edition has other texts.
func writeBig(b *testing.B, dir string, file, questions, edition int) {
	b.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, "---\nid: topic-%d\ntitle: Topic %d\ntags: [big]\n---\n", file, file)
	for q := range questions {
		fmt.Fprintf(&text, "\n## What is %d in file %d?\n<!-- id: big-%d-%d -->\n\nEdition %d says:\n\n```js\nconst n = %d;\nconsole.log(n, 'text'); // a remark\n```\n\n",
			q, file, file, q, edition, q)
		fmt.Fprintf(&text, "- [x] It is %d\n  > Yes, since `n` is.\n- [ ] It is %d\n  > No.\n- [ ] It is not known\n  > It is.\n\nBecause of **that**, as [somebody](https://example.com/) said.\n", q, q+1)
	}
	name := filepath.Join(dir, "questions", fmt.Sprintf("topic-%d.md", file))
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
}

// A server that finds the content as it was reads none of it, and shows the same.
func TestServeUnchanged(t *testing.T) {
	dir := newFolder(t, map[string]string{
		"questions/ports.md": listedTopic,
		"guides/ports.md":    portsGuide,
	})
	database := filepath.Join(t.TempDir(), "test.db")
	pages := func(s *server) (all string) {
		for _, page := range []string{"/questions", "/questions/https-port", "/guides/ports"} {
			code, body := read(t, browser(t), s.url+page)
			if code != 200 {
				t.Fatalf("%s: status %d\n%s", page, code, s.stderr)
			}
			if page != "/questions/https-port" { // its choices stand in any order
				all += regexp.MustCompile(`value="[^"]*"`).ReplaceAllString(body, "") // tokens
			}
		}
		return all
	}
	serve := func(want bool) string {
		t.Helper()
		s := start(t, "--content", dir, "--database", database)
		defer s.end()
		if got := strings.Contains(s.stderr.String(), unread); got != want {
			t.Errorf("the content was left unread: %v, want %v\n%s", got, want, s.stderr)
		}
		return strings.ReplaceAll(pages(s), s.url, "")
	}
	first := serve(false)
	if again := serve(true); again != first {
		t.Errorf("the pages differ:\n%s", cmp.Diff(first, again))
	}
	replaceText(t, filepath.Join(dir, "questions/ports.md"), "Which port does HTTPS use", "What port does HTTPS use")
	if changed := serve(false); !strings.Contains(changed, "What port does HTTPS use") {
		t.Error("an edited file was not read")
	}
}
