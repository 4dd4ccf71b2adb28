package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"RWMutex vs. sync.Mutex":      "rwmutex vs sync mutex",
		"Café, CAFE\u0301 & naïve":    "cafe cafe naive",
		"node:fs/promises, x_y HTTP2": "node fs promises x y http2",
		"\x00a\xffb \" OR NEAR(":      "a b or near",
		"ﬁle ½":                       "file",
		"Größe straße":                "große straße",
		"":                            "",
		"!?":                          "",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
	}
	if got := Words(strings.Repeat("é", 500)); len(got) != 1 || len(got[0]) > maxWord || !utf8.ValidString(got[0]) {
		t.Errorf("a long word = %q", got)
	}
}

func TestStems(t *testing.T) {
	if got, want := Stems("Indexes indexed, INDEXING the index"), "index index index the index"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"What is the difference between a Mutex and a mutex?": "difference between mutex",
		"to be or not":               "not",
		"what is it":                 "what is it",
		`"middleware" AND (x OR *)^`: "middleware x",
	} {
		if got := strings.Join(Parse(text).Words, " "); got != want {
			t.Errorf("Parse(%q) = %q, want %q", text, got, want)
		}
	}
	long := Parse(strings.Repeat("word1 word2 é\x00\"* ", 2000) + "late")
	if got := strings.Join(long.Words, " "); got != "word1 word2 e" {
		t.Errorf("a long query = %q", got)
	}
}

func vocabulary(text string) *Vocabulary {
	v := NewVocabulary()
	v.Add(text)
	return v
}

func TestCorrect(t *testing.T) {
	v := vocabulary("middleware middleware serializable cookie cookies promise promises event event even loop 401 go gin")
	for typed, want := range map[string]string{
		"midleware":         "middleware",
		"mdidleware":        "middleware",
		"middlewares":       "middlewares", // known in another form
		"serialisable loop": "serializable loop",
		"evnt":              "event",
		"eveng":             "event", // more frequent than even
		"promsie":           "promise",
		"og":                "og", // too short to guess
		"kubernetes":        "kubernetes",
	} {
		better, changed := v.Correct(Parse(typed))
		if got := strings.Join(better.Words, " "); got != want || changed != (got != typed) {
			t.Errorf("Correct(%q) = %q, %v, want %q", typed, got, changed, want)
		}
	}
}

// TestNearestIsNearest holds what is passed over quickly against every word compared in full.
func TestNearestIsNearest(t *testing.T) {
	words := strings.Fields("abcde abced bcde abdce xbcdef abcdefg zzzzz abxyde éabcd abcd ab abcdee edcba")
	v := vocabulary(strings.Join(words, " "))
	for _, typed := range []string{"abcde", "abcdf", "xyzde", "bacde", "abdc", "eabcd", "zzz", "abcdefgh", "qqqqq"} {
		limit, least := tolerance(len(typed)), 99
		for _, w := range Words(strings.Join(words, " ")) {
			least = min(least, slowDistance([]rune(typed), []rune(w)))
		}
		got := v.nearest(typed)
		switch {
		case least > limit && got != "":
			t.Errorf("nearest(%q) = %q, which is too far", typed, got)
		case least <= limit && (got == "" || slowDistance([]rune(typed), []rune(got)) != least):
			t.Errorf("nearest(%q) = %q, but there is one at distance %d", typed, got, least)
		}
	}
}

// slowDistance is distance by its definition.
func slowDistance(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	cost := 1
	if a[len(a)-1] == b[len(b)-1] {
		cost = 0
	}
	x, y := a[:len(a)-1], b[:len(b)-1]
	d := min(slowDistance(x, y)+cost, slowDistance(x, b)+1, slowDistance(a, y)+1)
	if len(x) > 0 && len(y) > 0 && a[len(a)-1] == y[len(y)-1] && x[len(x)-1] == b[len(b)-1] {
		d = min(d, slowDistance(x[:len(x)-1], y[:len(y)-1])+1)
	}
	return d
}

func TestMark(t *testing.T) {
	for _, test := range []struct{ html, query, want string }{
		{"How does a <code>Mutex</code> lock?", "mutexes locks", "How does a <code><mark>Mutex</mark></code> <mark>lock</mark>?"},
		{`<a href="/code">code &amp; amp</a>`, "code amp", `<a href="/code"><mark>code</mark> &amp; <mark>amp</mark></a>`},
		{"Café", "cafe", "<mark>Café</mark>"},
		{"nothing", "other", "nothing"},
	} {
		got, found := Mark(test.html, Parse(test.query))
		if diff := cmp.Diff(test.want, got); diff != "" || found != strings.Contains(test.want, "<mark>") {
			t.Errorf("Mark(%q), found %v (-want +got):\n%s", test.html, found, diff)
		}
	}
	open := Parse("seri")
	open.Open = true
	if got, _ := Mark("serializable", open); got != "<mark>serializable</mark>" {
		t.Errorf("the beginning of a word: %s", got)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("before ", 30) + "if a < b the Deadlock is " + strings.Repeat("after ", 60)
	got := Snippet(long, Parse("deadlocks"))
	if !strings.Contains(got, "if a &lt; b the <mark>Deadlock</mark> is after") || !strings.HasPrefix(got, "… before") || !strings.HasSuffix(got, "after …") {
		t.Errorf("got %q", got)
	}
	if len(got) > 250 {
		t.Errorf("%d bytes", len(got))
	}
	if got := Snippet(long, Parse("elsewhere")); got != "" {
		t.Errorf("without a hit: %q", got)
	}
	if got := Snippet(strings.Repeat("é", 600)+" x", Parse("x")); !utf8.ValidString(got) || got == "" {
		t.Errorf("in text without spaces: %q", got)
	}
}

func FuzzMark(f *testing.F) {
	f.Add("a <b>bold</b> &lt; word", "bold word")
	f.Fuzz(func(t *testing.T, text, query string) {
		q := Parse(query)
		marked, _ := Mark(text, q)
		if plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marked); plain != strings.NewReplacer("<mark>", "", "</mark>", "").Replace(text) {
			t.Errorf("Mark changed %q to %q", text, marked)
		}
		Snippet(text, q)
		v := vocabulary(text)
		v.Correct(q)
	})
}

func TestStemmerRemembersStems(t *testing.T) {
	stemmer := Stemmer{}
	for _, text := range []string{"Running indexes, ran", "ran indexes running", "naïve Running", "", "ran"} {
		if got, want := stemmer.Stems(text), Stems(text); got != want {
			t.Errorf("Stems(%q) = %q, want %q", text, got, want)
		}
	}
}
