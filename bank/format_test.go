package bank

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rehearse/markdown"
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

// TestScrambled formats what becomes of good and bad files when lines are dropped, repeated, moved and indented.
func TestScrambled(t *testing.T) {
	var pool []string
	for _, pattern := range []string{"testdata/findings/*.txtar", "testdata/models/*.txtar", "testdata/format/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, p := range paths {
			a := readArchive(t, p)
			for _, name := range slices.Sorted(maps.Keys(a.files)) {
				if strings.HasSuffix(name, ".md") {
					pool = append(pool, a.files[name])
				}
			}
		}
	}
	rounds := 300
	if n, err := strconv.Atoi(os.Getenv("SCRAMBLES")); err == nil {
		rounds = n
	}
	random := rand.New(rand.NewPCG(1, uint64(rounds)))
	for range rounds {
		checkFormat(t, scramble(random, pool))
		if t.Failed() {
			return
		}
	}
}

// scramble returns a file made of two others by a few changes of lines.
func scramble(random *rand.Rand, pool []string) string {
	lines := strings.Split(pool[random.IntN(len(pool))], "\n")
	other := strings.Split(pool[random.IntN(len(pool))], "\n")
	for range 1 + random.IntN(6) {
		i := random.IntN(len(lines))
		switch random.IntN(7) {
		case 0:
			lines = slices.Delete(lines, i, i+1)
		case 1:
			lines = slices.Insert(lines, i, other[random.IntN(len(other))])
		case 2:
			j := random.IntN(len(lines))
			lines[i], lines[j] = lines[j], lines[i]
		case 3:
			lines[i] = strings.Repeat(" ", random.IntN(5)) + lines[i]
		case 4:
			lines[i] = strings.TrimLeft(lines[i], " ")
		case 5:
			lines = slices.Insert(lines, i, "")
		case 6:
			lines[i] = strings.NewReplacer("- [ ]", "- []", "[x]", "[X]", "c1::", "", "id: ", "tags: [a], id: ").Replace(lines[i])
		}
		if len(lines) == 0 {
			lines = []string{""}
		}
	}
	text := strings.Join(lines, "\n")
	switch random.IntN(4) {
	case 0:
		return strings.ReplaceAll(text, "\n", "\r\n")
	case 1:
		return "\uFEFF" + text
	}
	return text
}

// TestLeftAlone plants edits that a faulty repair could make: none gets through.
func TestLeftAlone(t *testing.T) {
	text := testFront + question("Some *text*.") + "\nBecause.\n"
	for name, e := range map[string]struct{ old, new string }{
		"a word":            {"text", "words"},
		"a choice":          {"[x] one", "[ ] one"},
		"a label":           {"the-id", "an-id"},
		"the title":         {"title: Topic", "title: Topics"},
		"one question more": {"Because.", "## Because?\n<!-- id: an-id -->\n\n### Answer\n\nA."},
		"a new finding":     {"Because.", "Because. <!--\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ft := formatter{fsys: withFile(text), layout: true}
			before := ft.read("questions/one.md", []byte(text))
			at := strings.Index(text, e.old)
			before.src.Lay(markdown.Edit{From: at, To: at + len(e.old), Text: e.new})
			if _, kept := ft.converge(before, true); kept == "" {
				t.Errorf("%q instead of %q is written", e.new, e.old)
			}
		})
	}
}
