package progress

import (
	"slices"
	"testing"
)

func TestFirstResponses(t *testing.T) {
	log := []Evidence{
		{Seq: 1, At: 1, Kind: Responded, Question: 1, Score: 0},
		{Seq: 2, At: 2, Kind: Responded, Question: 1, Score: AllRight},        // not the first
		{Seq: 3, At: 3, Kind: Graded, Question: 2, Score: NotJudged},          // the answer was seen
		{Seq: 4, At: 4, Kind: Responded, Question: 2, Score: AllRight},        // after that
		{Seq: 5, At: 5, Kind: Responded, Question: 3, Score: NotJudged},       // open
		{Seq: 6, At: 6, Kind: Responded, Question: 4, Score: 0, Revision: 40}, // by a wrong key
		{Seq: 7, At: 7, Kind: Corrected, Question: 4, Score: AllRight, Ref: 6, Revision: 41},
		{Seq: 8, At: 8, Kind: Responded, Question: 5, Score: 0, Held: true, Attempt: 9}, // of an exam that runs
		{Seq: 9, At: 9, Kind: Responded, Question: 6, Score: 0, Held: true, Attempt: 8},
		{Seq: 10, At: 10, Kind: Finished, Attempt: 8},
		{Seq: 11, At: 11, Kind: Responded, Question: 10, Score: 0}, // taken in by 1
		{Seq: 12, At: 12, Kind: Responded, Question: 11, Score: 0, Imported: true},
		{Seq: 13, At: 13, Kind: Responded, Question: 11, Score: 0}, // met before, says the file
	}
	root := func(q int64) int64 {
		if q == 10 {
			return 1
		}
		return q
	}
	var got []int64
	for _, e := range FirstResponses(log, root) {
		got = append(got, e.Question, e.Score, e.Revision)
	}
	if want := []int64{1, 0, 0, 4, AllRight, 41, 6, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("first responses (question, score, revision) %v, want %v", got, want)
	}
}
