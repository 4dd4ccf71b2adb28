package web_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"rehearse/admin"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/web"
)

// growthSite is the site on a database that "server seed" filled: the environment names it, and its content folder.
func growthSite(b *testing.B) *testSite {
	database, folder := os.Getenv("GROWTH_DATABASE"), os.Getenv("GROWTH_CONTENT")
	if database == "" {
		b.Skip("GROWTH_DATABASE names no database that server seed filled")
	}
	st, err := store.Open(b.Context(), database, store.Options{})
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
	return s
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

// BenchmarkGrowth is the whole way of pages, for the candidate with most answers and for one like the others. The
// median and the slowest of a hundred are in microseconds, after one that warms up.
func BenchmarkGrowth(b *testing.B) {
	s := growthSite(b)
	question := s.practice.Catalog().Questions[0].Head.ID
	for _, who := range []struct {
		name string
		user int64
	}{{"heavy", 1}, {"usual", 2}} {
		cookie, attempt := s.as(b, who.user)
		for _, path := range []string{
			"/", "/questions", "/questions?status=due", "/questions/" + question, "/cards", "/cards/next", "/progress", "/progress?page=900",
			"/topics", "/quizzes/" + attempt + "/1", "/quizzes/" + attempt + "/result", "/settings", "/assess", "/plans",
		} {
			b.Run(who.name+path, func(b *testing.B) {
				get := func() time.Duration {
					r := httptest.NewRequest(http.MethodGet, path, nil)
					r.AddCookie(cookie)
					w := httptest.NewRecorder()
					start := time.Now()
					s.handler.ServeHTTP(w, r)
					took := time.Since(start)
					if w.Code >= 400 {
						b.Fatalf("status %d", w.Code)
					}
					return took
				}
				get()
				var times []time.Duration
				for b.Loop() {
					times = append(times, get())
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
