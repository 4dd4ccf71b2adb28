package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rehearse/bank"
)

// A folder of nothing but skeletons, two of each kind, has no finding, and every question is of its kind.
func TestSkeletonsAreClean(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my-bank")
	if code, out, errs := runCommand(t, "new", "topic", dir, "http-caching"); code != exitDone || !strings.Contains(out, "http-caching.md") {
		t.Fatalf("new topic: code %d, %q, %q", code, out, errs)
	}
	file := filepath.Join(dir, "questions", "http-caching.md")
	for range 2 {
		for _, k := range bank.Kinds() {
			if code, out, errs := runCommand(t, "new", "question", file, string(k)); code != exitDone {
				t.Fatalf("new question of kind %s: code %d, %q, %q", k, code, out, errs)
			}
		}
	}
	b, findings, err := bank.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Severity == "error" || !wholeBank[f.Code] {
			t.Error(f)
		}
	}
	if b.ID != "my-bank" || len(b.Topics) != 1 || b.Topics[0].Title != "Http caching" {
		t.Fatalf("the bank is %q with %d topics", b.ID, len(b.Topics))
	}
	count := map[bank.Kind]int{}
	for _, q := range b.Topics[0].Questions {
		count[q.Kind]++
	}
	for _, k := range bank.Kinds() {
		want := 2
		if k == bank.Single {
			want = 3 // one came with the topic
		}
		if count[k] != want {
			t.Errorf("%d questions of kind %s, want %d", count[k], k, want)
		}
	}
}

// wholeBank names warnings about a bank as a whole, which a folder that asks everything twice has earned.
var wholeBank = map[string]bool{"dup-prompt": true, "coverage": true, "tag-orphan": true}

func TestNewSaysWhereTheQuestionIs(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": strings.TrimRight(listedTopic, "\n")})
	file := filepath.Join(dir, "questions/ports.md")
	code, out, errs := runCommand(t, "new", "question", file)
	text, err := os.ReadFile(file)
	if code != exitDone || err != nil {
		t.Fatalf("new question: code %d, %q, %v", code, errs, err)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if strings.Contains(line, "id: ports-single-1") {
			if want := file + ":" + strconv.Itoa(i) + "\n"; out != want { // the heading stands in the line above
				t.Errorf("new question prints %q, want %q", out, want)
			}
			return
		}
	}
	t.Errorf("there is no ports-single-1 in\n%s", text)
}

func TestNewNeverOverwrites(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic, "questions/other.md": strings.NewReplacer("id: ports", "id: taken", "https-port", "other-port").Replace(listedTopic)})
	for _, name := range []string{"ports", "other", "taken"} {
		if code, _, errs := runCommand(t, "new", "topic", dir, name); code != exitCannot || !strings.Contains(errs, "already") {
			t.Errorf("new topic %s: code %d, %q", name, code, errs)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "questions/ports.md"))
	if err != nil || string(text) != listedTopic {
		t.Errorf("the file was changed: %v\n%s", err, text)
	}
	for _, args := range [][]string{{}, {"topic", dir}, {"topic", dir, "Not an id"}, {"question", dir + "/questions/none.md"}, {"question", dir + "/questions/ports.md", "quiz"}} {
		if code, _, errs := runCommand(t, append([]string{"new"}, args...)...); code != exitCannot || errs == "" {
			t.Errorf("new %v: code %d, %q", args, code, errs)
		}
	}
}

func TestNewKeepsLineEnds(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": strings.ReplaceAll(listedTopic, "\n", "\r\n")})
	file := filepath.Join(dir, "questions/ports.md")
	runCommand(t, "new", "question", file, "cloze")
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != strings.Count(string(text), "\r\n") || !strings.Contains(string(text), "ports-cloze-1") {
		t.Errorf("line ends are mixed, or nothing was written: %v\n%q", err, text)
	}
}
