package progress

import (
	"testing"

	"rehearse/assess"
	"rehearse/bank"
)

func TestItemOf(t *testing.T) {
	q := bank.Question{ID: "q", Topic: "sql"}
	q.Level, q.Difficulty, q.Tags, q.Minutes = "senior", "easy", []string{"sql", "joins"}, 3
	q.Kind = bank.Multiple
	q.Choices = make([]bank.Choice, 4)
	want := assess.Item{ID: "q", Topic: "sql", Concept: "sql/joins", Level: "senior", A: 1, B: 0.5, C: 1.0 / 15, SD: assess.AuthorSD, Minutes: 3}
	head := q.Head()
	if got := itemOf(head, []string{"sql"}); got != want {
		t.Errorf("item %+v, want %+v", got, want)
	}
	head.Kind = bank.Single
	if got := itemOf(head, nil); got.C != 0.25 || got.Concept != "sql/sql" {
		t.Errorf("a single choice of four, in a topic without tags of its own: %+v", got)
	}
	head.Kind = bank.Output
	if got := itemOf(head, nil).C; got != 0 {
		t.Errorf("an output question is guessed with %v", got)
	}
}
