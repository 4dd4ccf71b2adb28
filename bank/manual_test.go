package bank

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func readManual(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/authoring.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestManualExamples: what the manual shows in section 2 and in the first file has no finding and is as fmt writes it.
func TestManualExamples(t *testing.T) {
	folder := fstest.MapFS{manifestName: {Data: []byte("id: test-bank\ntitle: Test\nlicense: MIT\n")}}
	blocks := regexp.MustCompile("(?ms)^````markdown\n(.*?)^````\n").FindAllStringSubmatch(readManual(t), -1)
	for i, m := range blocks {
		text := m[1]
		if !strings.HasPrefix(text, "---\n") {
			text = testFront + text
		}
		folder[fmt.Sprintf("questions/example-%d.md", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	const fewest = 13 // one of each kind, the second of two kinds, and the first file
	if len(blocks) < fewest {
		t.Fatalf("%d examples, want %d or more", len(blocks), fewest)
	}
	_, findings, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("an example of the manual has a finding: %s", f)
	}
	done, err := Format(folder, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range done {
		if f.Changed() || f.Kept != "" {
			t.Errorf("fmt changes an example of the manual to\n%s%s", f.After, f.Kept)
		}
	}
}

// TestManualContents: the list at the top of the manual names all sections, in their order.
func TestManualContents(t *testing.T) {
	text := regexp.MustCompile("(?ms)^(````|```).*?^(````|```)\n").ReplaceAllString(readManual(t), "")
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(text, -1) {
		anchor := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		number, title, _ := strings.Cut(m[1], ". ")
		want = append(want, fmt.Sprintf("%s. [%s](#%s)", number, title, strings.ReplaceAll(anchor, " ", "-")))
	}
	got := regexp.MustCompile(`(?m)^\d+\. \[.+\]\(#.+\)$`).FindAllString(text, -1)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the contents are\n%s\nand the sections\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
