package bank

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rehearse/markdown"
)

// FuzzRead: whatever the file, Read returns, positions lie inside it, and HTML holds nothing that runs.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/findings/*.txtar", "testdata/models/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, p := range paths {
			data := filesOf(f, p)
			for _, text := range data {
				f.Add(text)
			}
		}
	}
	f.Add(testFront + question("[^a]\n\n[^a]: x [^a][^b]\n\n[^b]: [^a]"))
	f.Fuzz(func(t *testing.T, text string) {
		b, findings, err := Read(withFile(text))
		if err != nil {
			t.Fatal(err)
		}
		count := strings.Count(text, "\n") + 1
		for _, x := range findings {
			if x.Line < 1 || x.Line > count || x.Col < 1 || x.Message == "" {
				t.Errorf("finding outside the file: %s", x)
			}
		}
		for _, topic := range b.Topics {
			for _, q := range topic.Questions {
				checkQuestion(t, q)
			}
		}
	})
}

// checkQuestion fails unless a question that was loaded can be asked.
func checkQuestion(t *testing.T, q Question) {
	t.Helper()
	if q.ID == "" || q.Kind == "" || len(q.Use) == 0 || q.Points < 1 || q.Title.Empty() || len(q.KeyHash) != 64 || len(q.BodyHash) != 64 {
		t.Errorf("loaded but not whole: %+v", q)
	}
	q.eachRich(func(r Rich) {
		html := strings.ToLower(r.HTML)
		for _, bad := range []string{"<script", "<style", "<iframe", " style=", "href=\"javascript:", "src=\"javascript:", " onerror="} {
			if strings.Contains(html, bad) && !strings.Contains(html, "alt=") {
				t.Errorf("%s: HTML holds %s: %s", q.ID, bad, r.HTML)
			}
		}
	})
	gaps := 0
	for _, p := range q.ClozeParts() {
		if p.Blank >= 0 {
			gaps++
		}
	}
	if q.Kind == Cloze && gaps != len(q.Blanks) {
		t.Errorf("%s: %d gaps for %d blanks in %s", q.ID, gaps, len(q.Blanks), q.Stem.HTML)
	}
}

func filesOf(f *testing.F, path string) []string {
	f.Helper()
	a := readArchive(f, path)
	var texts []string
	for name, text := range a.files {
		if strings.HasSuffix(name, ".md") {
			texts = append(texts, text)
		}
	}
	return texts
}

// TestHostile: input that is made to be slow or large is neither.
func TestHostile(t *testing.T) {
	deep := strings.Repeat
	tests := map[string]string{
		"table":           "|" + deep("a|", 5000) + "\n|" + deep("-|", 5000) + "\n" + deep("|\n", 3000),
		"fence":           "```js\n" + deep("x\n", 1000),
		"quotes":          deep(">", 60_000) + "x",
		"bullets":         deep("- ", 30_000) + "x",
		"indented":        indentedList(300),
		"emphasis":        deep("*a **a ", 8000),
		"brackets":        deep("[", 60_000),
		"links":           deep("[a](", 15_000),
		"braces":          deep("{{\n", 20_000),
		"backticks":       deep("`a``b```c", 6000),
		"comments":        deep("<!-- ", 12_000),
		"tags":            deep("<b>", 20_000),
		"script":          "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) ![a](javascript:alert(1))",
		"entities":        deep("&#x1F44D;&lt;script&gt;", 2500),
		"footnotes":       footnotes(200),
		"unknown fences":  deep("```nolang\nx\n```\n\n", 3000),
		"yaml to colour":  "```yaml\n" + deep("- key: [a, {b: c}, 'd'] # e\n", 900) + "```",
		"php to colour":   "```php\n" + deep("<?php echo \"$a\"; ?><b>\n", 2000) + "```",
		"html to colour":  "```html\n" + deep("<", 24_000) + "\n```",
		"blanks in code":  "```js cloze\n" + deep("{{", 20_000) + "\n```",
		"meta of aliases": "<!-- id: &a [x], tags: [*a, *a] -->",
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			b, findings, err := Read(withFile(testFront + question(body)))
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) == 0 && len(b.Topics) != 1 {
				t.Error("the file is neither loaded nor faulty")
			}
			for _, topic := range b.Topics {
				for _, q := range topic.Questions {
					checkQuestion(t, q)
				}
			}
		})
	}
	bomb := "a: &a [x]\n"
	for _, key := range strings.Split("bcdefgh", "") {
		bomb += key + ": &" + key + " [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
	}
	_, findings, _ := Read(withFile("---\n" + bomb + "---\n\n" + question("")))
	if len(findings) == 0 || findings[0].Severity != markdown.Error {
		t.Errorf("a YAML bomb: %v, want an error", findings)
	}
}

func indentedList(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- x\n")
	}
	return b.String()
}

// footnotes returns notes each of which mentions the next one twice.
func footnotes(n int) string {
	var b strings.Builder
	b.WriteString("[^a0]\n\n")
	name := func(i int) string { return "[^a" + strings.Repeat("b", i) + "0]" }
	for i := range n {
		b.WriteString(name(i) + ": " + name(i+1) + name(i+1) + "\n\n")
	}
	return b.String()
}

// FuzzFormat: whatever the file, Format returns, its result is stable, and a file without errors reads the same.
func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"testdata/findings/*.txtar", "testdata/models/*.txtar", "testdata/format/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, p := range paths {
			for _, text := range filesOf(f, p) {
				f.Add(text)
			}
		}
	}
	f.Fuzz(checkFormat)
}

func checkFormat(t *testing.T, text string) {
	once := formatted(t, text)
	if twice := formatted(t, string(once.After)); once.Kept == "" && twice.Changed() {
		t.Errorf("formatted again: %s\n%s", firstDifference(string(once.After), string(twice.After)), text)
	}
	before, findings, _ := Read(withFile(text))
	if len(before.Broken) > 0 || altersText(findings) {
		return
	}
	after, left, _ := Read(withFile(string(once.After)))
	if a, b := modelOf(before), modelOf(after); a != b {
		t.Errorf("reads otherwise: %s\nformatted: %s\n%v\n%s", firstDifference(a, b), firstDifference(text, string(once.After)), left, text)
	}
}

func formatted(t *testing.T, text string) Formatted {
	t.Helper()
	done, err := Format(withFile(text), true)
	if err != nil || len(done) != 1 {
		t.Fatal(done, err)
	}
	return done[0]
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-100)
	return fmt.Sprintf("%q\n became %q", a[from:min(len(a), i+200)], b[from:min(len(b), i+200)])
}

// altersText reports whether the repair of some finding changes what is shown.
func altersText(findings []markdown.Finding) bool {
	return slices.ContainsFunc(findings, func(f markdown.Finding) bool { return f.Code == "file-invisible" })
}

// modelOf returns all that was read but the places, as JSON.
func modelOf(b Bank) string {
	for i, topic := range b.Topics {
		for j, q := range topic.Questions {
			b.Topics[i].Questions[j].Line = 0
			if !q.KeepOrder {
				slices.SortFunc(b.Topics[i].Questions[j].Choices, func(x, y Choice) int { return strings.Compare(x.ID, y.ID) })
			}
		}
	}
	text, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return coloured.ReplaceAllString(string(text), "$1")
}

// coloured is a piece of code with a colour, which depends on the text around a blank.
var coloured = regexp.MustCompile(`\\u003cspan class=\\"[a-z0-9]{1,4}\\"\\u003e(.*?)\\u003c/span\\u003e`)
