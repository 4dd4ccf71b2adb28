package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rehearse/bank"
)

const listedTopic = `---
id: ports
title: Ports
level: junior
tags: [net]
---

## Which port does HTTPS use by default?
<!-- id: https-port, difficulty: easy -->

- [x] 443
- [ ] 80
  > That is plain HTTP.

Port 443.

## What does it print?
<!-- id: ports-output, runtimes: [sh], use: [quiz], tags: [shell] -->

` + "```sh\necho 443\n```\n\n### Output\n\n```text\n443\n```\n\n### Explanation\n\nThat.\n"

// newFolder writes a content folder and returns its path.
func newFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if files["bank.yaml"] == "" {
		files["bank.yaml"] = "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n"
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runCommand runs one command line to its end.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, noEnv, &out, &errs)
	return code, out.String(), errs.String()
}

func TestListSaysWhatThereIs(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic})
	rows := listJSON(t, dir)
	if len(rows) != 2 {
		t.Fatalf("%d questions are listed, want 2", len(rows))
	}
	q := rows[1]
	if len(q.KeyHash) != 64 || len(q.BodyHash) != 64 {
		t.Errorf("hashes %q and %q, want 64 hex digits each", q.KeyHash, q.BodyHash)
	}
	q.KeyHash, q.BodyHash = "", ""
	got, _ := json.Marshal(q)
	want := `{"id":"ports-output","topic":"ports","kind":"output","level":"junior","difficulty":"medium","use":["quiz"],` +
		`"tags":["net","shell"],"file":"` + dir + `/questions/ports.md","line":17,"body_hash":"","key_hash":"",` +
		`"verified":"not-verified","title":"What does it print?"}`
	if string(got) != want {
		t.Errorf("list --json prints\n%s, want\n%s", got, want)
	}
	code, text, _ := runCommand(t, "list", dir)
	for _, want := range []string{"https-port", "ports.md:17", "1       1    2  ports", "1       1    2  all"} {
		if code != exitDone || !strings.Contains(text, want) {
			t.Errorf("list: code %d, no %q in\n%s", code, want, text)
		}
	}
}

func TestListKnowsWhichKeysWereExecuted(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": listedTopic})
	b, _, err := bank.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	q := b.Topics[0].Questions[1]
	entry := bank.Executed{
		ID: q.ID, KeyHash: q.KeyHash, PromptHash: bank.PromptHash(q),
		Execution: bank.Execution{Runtime: "sh", Version: "dash", Date: "2026-11-21"},
	}
	for _, want := range []string{"verified", "stale"} {
		if err := os.WriteFile(filepath.Join(dir, "verified.json"), bank.FormatExecuted([]bank.Executed{entry}), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := string(listJSON(t, dir)[1].Verified); got != want {
			t.Errorf("with an entry for key %.8s the question is %s, want %s", entry.KeyHash, got, want)
		}
		entry.KeyHash = strings.Repeat("0", 64)
	}
}

func TestListNamesWhatIsLeftOut(t *testing.T) {
	dir := newFolder(t, map[string]string{"questions/ports.md": strings.Replace(listedTopic, "- [x]", "- [ ]", 1)})
	code, out, errs := runCommand(t, "list", "--json", dir)
	if code != exitFindings || strings.TrimSpace(out) != "[]" || !strings.Contains(errs, "ports.md has errors") {
		t.Errorf("list of a broken file: code %d, %q, %q", code, out, errs)
	}
}

func listJSON(t *testing.T, dir string) []listed {
	t.Helper()
	code, out, errs := runCommand(t, "list", "--json", dir)
	var rows []listed
	if err := json.Unmarshal([]byte(out), &rows); err != nil || code != exitDone {
		t.Fatalf("list --json: code %d, %v\n%s%s", code, err, out, errs)
	}
	return rows
}
