package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rehearse/content"
	"rehearse/store"
	"rehearse/web"
)

// TestOverload lets nothing be stored while more want to write than there is room for: those for whom there is none are
// told so, pages and files are still served, and those who wait are answered in the end.
func TestOverload(t *testing.T) {
	const room, more = 64, 20
	s := newSite(t, content.FS, "http://localhost:8080")
	held, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	free := func() { once.Do(func() { close(release) }) }
	defer free()
	blocked := make(chan error, 1)
	go func() {
		blocked <- s.store.UpdateAlone(context.Background(), func(*store.Tx) error {
			select {
			case <-held:
			default:
				close(held)
			}
			<-release
			return nil
		})
	}()
	<-held

	answers := make(chan *httptest.ResponseRecorder, room+more)
	for range room + more {
		go func() { answers <- s.start() }()
	}
	for range more {
		select {
		case w := <-answers:
			if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
				t.Errorf("status %d, Retry-After %q; want 503 with a time", w.Code, w.Header().Get("Retry-After"))
			}
			if w.Header().Get("Content-Security-Policy") == "" {
				t.Error("whoever is turned away gets a page without the usual headers")
			}
		case <-time.After(30 * time.Second):
			t.Fatal("nobody is turned away")
		}
	}
	for _, path := range []string{"/", "/questions", "/healthz", "/static/missing", "/settings/data"} {
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code == http.StatusServiceUnavailable {
			t.Errorf("%s is not served while answers wait", path)
		}
	}
	free()
	for range room {
		if w := <-answers; w.Code != http.StatusSeeOther {
			t.Errorf("status %d of a form that was let in, want 303", w.Code)
		}
	}
	if err := <-blocked; err != nil {
		t.Fatal(err)
	}
	if n := s.rows("attempts"); n != room {
		t.Errorf("%d quizzes are stored, %d were acknowledged", n, room)
	}
	if w := s.start(); w.Code != http.StatusSeeOther {
		t.Errorf("status %d after the rush, want 303", w.Code)
	}
}

// start starts a quiz as a new visitor.
func (s *testSite) start() *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/quizzes", strings.NewReader("kind=single&count=5&mode=practice&limit=none"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// slowBody is a form that does not come.
type slowBody struct {
	asked chan struct{}
	end   chan struct{}
}

func (b slowBody) Read([]byte) (int, error) {
	b.asked <- struct{}{}
	<-b.end
	return 0, http.ErrBodyReadAfterClose
}

// slowReader takes its page when it likes.
type slowReader struct {
	*httptest.ResponseRecorder
	slowBody
}

func (r slowReader) Write(p []byte) (int, error) { return r.Read(p) }

// TestSlowNetwork has more forms on their way, and more pages, than there is room for: they keep nobody out.
func TestSlowNetwork(t *testing.T) {
	const forms, pages = 70, 140
	s := newSite(t, content.FS, "http://localhost:8080")
	candidate := s.start().Result().Cookies()[0]
	body := slowBody{make(chan struct{}), make(chan struct{})}
	var slow sync.WaitGroup
	defer slow.Wait()
	defer close(body.end)
	for range forms {
		slow.Go(func() {
			s.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/quizzes", body))
		})
	}
	for i := range pages {
		path := []string{"/questions", "/cards/offline"}[i%2]
		slow.Go(func() {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.AddCookie(candidate)
			s.handler.ServeHTTP(slowReader{httptest.NewRecorder(), body}, r)
		})
	}
	for range forms + pages {
		<-body.asked
	}
	if w := s.start(); w.Code != http.StatusSeeOther {
		t.Errorf("status %d of a form behind slow ones, want 303", w.Code)
	}
	w := httptest.NewRecorder()
	if s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil)); w.Code != http.StatusOK {
		t.Errorf("status %d of a page behind slow ones, want 200", w.Code)
	}
}

// Only the address that takes files takes more than a form, and nothing larger than a form is kept while it waits for room.
func TestLargeForms(t *testing.T) {
	for path, want := range map[string]bool{"/base/settings/import": true, "/base/quizzes/settings/import": false, "/settings/import": false} {
		if large := web.MaxBody(httptest.NewRequest(http.MethodPost, path, nil), "/base/") > 1<<20; large != want {
			t.Errorf("POST %s may be large: %t", path, large)
		}
	}
	s := newSite(t, content.FS, "http://localhost:8080")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/quizzes/settings/import", strings.NewReader(strings.Repeat("x", 1<<20))))
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d for a form of 1 MiB, want 413", w.Code)
	}
}
