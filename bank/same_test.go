package bank

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// TestSameModel: line ends, a byte order mark, fmt and prettier change nothing that is read. The files in
// testdata/prettier were made from NAME.md by
//
//	npx prettier@3.6.2 --no-config --embedded-language-formatting=off --prose-wrap WRAP --print-width 60 NAME.md
func TestSameModel(t *testing.T) {
	for _, name := range []string{"example", "details"} {
		text := func(file string) string {
			data, err := os.ReadFile(filepath.Join("testdata/prettier", file))
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		original := text(name + ".md")
		want := modelOfFile(t, original)
		variants := map[string]string{
			"CRLF":          strings.ReplaceAll(original, "\n", "\r\n"),
			"BOM":           "\uFEFF" + original,
			"BOM and CRLF":  "\uFEFF" + strings.ReplaceAll(original, "\n", "\r\n"),
			"fmt":           string(formatted(t, original).After),
			"preserve":      text(name + ".preserve.md"),
			"always":        text(name + ".always.md"),
			"never":         text(name + ".never.md"),
			"prettier, fmt": string(formatted(t, text(name+".always.md")).After),
		}
		for variant, changed := range variants {
			if got := modelOfFile(t, changed); got != want {
				t.Errorf("%s, %s: %s", name, variant, firstDifference(want, got))
			}
		}
	}
}

func modelOfFile(t *testing.T, text string) string {
	t.Helper()
	folder := withFile(text)
	folder["questions/pic.png"] = &fstest.MapFile{Data: []byte("png")}
	b, _, err := Read(folder)
	if err != nil || len(b.Topics) != 1 {
		t.Fatalf("%v, broken: %v", err, b.Broken)
	}
	return strings.ReplaceAll(modelOf(b), `\n`, " ") // where a line of HTML breaks; hashes tell code apart
}

// TestFmtLeavesPrettierAlone: what prettier has laid out stays, but for the order of keys, which it does not know.
func TestFmtLeavesPrettierAlone(t *testing.T) {
	data, err := os.ReadFile("testdata/prettier/example.preserve.md")
	if err != nil {
		t.Fatal(err)
	}
	after := string(formatted(t, string(data)).After)
	before := strings.Split(string(data), "\n")
	for i, line := range strings.Split(after, "\n") {
		if line != before[i] && !strings.HasPrefix(line, "<!-- id:") {
			t.Errorf("line %d: %q became %q", i+1, before[i], line)
		}
	}
}

// TestKeepsLineEnds: only what is changed changes, in a file with CRLF and a byte order mark.
func TestKeepsLineEnds(t *testing.T) {
	before := "\uFEFF" + strings.ReplaceAll(testFront+"## Which?\n\n- [X] one\n\n  > Yes.\n- [] two\n\t> No. \n", "\n", "\r\n")
	want := "\uFEFF" + strings.ReplaceAll(testFront+"## Which?\n<!-- id: which-ID -->\n\n- [x] one\n  > Yes.\n- [ ] two\n\t> No. \n", "\n", "\r\n")
	after := string(formatted(t, before).After)
	_, rest, _ := strings.Cut(after, "id: which-")
	if after != strings.Replace(want, "ID", rest[:min(4, len(rest))], 1) {
		t.Errorf("got %q\nwant %q", after, want)
	}
}

// TestFormatIsLinear counts the bytes that formatting takes from memory: four times the file, about four times as many.
func TestFormatIsLinear(t *testing.T) {
	blocks := map[string]string{
		"questions":  "## Which?\n\n- [X] one\n\n  > Yes.\n\n- [] two\n- [ ]three\n\n",
		"blanks":     "## Fill\n<!-- tags: [b], id: fill-N, level: mid -->\n\nA {{one}}, {{two}} and {{three}}.\n\n### Explanation\n\nE.\n\n",
		"tables":     "## Pair\n<!-- id: pair-N -->\n\n### Match\n\n|a|b|\n|-|-|\n|one|two|\n|three|four|\n\n### Explanation\n\nE.\n\n",
		"split":      "## Which?\n<!-- id: split-N -->\n\n- [x] one\n```js\nf()\n```\n- [ ] two\n* [ ] three\n\nE.\n\n",
		"misplaced":  "## Which?\n\nText.\n\n<!-- id: place-N -->\n\n- [x] one\n- [ ] two\n\nE.\n\n",
		"invisible":  "## Which?\n<!-- id: seen-N -->\n\nA\u200bB\u200bC\n\n- [x] one\n- [ ] two\n\nE.\n\n",
		"unfixables": "## Which?\n<!-- id: same-id -->\n\n- [✗] one\n- [v] two\n\n<div>\n\n",
	}
	for name, block := range blocks {
		small, large := work(t, block, 100), work(t, block, 400)
		if ratio := float64(large) / float64(small); ratio > 6 {
			t.Errorf("%s: four times the text takes %.1f times the memory", name, ratio)
		}
	}
}

// work returns how many bytes formatting n copies of a block takes.
func work(t *testing.T, block string, n int) uint64 {
	t.Helper()
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(block, "-N", "-"+strings.Repeat("n", i/90+1)+strings.Repeat("m", i%90/3)+"xyz"[i%3:i%3+1]))
	}
	folder := withFile(testFront + b.String())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Format(folder, true); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
