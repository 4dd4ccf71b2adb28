package bank

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rehearse/markdown"
)

// TestFindings reads the archives in testdata/findings. In each, bad files hold a fault and good files, their nearest
// innocent twins, must stay silent.
func TestFindings(t *testing.T) {
	paths, err := filepath.Glob("testdata/findings/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a := readArchive(t, path)
			b, findings, err := Read(a.folder("findings"))
			if err != nil {
				t.Fatal(err)
			}
			a.expect(t, path, "findings", lines(findings))
			for _, f := range findings {
				if strings.Contains(f.Path, "good") {
					t.Errorf("the innocent twin is not silent: %s", f)
				}
			}
			checkBroken(t, b, findings)
		})
	}
}

// checkBroken fails unless the files with errors are the broken ones.
func checkBroken(t *testing.T, b Bank, findings []markdown.Finding) {
	t.Helper()
	for _, f := range findings {
		if f.Severity == markdown.Error && f.Path != manifestName &&
			!slices.ContainsFunc(b.Broken, func(x BrokenFile) bool { return x.File == f.Path }) {
			t.Errorf("%s has an error but is not broken", f.Path)
		}
	}
	for _, topic := range b.Topics {
		if slices.ContainsFunc(b.Broken, func(x BrokenFile) bool { return x.File == topic.File }) {
			t.Errorf("%s is both a topic and broken", topic.File)
		}
	}
}

func lines(findings []markdown.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// TestModels reads the archives in testdata/models and compares everything that was read.
func TestModels(t *testing.T) {
	paths, err := filepath.Glob("testdata/models/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a := readArchive(t, path)
			b, findings, err := Read(a.folder("findings", "model"))
			if err != nil {
				t.Fatal(err)
			}
			a.expect(t, path, "findings", lines(findings))
			a.expect(t, path, "model", indented(t, b))
		})
	}
}

func indented(t *testing.T, value any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sources(t *testing.T, folders ...string) []string {
	t.Helper()
	var texts []string
	for _, folder := range folders {
		paths, _ := filepath.Glob(folder + "/*.go")
		for _, p := range paths {
			if strings.HasSuffix(p, "_test.go") {
				continue
			}
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(data))
		}
	}
	return texts
}

func TestReadFails(t *testing.T) {
	for name, fsys := range map[string]string{"missing": "testdata/nowhere", "not a folder": "doc.go"} {
		if _, _, err := Read(os.DirFS(fsys)); err == nil {
			t.Errorf("Read of a root that is %s: no error", name)
		}
	}
	if _, findings, err := Read(fstest.MapFS{}); err != nil || len(findings) != 1 || findings[0].Code != "bank-missing" {
		t.Errorf("Read of an empty folder = %v, %v; want bank-missing alone", findings, err)
	}
}

func TestFolders(t *testing.T) {
	topic := func(id string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: T\n---\n\n## A?\n<!-- id: " + id + " -->\n\n### Answer\n\nB.\n")}
	}
	manifest := &fstest.MapFile{Data: []byte("id: abc\ntitle: T\nlicense: MIT\n")}
	tests := []struct {
		name   string
		folder fstest.MapFS
		want   []string
	}{
		{"questions", fstest.MapFS{
			"questions/b.md": topic("b-1"), "questions/sub/a.md": topic("a-1"), "c.md": topic("c-1"),
			"questions/ReadMe.md": topic("r-1"), "questions/.x.md": topic("x-1"), "questions/.git/y.md": topic("y-1"),
			"questions/note.txt": topic("t-1"),
		}, []string{"questions/sub/a.md", "questions/b.md"}},
		{"root", fstest.MapFS{
			"b.md": topic("b-1"), "guides/g.md": topic("g-1"), "sub/a.md": topic("a-1"), "readme.md": topic("r-1"),
			"sets/s.md": topic("s-1"),
		}, []string{"sub/a.md", "b.md"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.folder[manifestName] = manifest
			b, findings, err := Read(test.folder)
			if err != nil || len(findings) > 0 {
				t.Fatal(findings, err)
			}
			var got []string
			for _, topic := range b.Topics {
				got = append(got, topic.File)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("files = %v, want %v", got, test.want)
			}
		})
	}
}
