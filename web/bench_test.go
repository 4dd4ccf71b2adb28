package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rehearse/content"
)

// startQuiz starts a quiz and returns the browser and the path of its first question.
func startQuiz(b *testing.B, s *testSite, form string) (*browser, string) {
	b.Helper()
	visitor := newBrowser(s)
	if err := visitor.post("/quizzes", form); err != nil || visitor.status != http.StatusSeeOther {
		b.Fatalf("start a quiz: status %d, %v", visitor.status, err)
	}
	return visitor, visitor.redirect()
}

// BenchmarkQuestionPage is the whole way of a question page of a running quiz: middleware, session, attempt, HTML.
func BenchmarkQuestionPage(b *testing.B) {
	s := newSite(b, content.FS, "http://localhost:8080")
	visitor, path := startQuiz(b, s, "kind=single&count=10&mode=practice&limit=none")
	cookies := visitor.jar.Cookies(s.url)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Fatalf("status %d", w.Code)
			}
		}
	})
}

// BenchmarkAnswer is the whole way of an answer, synced to disk before the redirect, from many candidates at a time.
func BenchmarkAnswer(b *testing.B) {
	s := newSite(b, content.FS, "http://localhost:8080")
	b.SetParallelism(16)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		visitor, path := startQuiz(b, s, "kind=single&count=40&mode=practice&limit=none")
		cookies := visitor.jar.Cookies(s.url)
		attempt := path[:strings.LastIndex(path, "/")]
		for position := 1; pb.Next(); position++ {
			if position > 30 {
				if err := visitor.post("/quizzes", "kind=single&count=30&mode=practice&limit=none"); err != nil {
					b.Fatal(err)
				}
				attempt, position = strings.TrimSuffix(visitor.redirect(), "/1"), 1
			}
			r := httptest.NewRequest(http.MethodPost, fmt.Sprintf("%s/%d", attempt, position), strings.NewReader("choice=1"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			if w.Code != http.StatusSeeOther {
				b.Fatalf("position %d: status %d", position, w.Code)
			}
		}
	})
}
