package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// answer is what a handler of tests writes: a header and a body of some length, in one piece or in several, and a flush
// after the first of them.
func answer(w http.ResponseWriter, r *http.Request) {
	number := func(name string) int {
		n, _ := strconv.Atoi(r.URL.Query().Get(name)) // "" is 0
		return n
	}
	w.Header().Set("Date", "today")
	w.Header().Set("X-Long", strings.Repeat("h", number("header")))
	if r.URL.Query().Has("length") {
		w.Header().Set("Content-Length", strconv.Itoa(number("length")))
	}
	body := bytes.Repeat([]byte("HTTP/1.1"), number("length")/8+1)[:number("length")]
	if r.URL.Query().Has("file") {
		_, _ = io.Copy(w, bytes.NewReader(body)) // the client sees what is missing
		return
	}
	for step := max(1, len(body)/max(1, number("pieces"))); len(body) > 0; body = body[min(step, len(body)):] {
		_, _ = w.Write(body[:min(step, len(body))]) // the same
		if r.URL.Query().Has("flush") {
			_ = http.NewResponseController(w).Flush() // the same
		}
	}
}

// talk sends requests over one connection to a server that listens so, and returns all that comes back. Each response has
// to be there before the next request is sent.
func talk(t *testing.T, listen func(net.Listener) net.Listener, requests []string) (said []string) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(answer))
	s.Listener = listen(s.Listener)
	s.Config.WriteTimeout, s.Config.IdleTimeout = time.Minute, time.Minute
	s.Start()
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // an open connection takes it
	var heard bytes.Buffer
	in := bufio.NewReader(io.TeeReader(c, &heard))
	for _, request := range requests {
		method, _, _ := strings.Cut(request, " ")
		if _, err := fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: x\r\n\r\n", request); err != nil {
			t.Fatal(err)
		}
		r, err := http.ReadResponse(in, &http.Request{Method: method})
		if err == nil {
			_, err = io.Copy(io.Discard, r.Body)
		}
		if err != nil {
			t.Fatalf("%s: %v after %d bytes", request, err, heard.Len())
		}
		said = append(said, heard.String())
		heard.Reset()
	}
	return said
}

// A client gets the same bytes as from net/http alone, and nothing is held back when the response is complete.
func TestJoinedConnectionsSayTheSame(t *testing.T) {
	requests := []string{"HEAD /?length=9000", "GET /", "GET /?header=4000", "GET /?header=9000", "GET /?header=9000&length=9000"}
	for length := 3800; length < 4200; length++ { // with the header as many bytes as the buffer holds, some more and some fewer
		requests = append(requests, fmt.Sprintf("GET /?length=%d", length))
	}
	for _, length := range []int{0, 1, 2047, 2048, 2049, 8191, 8192, 8193, 12288, 100_000} {
		for _, how := range []string{"", "&flush", "&pieces=3", "&pieces=3&flush", "&file"} {
			requests = append(requests, fmt.Sprintf("GET /?length=%d%s", length, how))
		}
	}
	requests = append(requests, "GET /?pieces=3&flush&length=100000", "HEAD /?length=100000", "GET /?length=1")
	want := talk(t, func(l net.Listener) net.Listener { return l }, requests)
	got := talk(t, func(l net.Listener) net.Listener { return joining{l} }, requests)
	for i, request := range requests {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%s (-net/http +joined):\n%s", request, diff)
		}
	}
}

// The beginning of a page goes out with the rest of it.
func TestTheBeginningOfAPageWaitsForTheRest(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := joining{l}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	c := accepted.(*joined)
	begin := "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
	head, rest := []byte(begin+strings.Repeat("x", fullBuffer-len(begin))), []byte("the rest")
	if n, err := c.Write(head); n != fullBuffer || err != nil || c.held == nil {
		t.Fatalf("beginning: %d bytes, %v, held: %v", n, err, c.held != nil)
	}
	clear(head[20:]) // net/http fills its buffer again
	if n, err := c.Write(rest); n != len(rest) || err != nil || c.held != nil {
		t.Fatalf("rest: %d bytes, %v, held: %v", n, err, c.held != nil)
	}
	got := make([]byte, fullBuffer+len(rest))
	if _, err := io.ReadFull(client, got); err != nil || !strings.HasSuffix(string(got), "xxthe rest") {
		t.Errorf("the client got %q, %v", got[fullBuffer-10:], err)
	}
}

// Each response has each header that protects its visitor once, whether net/http or the connection sends it; what only
// announces one has none.
func TestEveryResponseHasItsHeadersOnce(t *testing.T) {
	s := start(t, "--database", filepath.Join(t.TempDir(), "rehearse.db"))
	host := strings.TrimPrefix(s.url, "http://")
	c, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // an open connection takes it
	in := bufio.NewReader(c)
	hear := func(request string) *http.Response {
		t.Helper()
		method, _, _ := strings.Cut(request, " ")
		r, err := http.ReadResponse(in, &http.Request{Method: method})
		if err == nil {
			_, err = io.Copy(io.Discard, r.Body)
		}
		if err != nil {
			t.Fatalf("%s: %v", request, err)
		}
		return r
	}
	const form = "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6"
	for request, status := range map[string]int{
		"GET / HTTP/1.1": 200, "HEAD / HTTP/1.1": 200, "GET /robots.txt HTTP/1.1": 200, "GET /none HTTP/1.1": 404, "GET /quizzes HTTP/1.1": 303,
		"GET /static/none HTTP/1.1": 404, "POST / HTTP/1.1": 405, "POST /quizzes HTTP/1.1" + form: 422, "POST /quizzes HTTP/1.1\r\nExpect: 100-continue" + form: 422,
	} {
		fmt.Fprintf(c, "%s\r\nHost: %s\r\n\r\n", request, host)
		if strings.Contains(request, "Expect") {
			if r := hear(request); r.StatusCode != http.StatusContinue || len(r.Header) > 0 {
				t.Errorf("%s: status %d, headers %v", request, r.StatusCode, r.Header)
			}
		}
		if strings.Contains(request, form) {
			fmt.Fprint(c, "mode=x")
		}
		r := hear(request)
		if r.StatusCode != status {
			t.Errorf("%s: status %d, want %d", request, r.StatusCode, status)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Cache-Control": "", "Date": "",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Permissions-Policy": "camera=()",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header.Values(name); len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("%s: %s is %q", request, name, got)
			}
		}
	}
}

// What a handler flushes before it goes on to wait is sent at once, also when it fills the buffer to the last byte.
func TestAFlushIsSentAtOnce(t *testing.T) {
	seen := make(chan bool)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("length")) // was written so below
		_, _ = w.Write(make([]byte, n))                   // the client sees what is missing
		_ = http.NewResponseController(w).Flush()         // the same
		select {
		case <-seen:
		case <-r.Context().Done():
		}
	}))
	s.Listener = joining{s.Listener}
	s.Start()
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // an open connection takes it
	in := bufio.NewReader(c)
	for length := 3800; length < 4096; length++ { // with the header some of them more than the buffer holds, and one as much
		if _, err := fmt.Fprintf(c, "GET /?length=%d HTTP/1.1\r\nHost: x\r\n\r\n", length); err != nil {
			t.Fatal(err)
		}
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("of %d bytes nothing came while the handler waited: %v", length, err)
		}
		seen <- true
		if n, err := io.Copy(io.Discard, r.Body); n != int64(length) || err != nil {
			t.Fatalf("of %d bytes %d came, %v", length, n, err)
		}
	}
}
