package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"rehearse/admin"
)

// bigBank returns the content of a bank of n questions.
func bigBank(n int) fstest.MapFS {
	content := fstest.MapFS{}
	for path, text := range admin.MadeUp(n, 2) {
		content[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return content
}

// BenchmarkHub is the whole way of a page of the list at 10,000 questions, for searches of each kind.
func BenchmarkHub(b *testing.B) {
	s := newSite(b, bigBank(10_000), "http://localhost:8080")
	v := newBrowser(s)
	if err := v.get("/questions"); err != nil || v.status != http.StatusOK || !strings.Contains(v.read(), "10000 questions") {
		b.Fatalf("the list: status %d, %v", v.status, err)
	}
	titles := strings.Fields(v.page.Find(".List-link").First().Text())
	rare := strings.Trim(titles[len(titles)-1], "?")
	typo := rare[:1] + rare[2:]
	for _, search := range []struct{ name, query string }{
		{"all", ""},
		{"filter", "?tag=t3&tag=t7&level=mid"},
		{"word", "?q=" + rare},
		{"every", "?q=question"},
		{"two", "?q=question+" + titles[3]},
		{"typo", "?q=" + typo},
		{"long", "?q=" + strings.Repeat("question+because+given+", 400)},
		{"status", "?status=new"},
	} {
		b.Run(search.name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/questions"+search.query, nil))
				if w.Code != http.StatusOK {
					b.Fatalf("status %d", w.Code)
				}
			}
		})
	}
}
