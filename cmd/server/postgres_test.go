package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rehearse/sandbox"
	"rehearse/store/storetest"
)

func TestMain(m *testing.M) {
	sandbox.Main() // statements run in children of this program
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

// TestMoveToPostgresAndBack: progress made on SQLite is there on PostgreSQL, for two servers at once, and on SQLite again.
func TestMoveToPostgresAndBack(t *testing.T) {
	url := storetest.NewPostgres(t)
	dir := t.TempDir()
	file, back := filepath.Join(dir, "one.db"), filepath.Join(dir, "two.db")
	command := func(want int, args ...string) string {
		t.Helper()
		var out, stderr bytes.Buffer
		if code := run(t.Context(), args, noEnv, &out, &stderr); code != want {
			t.Fatalf("%v: exit code %d, want %d\n%s%s", args, code, want, &out, &stderr)
		}
		return out.String() + stderr.String()
	}
	s := start(t, "--database", file)
	c := browser(t)
	path := answerFirst(t, c, s.url)
	if out := command(exitCannot, "copy", "--from", file, "--to", url); !strings.Contains(out, "stop it first") {
		t.Errorf("copy of a database in use says %q", out)
	}
	s.end()
	if out := command(exitDone, "copy", "--from", "sqlite:"+file, "--to", url); !strings.Contains(out, "copied and verified") {
		t.Errorf("copy says %q", out)
	}
	a, b := start(t, "--database", url), start(t, "--database", url)
	for _, s := range []*server{a, b} {
		if code, page := read(t, c, s.url+path); code != 200 || !strings.Contains(page, "Explanation") {
			t.Errorf("the verdict at %s: status %d", s.url, code)
		}
	}
	for _, verb := range []string{"check", "rebuild"} {
		command(exitDone, verb, "--database", url)
	}
	for _, verb := range []string{"backup", "restore"} {
		if out := command(exitCannot, verb, "--database", url, filepath.Join(dir, "x")); !strings.Contains(out, "pg_dump") {
			t.Errorf("%s of PostgreSQL says %q", verb, out)
		}
	}
	if out := command(exitCannot, "copy", "--from", url, "--to", back); !strings.Contains(out, "stop it first") {
		t.Errorf("copy of a database in use says %q", out)
	}
	if out := command(exitCannot, "copy", "--from", file, "--to", url); !strings.Contains(out, "stop it first") {
		t.Errorf("copy to a database in use says %q", out)
	}
	a.end()
	b.end()
	command(exitDone, "copy", "--from", url, "--to", back)
	s = start(t, "--database", back)
	if code, page := read(t, c, s.url+path); code != 200 || !strings.Contains(page, "Explanation") {
		t.Errorf("the verdict after moving back: status %d", code)
	}
	if out := command(exitCannot, "copy", "--from", file, "--to", url); !strings.Contains(out, "not empty") {
		t.Errorf("copy to a full database says %q", out)
	}
	command(exitCannot, "copy", "--from", file+".none", "--to", url)
	command(exitCannot, "copy", "--from", file)
}
