package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// log is a writer that may be read while a program writes to it.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// server is the program while it serves.
type server struct {
	t      testing.TB
	url    string
	stderr *log
	stop   context.CancelFunc
	code   chan int
}

// start runs the program on a free port and waits for its one line.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	return startCommand(t, append([]string{"--addr", "localhost:0"}, args...)...)
}

// startCommand runs a command that serves and waits for its one line.
func startCommand(t testing.TB, args ...string) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &server{t: t, stderr: new(log), stop: cancel, code: make(chan int, 1)}
	out, in := io.Pipe()
	go func() {
		code := run(ctx, args, noEnv, in, s.stderr)
		in.Close()
		s.code <- code
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("run %v printed no address: %v\n%s", args, err, s.stderr)
	}
	s.url = regexp.MustCompile(`http://\S+`).FindString(line)
	go io.Copy(io.Discard, out)
	t.Cleanup(func() { s.end() })
	return s
}

// end stops the program and returns its exit code.
func (s *server) end() int {
	s.stop()
	select {
	case code := <-s.code:
		s.code <- code
		return code
	case <-time.After(time.Minute):
		s.t.Fatalf("the server did not stop:\n%s", s.stderr)
		return -1
	}
}

func noEnv(string) string { return "" }

// browser returns a client with cookies.
func browser(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second}
}

func read(t testing.TB, c *http.Client, address string) (int, string) {
	t.Helper()
	response, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// answerFirst answers the question of the start page.
func answerFirst(t *testing.T, c *http.Client, base string) string {
	t.Helper()
	_, page := read(t, c, base+"/")
	action := regexp.MustCompile(`action="(/questions/[^"]+)"`).FindStringSubmatch(page)
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(page)
	if action == nil || token == nil {
		t.Fatalf("the start page offers no question:\n%s", page)
	}
	response, err := c.PostForm(base+action[1], url.Values{"token": {token[1]}, "choice": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK || !strings.Contains(string(body), "Explanation") {
		t.Fatalf("after the first answer: status %d\n%s", response.StatusCode, body)
	}
	return response.Request.URL.Path
}

func TestServeKeepsProgressOverARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data", "rehearse.db")
	c := browser(t)
	s := start(t, "--database", file)
	verdict := answerFirst(t, c, s.url)
	if code := s.end(); code != exitDone {
		t.Fatalf("the first run ended with %d:\n%s", code, s.stderr)
	}

	again := start(t, "--database", file)
	for _, cookie := range c.Jar.Cookies(mustURL(t, s.url)) { // cookies do not know ports, but a jar knows hosts
		c.Jar.SetCookies(mustURL(t, again.url), []*http.Cookie{cookie})
	}
	if status, page := read(t, c, again.url+verdict); status != http.StatusOK || !strings.Contains(page, "Explanation") {
		t.Errorf("after a restart the verdict page has status %d", status)
	}
	if status, _ := read(t, browser(t), again.url+verdict); status != http.StatusNotFound {
		t.Errorf("another browser reads the verdict: status %d, want 404", status)
	}
	if strings.Contains(again.stderr.String(), `"added":1`) {
		t.Errorf("the second start loaded the content anew:\n%s", again.stderr)
	}
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestStopLetsRequestsInFlightFinish(t *testing.T) {
	s := start(t, "--database", filepath.Join(t.TempDir(), "r.db"))
	conn, err := net.Dial("tcp", mustURL(t, s.url).Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := "zone=UTC&new=5&buttons=four&theme=system&keys=on"
	fmt.Fprintf(conn, "POST /settings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:10])
	until(t, func() bool { // the request has begun when the server has read its header
		status, _ := read(t, http.DefaultClient, s.url+"/healthz")
		return status == http.StatusOK
	})
	s.stop()
	until(t, func() bool { return strings.Contains(s.stderr.String(), "stopping") })
	io.WriteString(conn, body[10:])
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(answer, "303") {
		t.Errorf("the request in flight was answered %q, %v; want 303", answer, err)
	}
	if code := s.end(); code != exitDone {
		t.Errorf("exit code %d, want %d:\n%s", code, exitDone, s.stderr)
	}
}

// until waits for something that another goroutine is about to do.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatal("waited in vain")
}

func TestSecondServerIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.db")
	start(t, "--database", file)
	var stderr log
	code := run(t.Context(), []string{"--addr", "localhost:0", "--database", file}, noEnv, io.Discard, &stderr)
	if code != exitCannot || !strings.Contains(stderr.String(), "another server uses this database") {
		t.Errorf("a second server: exit code %d, %q", code, stderr.String())
	}
}

func TestBadSettingsNameThemselves(t *testing.T) {
	tests := []struct {
		args []string
		env  map[string]string
		want []string
	}{
		{[]string{"--addr", "8080"}, nil, []string{"--addr", `"8080"`, "HOST:PORT"}},
		{[]string{"--addr", "localhost:99999"}, nil, []string{"--addr", `"localhost:99999"`, "0 to 65535"}},
		{[]string{"--database", "mysql://x"}, nil, []string{"--database", `"mysql://x"`, "file path"}},
		{[]string{"--base-url", "example.org"}, nil, []string{"--base-url", `"example.org"`, "http:// or https://"}},
		{[]string{"--base-url", "https://example.org/a?b=c"}, nil, []string{"--base-url", "more than a path"}},
		{[]string{"--base-url", "https://example.org/a//b"}, nil, []string{"--base-url", "cannot be a prefix"}},
		{[]string{"--trusted-proxies", "10.0.0.0/8,here"}, nil, []string{"--trusted-proxies", `"here"`, "10.0.0.0/8"}},
		{[]string{"--rollover-hour", "24"}, nil, []string{"--rollover-hour", `"24"`, "0 to 23"}},
		{[]string{"--log-level", "loud"}, nil, []string{"--log-level", `"loud"`, "debug, info, warn or error"}},
		{[]string{"--log-format", "xml"}, nil, []string{"--log-format", `"xml"`, "auto, text or json"}},
		{[]string{"--request-limits", "maybe"}, nil, []string{"--request-limits", `"maybe"`, "on or off"}},
		{nil, map[string]string{"REHEARSE_ROLLOVER_HOUR": "noon"}, []string{"REHEARSE_ROLLOVER_HOUR", `"noon"`, "0 to 23"}},
		{[]string{"--content", "/does/not/exist"}, nil, []string{"content folder", "/does/not/exist"}},
		{[]string{"--colour"}, nil, []string{"colour", "server serve --help"}},
		{[]string{"serve", "now"}, nil, []string{`"now"`}},
		{[]string{"fly"}, nil, []string{`"fly"`, "server help"}},
	}
	for _, tt := range tests {
		t.Run(strings.Join(append(tt.args, tt.env["REHEARSE_ROLLOVER_HOUR"]), " "), func(t *testing.T) {
			var stderr log
			env := func(name string) string {
				if name == "REHEARSE_DATABASE" && !strings.Contains(strings.Join(tt.args, " "), "--database") {
					return filepath.Join(t.TempDir(), "r.db")
				}
				if name == "REHEARSE_ADDR" {
					return "localhost:0"
				}
				return tt.env[name]
			}
			if code := run(t.Context(), tt.args, env, io.Discard, &stderr); code != exitCannot {
				t.Errorf("exit code %d, want %d", code, exitCannot)
			}
			for _, want := range tt.want {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("message %q does not contain %q", stderr.String(), want)
				}
			}
		})
	}
}

func TestFlagsGoBeforeTheEnvironment(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"REHEARSE_ROLLOVER_HOUR": "7", "REHEARSE_LOG_LEVEL": "warn"}[name]
	}
	cfg, _, err := readConfig(commands()[0], []string{"--rollover-hour", "2"}, env, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.rollover != 2 || cfg.logLevel.String() != "WARN" || cfg.addr != "localhost:8080" {
		t.Errorf("got rollover %d, level %s, addr %s", cfg.rollover, cfg.logLevel, cfg.addr)
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	var out log
	if code := run(t.Context(), []string{"--help"}, noEnv, &out, io.Discard); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	for _, o := range options() {
		for _, want := range []string{"--" + o.name, o.help, o.env()} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("help does not contain %q", want)
			}
		}
	}
}

// write makes a content folder.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const oneQuestion = `---
id: ports
title: Ports
level: junior
difficulty: easy
license: CC-BY-4.0
---

## Which port does HTTPS use by default?
<!-- id: https-port -->

- [x] 443
  > Registered for it.
- [ ] 80
  > That is plain HTTP.

TCP port 443, and UDP port 443 for HTTP/3.
`

func TestBrokenFileKeepsItsLastGoodQuestions(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "r.db")
	write(t, dir, map[string]string{"bank.yaml": "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n", "questions/ports.md": oneQuestion})
	start(t, "--database", file, "--content", dir).end()

	write(t, dir, map[string]string{"questions/ports.md": strings.ReplaceAll(oneQuestion, "[x]", "[ ]")})
	s := start(t, "--database", file, "--content", dir)
	if status, page := read(t, browser(t), s.url+"/questions/https-port"); status != http.StatusOK || !strings.Contains(page, "443") {
		t.Errorf("the last good question has status %d", status)
	}
	for _, want := range []string{"ports.md:", "last good questions stay"} {
		if !strings.Contains(s.stderr.String(), want) {
			t.Errorf("the log does not contain %q:\n%s", want, s.stderr)
		}
	}
}

func TestALoadThatRetiresMuchMustBeAllowed(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "r.db")
	files := map[string]string{"bank.yaml": "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n"}
	for i := range 9 {
		id := fmt.Sprintf("port-%d", i)
		files["questions/"+id+".md"] = strings.NewReplacer("https-port", id, "id: ports", "id: "+id, "Which port", id+": which port").Replace(oneQuestion)
	}
	write(t, dir, files)
	start(t, "--database", file, "--content", dir).end()
	for i := range 6 {
		if err := os.Remove(filepath.Join(dir, "questions", fmt.Sprintf("port-%d.md", i))); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		args []string
		code int // of the page of a question that is gone
		log  []string
	}{
		{"refused", nil, http.StatusOK, []string{"content not loaded", "would retire 6 of 9 questions", "port-0.md", "half a copy", "--allow-retire"}},
		{"allowed", []string{"--allow-retire"}, http.StatusNotFound, []string{"content loaded", "retired=6"}},
	}
	for _, test := range tests {
		s := start(t, append([]string{"--database", file, "--content", dir, "--log-format", "text"}, test.args...)...)
		if code, _ := read(t, browser(t), s.url+"/questions/port-0"); code != test.code {
			t.Errorf("%s: a question that is gone has status %d, want %d", test.name, code, test.code)
		}
		if code, _ := read(t, browser(t), s.url+"/questions/port-8"); code != http.StatusOK {
			t.Errorf("%s: a question that is there has status %d", test.name, code)
		}
		for _, want := range test.log {
			if !strings.Contains(s.stderr.String(), want) {
				t.Errorf("%s: the log does not contain %q:\n%s", test.name, want, s.stderr)
			}
		}
		s.end()
	}
}

func TestLint(t *testing.T) {
	good, bad := t.TempDir(), t.TempDir()
	bankFile := "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n"
	write(t, good, map[string]string{"bank.yaml": bankFile, "questions/ports.md": oneQuestion})
	write(t, bad, map[string]string{"bank.yaml": bankFile, "questions/ports.md": strings.ReplaceAll(oneQuestion, "[x]", "[ ]")})
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"the built-in content", nil, exitDone, ""},
		{"a clean folder", []string{good}, exitDone, ""},
		{"a folder with a mistake", []string{bad}, exitFindings, filepath.Join(bad, "questions/ports.md") + ":12:1: error choice-none: "},
		{"no folder", []string{filepath.Join(bad, "none")}, exitCannot, ""},
		{"a file", []string{filepath.Join(bad, "bank.yaml")}, exitCannot, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out log
			code := run(t.Context(), append([]string{"lint"}, tt.args...), noEnv, &out, io.Discard)
			if code != tt.code || !strings.Contains(out.String(), tt.want) {
				t.Errorf("exit code %d, want %d; printed %q, want %q", code, tt.code, out.String(), tt.want)
			}
		})
	}
}

func TestHealthcheckAndRebuild(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.db")
	s := start(t, "--database", file)
	answerFirst(t, browser(t), s.url)
	var out, stderr log
	if code := run(t.Context(), []string{"healthcheck", "--addr", mustURL(t, s.url).Host}, noEnv, &out, &stderr); code != exitDone {
		t.Errorf("healthcheck of a server: exit code %d, %s", code, &stderr)
	}
	if code := run(t.Context(), []string{"rebuild", "--database", file}, noEnv, &out, &stderr); code != exitDone {
		t.Errorf("rebuild beside a server: exit code %d, %s", code, &stderr)
	}
	s.end()
	if code := run(t.Context(), []string{"healthcheck", "--addr", mustURL(t, s.url).Host}, noEnv, &out, &stderr); code == exitDone {
		t.Error("healthcheck of a stopped server succeeded")
	}
	if code := run(t.Context(), []string{"rebuild", "--database", file}, noEnv, &out, &stderr); code != exitDone {
		t.Errorf("rebuild: exit code %d, %s", code, &stderr)
	}
	if code := run(t.Context(), []string{"rebuild", "--database", file + ".none"}, noEnv, &out, &stderr); code != exitCannot {
		t.Errorf("rebuild of a missing file: exit code %d", code)
	}
}
