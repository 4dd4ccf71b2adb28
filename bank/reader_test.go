package bank

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// A reader that has followed all edits of a folder has what a new one has.
func TestReaderFollowsEveryEdit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		folder := withFile(testFront + question(""))
		reader := NewReader(folder)
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
		}
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
