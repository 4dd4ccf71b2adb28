package sandbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rehearse/bank"
)

// runOne executes a program in one runtime.
func runOne(t *testing.T, name, language, code string) Printed {
	t.Helper()
	p, err := runIn(t, t.Context(), name, language, code)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func runIn(t *testing.T, ctx context.Context, name, language, code string) (Printed, error) {
	t.Helper()
	for _, rt := range runtimes(t) {
		if rt.Name == name {
			q := bank.Question{Script: bank.Script{Programs: []bank.Program{{Language: language, Code: code}}}}
			return rt.run(ctx, q)
		}
	}
	missing(t, "there is no "+name+" here")
	return Printed{}, nil
}

// missing skips a test for what a machine lacks. CI has everything.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Each of these would go on for ever, or take all there is.
func TestHostileProgramsAreStopped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, runtime, language, code string
		stopped                       bool // by a limit of ours, not of the kernel or the runtime
		want                          string
	}{
		{"a loop", "node-cjs", "js", "for (;;);", true, "did not end within 10s"},
		{"a loop in Go", "go", "go", "package main\n\nfunc main() { for { } }", true, "did not end within 10s"},
		{"a sleeper that ignores signals", "sh", "sh", "trap '' TERM INT HUP; while :; do sleep 1; done", true, "did not end within 10s"},
		{"an open handle", "node-esm", "js", "setInterval(() => {}, 1000);", true, "did not end within 10s"},
		{"endless output", "sh", "sh", "yes", true, "printed more than 1024 KiB"},
		{"endless errors", "sh", "sh", "yes >&2", true, "printed more than 1024 KiB"},
		{"memory", "node-cjs", "js", "const a = []; for (;;) a.push(Buffer.alloc(1 << 24, 1));", false, "exit status"},
		{"a large file", "sh", "sh", "yes > file", false, "exit status"},
		{"endless SQL", "sqlite", "sql", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n;", true, "did not end within 10s"},
		{"endless rows", "sqlite", "sql", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(zeroblob(4096)) FROM n;", true, "printed more than 1024 KiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := runOne(t, test.runtime, test.language, test.code)
			if p.Stopped != test.stopped || !strings.Contains(p.Status, test.want) {
				t.Errorf("stopped %v, %q, want %v, %q; printed %d bytes; %.200s", p.Stopped, p.Status, test.stopped, test.want, len(p.Text), p.Errors)
			}
			if len(p.Text) > maxPrinted || len(p.Errors) > maxPrinted {
				t.Errorf("%d and %d bytes were kept", len(p.Text), len(p.Errors))
			}
		})
	}
}

// What a program leaves behind is gone when the program is, and is not waited for.
func TestBackgroundChildrenEndWithTheProgram(t *testing.T) {
	const mark = "rehearse-background-child"
	p := runOne(t, "sh", "sh", "sh -c 'sleep 300; : "+mark+"' & echo started")
	if p.Stopped || p.Status != "" || p.Text != "started\n" {
		t.Errorf("got %+v", p)
	}
	for range 100 { // the kernel takes a moment
		if !running(mark) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the child is still running")
}

// running reports whether a process has a word on its command line.
func running(word string) bool {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range lines {
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), word) {
			return true
		}
	}
	return false
}

func TestProgramsFindNothingInTheirEnvironment(t *testing.T) {
	t.Setenv("REHEARSE_SECRET", "secret")
	p := runOne(t, "node-cjs", "js", "console.log(Object.keys(process.env).sort().join(), process.env.HOME === process.cwd(), process.env.TZ);\n"+
		"process.stdin.on('data', () => console.log('stdin')).on('end', () => console.log('end'));")
	if p.Text != "HOME,PATH,PWD,TMPDIR,TZ true UTC\nend\n" && p.Text != "HOME,OLDPWD,PATH,PWD,TMPDIR,TZ true UTC\nend\n" {
		t.Errorf("got %+v", p)
	}
	if p := runOne(t, "sh", "sh", "cat; pwd; ls"); !strings.HasSuffix(p.Text, "\nprogram.sh\n") || strings.Count(p.Text, "\n") != 2 {
		t.Errorf("got %+v", p)
	}
}

func TestAnAuthorCanInterrupt(t *testing.T) {
	for _, program := range [][3]string{{"sh", "sh", "sleep 1000"}, {"sqlite", "sql", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT max(i) FROM n;"}} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(200*time.Millisecond, cancel)
		if _, err := runIn(t, ctx, program[0], program[1], program[2]); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", program[0], err)
		}
	}
}

func TestTemporaryFoldersAreRemoved(t *testing.T) {
	dir, err := os.MkdirTemp("", "rehearse-test-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	runOne(t, "sh", "sh", "mkdir -p a/b; echo x > a/b/c")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// The expected texts were printed by the sqlite3 shell.
func TestSQLIsPrintedAsTheShellDoes(t *testing.T) {
	tests := []struct{ name, script, want, errors string }{
		{"types", "SELECT 1, 1.0, 0.5, 1e100, -0.0, NULL, '', x'4142', 'ä|b', 9007199254740993;", "1|1.0|0.5|1.0e+100|0.0|||AB|ä|b|9007199254740993", ""},
		{"declared dates and booleans", "CREATE TABLE t (d DATE, s TIMESTAMP, b BOOLEAN); INSERT INTO t VALUES ('2025-03-01', 5, 1); SELECT * FROM t;", "2025-03-01|5|1", ""},
		{"several results", "SELECT 1; SELECT 2;\nSELECT 3 -- the last one", "1\n2\n3", ""},
		{"a trigger", "CREATE TABLE t (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN\n  UPDATE t SET a = a + 1;\n  DELETE FROM t WHERE a > 5;\nEND;\nINSERT INTO t VALUES (1), (9);\nSELECT a FROM t;", "3", ""},
		{"returning", "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2) RETURNING a * 2;", "2\n4", ""},
		{"a failing statement", "CREATE TABLE t (a UNIQUE);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);\nSELECT count(*) FROM t;", "1", "UNIQUE constraint failed: t.a"},
		{"an unknown table", "SELECT * FROM nowhere;\nSELECT 2;", "2", "no such table: nowhere"},
		{"the rest of a line", "SELECT 1; SELECT * FROM nowhere; SELECT 2;\nSELECT 3;", "1\n3", "no such table: nowhere"},
		{"a syntax error", "SELEC 1;\nSELECT 2;", "2", `near "SELEC": syntax error`},
		{"comments alone", "-- nothing\n/* at all */", "", ""},
		{"a semicolon in a text", "SELECT 'a;\nb';", "a;\nb", ""},
		{"another file", "ATTACH 'other.db' AS o;", "", "too many attached databases - max 0"},
	}
	for _, test := range tests {
		p := runOne(t, "sqlite", "sql", test.script)
		if bank.NormalOutput(p.Text) != test.want || p.Errors != test.errors {
			t.Errorf("%s: got %q, errors %q; want %q, %q", test.name, p.Text, p.Errors, test.want, test.errors)
		}
	}
}

func TestCommandsOfTheShellAreNotRun(t *testing.T) {
	_, err := runIn(t, t.Context(), "sqlite", "sql", ".mode box\nSELECT 1;")
	if err == nil || !strings.Contains(err.Error(), ".mode box") {
		t.Errorf("got %v", err)
	}
}
