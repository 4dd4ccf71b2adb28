package progress

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Revisions are named for their keys: 11 and 12 have key 1, and so on.
func keyOf(revision int64) (string, error) { return fmt.Sprint("key ", revision/10), nil }

func TestCorrections(t *testing.T) {
	event := func(seq, at int64, kind QuestionEventKind, revision, other int64) QuestionEvent {
		key, _ := keyOf(revision)
		return QuestionEvent{Question: 7, Seq: seq, At: at, Kind: kind, Revision: revision, Key: key, Other: other}
	}
	answer := func(seq, at, revision int64) Evidence {
		return Evidence{Seq: seq, At: at, Kind: Responded, Question: 7, Revision: revision, Attempt: seq}
	}
	corrected := func(seq, at, ref, revision int64) Evidence {
		return Evidence{Seq: seq, At: at, Kind: Corrected, Question: 7, Ref: ref, Revision: revision}
	}
	held := func(e Evidence) Evidence {
		e.Held = true
		return e
	}
	open := answer(1, 10, 11)
	open.Score = NotJudged
	added := event(1, 0, Added, 11, 0)
	fix := event(2, 100, KeyCorrected, 20, 0)
	back := event(3, 200, KeyReverted, 11, 2)
	tests := []struct {
		name   string
		log    []Evidence
		events []QuestionEvent
		want   string // response→revision
	}{
		{"no correction", []Evidence{answer(1, 10, 11)}, []QuestionEvent{added, event(2, 100, KeyChanged, 20, 0)}, ""},
		{"answered before", []Evidence{answer(1, 10, 11)}, []QuestionEvent{added, fix}, "1→20 "},
		{"answered after", []Evidence{answer(1, 110, 20)}, []QuestionEvent{added, fix}, ""},
		{"corrected already", []Evidence{answer(1, 10, 11), corrected(2, 110, 1, 20)}, []QuestionEvent{added, fix}, ""},
		{"by another wording of the wrong key", []Evidence{answer(1, 10, 12)}, []QuestionEvent{added, fix}, "1→20 "},
		{"answered after, in an attempt that was running", []Evidence{answer(1, 110, 12)}, []QuestionEvent{added, fix}, "1→20 "},
		{"not judged", []Evidence{open}, []QuestionEvent{added, fix}, ""},
		{"held", []Evidence{held(answer(1, 10, 11))}, []QuestionEvent{added, fix}, ""},
		{"held no more", []Evidence{held(answer(1, 10, 11)), {Seq: 2, At: 120, Kind: Finished, Attempt: 1}}, []QuestionEvent{added, fix}, "1→20 "},
		{
			"by a key before the wrong one",
			[]Evidence{answer(1, 10, 11), answer(2, 60, 30)},
			[]QuestionEvent{added, event(2, 50, KeyChanged, 30, 0), event(3, 100, KeyCorrected, 20, 0)},
			"1→20 2→20 ",
		},
		{
			"corrected twice",
			[]Evidence{answer(1, 10, 11), answer(2, 110, 20), answer(3, 160, 30)},
			[]QuestionEvent{added, fix, event(3, 150, KeyCorrected, 30, 0)},
			"1→30 2→30 ",
		},
		{
			"taken back",
			[]Evidence{answer(1, 10, 11), corrected(2, 110, 1, 20), answer(3, 120, 20), answer(4, 210, 11)},
			[]QuestionEvent{added, fix, back},
			"1→11 3→11 ",
		},
		{
			"taken back before anybody noticed", []Evidence{answer(1, 10, 12)}, []QuestionEvent{added, fix, back}, "",
		},
		{
			"taken back, and once more",
			[]Evidence{answer(1, 10, 11), answer(2, 120, 20), answer(3, 210, 11), answer(4, 310, 20)},
			[]QuestionEvent{added, fix, back, event(4, 300, KeyCorrected, 20, 0)},
			"1→20 3→20 ",
		},
		{
			"two taken back at once",
			[]Evidence{answer(1, 10, 11), corrected(2, 110, 1, 20), corrected(3, 155, 1, 30), answer(4, 120, 20), answer(5, 160, 30)},
			[]QuestionEvent{added, fix, event(3, 150, KeyCorrected, 30, 0), event(4, 200, KeyReverted, 11, 2)},
			"1→11 4→11 5→11 ",
		},
		{
			"the later of two taken back",
			[]Evidence{answer(1, 10, 11), answer(2, 120, 20), answer(3, 160, 30)},
			[]QuestionEvent{added, fix, event(3, 150, KeyCorrected, 30, 0), event(4, 200, KeyReverted, 20, 3)},
			"1→20 3→20 ",
		},
		{
			"another question from then on",
			[]Evidence{answer(1, 10, 11), answer(2, 260, 11)},
			[]QuestionEvent{added, fix, event(3, 250, KeyChanged, 11, 0)},
			"1→20 ",
		},
		{
			"of the question that took this one in",
			[]Evidence{answer(1, 10, 11)},
			[]QuestionEvent{
				added,
				{Question: 9, Seq: 1, At: 50, Kind: KeyCorrected, Revision: 40, Key: "key 4"}, // before
				{Question: 9, Seq: 2, At: 60, Kind: Absorbed, Revision: 40, Key: "key 4", Other: 7},
				{Question: 9, Seq: 3, At: 70, Kind: KeyCorrected, Revision: 50, Key: "key 5"},
			},
			"1→50 ",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			due, err := Corrections(test.log, test.events, keyOf)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, c := range due {
				got += fmt.Sprintf("%d→%d ", c.Response.Seq, c.Revision)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Corrections (-want +got):\n%s", diff)
			}
		})
	}
}
