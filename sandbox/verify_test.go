package sandbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"rehearse/bank"
	"rehearse/content"
	"rehearse/markdown"
)

// runtimes returns the runtimes of this machine with the newest Node that was installed for the tests, else the one on PATH.
func runtimes(t *testing.T) []Runtime {
	t.Helper()
	nodes, _ := filepath.Glob("../tools/node/node_modules/*/bin/node")
	if len(nodes) > 1 {
		nodes = nodes[len(nodes)-1:]
	}
	found, err := FindRuntimes(t.Context(), nodes)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// without leaves out the runtimes with these names.
func without(all []Runtime, names ...string) []Runtime {
	return slices.DeleteFunc(slices.Clone(all), func(rt Runtime) bool { return slices.Contains(names, rt.Name) })
}

// shipped returns the questions that ship and have a key to execute. They are asked about no line of Node, so that any
// will do.
func shipped(t *testing.T) []bank.Question {
	t.Helper()
	b, _, err := bank.Read(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	var out []bank.Question
	for _, topic := range b.Topics {
		for _, q := range topic.Questions {
			if q.Kind == bank.Output {
				q.Stem.Text = oneNamed.ReplaceAllString(q.Stem.Text, "")
				out = append(out, q)
			}
		}
	}
	if len(out) < 10 {
		t.Fatalf("only %d output questions ship", len(out))
	}
	return out
}

// questions reads questions, each as it would stand in a file.
func questions(t *testing.T, texts ...string) []bank.Question {
	t.Helper()
	folder := fstest.MapFS{
		"bank.yaml":          {Data: []byte("id: bank\ntitle: B\nlicense: CC0-1.0\n")},
		"questions/topic.md": {Data: []byte("---\ntitle: T\n---\n\n" + strings.Join(texts, "\n\n"))},
	}
	b, findings, err := bank.Read(folder)
	if err != nil || len(b.Topics) != 1 {
		t.Fatalf("bank.Read: %v, %v", err, findings)
	}
	return b.Topics[0].Questions
}

// asked is an output question.
func asked(id, title, language, code, output string) string {
	return fmt.Sprintf("## %s\n<!-- id: %s -->\n\n```%s\n%s\n```\n\n### Output\n\n```text\n%s\n```\n", title, id, language, code, output)
}

func verifyAll(t *testing.T, qs []bank.Question, rts []Runtime, recorded ...bank.Executed) []Result {
	t.Helper()
	results, err := Verify(t.Context(), qs, rts, recorded, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != len(qs) {
		t.Fatalf("Verify returned %d results for %d questions", len(results), len(qs))
	}
	return results
}

func verifyOne(t *testing.T, text string, recorded ...bank.Executed) Result {
	t.Helper()
	return verifyAll(t, questions(t, text), runtimes(t), recorded...)[0]
}

// remembered executes each program once, and gives what it printed from then on.
func remembered(rts []Runtime) []Runtime {
	var known sync.Map
	out := slices.Clone(rts)
	for i, rt := range rts {
		out[i].run = func(ctx context.Context, q bank.Question) (Printed, error) {
			key := rt.Name + rt.Version + program(q, rt.Name)
			if p, ok := known.Load(key); ok {
				return p.(Printed), nil
			}
			p, err := rt.run(ctx, q)
			known.Store(key, p)
			return p, err
		}
	}
	return out
}

// mutants are all keys that differ from a key in one place.
func mutants(key string) []string {
	lines := strings.Split(key, "\n")
	var out []string
	add := func(lines ...string) {
		if text := strings.Join(lines, "\n"); text != key && text != "" {
			out = append(out, text)
		}
	}
	for i, line := range lines {
		add(slices.Concat(lines[:i], lines[i+1:])...)
		add(slices.Concat(lines[:i], []string{line, line}, lines[i+1:])...)
		add(slices.Concat(lines[:i], []string{line + "!"}, lines[i+1:])...)
		add(slices.Concat(lines[:i], []string{" " + line}, lines[i+1:])...)
		add(slices.Concat(lines[:i], []string{line[1:]}, lines[i+1:])...)
		if i > 0 {
			add(slices.Concat(lines[:i-1], []string{line, lines[i-1]}, lines[i+1:])...)
		}
	}
	return out
}

func TestEveryChangedLineOfAShippedKeyIsFalse(t *testing.T) {
	rts := remembered(runtimes(t))
	changed := 0
	for _, q := range shipped(t) {
		if r := verifyAll(t, []bank.Question{q}, rts)[0]; r.State() != Passed || len(r.Findings) > 0 {
			t.Errorf("%s: %s %+v %v", q.ID, r.State(), r.Checks, r.Findings)
			continue
		}
		for _, key := range mutants(q.Output) {
			mutant := q
			mutant.Output = key
			changed++
			if r := verifyAll(t, []bank.Question{mutant}, rts)[0]; r.State() != False {
				t.Errorf("%s with the key\n%s\nis %s", q.ID, key, r.State())
			}
		}
	}
	if changed < 200 {
		t.Errorf("only %d keys were tried", changed)
	}
}

func TestTheOtherKindOfModuleIsFalseWhereItPrintsSomethingElse(t *testing.T) {
	rts := remembered(runtimes(t))
	differ := 0
	for _, q := range shipped(t) {
		other := otherModule(q)
		if other == "" || !isNode(q.Runtimes[0]) {
			continue
		}
		i := slices.IndexFunc(rts, func(rt Runtime) bool { return rt.Name == other })
		printed, err := rts[i].run(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.Runtimes = []string{other}
		same := bank.NormalOutput(printed.Text) == q.Output
		if r := verifyAll(t, []bank.Question{q}, rts)[0]; (r.State() == Passed) != same {
			t.Errorf("%s as %s is %s, and it prints the same: %v", q.ID, other, r.State(), same)
		}
		if !same {
			differ++
		}
	}
	if differ < 2 {
		t.Errorf("only %d questions that ship depend on the kind of module", differ)
	}
}

func TestEveryShippedKeyIsOnRecord(t *testing.T) {
	for _, q := range shipped(t) {
		for _, name := range q.Runtimes {
			if !slices.ContainsFunc(q.Executed, func(e bank.Execution) bool { return e.Runtime == name }) {
				t.Errorf("%s: verified.json does not say that its key was executed in %s; run server verify --write content", q.ID, name)
			}
		}
	}
}

const ordered = "process.nextTick(() => console.log('tick'));\nPromise.resolve().then(() => console.log('promise'));"

func TestVerify(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		state State
		want  string // in the detail of the first check
		line  int
	}{
		{"node", asked("q-one", "What is printed?", "js", "console.log(1);\nconsole.log(2);", "1\n2"), Passed, "", 5},
		{"a wrong line", asked("q-one", "What is printed?", "js", "console.log(1);\nconsole.log(2);", "1\n3"), False, `"2" is printed, the key says "3"`, 17},
		{"too few lines", asked("q-one", "What is printed?", "js", "console.log(1);\nconsole.log(2);", "1"), False, `"2" is printed after the end of the key`, 16},
		{"too many lines", asked("q-one", "What is printed?", "js", "console.log(1);", "1\n2"), False, `nothing more is printed, the key says "2"`, 16},
		{"stderr is not printed output", asked("q-one", "What is printed?", "js", "console.error(1);", "1"), False, "nothing is printed", 15},
		{"the program fails", asked("q-one", "What is printed?", "js", "console.log(1);\nthere();", "2"), False, "ReferenceError: there is not defined", 16},
		{"an ES module", asked("q-one", "What does this ES module print?", "mjs", ordered, "promise\ntick"), Passed, "", 5},
		{"not an ES module", asked("q-one", "What does this ES module print?", "mjs", ordered, "tick\npromise"), False, `"promise" is printed`, 16},
		{"go", asked("q-one", "What is printed?", "go", "package main\n\nfunc main() { for i := range 2 { println(i); print() }; _ = 1 }", "0"), False, "nothing is printed", 17},
		{"go prints", asked("q-one", "What is printed?", "go", "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(7 / 2) }", "3"), Passed, "", 5},
		{"go does not compile", asked("q-one", "What is printed?", "go", "package main\n\nfunc main() { x := 1 }", "1"), False, "does not compile", 17},
		{"an older go", asked("q-one", "What does Go 1.21 print?", "go", loopVariable, "2 2"), Passed, "", 5},
		{"a newer go", asked("q-one", "What does Go 1.22 print?", "go", loopVariable, "0 1"), Passed, "", 5},
		{"a go to come", asked("q-one", "What does Go 1.999 print?", "go", loopVariable, "0 1"), NotVerified, "the prompt names Go 1.999", 5},
		{"sh", asked("q-one", "What is printed?", "sh", "for i in 1 2; do echo $i; done", "1\n2"), Passed, "", 5},
		{"sqlite", asked("q-one", "What is printed?", "sql", "SELECT 1, NULL, 'x' UNION SELECT 2, 0.5, x'41';", "1||x\n2|0.5|A"), Passed, "", 5},
		{"python", asked("q-one", "What is printed?", "python", "print(1)", "1"), NotVerified, "no block of the prompt is in a language that can be executed", 5},
		{"a Node to come", asked("q-one", "What does Node 999 print?", "js", "console.log(1);", "1"), NotVerified, "the prompt names Node 999, which is not on this machine", 5},
		{"an old Node", asked("q-one", "What does Node 12 or later print?", "js", "console.log(1);", "1"), Passed, "", 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := verifyOne(t, test.text)
			c := r.Checks[0]
			if r.State() != test.state || !strings.Contains(c.Detail, test.want) || (c.Detail == "") != (test.state == Passed) || c.Line != test.line || c.Col != 1 {
				t.Errorf("got %s, %+v; want %s, %q at line %d", r.State(), c, test.state, test.want, test.line)
			}
		})
	}
}

// loopVariable prints something else since each turn of a loop has a variable of its own.
const loopVariable = `package main

import "fmt"

func main() {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i })
	}
	fmt.Println(fs[0](), fs[1]())
}`

func TestAMissingRuntimeIsNotVerified(t *testing.T) {
	here := without(runtimes(t), "node-cjs", "node-esm", "go", "sh")
	for _, text := range []string{
		asked("q-one", "What is printed?", "js", "console.log(1);", "1"),
		asked("q-one", "What is printed?", "mjs", "console.log(1);", "1"),
		asked("q-one", "What is printed?", "go", "package main", "1"),
		asked("q-one", "What is printed?", "sh", "echo 1", "1"),
	} {
		r := verifyAll(t, questions(t, text), here)[0]
		if r.State() != NotVerified || !strings.Contains(r.Checks[0].Detail, "is not on this machine") {
			t.Errorf("%s\ngot %+v", text, r.Checks)
		}
	}
}

func TestADifferenceBetweenModulesIsAFindingUnlessThePromptNamesOne(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"not named", asked("q-one", "What is printed?", "js", ordered, "tick\npromise"), "16:1: warning runtime-differs"},
		{"named", asked("q-one", "What does this CommonJS file print?", "js", ordered, "tick\npromise"), ""},
		{"named by the language", asked("q-one", "What is printed?", "cjs", ordered, "tick\npromise"), ""},
		{"named in code alone", asked("q-one", "What is printed?", "js", ordered+" // CommonJS", "tick\npromise"), "16:1: warning runtime-differs"},
		{"told by require", asked("q-one", "What is printed?", "js", "const path = require('node:path');\n"+ordered, "tick\npromise"), ""},
		{"the same", asked("q-one", "What is printed?", "js", "console.log(1);", "1"), ""},
		{"this", asked("q-one", "What is printed?", "js", "console.log(typeof this);", "object"), "15:1: warning runtime-differs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := verifyOne(t, test.text)
			if got := findingLines(r.Findings); r.State() != Passed || (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %s %q, want %q", r.State(), got, test.want)
			}
			if entries := Record([]Result{r}, nil, "2026-01-02", nil); (len(entries) == 1) != (test.want == "") {
				t.Errorf("recorded %v beside the findings %v", entries, r.Findings)
			}
		})
	}
}

func findingLines(findings []markdown.Finding) string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

func TestLinesNamed(t *testing.T) {
	tests := []struct {
		prompt string
		exact  []int
		from   int
	}{
		{"What does it print?", nil, 0},
		{"The program runs in Node.js.", nil, 0},
		{"Node 22", []int{22}, 0},
		{"Run with Node.js v22.12.0.", []int{22}, 0},
		{"Node 22 or 24, CommonJS.", []int{22, 24}, 0},
		{"On Node 22, 24 and 26 it prints", []int{22, 24, 26}, 0},
		{"Node 22 or later", nil, 22},
		{"Node 20+", nil, 20},
		{"Node has 4 threads", nil, 0},
	}
	for _, test := range tests {
		q := bank.Question{}
		q.Stem.Text = test.prompt
		got := linesNamed(q, "node-cjs")
		if !slices.Equal(got.exact, test.exact) || got.from != test.from {
			t.Errorf("linesNamed(%q) = %+v, want %v from %d", test.prompt, got, test.exact, test.from)
		}
	}
}

func TestWhatIsOnRecordIsNotExecutedAgain(t *testing.T) {
	text := asked("q-one", "What is printed?", "js", "console.log(1);", "1")
	first := verifyOne(t, text)
	recorded := Record([]Result{first}, nil, "2026-01-02", nil)
	if len(recorded) != 1 || recorded[0].Date != "2026-01-02" || recorded[0].Version == "" {
		t.Fatalf("recorded %+v", recorded)
	}
	for name, test := range map[string]struct {
		text  string
		again bool
	}{
		"the same":           {text, false},
		"another key":        {strings.Replace(text, "\n1\n", "\n2\n", 1), true},
		"another program":    {strings.Replace(text, "log(1)", "log(2)", 1), true},
		"another prompt":     {strings.Replace(text, "printed?", "printed now?", 1), true},
		"another runtime":    {strings.Replace(text, "q-one", "q-one, runtimes: [node-esm]", 1), true},
		"another question":   {strings.Replace(text, "q-one", "q-two", 1), true},
		"a new explanation":  {text + "\n### Explanation\n\nIt is one.\n", false},
		"another difficulty": {strings.Replace(text, "q-one", "q-one, difficulty: hard", 1), false},
	} {
		if c := verifyOne(t, test.text, recorded...).Checks[0]; (c.Recorded == "") != test.again {
			t.Errorf("%s: executed again is %v, want %v: %+v", name, c.Recorded == "", test.again, c)
		}
	}
}

func TestRecordKeepsWhatThisMachineCannotRepeat(t *testing.T) {
	qs := questions(t, asked("q-one", "What is printed?", "js", "console.log(1);", "1"))
	q := qs[0]
	made := func(id, version string) bank.Executed {
		e := entry(q, Check{Runtime: "node-cjs", Version: version}, "2025-05-05")
		e.ID = id
		return e
	}
	other := made("q-one", "18.1.0")
	other.KeyHash = "of another key"
	old := []bank.Executed{made("q-one", "18.0.0"), made("q-one", "24.0.0"), other, made("q-broken", "18.0.0"), made("q-gone", "18.0.0")}
	now := []Result{{Question: q, Checks: []Check{{State: Passed, Runtime: "node-cjs", Version: "24.9.0"}}}}
	var got []string
	for _, e := range Record(now, old, "2026-06-06", func(id string) bool { return id == "q-broken" }) {
		got = append(got, e.ID+" "+e.Version+" "+e.Date)
	}
	want := []string{"q-one 24.9.0 2026-06-06", "q-one 18.0.0 2025-05-05", "q-broken 18.0.0 2025-05-05"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTwins(t *testing.T) {
	choice := func(id, title, language, code string) string {
		return fmt.Sprintf("## %s\n<!-- id: %s -->\n\n```%s\n%s\n```\n\n- [x] 1\n- [ ] 2\n  > No.\n", title, id, language, code)
	}
	const log = "console.log(1);"
	tests := []struct {
		name  string
		texts []string
		want  int
	}{
		{"alone", []string{choice("q-one", "What does this program print?", "js", log)}, 1},
		{"in Go", []string{choice("q-one", "What is printed?", "go", "fmt.Println(1)")}, 1},
		{"in sh", []string{choice("q-one", "Which line is printed last?", "sh", "true && echo 1")}, 1},
		{"asked in the stem", []string{strings.Replace(choice("q-one", "A program", "js", log), "```js", "Which number is logged first?\n\n```js", 1)}, 1},
		{"with a twin of the same code", []string{choice("q-one", "What does this program print?", "js", log), asked("q-two", "And this?", "js", log, "1")}, 0},
		{"with a twin of other code", []string{choice("q-one", "What does this program print?", "js", log), asked("q-two", "And this?", "js", log+log, "1\n1")}, 1},
		{"with a related twin", []string{choice("q-one, related: [q-two]", "What does this program print?", "js", log), asked("q-two", "And this?", "js", log+log, "1\n1")}, 0},
		{"asks something else", []string{choice("q-one", "What is wrong with this program?", "js", log)}, 0},
		{"prints nothing", []string{choice("q-one", "What does this program print?", "js", "return 1;")}, 0},
		{"needs a file", []string{choice("q-one", "What does this program print?", "js", "import { a } from './a.mjs';\nconsole.log(a);")}, 0},
		{"calls a program", []string{choice("q-one", "What does this script print?", "sh", "node server.js &\necho $?")}, 0},
		{"cannot be executed", []string{choice("q-one", "What does this program print?", "python", "print(1)")}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Twins(questions(t, test.texts...)); len(got) != test.want {
				t.Errorf("got %v, want %d", got, test.want)
			}
		})
	}
}

func TestNodeThatIsNotThere(t *testing.T) {
	notNode := filepath.Join(t.TempDir(), "node")
	if err := os.WriteFile(notNode, []byte("#!/bin/sh\necho hello\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/nowhere/node", notNode} {
		if _, err := FindRuntimes(t.Context(), []string{path}); err == nil {
			t.Errorf("FindRuntimes took %s", path)
		}
	}
}
