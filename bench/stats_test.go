package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestSample(t *testing.T) {
	s := sample{90, 100, 120}
	if s.median() != 100 || s.spread() != 0.3 {
		t.Errorf("median %v, spread %v; want 100 and 0.3", s.median(), s.spread())
	}
	if got := s.over(sample{45, 50, 40}); got.median() != 2 {
		t.Errorf("quotients %v, want a median of 2", got)
	}
	if even := (sample{4, 1, 3, 2}); even.median() != 2.5 {
		t.Errorf("median of four %v, want 2.5", even.median())
	}
}

func TestLatencies(t *testing.T) {
	var l latencies
	for i := range 1000 {
		l = append(l, time.Duration(i+1))
	}
	for share, want := range map[float64]time.Duration{0.5: 500, 0.99: 990, 0.999: 999, 1: 1000, 0: 1} {
		if got := l.at(share); got != want {
			t.Errorf("share %v: %v, want %v", share, got, want)
		}
	}
}

// TestRounds repeats what a restless yardstick was measured by, and no more often than it may.
func TestRounds(t *testing.T) {
	calls := 0
	run := func() (map[string]float64, error) {
		calls++
		value := 100.0
		if calls <= 3 {
			value += float64(calls) * 50
		}
		return map[string]float64{"raw": value, "ours": value / 2}, nil
	}
	values, steady, err := rounds(3, []string{"raw"}, run)
	if err != nil || !steady || calls != 6 || values["ours"].median() != 50 {
		t.Errorf("%v, steady %v, %d rounds, %v; want the second three rounds", err, steady, calls, values)
	}
	calls = 0
	restless := func() (map[string]float64, error) {
		calls++
		return map[string]float64{"raw": float64(100 + calls%2*50)}, nil
	}
	if _, steady, _ := rounds(2, []string{"raw"}, restless); steady || calls != 6 {
		t.Errorf("steady %v after %d rounds; want six that are given up", steady, calls)
	}
}

// counter asks for a path a number of times and remembers what came.
type counter struct {
	left    int
	path    string
	replies []reply
}

func (c *counter) next() []byte {
	if c.left--; c.left < 0 {
		return nil
	}
	return post(c.path, "a=b", "10.0.0.1", "choice=1")
}

func (c *counter) answered(r reply) { c.replies = append(c.replies, r) }

func TestClosed(t *testing.T) {
	var forms atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("a"); err == nil && cookie.Value == "b" && r.FormValue("choice") == "1" && r.Header.Get("X-Forwarded-For") == "10.0.0.1" {
			forms.Add(1)
		}
		w.Header().Set("Set-Cookie", "c=d; Path=/")
		http.Redirect(w, r, "/there", http.StatusSeeOther)
	}))
	defer server.Close()
	s := &counter{left: 7, path: "/"}
	o := closed(strings.TrimPrefix(server.URL, "http://"), time.Minute, []stream{s})
	if o.good() != 7 || forms.Load() != 7 || o.flaw() != nil {
		t.Errorf("%d responses, %d forms came whole, %v; want 7", o.good(), forms.Load(), o.flaw())
	}
	if r := s.replies[0]; r.location != "/there" || r.cookie != "c=d" {
		t.Errorf("reply %+v", r)
	}
}

// TestOpenCountsWaiting has a server that answers one request at a time: those that wait for a connection have waited.
func TestOpenCountsWaiting(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(20 * time.Millisecond) }))
	defer server.Close()
	o := open(strings.TrimPrefix(server.URL, "http://"), 200*time.Millisecond, 100, []stream{same(get("/", "", ""))})
	if o.good() != 20 {
		t.Errorf("%d responses, want 20", o.good())
	}
	if last := o.times.at(1); last < 100*time.Millisecond {
		t.Errorf("the last of 20 requests came %v late though each takes 20 ms and is due after 10", last)
	}
}

func TestRefusals(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/when" {
			w.Header().Set("Retry-After", "2")
		}
		http.Error(w, "no", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	addr := strings.TrimPrefix(server.URL, "http://")
	for path, without := range map[string]int{"/when": 0, "/": 3} {
		o := closed(addr, time.Minute, []stream{&counter{left: 3, path: path}})
		if o.without != without || o.statuses[503] != 3 || o.flaw() == nil || len(o.times) != 0 {
			t.Errorf("%s: %+v", path, o)
		}
	}
}
