package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// speakers are the functions that look texts up, with the places of the texts among their arguments: one text, or one and
// many.
var speakers = map[string][]int{
	"say": {1}, "said": {0}, "T": {0}, "F": {0}, // texts
	"refuse": {1}, "sentence": {0}, "unknown": {2}, // of package quiz, said by web
	"plural": {2, 3}, "N": {1, 2}, // counts
}

// used returns every text of the program, and the English forms of what is counted by the form for many.
func used(t *testing.T) (texts map[string]bool, counts map[string]string) {
	t.Helper()
	texts, counts = map[string]bool{}, map[string]string{}
	for _, dir := range []string{"views", "web", "quiz"} {
		files, err := filepath.Glob("../" + dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: files %v, error %v", dir, files, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					collect(call, texts, counts)
				}
				return true
			})
		}
	}
	return texts, counts
}

func collect(call *ast.CallExpr, texts map[string]bool, counts map[string]string) {
	places := speakers[called(call)]
	var found []string
	for _, i := range places {
		if i >= len(call.Args) {
			return
		}
		literal, ok := call.Args[i].(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return // a text that is marked elsewhere
		}
		text, _ := strconv.Unquote(literal.Value)
		found = append(found, text)
	}
	switch len(found) {
	case 1:
		texts[found[0]] = true
	case 2:
		counts[found[1]] = found[0]
	}
}

// called returns the name of the function of a call, without its package or receiver.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func TestNothingIsMissingOrLeftOver(t *testing.T) {
	texts, counts := used(t)
	if len(texts) < 200 || len(counts) < 15 {
		t.Fatalf("only %d texts and %d counts were found in the program", len(texts), len(counts))
	}
	for _, l := range Languages()[1:] {
		same(t, l.Tag, "texts", texts, l.said().texts)
		same(t, l.Tag, "counts", counts, l.said().forms)
	}
}

func same[A, B any](t *testing.T, tag, part string, used map[string]A, known map[string]B) {
	t.Helper()
	for _, text := range slices.Sorted(maps.Keys(used)) {
		if _, ok := known[text]; !ok {
			t.Errorf("%s.yaml: %s lack %q", tag, part, text)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(known)) {
		if _, ok := used[text]; !ok {
			t.Errorf("%s.yaml: %s have %q, which is said nowhere", tag, part, text)
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

// verbs returns the verbs of a text, in the order of what they stand for.
func verbs(text string) []string {
	var found []string
	for i, v := range verb.FindAllStringSubmatch(strings.ReplaceAll(text, "%%", ""), -1) {
		place := "[" + strconv.Itoa(i+1) + "]"
		if v[1] != "" {
			place = v[1]
		}
		found = append(found, place+v[0][len(v[0])-1:])
	}
	slices.Sort(found)
	return found
}

func TestTranslationsTakeTheSameArguments(t *testing.T) {
	_, counts := used(t)
	for _, l := range Languages()[1:] {
		for english, text := range l.said().texts {
			if !slices.Equal(verbs(english), verbs(text)) {
				t.Errorf("%s.yaml: %q and %q have other verbs", l.Tag, english, text)
			}
			if text == "" {
				t.Errorf("%s.yaml: %q is empty", l.Tag, english)
			}
		}
		for english, forms := range l.said().forms {
			for _, text := range forms {
				if v := verbs(text); len(v) > 0 && !slices.Equal(v, verbs(english)) && !slices.Equal(v, verbs(counts[english])) {
					t.Errorf("%s.yaml: %q and %q have other verbs", l.Tag, english, text)
				}
			}
		}
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2026, time.March, 7, 9, 0, 0, 0, time.UTC)
	german, _ := ByTag("de")
	tests := []struct {
		l    *Language
		p    Pattern
		want string
	}{
		{English(), Short, "Sat 7 Mar"},
		{English(), Full, "Saturday 7 March"},
		{English(), Long, "7 Mar 2026"},
		{English(), MonthYear, "March 2026"},
		{german, Short, "Sa., 7. März"},
		{german, Full, "Samstag, 7. März"},
		{german, Long, "7. März 2026"},
		{german, Weekday, "Sa"},
	}
	for _, tt := range tests {
		if got := tt.l.Date(day, tt.p); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.l.Tag, tt.p, got, tt.want)
		}
	}
	for _, l := range Languages() {
		for _, p := range Patterns() {
			for month := range 12 {
				if text := l.Date(day.AddDate(0, month, month), p); text == "" || strings.Contains(text, "{") {
					t.Errorf("%s %s: %q", l.Tag, p, text)
				}
			}
		}
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "en-GB,en;q=0.9": "en", "de": "de", "de-AT,de;q=0.9,en;q=0.8": "de", "fr-FR,de;q=0.5": "de", "fr": "en", "en,de": "en",
		"*": "en", "de;q=": "en", strings.Repeat("de,", 1000): "en",
	} {
		if got := Match(header).Tag; got != want {
			t.Errorf("Accept-Language %.40q: %s, want %s", header, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	german, _ := ByTag("de")
	for n, want := range map[int]string{0: "0 Karten", 1: "1 Karte", 2: "2 Karten"} {
		if got := german.N(n, "%d card", "%d cards"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := English().N(1, "One of your results", "%d of your results"); got != "One of your results" {
		t.Errorf("a count without a verb: %q", got)
	}
}
