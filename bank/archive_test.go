package bank

import (
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// An archive is several files in one text: each begins with a line "-- name --".
type archive struct {
	names []string
	files map[string]string
}

func parseArchive(text string) archive {
	a := archive{files: map[string]string{}}
	name := ""
	for _, line := range strings.SplitAfter(text, "\n") {
		trimmed := strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(trimmed, "-- ") && strings.HasSuffix(trimmed, " --") {
			name = strings.TrimSpace(trimmed[3 : len(trimmed)-3])
			a.names = append(a.names, name)
			continue
		}
		a.files[name] += line
	}
	return a
}

// String is the inverse of parseArchive. The text before the first file is kept.
func (a archive) String() string {
	var b strings.Builder
	b.WriteString(a.files[""])
	for _, name := range a.names {
		b.WriteString("-- " + name + " --\n" + a.files[name])
	}
	return b.String()
}

// folder returns the files of an archive but for the expectations.
func (a archive) folder(expectations ...string) fstest.MapFS {
	folder := fstest.MapFS{}
	for name, data := range a.files {
		folder[name] = &fstest.MapFile{Data: []byte(data)}
	}
	delete(folder, "")
	for _, name := range expectations {
		delete(folder, name)
	}
	return folder
}

func readArchive(t testing.TB, path string) archive {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseArchive(string(data))
}

// expect compares one expectation of an archive, or rewrites it.
func (a *archive) expect(t *testing.T, path, name, got string) {
	t.Helper()
	if *update {
		a.files[name] = got
		if err := os.WriteFile(path, []byte(a.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := a.files[name]; got != want {
		t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", path, name, got, want)
	}
}
