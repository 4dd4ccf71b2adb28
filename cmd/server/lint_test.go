package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// faulty is a topic with an error, a warning and something to repair: an id, a box and the layout.
const faulty = `---
title: Ports, 100% of them
---

## Wie heißt es – über [x]{.y}?

- [X] one

  > Yes.

- [] two

> No.
`

// faultyFolder returns a bank whose file has a mode of its own.
func faultyFolder(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, map[string]string{"bank.yaml": bankYAML, "questions/a b.md": faulty})
	file = filepath.Join(dir, "questions", "a b.md")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	return dir, file
}

const bankYAML = "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n"

func TestLintForms(t *testing.T) {
	dir, file := faultyFolder(t)
	text := func(form string) string {
		var out log
		if code := run(t.Context(), []string{"lint", "--format", form, dir}, noEnv, &out, io.Discard); code != exitFindings {
			t.Errorf("%s: exit code %d, want %d", form, code, exitFindings)
		}
		return out.String()
	}
	lines := strings.Count(text("text"), "\n")

	var findings []finding
	if err := json.Unmarshal([]byte(text("json")), &findings); err != nil {
		t.Fatal(err)
	}
	if len(findings) != lines || lines < 3 {
		t.Errorf("%d findings as JSON, %d as text; want as many, and three at least", len(findings), lines)
	}
	for _, f := range findings {
		if f.Path != file || f.Line < 1 || f.Col < 1 || f.Message == "" || f.Code == "id-missing" && !f.Fixable {
			t.Errorf("%+v; want the path %s and a place", f, file)
		}
	}
	command := regexp.MustCompile(`^::(?:error|warning) file=[^,:]+a b\.md,line=\d+,col=\d+,title=[a-z0-9-]+::[^%\r\n]+(?:%(?:25|0A)[^%\r\n]*)*$`)
	for line := range strings.Lines(text("github")) {
		if !command.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("not a workflow command: %s", line)
		}
	}
	checkSARIF(t, text("sarif"), file, findings)
	if code := run(t.Context(), []string{"lint", "--format", "xml", dir}, noEnv, io.Discard, io.Discard); code != exitCannot {
		t.Errorf("an unknown form: exit code %d, want %d", code, exitCannot)
	}
}

// checkSARIF fails unless the text has what the schema and code scanning require.
func checkSARIF(t *testing.T, text, file string, findings []finding) {
	t.Helper()
	var log sarifLog
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" {
		t.Fatalf("not SARIF 2.1.0: %.200s", text)
	}
	results, rules := log.Runs[0].Results, log.Runs[0].Tool.Driver.Rules
	if len(results) != len(findings) {
		t.Errorf("%d results for %d findings", len(results), len(findings))
	}
	for i, r := range results {
		place := r.Locations[0].Physical
		uri, err := url.Parse(place.Artifact.URI)
		if err != nil || uri.Path != file || uri.Scheme != "file" || strings.Contains(place.Artifact.URI, " ") {
			t.Errorf("the URI %q does not mean %s (%v)", place.Artifact.URI, file, err)
		}
		if rules[r.RuleIndex].ID != r.RuleID || r.RuleID != findings[i].Code || r.Level != findings[i].Severity || r.Message.Text == "" {
			t.Errorf("result %d is %+v of the rule %s, want that of %+v", i, r, rules[r.RuleIndex].ID, findings[i])
		}
		if place.Region.StartLine != findings[i].Line || place.Region.StartColumn > findings[i].Col {
			t.Errorf("result %d stands at %+v, want %+v", i, place.Region, findings[i])
		}
	}
}

func TestColumnsCountCharacters(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"bank.yaml": bankYAML, "questions/a.md": strings.Replace(oneQuestion, "[x] ", "[x] größer als `x` TODO ", 1)})
	for form, want := range map[string]string{"json": `"col": 24,`, "sarif": `"startColumn": 22`, "github": ",col=22,"} {
		var out log
		run(t.Context(), []string{"lint", "--format", form, dir}, noEnv, &out, io.Discard)
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s does not contain %s:\n%.2000s", form, want, out.String()[max(0, len(out.String())-900):])
		}
	}
}

func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"choice-box"}, exitDone, "choice-box (E, F)\n\nAn item without a proper box"},
		{[]string{"chioce-box"}, exitCannot, "did you mean choice-box?"},
		{[]string{"zzz"}, exitCannot, "lists them all"},
		{nil, exitDone, "dup-prompt"},
		{[]string{"a", "b"}, exitCannot, "one code"},
	} {
		var out log
		code := run(t.Context(), append([]string{"lint", "--explain"}, tt.args...), noEnv, &out, &out)
		if code != tt.code || !strings.Contains(out.String(), tt.want) {
			t.Errorf("--explain %v: exit code %d, want %d; printed %.300q, want %q", tt.args, code, tt.code, out.String(), tt.want)
		}
	}
}

func TestFmtAndFix(t *testing.T) {
	dir, file := faultyFolder(t)
	step := func(code int, args ...string) string {
		t.Helper()
		var out log
		if got := run(t.Context(), append(args, dir), noEnv, &out, io.Discard); got != code {
			t.Errorf("%v: exit code %d, want %d", args, got, code)
		}
		return out.String()
	}
	if out := step(exitFindings, "fmt", "--check"); out != file+"\n" || readText(t, file) != faulty {
		t.Errorf("fmt --check printed %q and left\n%s", out, readText(t, file))
	}
	step(exitFindings, "lint", "--fix") // a reason is missing, which nobody else can write
	if now := readText(t, file); !strings.Contains(now, "<!-- id: wie-hei-t-es-uber-") || !strings.Contains(now, "- [ ] two") || !strings.Contains(now, "- [X] one\n\n") {
		t.Errorf("after lint --fix:\n%s", now)
	}
	if out := step(exitDone, "fmt"); out != file+"\n" || !strings.Contains(readText(t, file), "- [x] one\n  > Yes.\n- [ ] two\n") {
		t.Errorf("fmt printed %q and left\n%s", out, readText(t, file))
	}
	step(exitDone, "fmt", "--check")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v (%v), want 0640", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 1 {
		t.Errorf("%d files in the folder, want the one", len(entries))
	}
}

func TestRewriteFileSeesChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.md")
	write(t, filepath.Dir(file), map[string]string{"a.md": "changed meanwhile"})
	if err := rewriteFile(file, []byte("before"), []byte("after")); err == nil || readText(t, file) != "changed meanwhile" {
		t.Errorf("a file that somebody changed: error %v, now %q", err, readText(t, file))
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// jsonBlocks returns the JSON of the manual's section on editors.
func jsonBlocks(t *testing.T) []string {
	t.Helper()
	_, section, found := strings.Cut(readText(t, "../../docs/authoring.md"), "## 7. ")
	if !found {
		t.Fatal("the manual has no section on editors")
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)\n```\n").FindAllStringSubmatch(section, -1) {
		blocks = append(blocks, m[1])
	}
	if len(blocks) != 4 {
		t.Fatalf("%d blocks of JSON, want tasks, snippets, prettier and markdownlint", len(blocks))
	}
	return blocks
}

// TestProblemMatcher: the pattern for Visual Studio Code takes a finding apart.
func TestProblemMatcher(t *testing.T) {
	var file struct {
		Tasks []struct {
			ProblemMatcher json.RawMessage
		}
	}
	var matcher struct {
		Pattern struct {
			Regexp                                      string
			File, Line, Column, Severity, Code, Message int
		}
	}
	if err := json.Unmarshal([]byte(jsonBlocks(t)[0]), &file); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(file.Tasks[0].ProblemMatcher, &matcher); err != nil {
		t.Fatal(err)
	}
	p := matcher.Pattern
	m := regexp.MustCompile(p.Regexp).FindStringSubmatch("./questions/a b.md:12:3: warning fence-lang: no language: name one")
	if m == nil {
		t.Fatalf("%s does not match a finding", p.Regexp)
	}
	got := []string{m[p.File], m[p.Line], m[p.Column], m[p.Severity], m[p.Code], m[p.Message]}
	dir := folder(t, strings.Replace(sqlQuestion, "\n2\n", "\n3\n", 1))
	_, out, _ := ran(t, "verify", dir)
	if f := regexp.MustCompile("(?m)" + p.Regexp).FindStringSubmatch(out); f == nil || f[p.File] != filepath.Join(dir, "questions/topic.md") || f[p.Line] != "16" || f[p.Code] != "output-false" {
		t.Errorf("the matcher reads %q in what verify prints:\n%s", f, out)
	}
	if want := []string{"./questions/a b.md", "12", "3", "warning", "fence-lang", "no language: name one"}; !slices.Equal(got, want) {
		t.Errorf("the matcher reads %q, want %q", got, want)
	}
}

// TestSnippetsAreClean: what the snippets write needs an id and nothing else.
func TestSnippetsAreClean(t *testing.T) {
	var snippets map[string]struct{ Body []string }
	if err := json.Unmarshal([]byte(jsonBlocks(t)[1]), &snippets); err != nil {
		t.Fatal(err)
	}
	topic := "---\ntitle: Snippets\n---\n\n"
	stop := regexp.MustCompile(`\$\{\d+:(.*?)\}`)
	for _, name := range slices.Sorted(maps.Keys(snippets)) {
		topic += stop.ReplaceAllString(strings.Join(snippets[name].Body, "\n"), "$1") + "\n"
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"bank.yaml": bankYAML, "questions/snippets.md": topic})
	for _, args := range [][]string{{"fmt", dir}, {"lint", dir}} {
		var out log
		if code := run(t.Context(), args, noEnv, &out, &out); code != exitDone {
			t.Errorf("%v: exit code %d\n%s", args, code, &out)
		}
	}
}

// TestShippedSettings: the manual gives the settings that our own bank is kept by.
func TestShippedSettings(t *testing.T) {
	blocks := jsonBlocks(t)
	for i, name := range []string{".prettierrc", ".markdownlint.json"} {
		var ours, told map[string]any
		if err := json.Unmarshal([]byte(readText(t, "../../content/"+name)), &ours); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(blocks[2+i]), &told); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(ours, told) {
			t.Errorf("%s is %v, and the manual says %v", name, ours, told)
		}
	}
}
