package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rehearse/assess"
	"rehearse/bank"
)

func TestSimulate(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"bank.yaml": "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n", "questions/ports.md": oneQuestion})
	cards := t.TempDir()
	write(t, cards, map[string]string{
		"bank.yaml":          "id: mine\ntitle: Mine\nlicense: CC-BY-4.0\n",
		"questions/ports.md": strings.Replace(oneQuestion, "id: ports\n", "id: ports\nuse: [card]\n", 1),
	})
	for _, tc := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"the built-in content", []string{"--candidates", "30"}, exitDone, "30 simulated candidates, seed 1, "},
		{"a folder", []string{"--candidates", "5", dir}, exitDone, "5 simulated candidates, seed 1, 1 items, pilot"},
		{"as a page", []string{"--candidates", "5", "--report", "html", dir}, exitDone, "<!doctype html>"},
		{"as JSON", []string{"--candidates", "5", "--report", "json", "--seed", "7", dir}, exitDone, `"seed": "7"`},
		{"two topics", []string{"--candidates", "5", "--report", "json", "--blueprint", "sql=3,security=1"}, exitDone, `"share": 0.75`},
		{"an assessment", []string{"--candidates", "5", "--report", "json", "--assessment", "data"}, exitDone, `"topic": "mongodb"`},
		{"an unknown assessment", []string{"--candidates", "5", "--assessment", "cobol"}, exitCannot, `there is none with the id "cobol"; there are `},
		{"an unknown topic", []string{"--candidates", "5", "--blueprint", "cobol=1"}, exitCannot, `names topic "cobol"`},
		{"no share", []string{"--blueprint", "sql"}, exitCannot, `"sql" is no topic with a share`},
		{"no candidates", []string{"--candidates", "0"}, exitCannot, "out of range"},
		{"an unknown form", []string{"--report", "pdf"}, exitCannot, "text, json or html"},
		{"nothing to assess with", []string{cards}, exitCannot, "no question serves assessments"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out, stderr log
			code := run(t.Context(), append([]string{"simulate"}, tc.args...), noEnv, &out, &stderr)
			if code != tc.code || !strings.Contains(out.String()+stderr.String(), tc.want) {
				t.Errorf("exit code %d, want %d; printed %q and %q, want %q", code, tc.code, out.String(), stderr.String(), tc.want)
			}
		})
	}
}

func TestSimulationPageNeedsNothingElse(t *testing.T) {
	pool := []assess.Item{{ID: `<script>alert("x")</script>`, Topic: "ports", Level: "junior", A: 1}, {ID: "b", Topic: "ports", Level: "mid", A: 1}}
	r, err := assess.Simulation{Seed: 3, Candidates: 20, Rules: assess.DefaultRules(), Blueprint: assess.Even("ports"), Pool: pool}.Report()
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	if err := writeReport(t.Context(), &page, r, "html"); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "http:", "https:", "src=", "url(", "@import", "NaN", "Inf"} {
		if strings.Contains(page.String(), never) {
			t.Errorf("the page has %q in it", never)
		}
	}
	if regexp.MustCompile(`\son\w+=`).MatchString(page.String()) {
		t.Error("the page has an event handler")
	}
	if n := strings.Count(page.String(), `<svg class="plot"`); n != 4 {
		t.Errorf("%d plots, want 4", n)
	}
	for _, want := range []string{"&lt;script&gt;", "<style>", "All 2 items by how often they are asked", "pilot"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

func TestRecompute(t *testing.T) {
	text, err := os.ReadFile("../../assess/testdata/session.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"right.json":   string(text),
		"changed.json": strings.Replace(string(text), `"right": false`, `"right": true`, 1),
		"other.json":   strings.Replace(string(text), assess.Version, "1pl/0", 1),
		"list.json":    "[]",
	})
	for _, tc := range []struct {
		file string
		code int
		want string
	}{
		{"right.json", exitDone, "are the same, bit for bit"},
		{"changed.json", exitFindings, "differs: step 0 After Theta is "},
		{"other.json", exitCannot, `model version "1pl/0"`},
		{"list.json", exitCannot, "is not the log of a skill check"},
		{"missing.json", exitCannot, "missing.json"},
	} {
		var out, stderr log
		code := run(t.Context(), []string{"recompute", filepath.Join(dir, tc.file)}, noEnv, &out, &stderr)
		if code != tc.code || !strings.Contains(out.String()+stderr.String(), tc.want) {
			t.Errorf("%s: exit code %d, want %d; printed %q and %q, want %q", tc.file, code, tc.code, out.String(), stderr.String(), tc.want)
		}
	}
	if code := run(t.Context(), []string{"recompute"}, noEnv, io.Discard, io.Discard); code != exitCannot {
		t.Errorf("without a file: exit code %d", code)
	}
}

func TestItemsOfTheBuiltInBank(t *testing.T) {
	root, err := contentRoot("")
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := bank.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	items, topics := itemsOf(b)
	if len(topics) != len(b.Topics) {
		t.Errorf("%d topics have items, of %d", len(topics), len(b.Topics))
	}
	concepts := map[string]bool{}
	for _, it := range items {
		if err := it.Check(); err != nil {
			t.Error(err)
		}
		concepts[it.Concept] = true
	}
	if len(concepts) < 20 || concepts[""] {
		t.Errorf("%d items have %d concepts; one of them is none: %v", len(items), len(concepts), concepts[""])
	}
}
