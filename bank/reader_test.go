package bank

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// A reader that has followed all edits of a folder has what a new one has.
func TestReaderFollowsEveryEdit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		folder := withFile(testFront + question(""))
		reader, lean := NewReader(folder), NewReader(folder)
		for step := range 25 {
			edit(rng, folder)
			got, gotFindings, err := reader.Read()
			want, wantFindings, _ := Read(folder)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("step %d: the bank differs from that of a new reader (-new +kept):\n%s", step, diff)
			}
			if diff := cmp.Diff(wantFindings, gotFindings); diff != "" {
				t.Fatalf("step %d: the findings differ from those of a new reader (-new +kept):\n%s", step, diff)
			}
			heads, headsFindings, _ := lean.Read()
			lean.LetGo(&heads)
			if diff := cmp.Diff(headsOf(want), headsOf(heads)); diff != "" {
				t.Fatalf("step %d: the heads differ from those of a new reader (-new +let go):\n%s", step, diff)
			}
			if diff := cmp.Diff(wantFindings, headsFindings); diff != "" {
				t.Fatalf("step %d: the findings differ from those of a new reader (-new +let go):\n%s", step, diff)
			}
		}
	}
}

// headsOf returns a bank with the heads of its questions alone.
func headsOf(b Bank) Bank {
	b.Topics = slices.Clone(b.Topics)
	for i := range b.Topics {
		t := &b.Topics[i]
		t.Heads, t.Questions = t.AllHeads(), nil
	}
	return b
}

// What verified.json says reaches questions that were let go of.
func TestLetGoFollowsExecutions(t *testing.T) {
	text := testFront + "## What does it print?\n<!-- id: prints-one, runtimes: [node-cjs] -->\n\n```js\nconsole.log(1)\n```\n\n### Output\n\n```text\n1\n```\n\n### Explanation\n\nOne.\n"
	folder := withFile(text)
	reader := NewReader(folder)
	read := func() *Head {
		t.Helper()
		b, findings, err := reader.Read()
		if err != nil || b.Size() != 1 {
			t.Fatal(b, findings, err)
		}
		reader.LetGo(&b)
		return b.Topics[0].Heads[0]
	}
	b, findings, _ := Read(folder)
	if b.Size() != 1 {
		t.Fatal(findings)
	}
	q := b.Topics[0].Questions[0]
	if h := read(); len(h.Runtimes) == 0 || len(h.Executed) > 0 {
		t.Fatalf("%+v", h)
	}
	entry := Executed{q.ID, q.KeyHash, PromptHash(q), Execution{q.Runtimes[0], "24.1.0", "2026-11-22"}}
	folder[ExecutedName] = &fstest.MapFile{Data: FormatExecuted([]Executed{entry})}
	for range 2 {
		if h := read(); len(h.Executed) != 1 {
			t.Fatalf("executions: %v", h.Executed)
		}
	}
	delete(folder, ExecutedName)
	if h := read(); len(h.Executed) != 0 {
		t.Fatalf("executions that are gone: %v", h.Executed)
	}
}

// edit changes a folder in a way that matters: texts, ids that clash and clash no longer, files that come and go, images
// that links depend on, the licence that all files take over.
func edit(rng *rand.Rand, folder fstest.MapFS) {
	name := fmt.Sprintf("questions/%c.md", 'a'+rng.IntN(4))
	switch rng.IntN(7) {
	case 0:
		delete(folder, name)
	case 1:
		folder["bank.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "id: test-bank\ntitle: T\nlicense: L%d\n", rng.IntN(2))}
	case 2:
		if _, there := folder["questions/dot.png"]; there {
			delete(folder, "questions/dot.png")
		} else {
			folder["questions/dot.png"] = &fstest.MapFile{Data: []byte("x")}
		}
	default:
		text := testFront
		for range rng.IntN(3) {
			body := []string{"", "![dot](dot.png)\n", "[other](b.md)\n", "<blink>\n"}[rng.IntN(4)]
			text += fmt.Sprintf("## Which one of %d?\n<!-- id: the-id-%d, related: [the-id-%d] -->\n\n%s\n%s\n", rng.IntN(3), rng.IntN(5), rng.IntN(5), body, testChoices)
		}
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
}

// A file that did not change is not parsed again: its questions are the same ones, not equal ones.
func TestReaderParsesOnlyWhatChanged(t *testing.T) {
	folder := fstest.MapFS{}
	maps.Copy(folder, withFile(testFront+question("")))
	folder["questions/two.md"] = &fstest.MapFile{Data: []byte(testFront + "## Whose?\n<!-- id: other-id -->\n\n" + testChoices)}
	reader := NewReader(folder)
	before, _, _ := reader.Read()
	folder["questions/two.md"] = &fstest.MapFile{Data: []byte(testFront + "## Whom?\n<!-- id: other-id -->\n\n" + testChoices)}
	after, _, _ := reader.Read()
	if &before.Topics[0].Questions[0] != &after.Topics[0].Questions[0] {
		t.Error("the unchanged file was parsed again")
	}
	if before.Topics[1].Sum == after.Topics[1].Sum || after.Topics[1].Questions[0].Title.Text != "Whom?" {
		t.Error("the changed file was not parsed again")
	}
	if before.Topics[0].Sum != after.Topics[0].Sum || before.Topics[0].Sum == before.Topics[1].Sum {
		t.Error("sums do not tell topics apart")
	}
}
