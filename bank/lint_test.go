package bank

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// reviewDay is the day on which the reviews of the tests take place.
var reviewDay = time.Date(2026, time.November, 21, 0, 0, 0, 0, time.UTC)

// TestLint reads the archives in testdata/review, each a bank whose bad files hold what a review finds. Good files must
// stay silent, and so must banks without a bad file.
func TestLint(t *testing.T) {
	paths, err := filepath.Glob("testdata/review/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a := readArchive(t, path)
			_, findings, err := Lint(a.folder("findings"), reviewDay)
			if err != nil {
				t.Fatal(err)
			}
			a.expect(t, path, "findings", lines(findings))
			for _, f := range findings {
				if strings.Contains(f.Path, "good") || !strings.Contains(strings.Join(a.names, " "), "bad.md") {
					t.Errorf("the innocent twin is not silent: %s", f)
				}
			}
		})
	}
}
