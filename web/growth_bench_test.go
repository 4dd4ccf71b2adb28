//go:build linux

package web_test

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/progress"
	"rehearse/store"
	"rehearse/web"
)

// growthTest is a site that counts the statements of its pages.
type growthTest struct {
	*testSite
	asked []asked // of the latest page
}

type asked struct {
	query string
	took  time.Duration
}

// processorTime returns how long the thread has been computing: what other programs do counts little in it.
func processorTime(b *testing.B) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		b.Fatal(err)
	}
	return time.Duration(t.Nano())
}

// growthSite is the site on a database that "server seed" filled: the environment names it, and its content folder.
func growthSite(b *testing.B) *growthTest {
	database, folder := os.Getenv("GROWTH_DATABASE"), os.Getenv("GROWTH_CONTENT")
	if database == "" {
		b.Skip("GROWTH_DATABASE names no database that server seed filled")
	}
	g := &growthTest{}
	st, err := store.Open(b.Context(), database, store.Options{Watch: func(query string) func() {
		begun := processorTime(b)
		return func() { g.asked = append(g.asked, asked{query, processorTime(b) - begun}) }
	}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	s := &testSite{database: database, content: os.DirFS(folder), store: st, url: &url.URL{Scheme: "http", Host: "localhost:8080"}}
	s.desk = admin.NewDesk(s.content, st, nil)
	first := s.desk.Load(b.Context(), false)
	if first.Err != nil {
		b.Fatal(first.Err)
	}
	if s.practice, err = practice.New(b.Context(), st, newPool(b), first.Bank.ID); err != nil {
		b.Fatal(err)
	}
	s.handler = web.New(web.Config{
		Store: st, Practice: s.practice, Content: s.content, BaseURL: s.url, Rollover: 4,
		FormKey: []byte("a key of thirty-two bytes, fixed"), Logger: slog.New(slog.DiscardHandler), Desk: s.desk, AuthorToken: authorToken,
	})
	g.testSite = s
	return g
}

// as returns the cookie of a new session of a candidate, and the slug of their latest attempt.
func (s *testSite) as(b *testing.B, user int64) (cookie *http.Cookie, attempt string) {
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	hash := sha256.Sum256(id)
	err := s.store.Update(b.Context(), func(tx *store.Tx) error {
		lines, err := tx.AttemptLines(user, 0, 1)
		if err != nil {
			return err
		}
		attempt = lines[0].Slug
		return tx.AddSession(hash[:], user)
	})
	if err != nil {
		b.Fatal(err)
	}
	return &http.Cookie{Name: "rehearse", Value: base64.RawURLEncoding.EncodeToString(id)}, attempt
}

// BenchmarkGrowth is the whole way of pages, for the candidate with most answers and for one like the others: asked for
// again, and right after something was answered, which makes void what is remembered of the candidate. In microseconds of
// processor time, after one that warms up: the median and the 99th percentile of pages and, after q, of their statements
// together.
func BenchmarkGrowth(b *testing.B) {
	s := growthSite(b)
	question := s.practice.Catalog().Questions[0].Head.ID
	for _, who := range []struct {
		name string
		user int64
	}{{"heavy", 1}, {"usual", 2}} {
		cookie, attempt := s.as(b, who.user)
		met := s.metBy(b, who.user)
		for _, path := range []string{
			"/", "/questions", "/questions?status=due", "/questions/" + question, "/cards", "/cards/next", "/progress", "/progress?page=499",
			"/topics", "/quizzes/" + attempt + "/1", "/quizzes/" + attempt + "/result", "/settings", "/assess", "/plans",
		} {
			get := func(b *testing.B) (page, statements time.Duration) {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.AddCookie(cookie)
				w := httptest.NewRecorder()
				s.asked = s.asked[:0]
				start := processorTime(b)
				s.handler.ServeHTTP(w, r)
				page = processorTime(b) - start
				if w.Code >= 400 {
					b.Fatalf("status %d", w.Code)
				}
				for _, a := range s.asked {
					statements += a.took
				}
				return page, statements
			}
			b.Run("again/"+who.name+path, func(b *testing.B) { s.measure(b, get, func() {}) })
			b.Run("answered/"+who.name+path, func(b *testing.B) { s.measure(b, get, func() { s.touch(b, who.user, met) }) })
		}
	}
}

// metBy returns a question that a candidate has met.
func (s *growthTest) metBy(b *testing.B, user int64) (question int64) {
	err := s.store.View(b.Context(), func(tx *store.Tx) error {
		known, err := tx.Known(user)
		if err == nil {
			question = known.Met[len(known.Met)/2].Question
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return question
}

// touch writes how a candidate stands with a question, and what they did today, as it is.
func (s *growthTest) touch(b *testing.B, user, question int64) {
	err := s.store.Update(b.Context(), func(tx *store.Tx) error {
		state, err := tx.State(user, question)
		if err != nil {
			return err
		}
		today := progress.Activity{Day: int(tx.Time().Unix() / (24 * 60 * 60)), Answers: 1}
		return errors.Join(tx.PutState(user, state, state), tx.AddActivity(user, today), tx.AddActivity(user, today.Minus()))
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (s *growthTest) measure(b *testing.B, get func(*testing.B) (page, statements time.Duration), before func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	get(b)
	var pages, statements []time.Duration
	for b.Loop() {
		before()
		page, asking := get(b)
		pages, statements = append(pages, page), append(statements, asking)
	}
	for _, of := range []struct {
		name  string
		times []time.Duration
	}{{"", pages}, {"q-", statements}} {
		slices.Sort(of.times)
		b.ReportMetric(float64(of.times[len(of.times)/2].Microseconds()), of.name+"p50-µs")
		b.ReportMetric(float64(of.times[len(of.times)*99/100].Microseconds()), of.name+"p99-µs")
	}
	b.ReportMetric(float64(len(s.asked)), "statements")
	slices.SortFunc(s.asked, func(x, y asked) int { return cmp.Compare(y.took, x.took) })
	for _, a := range s.asked { // with -v: of the last page, the longest first
		b.Log(a.took, strings.Join(strings.Fields(a.query), " "))
	}
	b.ReportMetric(0, "ns/op")
}
