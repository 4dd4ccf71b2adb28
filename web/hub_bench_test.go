package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// bigBank returns a bank of n questions, with the words of a language of 4,000: some in most texts, most in few.
func bigBank(n int) fstest.MapFS {
	const perTopic = 500
	r := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ba co de fi gu ha je ki lo mu na pe qui ro si tu va we xy zo")
	var words []string
	for range 4000 {
		word := ""
		for range 2 + r.IntN(3) {
			word += syllables[r.IntN(len(syllables))]
		}
		words = append(words, word)
	}
	say := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(" " + words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())])
		}
		return b.String()
	}
	content := fstest.MapFS{"bank.yaml": {Data: []byte("id: big\ntitle: Big\nlicense: CC-BY-4.0\n")}}
	for topic := range n / perTopic {
		var b strings.Builder
		fmt.Fprintf(&b, "---\nid: topic-%d\ntitle: Topic %d\nlevel: mid\ndifficulty: medium\ntags: [t%d]\norder: %d\n---\n", topic, topic, topic, topic)
		for q := range perTopic {
			fmt.Fprintf(&b, "\n## Question %d of%s?\n<!-- id: q-%d-%d, tags: [%s] -->\n\nGiven%s.\n\n- [x] one%s\n- [ ] two%s\n- [ ] three%s\n\nBecause%s.\n",
				q, say(6), topic, q, words[r.IntN(100)], say(30), say(4), say(4), say(4), say(60))
		}
		content[fmt.Sprintf("questions/topic-%d.md", topic)] = &fstest.MapFile{Data: []byte(b.String())}
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
