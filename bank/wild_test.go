package bank

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
)

// TestWild reads a bank as people keep them in public: a thousand questions with boxes and without ids, damaged in
// every usual way. Each file that is refused says why, and fmt repairs most of it.
func TestWild(t *testing.T) {
	folder := wildBank(10, 100)
	before, findings, err := Lint(folder, reviewDay)
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for _, f := range findings {
		if f.Severity == "error" {
			explained[f.Path] = true
		}
		if !strings.ContainsAny(f.Message, ";?") {
			t.Errorf("no remedy: %s", f)
		}
	}
	for _, b := range before.Broken {
		if !explained[b.File] {
			t.Errorf("%s is refused without a word", b.File)
		}
	}
	done, err := Format(folder, true)
	if err != nil {
		t.Fatal(err)
	}
	after := fstest.MapFS{manifestName: folder[manifestName]}
	for _, f := range done {
		if f.Kept != "" {
			t.Errorf("%s is left alone: %s", f.Path, f.Kept)
		}
		after[f.Path] = &fstest.MapFile{Data: f.After}
	}
	b, left, _ := Lint(after, reviewDay)
	if len(before.Broken) != 10 || len(b.Broken) > 5 {
		t.Errorf("of 10 files %d are refused, and %d after fmt:\n%s", len(before.Broken), len(b.Broken), lines(left[:min(20, len(left))]))
	}
}

// wildBank returns a bank of damaged files. Every second file has only damage that fmt repairs.
func wildBank(files, questions int) fstest.MapFS {
	random := rand.New(rand.NewPCG(7, 7))
	folder := fstest.MapFS{manifestName: {Data: []byte("id: wild-bank\ntitle: Wild\nlicense: MIT\n")}}
	for i := range files {
		var b strings.Builder
		fmt.Fprintf(&b, "---\nid: wild-%d\n---\n\n# Skill %d\n\n", i, i)
		for n := range questions {
			wildQuestion(&b, random, n, i%2 == 0)
		}
		folder[fmt.Sprintf("questions/wild-%d.md", i)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return folder
}

func wildQuestion(b *strings.Builder, random *rand.Rand, n int, mild bool) {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	fmt.Fprintf(b, "## Q%d. %s %d?\n\n", n, pick("What does this print", "Which call is right", "Why does it fail"), random.IntN(1e6))
	b.WriteString(pick("", "", "```js\nf();\n```\n\n", "```\nplain\n```\n\n", "Read the code.\n\n"))
	if !mild {
		b.WriteString(pick("", "", "", "![image](images/missing.png)\n\n", "A <string> of `x`.\n\n", "TODO\n\n", "### Notes\n\nText.\n\n", "{{ left\n\n"))
	}
	right := random.IntN(4)
	for i := range 4 {
		box := "[ ]"
		if i == right {
			box = pick("[x]", "[x]", "[X]", "[х]")
		} else if random.IntN(9) == 0 {
			box = "[]"
		}
		fmt.Fprintf(b, "%s %s choice %d%s\n", pick("-", "-", "-", "-", "*"), box, i, pick("", "", "", "  ", "\n", "\n\n```js\ng();\n```\n"))
	}
	b.WriteString(pick("\n", "\n", "\n[Reference](https://example.org/a)\n\n", "\n**Explanation:** because.\n\n", "\n\n\n"))
}
