package progress

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/srs"
)

func TestRatingsRoundTrip(t *testing.T) {
	tests := []struct {
		name    string
		ratings []PartRating
		text    string
	}{
		{"none", nil, ""},
		{"one card", []PartRating{{0, srs.Good, 0}}, "0:3"},
		{"cloze", []PartRating{{1, srs.Again, 0}, {2, srs.Hard, 9}, {12, srs.Easy, 0}}, "1:1,2:2:9,12:4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := FormatRatings(test.ratings); got != test.text {
				t.Errorf("FormatRatings(%v) = %q, want %q", test.ratings, got, test.text)
			}
			got, err := ParseRatings(test.text)
			if err != nil {
				t.Fatalf("ParseRatings(%q): %v", test.text, err)
			}
			if diff := cmp.Diff(test.ratings, got); diff != "" {
				t.Errorf("ParseRatings(%q) (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestParseRatingsRefuses(t *testing.T) {
	for _, text := range []string{"3", "x:3", "0:", "0:x", "0:3,", "0:3;1:2"} {
		if got, err := ParseRatings(text); err == nil {
			t.Errorf("ParseRatings(%q) = %v, want an error", text, got)
		}
	}
}

func TestEffective(t *testing.T) {
	answer := func(seq, attempt int64, position int, held bool) Evidence {
		return Evidence{Seq: seq, At: seq * 100, Kind: Responded, Question: 7, Attempt: attempt, Position: position, Held: held}
	}
	grade := func(seq int64) Evidence { return Evidence{Seq: seq, At: seq * 100, Kind: Graded, Question: 7} }
	undo := func(seq, ref int64) Evidence {
		return Evidence{Seq: seq, At: seq * 100, Kind: Undone, Question: 7, Ref: ref}
	}
	finish := func(seq, attempt int64) Evidence {
		return Evidence{Seq: seq, At: seq * 100, Kind: Finished, Attempt: attempt}
	}
	correction := func(seq, ref, score, revision int64) Evidence {
		return Evidence{Seq: seq, At: seq * 100, Kind: Corrected, Question: 7, Ref: ref, Score: score, Revision: revision, Ratings: []PartRating{{0, srs.Good, 0}}}
	}
	scored := func(e Evidence, score, revision int64) Evidence {
		e.Score, e.Revision, e.Ratings = score, revision, []PartRating{{0, srs.Good, 0}}
		return e
	}
	late := func(seq, at int64) Evidence { return Evidence{Seq: seq, At: at, Kind: Graded, Question: 7} }
	released := func(e Evidence, f Evidence) Evidence {
		e.Seq, e.At = f.Seq, f.At
		return e
	}
	tests := []struct {
		name string
		log  []Evidence
		want []Evidence
	}{
		{"empty", nil, nil},
		{"practice counts at once", []Evidence{answer(1, 5, 0, false), finish(2, 5)}, []Evidence{answer(1, 5, 0, false), finish(2, 5)}},
		{"a running exam does not count", []Evidence{answer(1, 5, 0, true), grade(2)}, []Evidence{grade(2)}},
		{
			"an exam counts when it is finished, by position",
			[]Evidence{answer(1, 5, 2, true), grade(2), answer(3, 5, 0, true), answer(4, 6, 0, true), finish(5, 5)},
			[]Evidence{grade(2), released(answer(3, 5, 0, true), finish(5, 5)), released(answer(1, 5, 2, true), finish(5, 5)), finish(5, 5)},
		},
		{
			"a corrected response counts by its last correction",
			[]Evidence{answer(1, 5, 0, false), correction(2, 1, AllRight, 70), correction(3, 1, 500_000, 80)},
			[]Evidence{scored(answer(1, 5, 0, false), 500_000, 80), correction(2, 1, AllRight, 70), correction(3, 1, 500_000, 80)},
		},
		{
			"an exam that was corrected",
			[]Evidence{answer(1, 5, 0, true), finish(2, 5), correction(3, 1, AllRight, 70)},
			[]Evidence{released(scored(answer(1, 5, 0, true), AllRight, 70), finish(2, 5)), finish(2, 5), correction(3, 1, AllRight, 70)},
		},
		{
			"a log that was merged in goes by its times",
			[]Evidence{grade(2), grade(4), late(5, 100), late(6, 300), late(7, 400)},
			[]Evidence{late(5, 100), grade(2), late(6, 300), grade(4), late(7, 400)},
		},
		{"an undone grade goes, its undoing stays", []Evidence{grade(1), undo(2, 1)}, []Evidence{undo(2, 1)}},
		{"undone after another response", []Evidence{grade(1), answer(2, 5, 0, false), undo(3, 1)}, []Evidence{answer(2, 5, 0, false), undo(3, 1)}},
		{"two undone", []Evidence{grade(1), grade(2), undo(3, 2), undo(4, 1)}, []Evidence{undo(3, 2), undo(4, 1)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Effective(test.log)); diff != "" {
				t.Errorf("Effective (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReleaseLeavesItsArgumentAlone(t *testing.T) {
	held := []Evidence{{Seq: 1, At: 100, Position: 1}, {Seq: 2, At: 200, Position: 0}}
	Release(held, Evidence{Seq: 9, At: 900})
	want := []Evidence{{Seq: 1, At: 100, Position: 1}, {Seq: 2, At: 200, Position: 0}}
	if diff := cmp.Diff(want, held); diff != "" {
		t.Errorf("held after Release (-want +got):\n%s", diff)
	}
}
