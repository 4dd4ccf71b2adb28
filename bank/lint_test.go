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

// TestTenMistakes: an author's file with ten mistakes gets ten findings, each where the mistake is, with a remedy.
func TestTenMistakes(t *testing.T) {
	a := readArchive(t, "testdata/review/ten-mistakes.txtar")
	_, findings, err := Lint(a.folder("findings"), reviewDay)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ at, code string }{ // where the words stand in the file
		{"levle", "fm-key"},
		{"simple", "meta-value"},
		{"- [] ", "choice-box"},
		{"## What does a 304", "id-missing"},
		{"### Explanations", "section-unknown"},
		{"- = 40", "accept-number"},
		{"cache-own-answer -->", "id-dup"},
		{"{{s-maxage", "cloze-open"},
		{"[the list]", "link-broken"},
		{"<Vary>", "html-tag"},
	}
	source := strings.Split(a.files["questions/bad.md"], "\n")
	for i, f := range findings {
		if i >= len(want) {
			t.Errorf("one finding too many: %s", f)
			continue
		}
		if f.Code != want[i].code || !strings.HasPrefix(source[f.Line-1][f.Col-1:], want[i].at) {
			t.Errorf("finding %d is %s at %q; want %s at %q", i+1, f, source[f.Line-1][f.Col-1:], want[i].code, want[i].at)
		}
		if !strings.ContainsAny(f.Message, ";?") {
			t.Errorf("no remedy: %s", f)
		}
	}
	if len(findings) < len(want) {
		t.Errorf("%d findings, want %d", len(findings), len(want))
	}
}
