package bank

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormat reads the archives in testdata/format: the files as they were, then each as fmt leaves it below after/, and
// what was said. Formatting the result again must change nothing.
func TestFormat(t *testing.T) {
	paths, err := filepath.Glob("testdata/format/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a := readArchive(t, path)
			after, notes := a.format(t, !strings.HasPrefix(filepath.Base(path), "fix-"))
			a.expect(t, path, "notes", notes)
			for _, f := range after {
				if f.Changed() {
					a.expect(t, path, "after/"+f.Path, string(f.After))
				}
				if strings.Contains(f.Path, "good") && f.Changed() {
					t.Errorf("%s was to stay, and is now\n%s", f.Path, f.After)
				}
				again := archive{files: map[string]string{f.Path: string(f.After), manifestName: a.files[manifestName]}}
				if twice, _ := again.format(t, true); twice[0].Changed() && !strings.HasPrefix(filepath.Base(path), "fix-") {
					t.Errorf("%s changes again:\n%s\nto\n%s", f.Path, f.After, twice[0].After)
				}
			}
		})
	}
}

func (a archive) format(t *testing.T, layout bool) ([]Formatted, string) {
	t.Helper()
	folder := a.folder("notes")
	for name := range folder {
		if strings.HasPrefix(name, "after/") {
			delete(folder, name)
		}
	}
	done, err := Format(folder, layout)
	if err != nil {
		t.Fatal(err)
	}
	var notes strings.Builder
	for _, f := range done {
		for _, m := range f.Mended {
			fmt.Fprintf(&notes, "%s:%d:%d: mended %s\n", m.Path, m.Line, m.Col, m.Code)
		}
		if f.Kept != "" {
			fmt.Fprintf(&notes, "%s: left alone: %s\n", f.Path, f.Kept)
		}
	}
	return done, notes.String()
}
