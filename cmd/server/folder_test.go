package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Flags may stand before and behind the folder, for all commands alike.
func TestFlagsStandAnywhere(t *testing.T) {
	dir := folder(t, sqlQuestion)
	for _, args := range [][]string{
		{"lint", "--format", "json", dir},
		{"lint", dir, "--format", "json"},
		{"lint", dir, "--format=json"},
		{"list", "--json", dir},
		{"list", dir, "--json"},
		{"fmt", dir, "--check"},
		{"verify", dir, "--strict"},
	} {
		code, out, errs := ran(t, args...)
		if code != exitDone || (args[0] == "lint" || args[0] == "list") && !strings.HasPrefix(out, "[") {
			t.Errorf("%v: exit %d\n%s\n%s", args, code, out, errs)
		}
	}
	for _, args := range [][]string{{"lint", dir, "--jsno"}, {"lint", "--", dir, "--json"}, {"lint", dir, "--format"}} {
		if code, out, _ := ran(t, args...); code != exitCannot {
			t.Errorf("%v: exit %d\n%s", args, code, out)
		}
	}
}

// Whoever gives a part of a content folder is told which folder to give, or sees it.
func TestAPartOfAContentFolder(t *testing.T) {
	dir := folder(t, sqlQuestion)
	notes := filepath.Join(dir, "notes")
	if err := os.Mkdir(notes, 0o750); err != nil {
		t.Fatal(err)
	}
	lone := filepath.Join(t.TempDir(), "lone.md")
	if err := os.WriteFile(lone, []byte("---\ntitle: T\n---\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for part, want := range map[string]string{
		filepath.Join(dir, "questions"):          "a part of the content folder " + dir + "; give that",
		filepath.Join(dir, "questions/topic.md"): "a part of the content folder " + dir + "; give that",
		lone:                                     "is a file; give the folder with bank.yaml and questions/",
	} {
		for _, command := range []string{"lint", "fmt", "list", "verify"} {
			if code, _, errs := ran(t, command, part); code != exitCannot || !strings.Contains(errs, want) {
				t.Errorf("%s %s: exit %d, %s", command, part, code, errs)
			}
		}
	}
	if got := contentAbove(notes); got != "" {
		t.Errorf("notes beside the questions are taken for a part of %s", got)
	}
	t.Chdir(dir)
	for part, want := range map[string]string{"questions": ".", "questions/topic.md": ".", ".": ""} {
		if got := contentAbove(part); got != want {
			t.Errorf("%s is a part of %q, want %q", part, got, want)
		}
	}
	s := startCommand(t, "preview", "--addr", "localhost:0", "questions/topic.md")
	if _, page := read(t, browser(t), s.url+"/questions/sql-one"); !strings.Contains(page, "What is printed?") {
		t.Errorf("the preview of a file does not show its question:\n%s", page)
	}
}

// A server of which nothing can be loaded says so loudly, with paths that an editor finds.
func TestServeSaysThatNothingIsServed(t *testing.T) {
	const loud = "NOTHING IS SERVED"
	dir := folder(t, strings.Replace(sqlQuestion, "id: sql-one", "id: sql-one, nonsense: 1", 1))
	file := filepath.Join(dir, "questions/topic.md")
	s := start(t, "--content", dir, "--watch", "--database", filepath.Join(t.TempDir(), "test.db"))
	if log := s.stderr.String(); !strings.Contains(log, loud) || !strings.Contains(log, file+":6:19: error meta-key") {
		t.Errorf("the log of a server without questions:\n%s", log)
	}
	if _, page := read(t, browser(t), s.url+"/"); !strings.Contains(page, "There are no questions yet") {
		t.Error("the start page does not say that there are no questions")
	}
	replaceText(t, file, ", nonsense: 1", "")
	eventually(t, "the mended question is served", func() bool {
		_, page := read(t, browser(t), s.url+"/questions/sql-one")
		return strings.Contains(page, "What is printed?")
	})
	before := strings.Count(s.stderr.String(), loud)
	replaceText(t, file, "id: sql-one", "id: sql-one, nonsense: 1")
	eventually(t, "the broken file is in the log", func() bool {
		return strings.Count(s.stderr.String(), "error meta-key") > strings.Count(s.stderr.String(), loud)
	})
	if got := strings.Count(s.stderr.String(), loud); got != before {
		t.Error("the last good questions are served, and the log says that nothing is")
	}
}
