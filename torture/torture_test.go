// Package torture ill-treats whole servers, as processes of their own under load, and holds them to what docs/hosting.md
// promises: what was acknowledged is stored. It holds nothing but tests.
//
// go test runs the short form, TORTURE=long go test the long one. Each test prints one line with its figure. What cannot
// be tested on a machine (no FUSE, not root) is said in such a line; the long form fails then.
package torture

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// long is set for the long form.
var long = os.Getenv("TORTURE") == "long"

// form returns how often something is done in the short and in the long form.
func form(short, inLong int) int {
	if long {
		return inLong
	}
	return short
}

var tools string // folder of the programs built

func TestMain(m *testing.M) {
	if file := os.Getenv("TORTURE_MIGRATE"); file != "" {
		os.Exit(migrateChild(file))
	}
	var err error
	if tools, err = os.MkdirTemp("", "torture-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	var code int
	if raced {
		code = runWithoutDetector()
	} else {
		code = m.Run()
	}
	os.RemoveAll(tools)
	os.Exit(code)
}

// raced is set when this program was built with the race detector.
var raced bool

// runWithoutDetector runs the same tests built without the race detector. They look into databases by a driver that is
// twenty times slower with it, and what they test are other processes.
func runWithoutDetector() int {
	program := filepath.Join(tools, "torture.test")
	for _, cmd := range []*exec.Cmd{
		exec.Command("go", "test", "-c", "-o", program, "rehearse/torture"),
		exec.Command(program, os.Args[1:]...),
	} {
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

// figure prints the line of a test.
func figure(t *testing.T, format string, args ...any) {
	t.Helper()
	if !t.Failed() {
		fmt.Printf("torture: %s\n", fmt.Sprintf(format, args...))
	}
}

// cannot ends a test for which this machine lacks something.
func cannot(t testing.TB, promise, reason string) {
	t.Helper()
	text := fmt.Sprintf("torture: NOT TESTED: %s: %s", promise, reason)
	fmt.Println(text)
	if long {
		t.Fatal(text)
	}
	t.Skip(text)
}

var builds sync.Map // variables → func() (string, error)

// build builds the server once, with variables of package store set as in "synchronous=NORMAL", and returns the program.
func build(t testing.TB, variables ...string) string {
	t.Helper()
	key := strings.Join(variables, "-")
	once, _ := builds.LoadOrStore(key, sync.OnceValues(func() (string, error) {
		program := filepath.Join(tools, "server-"+key)
		var flags []string
		for _, v := range variables {
			flags = append(flags, "-X", "rehearse/store."+v)
		}
		cmd := exec.Command("go", "build", "-ldflags", strings.Join(flags, " "), "-o", program, "rehearse/cmd/server")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("build the server: %w\n%s", err, out)
		}
		return program, err
	}))
	program, err := once.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// questions is how many there are, whose answers can be told apart.
const questions = 5

// theBank is a bank with these questions.
func theBank(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	topic := "---\nid: words\ntitle: Words\nlevel: junior\ndifficulty: easy\nlicense: CC-BY-4.0\n---\n"
	for i, id := range []string{"word", "word-2", "word-3", "word-4", "word-5"}[:questions] {
		topic += fmt.Sprintf("\n## Which word stands in place %d?\n<!-- id: %s -->\n\n### Accept\n\n- `the right one`\n\n### Explanation\n\nAny other word is wrong.\n", i+1, id)
	}
	files := map[string]string{
		"bank.yaml":          "id: torture\ntitle: Torture\nlicense: CC-BY-4.0\n",
		"questions/words.md": topic,
	}
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(build(t), "lint", dir).CombinedOutput(); err != nil {
		t.Fatalf("lint of the test's bank: %v\n%s", err, out)
	}
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // for servers of another user
		t.Fatal(err)
	}
	return dir
}

// output is what a process writes, readable meanwhile.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// server is a server process.
type server struct {
	url    string
	cmd    *exec.Cmd
	log    *output
	exited chan struct{}
}

// setup is what servers of a test have in common.
type setup struct {
	t        testing.TB
	program  string
	database string
	bank     string
	user     uint32 // 0: that of the test
}

func newSetup(t testing.TB, database string, variables ...string) *setup {
	t.Helper()
	return &setup{t: t, program: build(t, variables...), database: database, bank: theBank(t)}
}

// command returns a command of the server's program.
func (s *setup) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.program, args...)
	cmd.Env = append(os.Environ(), "REHEARSE_DATABASE="+s.database)
	if s.user != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: s.user, Gid: s.user}}
	}
	return cmd
}

// try starts a server and waits until it serves. When it ends before that, it returns what it said.
func (s *setup) try() (*server, string) {
	s.t.Helper()
	srv := &server{log: new(output), exited: make(chan struct{})}
	srv.cmd = s.command("serve", "--addr", "localhost:0", "--content", s.bank, "--request-limits", "off", "--log-format", "json")
	srv.cmd.Stderr = srv.log
	out, err := srv.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := srv.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	line, readErr := bufio.NewReader(out).ReadString('\n')
	go func() {
		_, _ = io.Copy(io.Discard, out)
		_ = srv.cmd.Wait()
		close(srv.exited)
	}()
	s.t.Cleanup(srv.kill)
	if readErr != nil {
		<-srv.exited
		return nil, srv.log.String()
	}
	srv.url = strings.TrimSpace(line[strings.Index(line, "http"):])
	return srv, ""
}

func (s *setup) start() *server {
	s.t.Helper()
	srv, said := s.try()
	if srv == nil {
		s.t.Fatalf("the server does not start:\n%s", said)
	}
	return srv
}

// kill ends the server as kill -9 does.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // fails when it has ended
	<-s.exited
}

// stop ends the server as systemd does, and returns its exit code.
func (s *server) stop() int {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.exited
	return s.cmd.ProcessState.ExitCode()
}

// run runs another command of the program to its end.
func (s *setup) run(args ...string) (code int, out string) {
	s.t.Helper()
	text, err := s.command(args...).CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		s.t.Fatal(err)
	} else if exited {
		code = err.(*exec.ExitError).ExitCode()
	}
	return code, string(text)
}

// load is what many candidates send at the same time, and what became of it.
type load struct {
	mu     sync.Mutex
	acked  map[string]bool // answers that the server has acknowledged
	pages  map[string]int  // titles of pages other than that
	broken int             // requests that were not answered to the end
	slow   time.Duration   // the slowest answer that was acknowledged

	quit atomic.Bool
	done sync.WaitGroup
}

func newLoad() *load { return &load{acked: map[string]bool{}, pages: map[string]int{}} }

// begin lets clients answer until end is called. Each is a candidate with cookies, who answers in quizzes and outside of
// them, unless fresh: then each answer comes from a new visitor on a connection of its own.
func (l *load) begin(base string, clients int, fresh bool) {
	l.quit.Store(false)
	for range clients {
		l.done.Go(func() {
			c, q := newClient(fresh), &quizzing{}
			for !l.quit.Load() {
				answer := l.answer
				if fresh {
					c = newClient(fresh)
				} else if rand.N(3) > 0 {
					answer = func(c *http.Client, base string) bool { return l.answerQuiz(c, base, q) }
				}
				if !answer(c, base) && !l.quit.Load() {
					time.Sleep(5 * time.Millisecond) // not to spin on a server that is gone
				}
			}
			c.CloseIdleConnections()
		})
	}
}

// end waits for the answers that are on their way.
func (l *load) end() {
	l.quit.Store(true)
	l.done.Wait()
}

func newClient(fresh bool) *http.Client {
	jar, _ := cookiejar.New(nil) // never fails
	return &http.Client{
		Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: fresh},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var (
	tokenOf = regexp.MustCompile(`name="token" value="([^"]+)"`)
	titleOf = regexp.MustCompile(`<h1[^>]*>([^<]+)`)
)

func get(c *http.Client, address string) (int, string, error) {
	response, err := c.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

// token reads the question and returns what its form brings back.
func token(c *http.Client, base string) (string, error) {
	_, page, err := get(c, base+"/questions/word")
	if err != nil {
		return "", err
	}
	m := tokenOf.FindStringSubmatch(page)
	if m == nil {
		return "", fmt.Errorf("no token on the page %q", title(page))
	}
	return m[1], nil
}

func title(page string) string {
	if m := titleOf.FindStringSubmatch(page); m != nil {
		return strings.TrimSpace(m[1])
	}
	return "?"
}

// answer reads the question and answers it once; true when the answer was acknowledged.
func (l *load) answer(c *http.Client, base string) bool {
	text, err := token(c, base)
	if err != nil {
		l.note(func() { l.broken++ })
		return false
	}
	return l.post(c, base, text)
}

// post answers with a token.
func (l *load) post(c *http.Client, base, token string) bool {
	return l.send(c, base+"/questions/word/responses", url.Values{"token": {token}})
}

// quizzing is where a candidate is in a quiz.
type quizzing struct {
	path     string // of the quiz, "": there is none
	position int    // that is answered next, from 1
}

// answerQuiz answers the next question of a quiz, or the first of a new one. What became of an answer that was not
// acknowledged is not known: a position that has an answer takes no other, so such a quiz is left.
func (l *load) answerQuiz(c *http.Client, base string, q *quizzing) bool {
	if q.path == "" {
		response, err := c.PostForm(base+"/quizzes", url.Values{"topic": {"words"}, "count": {strconv.Itoa(questions)}, "mode": {"practice"}, "limit": {"none"}})
		if err != nil {
			l.note(func() { l.broken++ })
			return false
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusSeeOther {
			l.refused(response)
			return false
		}
		q.path, q.position = strings.TrimSuffix(response.Header.Get("Location"), "/1"), 1
	}
	acked := l.send(c, fmt.Sprintf("%s%s/%d", base, q.path, q.position), url.Values{})
	if q.position++; !acked || q.position > questions {
		q.path = ""
	}
	return acked
}

// send answers by words that no other answer has.
func (l *load) send(c *http.Client, address string, form url.Values) bool {
	words := fmt.Sprintf("answer %016x%016x", rand.Uint64(), rand.Uint64())
	form.Set("text", words)
	start := time.Now()
	response, err := c.PostForm(address, form)
	if err != nil {
		l.note(func() { l.broken++ })
		return false
	}
	defer response.Body.Close()
	// The status has arrived, and with it the acknowledgement, whatever happens to the rest.
	if response.StatusCode == http.StatusSeeOther {
		took := time.Since(start)
		l.note(func() { l.acked[words] = true; l.slow = max(l.slow, took) })
		_, _ = io.Copy(io.Discard, response.Body)
		return true
	}
	l.refused(response)
	return false
}

// refused notes the page that came instead of an acknowledgement.
func (l *load) refused(response *http.Response) {
	body, _ := io.ReadAll(response.Body)
	l.note(func() { l.pages[fmt.Sprintf("%d %s", response.StatusCode, title(string(body)))]++ })
}

func (l *load) note(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fn()
}

// count returns how many answers were acknowledged so far.
func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

// waitFor waits until n more answers are acknowledged.
func (l *load) waitFor(t testing.TB, n int) {
	t.Helper()
	want := l.count() + n
	for deadline := time.Now().Add(time.Minute); l.count() < want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d answers acknowledged in a minute, want %d; pages: %v, broken: %d", l.count(), want, l.pages, l.broken)
		}
	}
}

// stored returns how often each answer is in the database.
func stored(t testing.TB, database string) map[string]int {
	t.Helper()
	found, err := readStored(database)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// openTables opens a database for a look into it.
func openTables(database string) (*sql.DB, error) {
	if strings.HasPrefix(database, "postgres:") {
		return sql.Open("pgx", database)
	}
	return sql.Open("sqlite", "file:"+database+"?_pragma=busy_timeout(10000)")
}

func readStored(database string) (map[string]int, error) {
	db, err := openTables(database)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	const query = `
		SELECT e.data
		FROM evidence e
		JOIN attempts a ON a.id = e.attempt_id AND a.user_id = e.user_id
		JOIN attempt_items i ON i.attempt_id = e.attempt_id AND i.position = e.position AND i.evidence_seq = e.seq
		WHERE e.kind = 'r'`
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]int{}
	for rows.Next() {
		var data string
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		var response struct{ Text string }
		if err := json.Unmarshal([]byte(data), &response); err != nil {
			return nil, err
		}
		found[response.Text]++
	}
	return found, rows.Err()
}

// missing returns the acknowledged answers that are not stored exactly once.
func (l *load) missing(found map[string]int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for words := range l.acked {
		if found[words] != 1 {
			out = append(out, fmt.Sprintf("%s: %d times", words, found[words]))
		}
	}
	slices.Sort(out)
	return out
}

// mustHold fails unless every acknowledged answer is stored once.
func (l *load) mustHold(t testing.TB, database string) (acked, inStore int) {
	t.Helper()
	found := stored(t, database)
	if lost := l.missing(found); len(lost) > 0 {
		t.Fatalf("%d of %d acknowledged answers are not stored once, the first: %s", len(lost), l.count(), lost[0])
	}
	return l.count(), len(found)
}

// mustBeSound fails unless server check finds nothing.
func (s *setup) mustBeSound() {
	s.t.Helper()
	if code, out := s.run("check"); code != 0 {
		s.t.Fatalf("server check: exit code %d\n%s", code, tail(out))
	}
}

func tail(text string) string { return text[max(0, len(text)-3000):] }

func sortedCounts(m map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%q %d times", k, m[k]))
	}
	return strings.Join(out, ", ")
}

// pause waits for a random time up to most, or until ctx ends.
func pause(ctx context.Context, most time.Duration) {
	select {
	case <-time.After(rand.N(most)):
	case <-ctx.Done():
	}
}
