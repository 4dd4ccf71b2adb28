package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rehearse/bank"
)

// folder writes a bank with one topic and returns its path.
func folder(t *testing.T, topic string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"bank.yaml":          "id: bank\ntitle: B\nlicense: CC0-1.0\n",
		"questions/topic.md": "---\ntitle: T\n---\n\n" + topic,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sqlQuestion asks what is printed by a script that every machine can run.
const sqlQuestion = "## What is printed?\n<!-- id: sql-one -->\n\n```sql\nSELECT 1; SELECT 2;\n```\n\n### Output\n\n```text\n1\n2\n```\n\n### Explanation\n\nBoth.\n"

// ran runs one command line and returns its exit code and what it printed.
func ran(t *testing.T, args ...string) (code int, out, errors string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, noEnv, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestVerifyCommand(t *testing.T) {
	wrong := strings.Replace(sqlQuestion, "\n2\n", "\n3\n", 1)
	python := strings.NewReplacer("```sql", "```python", "sql-one", "python-one").Replace(sqlQuestion)
	broken := strings.Replace(sqlQuestion, "id: sql-one", "id: sql-one, nonsense: 1", 1)
	exercise := "## Whose?\n<!-- id: sql-two -->\n\n### Setup\n\n```sql\n\nCREATE TABLE names (name TEXT);\nINSERT INTO names VALUES ('Ada');\n```\n\n### Query\n\n```sql\n-- her\n  /* é */ nme\n```\n\n### Explanation\n\nHers.\n"
	twinless := "## What does this program print?\n<!-- id: js-one -->\n\n```js\nconsole.log(1);\n```\n\n- [x] 1\n- [ ] 2\n  > No.\n"
	tests := []struct {
		name   string
		topic  string
		flags  []string
		code   int
		want   string // in what is printed, with DIR for the folder
		errors string
	}{
		{"a right key", sqlQuestion, nil, exitDone, "DIR/questions/topic.md:5:1: passed sql-one: sqlite 3.", "out of date"},
		{"a right key, strictly", sqlQuestion, []string{"--strict"}, exitDone, "1 passed, 0 false, 0 not verified; findings: 0;", ""},
		{"a false key", wrong, nil, exitFindings, `DIR/questions/topic.md:16:1: error output-false: sql-one is false: sqlite 3.`, ""},
		{"what is false", wrong, nil, exitFindings, `: "2" is printed, the key says "3"; correct ### Output`, ""},
		{"a statement that fails", exercise, nil, exitFindings, "DIR/questions/topic.md:20:12: error query-setup: sql-two is false: sqlite 3.", ""},
		{"a data set that fails", strings.Replace(exercise, "TABLE names", "TABLE nmes", 1), nil, exitFindings, "DIR/questions/topic.md:13:1: error query-setup: ", ""},
		{"no runtime", python, nil, exitDone, "DIR/questions/topic.md:5:1: not verified python-one: no runtime: no block", ""},
		{"no runtime, strictly", python, []string{"--strict"}, exitFindings, "0 passed, 0 false, 1 not verified", ""},
		{"a broken file", broken, nil, exitFindings, "DIR/questions/topic.md:6:", "DIR/questions/topic.md was not verified"},
		{"a broken file, strictly", broken, []string{"--strict"}, exitFindings, "error meta-key", ""},
		{"a finding", twinless, nil, exitDone, "DIR/questions/topic.md:5:1: warning output-twin: ", ""},
		{"a finding, strictly", twinless, []string{"--strict"}, exitFindings, "findings: 1;", ""},
		{"a Node that is not there", sqlQuestion, []string{"--node", "/nowhere/node"}, exitCannot, "", "/nowhere/node"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, test.topic)
			code, out, errors := ran(t, append(append([]string{"verify"}, test.flags...), dir)...)
			in := strings.NewReplacer("DIR", dir)
			if code != test.code || !strings.Contains(out, in.Replace(test.want)) || !strings.Contains(errors, in.Replace(test.errors)) {
				t.Errorf("exit %d, want %d\n%s\n%s", code, test.code, out, errors)
			}
			if _, err := os.Stat(filepath.Join(dir, bank.ExecutedName)); err == nil {
				t.Error("something was written without --write")
			}
		})
	}
}

func TestVerifyRemembersWhatItWrote(t *testing.T) {
	dir := folder(t, sqlQuestion)
	record := filepath.Join(dir, bank.ExecutedName)
	steps := []struct {
		name  string
		topic string
		flags []string
		code  int
		again bool // it is executed, not taken from the record
		lines int  // entries in the record then
	}{
		{"written", sqlQuestion, []string{"--write"}, exitDone, true, 1},
		{"remembered", sqlQuestion, nil, exitDone, false, 1},
		{"all", sqlQuestion, []string{"--all"}, exitDone, true, 1},
		{"another program", strings.Replace(sqlQuestion, "SELECT 1", "SELECT 5", 1), nil, exitFindings, true, 1},
		{"voided", strings.Replace(sqlQuestion, "SELECT 1", "SELECT 5", 1), []string{"--write"}, exitFindings, true, 0},
		{"right again", sqlQuestion, []string{"--write"}, exitDone, true, 1},
		{"unreadable meanwhile", strings.Replace(sqlQuestion, "id: sql-one", "id: sql-one, nonsense: 1", 1), []string{"--write"}, exitFindings, true, 1},
		{"remembered still", sqlQuestion, []string{"--strict"}, exitDone, false, 1},
		{"gone", strings.Replace(sqlQuestion, "sql-one", "sql-two", 1), []string{"--write"}, exitDone, true, 1},
	}
	for _, step := range steps {
		if err := os.WriteFile(filepath.Join(dir, "questions/topic.md"), []byte("---\ntitle: T\n---\n\n"+step.topic), 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, errors := ran(t, append(append([]string{"verify"}, step.flags...), dir)...)
		data, _ := os.ReadFile(record)
		if code != step.code || strings.Contains(out, " (on 2") == step.again || strings.Count(string(data), `"id"`) != step.lines {
			t.Errorf("%s: exit %d, want %d\n%s\n%s\n%s", step.name, code, step.code, out, errors, data)
		}
	}
}

func TestVerifyCannotWriteTheBuiltInContent(t *testing.T) {
	if code, _, errors := ran(t, "verify", "--write"); code != exitCannot || !strings.Contains(errors, "needs a folder") {
		t.Errorf("exit %d, %s", code, errors)
	}
}

// What authors wrote is run by one command and by nothing else: the server must not be able to.
func TestOnlyVerifyExecutesKeys(t *testing.T) {
	const root, only = "../..", "cmd/server/verify.go"
	used := map[string]bool{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skipDir(name)
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "sandbox" && (s.Sel.Name == "Verify" || s.Sel.Name == "FindRuntimes") {
					used[name] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(used) != 1 || !used[only] {
		t.Errorf("keys are executed in %v, want %s alone", used, only)
	}
}
